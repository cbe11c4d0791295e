import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { createClient } from '@supabase/supabase-js';
import { Upload, type UploadOptions } from 'tus-js-client';
import WebSocket from 'ws';

import { SupabaseApiError } from '../../src/api/errors';
import { readProject } from '../../src/api/project';
import { download } from '../../src/api/storage/download';
import { wholeDownload } from '../../src/api/storage/downloadStream';
import { uploadResumable } from '../../src/api/storage/resumableUpload';
import { upload } from '../../src/api/storage/upload';
import { sender } from '../../src/api/transport';
import { stackControl } from '../stack/control';
import type { FaultAction } from '../stack/faults';

const url = process.env.SUPABASE_URL ?? '';
const publishableKey = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
const secretKey = process.env.SUPABASE_SECRET_KEY ?? '';

const service = createClient(url, secretKey, {
	auth: { persistSession: false, autoRefreshToken: false },
	realtime: { transport: WebSocket as never },
}).storage;
const bucketId = `test-${randomUUID()}`;
const files = service.from(bucketId);

beforeAll(async () => {
	expect((await service.createBucket(bucketId, { public: false })).error).toBeNull();
});

afterAll(async () => {
	await service.emptyBucket(bucketId);
	await service.deleteBucket(bucketId);
});

describe('resumable uploads, with tus-js-client', () => {
	const part = 6 * 1024 ** 2;
	const content = Buffer.alloc(part + 1000, 'tus');

	async function send(path: string, options: Partial<UploadOptions> = {}) {
		return await new Promise<Upload>((resolve, reject) => {
			const upload = new Upload(content, {
				endpoint: `${url}/storage/v1/upload/resumable`,
				headers: { apikey: secretKey, 'x-upsert': 'false' },
				chunkSize: part,
				retryDelays: [],
				metadata: {
					bucketName: bucketId,
					objectName: path,
					contentType: 'application/x-test',
					cacheControl: '60',
					metadata: JSON.stringify({ colour: 'green' }),
				},
				onError: reject,
				onSuccess: () => resolve(upload),
				...options,
			});
			upload.start();
		});
	}

	it('make an object of the parts', async () => {
		const upload = await send('tus/a.bin');
		expect(upload.url).toMatch(`${url}/storage/v1/upload/resumable/`);
		expect((await files.info('tus/a.bin')).data).toMatchObject({
			size: content.length,
			contentType: 'application/x-test',
			cacheControl: 'max-age=60',
			metadata: { colour: 'green' },
		});
		const { data } = await files.download('tus/a.bin');
		expect(content.equals(Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0)))).toBe(
			true,
		);
	});

	it('overwrite only when that is wanted', async () => {
		await files.upload('tus/b.bin', 'before');
		await expect(send('tus/b.bin')).rejects.toThrow('The resource already exists');
		await send('tus/b.bin', { headers: { apikey: secretKey, 'x-upsert': 'true' } });
		expect((await files.info('tus/b.bin')).data?.size).toBe(content.length);
	});

	it('go on where they were when the connection broke', async () => {
		// This upload's address only: other tests use the same server.
		const start = Buffer.from(`${bucketId}/tus/c.bin`.slice(0, 48)).toString('base64url');
		const path = `/storage/v1/upload/resumable/${start}`;
		await stackControl().addFault({
			method: 'PATCH',
			path,
			skip: 1,
			action: { kind: 'resetBefore' },
		});
		const asked: string[] = [];
		await send('tus/c.bin', {
			retryDelays: [0, 10],
			onBeforeRequest: (request) => {
				if (request.getMethod() !== 'POST')
					asked.push(`${request.getMethod()} ${request.getHeader('Upload-Offset') ?? ''}`);
			},
		});
		expect(asked).toEqual(['PATCH 0', `PATCH ${part}`, 'HEAD ', `PATCH ${part}`]);
		expect((await files.info('tus/c.bin')).data?.size).toBe(content.length);
	});

	it('take a signed upload URL in place of a key, and policies into account', async () => {
		const { data } = await files.createSignedUploadUrl('tus/d.bin');
		await send('tus/d.bin', {
			endpoint: `${url}/storage/v1/upload/resumable/sign`,
			headers: { 'x-signature': data?.token ?? '' },
		});
		expect((await files.info('tus/d.bin')).data?.size).toBe(content.length);
		await expect(send('tus/e.bin', { headers: { apikey: publishableKey } })).rejects.toThrow(
			'row-level security',
		);
	});
});

