import type { IBinaryData, IDataObject, INodeProperties } from 'n8n-workflow';

import type { Content } from '../../../src/api/content';
import { InvalidRequestError } from '../../../src/api/errors';
import { objectOf, parseJson } from '../../../src/api/json';
import type { UploadOptions } from '../../../src/api/storage/upload';
import type { Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { makeNamesSafe } from '../fields';

const FROM = ['binary', 'text', 'json', 'base64'] as const;

/** The parameters that say what is stored. */
export const contentParameters: INodeProperties[] = [
	{
		displayName: 'Content From',
		name: 'contentFrom',
		type: 'options',
		options: [
			{ name: 'Binary File', value: 'binary', description: 'A file that the item holds' },
			{ name: 'Text', value: 'text' },
			{ name: 'JSON', value: 'json', description: 'Anything, written as JSON' },
			{ name: 'Base64', value: 'base64', description: 'Bytes, written as text' },
		],
		default: 'binary',
		description: 'Where what is stored comes from',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		displayOptions: { show: { contentFrom: ['binary'] } },
		hint: 'The name of the input field containing the file',
		description: 'The name of the field of the item that holds the file',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions: { show: { contentFrom: ['text'] } },
		description: 'What the file holds, stored as UTF-8',
	},
	{
		displayName: 'JSON',
		name: 'json',
		type: 'json',
		default: '={{ $json }}',
		displayOptions: { show: { contentFrom: ['json'] } },
		description: 'What the file holds, as JSON text or from an expression',
	},
	{
		displayName: 'Base64',
		name: 'base64',
		type: 'string',
		default: '',
		displayOptions: { show: { contentFrom: ['base64'] } },
		description: 'What the file holds. A data URL will do, too.',
	},
];

/** Members of Options of everything that stores a file. */
export const contentType: INodeProperties = {
	displayName: 'Content Type',
	name: 'contentType',
	type: 'string',
	default: '',
	placeholder: 'e.g. image/png',
	description: "The file's MIME type. Where it is empty, it is told by the content.",
};

export const cacheControl: INodeProperties = {
	displayName: 'Cache Control',
	name: 'cacheControl',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 3600,
	description: 'How many seconds browsers and the CDN may keep a copy',
};

export const metadata: INodeProperties = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'json',
	default: '{}',
	description: 'An object of your own that is kept with the file and comes with Get Info',
};

export const resumableAbove: INodeProperties = {
	displayName: 'Resumable Above (MB)',
	name: 'resumableAbove',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 6,
	description:
		'Files larger than this are sent in parts of 6 MiB, which go on after a broken connection. A part is held in memory while it is sent.',
};

export const contentOptions: INodeProperties[] = [
	contentType,
	cacheControl,
	metadata,
	makeNamesSafe,
	resumableAbove,
];

/** What is to be stored, as far as it is known without reading it. */
export type Source =
	{ readonly file: IBinaryData } | { readonly bytes: Buffer; readonly type: string };

/** What an item stores, and how. */
export interface ContentPlan {
	readonly source: Source;
	readonly options: UploadOptions;
	/** Larger ones go in parts. */
	readonly resumableAbove: number;
}

/** Reads what an item stores. */
export function contentOf(get: ItemParameters): ContentPlan {
	const source = sourceOf(get);
	return {
		source,
		options: {
			contentType: checkedType(get.option('contentType').text() || typeOf(source)),
			cacheControl: get.option('cacheControl').wholeNumber() ?? 3600,
			metadata: metadataOf(get),
		},
		resumableAbove: (get.option('resumableAbove').number() ?? 6) * 1_000_000,
	};
}

/** The metadata of a person's own; nothing where there is none. */
export function metadataOf(get: ItemParameters): IDataObject | undefined {
	const value = get.option('metadata').value();
	if (value === undefined || value === null || value === '') return undefined;
	const found = objectOf(value);
	if (found) return found as IDataObject;
	throw new InvalidRequestError('Metadata is not an object', 'Write it as {"name": "value"}.');
}

function fromOf(get: ItemParameters): (typeof FROM)[number] {
	return get.oneOf('contentFrom', FROM) ?? 'binary';
}

function sourceOf(get: ItemParameters): Source {
	const from = fromOf(get);
	switch (from) {
		case 'binary':
			return { file: get.file('binaryPropertyName') };
		case 'text':
			return { bytes: Buffer.from(get.field('text').exact()), type: 'text/plain;charset=UTF-8' };
		case 'json':
			return { bytes: Buffer.from(jsonOf(get)), type: 'application/json' };
		case 'base64':
			return base64Of(get);
	}
}

function jsonOf(get: ItemParameters): string {
	const value = get.value('json');
	const parsed = typeof value === 'string' ? parseJson(value) : value;
	if (parsed !== undefined) return JSON.stringify(parsed);
	throw new InvalidRequestError('JSON is not valid JSON', 'Check quotes, commas and brackets.');
}

function base64Of(get: ItemParameters): Source {
	const [, type, data] = /^(?:data:([^;,]*)[^,]*,)?([^]*)$/.exec(get.text('base64')) ?? [];
	const text = (data ?? '').replace(/\s/g, '');
	if (!/^[\w+/-]*={0,2}$/.test(text)) {
		throw new InvalidRequestError(
			'Base64 holds a character that Base64 has not',
			'Choose Text in Content From for a text as it is.',
		);
	}
	return { bytes: Buffer.from(text, 'base64'), type: type || 'application/octet-stream' };
}

function typeOf(source: Source): string {
	return 'file' in source ? source.file.mimeType || 'application/octet-stream' : source.type;
}

function checkedType(type: string): string {
	if (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;.*)?$/.test(type) && !/[\r\n\0]|[^ -~]/.test(type))
		return type;
	throw new InvalidRequestError(
		`"${type}" is not a content type`,
		'It looks like image/png or text/plain;charset=UTF-8.',
	);
}

/** The content itself. */
export async function opened(source: Source, { files }: Run): Promise<Content> {
	return 'file' in source
		? await files.read(source.file)
		: { size: source.bytes.length, bytes: source.bytes };
}

/** The name that the content brings along. */
export function nameOf(get: ItemParameters): string | undefined {
	return fromOf(get) === 'binary' ? get.file('binaryPropertyName').fileName : undefined;
}
