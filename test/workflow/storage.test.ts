import type { INodeParameters } from 'n8n-workflow';

import { stackControl } from '../stack/control';
import { createUser } from '../stack/users';
import { branches, chain, type Engine } from './engine';
import {
	byPath,
	credentials,
	held,
	named,
	openStorage,
	start,
	storage,
	type StorageWorld,
} from './storage-helpers';

let engine: Engine;
let bucket: string;
let inBucket: INodeParameters;
let only: StorageWorld['only'];
let world: StorageWorld;

beforeAll(async () => {
	world = await openStorage();
	({ engine, bucket, inBucket, only } = world);
});

afterAll(async () => {
	await stackControl().clearFaults();
	await world.close();
});

test.each(['separate', 'combined'] as const)(
	'a file moves through three nodes, files %s',
	async (binaryMode) => {
		const field = binaryMode === 'combined' ? '_files.copy' : 'copy';
		const { error, outputOf } = await engine.runWorkflow({
			nodes: [
				start,
				storage('Upload', 'file', 'upload', {
					...inBucket,
					path: byPath('=three/{{ $json.name }}'),
					contentFrom: 'text',
					text: '=Hello {{ $json.name }}',
					options: { upsert: true },
				}),
				storage('Download', 'file', 'download', {
					...inBucket,
					path: byPath('={{ $json.path }}'),
					binaryPropertyName: 'copy',
				}),
				storage('Again', 'file', 'upload', {
					...inBucket,
					path: byPath("=three/again/{{ $('Start').item.json.name }}"),
					binaryPropertyName: field,
					options: { upsert: true },
				}),
				storage('Read', 'file', 'download', { ...inBucket, path: byPath('={{ $json.path }}') }),
			],
			connections: chain('Start', 'Upload', 'Download', 'Again', 'Read'),
			credentials,
			items: [{ json: { name: 'a.txt' } }, { json: { name: 'b.txt' } }],
			binaryMode,
		});
		expect(error).toBeUndefined();
		expect(outputOf('Again').map(({ json }) => json.path)).toEqual([
			'three/again/a.txt',
			'three/again/b.txt',
		]);
		const read = outputOf('Read').map(
			({ binary, json }) => binary?.data ?? (json._files as never as Record<string, never>).data,
		);
		const contents = await Promise.all(
			read.map(async (file) => await engine.readBinary(file as never)),
		);
		expect(contents.map(String)).toEqual(['Hello a.txt', 'Hello b.txt']);
	},
);

test('many files keep the order of their items, and a bad one spoils no other', async () => {
	const items = Array.from({ length: 12 }, (_, n) => held('x'.repeat(n * 100), `${n}.txt`));
	items[5] = { json: { name: '5.txt' } };
	const parameters = { ...inBucket, path: byPath('=many/{{ $json.name }}') };
	const { outputOf, hintsOf } = await engine.runWorkflow({
		nodes: [
			start,
			storage('Node', 'file', 'upload', parameters, { onError: 'continueErrorOutput' }),
			{ name: 'Good', type: 'test.noOp' },
			{ name: 'Bad', type: 'test.noOp' },
		],
		connections: { ...chain('Start', 'Node'), ...branches('Node', 'Good', 'Bad') },
		credentials,
		items,
	});
	expect(outputOf('Good').map(({ json }) => json.path)).toEqual(
		[0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11].map((n) => `many/${n}.txt`),
	);
	const [bad] = outputOf('Bad').map(({ json }) => json);
	expect(bad).toMatchObject({ name: '5.txt', error: 'The item has no file in the field "data"' });
	expect(hintsOf('Node')[0]?.message).toContain('0 bytes');

	const listed = await only('file', 'getAll', {
		...inBucket,
		folder: byPath('many'),
		returnAll: true,
		options: { sortOrder: 'desc' },
	});
	expect(listed.json.map(({ name }) => name).slice(0, 3)).toEqual(['9.txt', '8.txt', '7.txt']);

	const paths = ['many/0.txt', 'many/none.txt', 'many/1.txt'];
	const deleted = await only('file', 'delete', { ...inBucket, paths });
	expect(deleted.json.map(({ path, deleted: gone }) => [path, gone])).toEqual([
		['many/0.txt', true],
		['many/none.txt', false],
		['many/1.txt', true],
	]);
	expect(deleted.hintsOf('Node')[0]?.message).toContain('not deleted');
});

test('many items are deleted with one request a thousand', async () => {
	const control = stackControl();
	await control.clearRequests();
	const items = Array.from({ length: 2500 }, (_, n) => ({ json: { path: `none/${n}` } }));
	const { json } = await only('file', 'delete', { ...inBucket, paths: '={{ $json.path }}' }, items);
	expect(json).toHaveLength(2500);
	expect(json[2499]).toMatchObject({ path: 'none/2499', deleted: false });
	const requests = await control.requests('/storage/v1/object');
	expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(3);
});