describe('what goes wrong on the way', () => {
	const project = readProject({ url, publishableKey, secretKey });
	const control = stackControl();
	const about = { contentType: 'application/x-test', cacheControl: 60 };
	const part = 6 * 1024 ** 2;
	const content = Buffer.alloc(part + 1000, 'way');
	const send = sender(project, { authority: { role: 'service_role' }, timeout: 1000 });

	/** Lets it go wrong for one object alone: other tests use the same server. */
	async function atObject(key: string, method: string, action: FaultAction): Promise<string> {
		const path = `/storage/v1/object/${bucketId}/${key}`;
		await control.addFault({ method, path, action });
		return path;
	}

	/** The same for its upload in parts: from the second request on, whatever its method. */
	async function atUpload(key: string, method: string | undefined, action: FaultAction) {
		const start = Buffer.from(`${bucketId}/${key}`.slice(0, 48)).toString('base64url');
		const path = `/storage/v1/upload/resumable/${start}`;
		await control.addFault({ method, path, skip: method ? 0 : 1, action });
		return path;
	}

	async function uploadParts(key: string): Promise<void> {
		const address = project.services.storage;
		const bytes = { size: content.length, bytes: content };
		const place = { bucket: bucketId, key };
		await uploadResumable({ send, sendAfterCancel: send, address }, place, bytes, about);
	}

	async function read(key: string, range?: string): Promise<Buffer> {
		const request = download({ bucket: bucketId, key }, { range });
		const answer = await send<Readable>(request);
		return await buffer(wholeDownload({ send }, request, answer));
	}

	/** Whether the object is all that was sent. */
	async function isWhole(key: string): Promise<boolean> {
		const { data } = await files.download(key);
		return content.equals(Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0)));
	}

	it('uploads and downloads outlast an outage of 20 seconds', async () => {
		const outage = { kind: 'outage', ms: 20_000 } as const;
		await files.upload('way/down.bin', content);
		const down = await atObject('way/down.bin', 'GET', { kind: 'closeMidway' });
		await atObject('way/down.bin', 'GET', outage);
		const up = await atUpload('way/up.bin', undefined, outage);
		const [, got] = await Promise.all([uploadParts('way/up.bin'), read('way/down.bin')]);
		expect(content.equals(got)).toBe(true);
		expect(await isWhole('way/up.bin')).toBe(true);
		for (const path of [down, up]) expect(await control.faults(path)).toEqual([]);
	}, 120_000);

	it.each<[string, FaultAction]>([
		['a cut inside a part', { kind: 'cutBody', bytes: 1_000_000 }],
		['an answer that stalls', { kind: 'stall' }],
	])('an upload in parts outlasts %s', async (_, action) => {
		const key = `way/${action.kind}.bin`;
		const path = await atUpload(key, 'PATCH', action);
		await uploadParts(key);
		expect(await isWhole(key)).toBe(true);
		expect(await control.faults(path)).toEqual([]);
	});

	it.each<[string, FaultAction]>([
		['a stall in the middle', { kind: 'stall' }],
		['a cut in the middle', { kind: 'closeMidway' }],
	])('a download outlasts %s', async (_, action) => {
		const key = `way/down-${action.kind}.bin`;
		await files.upload(key, content);
		const path = await atObject(key, 'GET', action);
		expect(content.equals(await read(key))).toBe(true);
		expect(await control.faults(path)).toEqual([]);
	});

	it('a wrong range is not taken for the one that was asked for', async () => {
		await files.upload('way/range.bin', content);
		expect(await read('way/range.bin', '1-4')).toEqual(content.subarray(1, 5));
		await atObject('way/range.bin', 'GET', { kind: 'contentRange', value: 'bytes 0-3/9' });
		await expect(read('way/range.bin', '1-4')).rejects.toMatchObject({ code: 'RANGE_IGNORED' });
	});

	it('a cut inside the body of one request leaves nothing, and it is sent again if it may be', async () => {
		const key = 'way/one.bin';
		const place = { bucket: bucketId, key };
		const opened: Readable[] = [];
		const body = {
			size: content.length,
			body: async () => {
				const stream = Readable.from([content]);
				opened.push(stream);
				return stream;
			},
		};
		const action = { kind: 'cutBody', bytes: 1_000_000 } as const;
		await atObject(key, 'POST', action);
		await expect(send(upload(place, body, about))).rejects.toBeInstanceOf(SupabaseApiError);
		expect((await files.info(key)).data).toBeNull();
		await atObject(key, 'POST', action);
		await send(upload(place, body, { ...about, upsert: true }));
		expect(await isWhole(key)).toBe(true);
		expect(opened).toHaveLength(3);
		for (const stream of opened) expect(stream.destroyed).toBe(true);
	});
});
