import type { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import type { Content } from '../api/content';

/** Read at once, in bytes: each read of a file costs about the same, whatever it gives. */
const CHUNK = 256 * 1024;

/** n8n's store of files: the filesystem, or whatever else n8n is set to. */
export interface Files {
	/** A file's bytes, to be read when they are wanted and as often as they are wanted. */
	read(file: IBinaryData): Promise<Content>;
	/** Puts what a stream gives into the store, as it comes. */
	store(content: Readable, fileName: string, mimeType?: string): Promise<IBinaryData>;
}

/** The files of one execution of a node. */
export function filesOf({ helpers }: IExecuteFunctions): Files {
	return {
		async read(file) {
			// Without a store n8n keeps a file in the item itself, as text.
			if (!file.id) {
				const bytes = Buffer.from(file.data, 'base64');
				return { size: bytes.length, bytes };
			}
			const { id } = file;
			const { fileSize } = await helpers.getBinaryMetadata(id);
			return { size: fileSize, open: async () => await helpers.getBinaryStream(id, CHUNK) };
		},
		store: async (content, fileName, mimeType) =>
			await helpers.prepareBinaryData(content, fileName, mimeType),
	};
}

/**
 * An item's file.
 *
 * @param field the name of the field that holds it, a path into the JSON where n8n keeps files there,
 * or the file itself, from an expression
 * @throws InvalidRequestError when there is none
 */
export function fileOf(node: IExecuteFunctions, item: number, field: unknown): IBinaryData {
	const found = foundFile(node, item, field);
	if (found) return found;
	const names = Object.keys(node.getInputData()[item]?.binary ?? {});
	throw new InvalidRequestError(
		`The item has no file in the field ${JSON.stringify(field)}`,
		names.length
			? `Its files are in: ${names.join(', ')}.`
			: 'It has no files at all. Let the node before give one, or take the content from text.',
	);
}

function foundFile(node: IExecuteFunctions, item: number, field: unknown): IBinaryData | undefined {
	try {
		return node.helpers.assertBinaryData(item, field as string);
	} catch {
		return undefined;
	}
}
