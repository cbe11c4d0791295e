import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { Upload, type UploadOptions } from 'tus-js-client';
import WebSocket from 'ws';

import { stackControl } from '../stack/control';

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
