import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import type { Project } from '../../src/api/project';
import { getBucket, listBuckets } from '../../src/api/storage/buckets';
import { listFiles, type ListingOptions } from '../../src/api/storage/listing';
import { sender, type Send } from '../../src/api/transport';
import { CREDENTIAL, projectOf } from '../../src/n8n/credential';
import { listError } from '../../src/n8n/errors';
import { locatorValue } from '../../src/n8n/field';
import { explained } from './refusals';

/** How many entries the editor shows at once. */
const PAGE = 100;

/** How long to wait for an answer, in milliseconds: a person is looking. */
const TIMEOUT = 10_000;

const rights = 'SELECT on storage.buckets and storage.objects';

/** For `methods.listSearch`: the lists of the resource locators. */
export const storageListSearch = {
	searchBuckets: listOf(bucketsOf),
	searchFiles: listOf(inBucket(['bucket'], filesOf)),
	/** Those of the bucket that a file is moved or copied to. */
	searchFilesThere: listOf(inBucket(['toBucket', 'bucket'], filesOf)),
	searchFolders: listOf(inBucket(['bucket'], foldersOf)),
};

interface Asked {
	readonly send: Send;
	readonly project: Project;
	/** What the person types into the list. */
	readonly filter: string;
	/** How many entries they have seen already. */
	readonly offset: number;
	/** What the first of these fields holds that holds anything. */
	chosen(fields: readonly string[]): string;
}

type List = (asked: Asked) => Promise<INodeListSearchResult>;

function listOf(list: List) {
	return async function (
		this: ILoadOptionsFunctions,
		filter = '',
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		let role: 'service_role' | 'anon' | undefined;
		try {
			const project = projectOf(await this.getCredentials(CREDENTIAL));
			role = project.secretKey ? 'service_role' : 'anon';
			return await list({
				send: sender(project, { authority: { role }, timeout: TIMEOUT }),
				project,
				filter: filter.trim(),
				offset: Number(paginationToken ?? 0),
				chosen: (fields) =>
					fields
						.map((field) => locatorValue(this.getCurrentNodeParameter(field)))
						.filter((value) => typeof value === 'string')
						.find((value) => value.trim())
						?.trim() ?? '',
			});
		} catch (error) {
			throw listError(this.getNode(), error, { role, rights });
		}
	};
}

/** Sorted without regard to case, the public ones marked. */
async function bucketsOf({ send, project, filter }: Asked): Promise<INodeListSearchResult> {
	const { body } = await send<Array<{ id: string; name: string; public?: boolean }>>(listBuckets());
	if (body.length === 0) throw nothing('The project has no buckets', project);
	const wanted = filter.toLowerCase();
	const results = body
		.map(({ id, name, public: isPublic }) => ({
			name: (name === id ? id : `${name} (${id})`) + (isPublic ? ' (public)' : ''),
			value: id,
		}))
		.filter(({ name }) => name.toLowerCase().includes(wanted))
		.sort((a, b) => a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }));
	return { results };
}

/** A list of what is in the bucket that one of the fields names. */
function inBucket(
	fields: readonly string[],
	list: (asked: Asked, bucket: string) => Promise<string[]>,
): List {
	return async (asked) => {
		const bucket = asked.chosen(fields);
		if (!bucket) throw new InvalidRequestError('Choose a bucket first');
		const found = await list(asked, bucket);
		const { send, project, filter, offset } = asked;
		if (found.length === 0 && !filter && offset === 0) {
			// A bucket that is missing is answered with an empty list, as is one that may not be seen.
			await send(getBucket(bucket)).catch((error: unknown) => {
				throw explained(error, { bucket });
			});
			throw nothing(`Bucket "${bucket}" holds nothing to choose from`, project);
		}
		return {
			results: found.slice(0, PAGE).map(named),
			paginationToken: found.length > PAGE ? String(offset + PAGE) : undefined,
		};
	};
}

const byName = { column: 'name', order: 'asc' } as const;

/** Files whose path begins with the filter, one more than a page. */
async function filesOf({ filter, ...asked }: Asked, bucket: string): Promise<string[]> {
	const at = filter.lastIndexOf('/') + 1;
	return await pathsOf(asked, bucket, {
		folder: filter.slice(0, Math.max(at - 1, 0)),
		start: filter.slice(at),
		recursive: true,
		sort: byName,
	});
}

/** Folders in the folder that the filter ends in, one more than a page. */
async function foldersOf({ filter, ...asked }: Asked, bucket: string): Promise<string[]> {
	const at = filter.lastIndexOf('/') + 1;
	return await pathsOf(asked, bucket, {
		folder: filter.slice(0, Math.max(at - 1, 0)),
		search: filter.slice(at) || undefined,
		recursive: false,
		sort: byName,
		keep: ({ type }) => type === 'folder',
	});
}

async function pathsOf(
	{ send, offset }: Pick<Asked, 'send' | 'offset'>,
	bucket: string,
	options: ListingOptions,
): Promise<string[]> {
	const entries = await listFiles(send, bucket, { ...options, offset, limit: PAGE + 1 });
	return entries.map(({ path }) => path);
}

/** Of an error the editor shows the message alone, so it says all. */
function nothing(what: string, { secretKey }: Project): InvalidRequestError {
	return new InvalidRequestError(
		secretKey
			? `${what}.`
			: `${what} that the publishable key may see. Add the secret key to the credential, or choose By ID or By Path and type it.`,
	);
}

function named(value: string): INodeListSearchItems {
	return { name: value, value };
}
