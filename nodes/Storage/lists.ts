import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../src/api/errors';
import { listBuckets } from '../../src/api/storage/buckets';
import { listKeys, type KeyList } from '../../src/api/storage/list';
import { listFiles } from '../../src/api/storage/listing';
import { sender, type Send } from '../../src/api/transport';
import { CREDENTIAL, projectOf } from '../../src/n8n/credential';
import { nodeError } from '../../src/n8n/errors';
import { locatorValue } from '../../src/n8n/field';

/** How many entries the editor shows at once. */
const PAGE = 100;

/** How long to wait for an answer, in milliseconds: a person is looking. */
const TIMEOUT = 10_000;

/** For `methods.listSearch`: the lists of the resource locators. */
export const storageListSearch = {
	searchBuckets: listOf(async (send, _bucket, filter) => {
		const { body } = await send<Array<{ id: string; name: string }>>(listBuckets());
		const wanted = filter.toLowerCase();
		return {
			results: body
				.map(({ id, name }) => ({ name: name === id ? id : `${name} (${id})`, value: id }))
				.filter(({ name }) => name.toLowerCase().includes(wanted)),
		};
	}),
	searchFiles: listOf(filesOf),
	/** Those of the bucket that a file is moved or copied to. */
	searchFilesThere: listOf(filesOf, ['toBucket', 'bucket']),
	searchFolders: listOf(async (send, bucket, filter) => {
		const folder = filter.includes('/') ? filter.slice(0, filter.lastIndexOf('/')) : '';
		const sort = { column: 'name', order: 'asc' } as const;
		const search = filter.slice(folder ? folder.length + 1 : 0);
		const options = { folder, recursive: false, sort, search: search || undefined, limit: 1000 };
		const entries = await listFiles(send, bucket, options);
		return {
			results: entries.filter(({ type }) => type === 'folder').map(({ path }) => named(path)),
		};
	}),
};

type Search = (
	send: Send,
	bucket: string,
	filter: string,
	cursor?: string,
) => Promise<INodeListSearchResult>;

async function filesOf(
	send: Send,
	bucket: string,
	filter: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { results, next } = await keys(send, bucket, filter, cursor);
	return { results, paginationToken: next };
}

function listOf(search: Search, bucketFields = ['bucket']) {
	return async function (
		this: ILoadOptionsFunctions,
		filter = '',
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		try {
			const project = projectOf(await this.getCredentials(CREDENTIAL));
			const role = project.secretKey ? 'service_role' : 'anon';
			const send = sender(project, { authority: { role }, timeout: TIMEOUT });
			return await search(send, chosenBucket(this, bucketFields), filter.trim(), paginationToken);
		} catch (error) {
			throw nodeError(this.getNode(), error);
		}
	};
}

/** The first of the fields that holds a bucket. */
function chosenBucket(context: ILoadOptionsFunctions, fields: readonly string[]): string {
	const values = fields.map((field) => locatorValue(context.getCurrentNodeParameter(field)));
	const chosen = values.find((value) => typeof value === 'string' && value.trim());
	return typeof chosen === 'string' ? chosen.trim() : '';
}

/** Files whose path begins with the filter; where the server has no such list, the top folder's. */
async function keys(
	send: Send,
	bucket: string,
	prefix: string,
	cursor: string | undefined,
): Promise<{ results: INodeListSearchItems[]; next?: string }> {
	const answer = await send<KeyList>(
		listKeys(bucket, {
			prefix,
			limit: PAGE,
			...(cursor && { cursor }),
			with_delimiter: false,
			sortBy: { column: 'name', order: 'asc' },
		}),
	).catch(refusal);
	if (answer instanceof SupabaseApiError) {
		if (answer.status !== 404) throw answer;
		const sort = { column: 'name', order: 'asc' } as const;
		const entries = await listFiles(send, bucket, {
			folder: '',
			recursive: true,
			sort,
			limit: 1000,
		});
		return {
			results: entries.map(({ path }) => named(path)).filter(({ name }) => name.startsWith(prefix)),
		};
	}
	const { objects = [], hasNext, nextCursor } = answer.body;
	return {
		results: objects.map(({ name }) => named(name)),
		next: hasNext ? nextCursor : undefined,
	};
}

function named(name: string): INodeListSearchItems {
	return { name, value: name };
}
