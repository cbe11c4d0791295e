import type { INodeParameters } from 'n8n-workflow';

import { listSearch } from './editor';
import {
	byPath,
	credentials,
	named,
	openStorage,
	type,
	type StorageWorld,
} from './storage-helpers';

let world: StorageWorld;
const many = Array.from({ length: 130 }, (_, n) => `many/${String(n).padStart(3, '0')}.txt`);

beforeAll(async () => {
	world = await openStorage({ public: true });
	await world.put('list/deep/a.txt', 'list/b.txt', ...many);
});

afterAll(async () => await world.close());

async function list(
	method: string,
	{
		filter,
		paginationToken,
		...own
	}: Partial<Record<'filter' | 'paginationToken', string>> & {
		parameters?: INodeParameters;
		credentials?: typeof credentials;
	} = {},
) {
	const parameters = {
		resource: 'file',
		operation: 'getAll',
		...(own.parameters ?? world.inBucket),
	};
	const node = { type, parameters, credentials: own.credentials ?? credentials };
	return await listSearch(world.engine.packs, method, node, { filter, paginationToken });
}

const values = (found: Awaited<ReturnType<typeof list>>) => found.results.map(({ value }) => value);

test('buckets, files and folders are listed', async () => {
	const { bucket } = world;
	expect(
		values(await list('searchBuckets', { filter: bucket.slice(0, 12).toUpperCase() })),
	).toContain(bucket);
	expect(values(await list('searchFiles', { filter: 'list/d' }))).toEqual(['list/deep/a.txt']);
	expect(values(await list('searchFolders'))).toEqual(['list', 'many']);
	expect(values(await list('searchFolders', { filter: 'list/' }))).toEqual(['list/deep']);
	expect(values(await list('searchFilesThere', { filter: 'list/' }))).toEqual([
		'list/b.txt',
		'list/deep/a.txt',
	]);
});

test('buckets stand in an order without regard to case, the public ones marked', async () => {
	const names = [`b-${world.bucket}`, `A-${world.bucket}`, `c-${world.bucket}`];
	for (const bucketName of names) await world.only('bucket', 'create', { bucketName });
	const { results } = await list('searchBuckets', { filter: world.bucket });
	expect(results.map(({ name }) => name)).toEqual([
		`A-${world.bucket}`,
		`b-${world.bucket}`,
		`c-${world.bucket}`,
		`${world.bucket} (public)`,
	]);
	for (const name of names) await world.only('bucket', 'delete', { bucket: named(name) });
});

test('files come page by page', async () => {
	const first = await list('searchFiles', { filter: 'many/' });
	expect(values(first)).toEqual(many.slice(0, 100));
	const second = await list('searchFiles', {
		filter: 'many/',
		paginationToken: first.paginationToken as string,
	});
	expect([values(second), second.paginationToken]).toEqual([many.slice(100), undefined]);
});

test('a list that is empty says why', async () => {
	const nowhere = { bucket: named('') };
	await expect(list('searchFiles', { parameters: nowhere })).rejects.toThrow(
		'Choose a bucket first',
	);
	const missing = { bucket: named('none') };
	await expect(list('searchFiles', { parameters: missing })).rejects.toThrow(
		'Bucket "none" not found',
	);
	const { url, publishableKey } = credentials.supabaseProjectApi;
	const publishable = { supabaseProjectApi: { url, publishableKey, secretKey: '' } };
	await expect(list('searchFiles', { credentials: publishable })).rejects.toThrow(
		/publishable key may see|not found/,
	);
	const own = await openStorage();
	await expect(list('searchFolders', { parameters: own.inBucket })).rejects.toThrow(
		'holds nothing to choose from',
	);
	expect(values(await list('searchFiles', { filter: 'no such' }))).toEqual([]);
	await own.close();
});

test('Get Many leaves out what it is told to, with and without folders', async () => {
	const { only, inBucket } = world;
	const folder = byPath('many');
	const some = await only('file', 'getAll', { ...inBucket, folder, limit: 2, offset: 10 });
	expect(some.json.map(({ path }) => path)).toEqual(many.slice(10, 12));
	const down = await only('file', 'getAll', {
		...inBucket,
		folder,
		limit: 2,
		offset: '={{ "1" }}',
		options: { sortOrder: 'desc' },
	});
	expect(down.json.map(({ path }) => path)).toEqual([many[128], many[127]]);
	const files = await only('file', 'getAll', {
		...inBucket,
		folder: byPath('list'),
		limit: 1,
		options: { includeFolders: false },
	});
	expect(files.json.map(({ path }) => path)).toEqual(['list/b.txt']);
	const refused = await only('file', 'getAll', { ...inBucket, offset: '={{ $json.none }}' });
	expect(refused.error?.message).toContain('Offset is not a whole number');
});