test('errors tell the real code and what to do', async () => {
	const download = async (parameters: INodeParameters) =>
		(await only('file', 'download', parameters)).error as unknown as Error & {
			description: string;
			context: { data: { code: string; status: number } };
		};
	const missing = await download({ ...inBucket, path: byPath('none.txt') });
	expect(missing.message).toBe(`${bucket}/none.txt not found`);
	expect(missing.description).toContain('Storage says: Object not found');
	expect(missing.context.data).toMatchObject({ code: 'NoSuchKey', status: 404 });
	const noBucket = await download({ bucket: named('none'), path: byPath('none.txt') });
	expect(noBucket.context.data).toMatchObject({ code: 'NoSuchBucket', status: 404 });
	expect(noBucket.description).toContain('wrong or has expired');

	const { accessToken } = await createUser();
	const user = { runAs: 'user', accessToken };
	const denied = await only('file', 'upload', { ...inBucket, path: byPath('a.txt'), ...user }, [
		held('x', 'x'),
	]);
	expect((denied.error as Error & { description: string }).description).toContain(
		'The role authenticated needs a policy for INSERT on storage.objects',
	);
	const gone = await only('file', 'getAll', { bucket: named('none') });
	expect(gone.error?.message).toBe('Bucket "none" not found');
});

test('signed URLs work for who has no key, each path with its outcome', async () => {
	await only('file', 'upload', { ...inBucket, path: byPath("s/it's (1).txt") }, [held('hey', 'x')]);
	const paths = ["s/it's (1).txt", 's/none.txt'];
	const { json } = await only('file', 'createSignedUrls', { ...inBucket, paths, expiresIn: 60 });
	expect(json.map(({ error, path }) => [path, error === null])).toEqual([
		["s/it's (1).txt", true],
		['s/none.txt', false],
	]);
	expect(await (await fetch(String(json[0]?.signedUrl as string))).text()).toBe('hey');

	const target = { ...inBucket, path: byPath('s/signed.txt') };
	const made = await only('file', 'createSignedUploadUrl', target);
	const signedUploadUrl = made.json[0]?.signedUrl as string;
	const put = { signedUploadUrl, contentFrom: 'text', text: 'by token', runAs: 'anonymous' };
	expect((await only('file', 'uploadToSignedUrl', put)).json[0]?.path).toBe('s/signed.txt');
	const again = await only('file', 'uploadToSignedUrl', put);
	expect(again.error?.message).toBe(
		`${bucket}/s/signed.txt exists already: have a URL made with Overwrite, or for another path`,
	);
	const exists = await only('file', 'exists', target);
	expect(exists.json[0]?.exists).toBe(true);
});

test('only what changed is downloaded, and only the bytes that are wanted', async () => {
	const parameters = { ...inBucket, path: byPath('range.txt') };
	await only('file', 'upload', parameters, [held('0123456789', 'x')]);
	const { json } = await only('file', 'download', parameters);
	const options = { ifNoneMatch: json[0]?.etag as string };
	const same = await only('file', 'download', { ...parameters, options });
	expect([same.json[0]?.notModified, same.items[0]?.binary]).toEqual([true, undefined]);
	const part = await only('file', 'download', { ...parameters, options: { range: '2-4' } });
	expect(String(await engine.readBinary(part.items[0]?.binary?.data as never))).toBe('234');
});

test('a download that breaks in the middle goes on', async () => {
	const parameters = { ...inBucket, path: byPath('broken.txt') };
	const content = 'x'.repeat(300_000);
	await only('file', 'upload', parameters, [held(content, 'x')]);
	const path = `/storage/v1/object/${bucket}/broken.txt`;
	await stackControl().addFault({ method: 'GET', path, action: { kind: 'closeMidway' } });
	const { error, items } = await only('file', 'download', parameters);
	expect(error).toBeUndefined();
	expect(String(await engine.readBinary(items[0]?.binary?.data as never))).toBe(content);
});

test('a large upload that is stopped leaves nothing behind', async () => {
	const control = stackControl();
	await control.clearRequests();
	await control.addFault({ method: 'PATCH', action: { kind: 'delay', ms: 2000 } });
	const stop = new AbortController();
	setTimeout(() => stop.abort(), 1000);
	const parameters = { ...inBucket, path: byPath('stopped.bin'), options: { resumableAbove: 0 } };
	const { run } = await engine.runWorkflow({
		nodes: [start, storage('Node', 'file', 'upload', parameters)],
		connections: chain('Start', 'Node'),
		credentials,
		items: [held('content', 'x')],
		signal: stop.signal,
	});
	expect(run.status).toBe('canceled');
	const requests = await control.requests('/storage/v1/upload');
	expect(requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE']);
	expect((await only('file', 'exists', { ...inBucket, path: byPath('stopped.bin') })).json).toEqual(
		[{ bucket, path: 'stopped.bin', exists: false }],
	);
});
