import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { SupabaseApiError } from '../../src/api/errors';
import { readProject } from '../../src/api/project';
import { createBucket, deleteBucket, emptyBucket } from '../../src/api/storage/buckets';
import type { Content } from '../../src/api/content';
import { download } from '../../src/api/storage/download';
import { wholeDownload } from '../../src/api/storage/downloadStream';
import { listFiles } from '../../src/api/storage/listing';
import { objectInfo } from '../../src/api/storage/objects';
import { PART_BYTES } from '../../src/api/storage/resumable';
import { uploadResumable, type UploadContext } from '../../src/api/storage/resumableUpload';
import { upload } from '../../src/api/storage/upload';
import { sender, type Send } from '../../src/api/transport';
import { stackControl } from '../stack/control';

const project = readProject({
	url: process.env.SUPABASE_URL ?? '',
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
	secretKey: process.env.SUPABASE_SECRET_KEY ?? '',
});
const send = sender(project, { authority: { role: 'service_role' } });
const control = stackControl();
const bucket = `node-${randomUUID()}`;
const options = { contentType: 'application/octet-stream', cacheControl: 3600 };
const large = randomBytes(2 * PART_BYTES + 1234);

beforeAll(async () => {
	await send(createBucket(bucket, {}));
});

afterEach(async () => {
	await control.clearFaults();
});

afterAll(async () => {
	await send(emptyBucket(bucket));
	await send(deleteBucket(bucket));
});

/** Content as n8n's store gives it: a stream, opened as often as it is wanted. */
function streamed(bytes: Buffer): Content & { opened: number } {
	const content = {
		size: bytes.length,
		opened: 0,
		open: async () => {
			content.opened += 1;
			return Readable.from(chunks(bytes), { objectMode: false });
		},
	};
	return content;
}

function* chunks(bytes: Buffer, size = 65_536): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function uploadLarge(
	key: string,
	{
		signal,
		content = streamed(large),
		patience,
	}: Partial<UploadContext> & { content?: Content } = {},
) {
	const progress: number[] = [];
	const own = sender(project, { authority: { role: 'service_role' }, signal });
	await uploadResumable(
		{
			send: own,
			sendAfterCancel: send,
			address: project.services.storage,
			signal,
			progress: (sent) => progress.push(sent),
			patience,
		},
		{ bucket, key },
		content,
		options,
	);
	return progress;
}

async function read(key: string, from: Send = send): Promise<Buffer> {
	const request = download({ bucket, key });
	return await buffer(wholeDownload({ send: from }, request, await from<Readable>(request)));
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a resumable upload', () => {
	test('goes in parts of 6 MiB', async () => {
		await control.clearRequests();
		const progress = await uploadLarge('parts.bin');
		expect(progress).toEqual([PART_BYTES, 2 * PART_BYTES, large.length]);
		expect(hash(await read('parts.bin'))).toBe(hash(large));
		const parts = (await control.requests('/storage/v1/upload')).filter(
			({ method }) => method === 'PATCH',
		);
		expect(parts).toHaveLength(3);
	});

	test.each([
		['a server that fails', { kind: 'status', status: 503 }],
		['a connection that breaks before', { kind: 'resetBefore' }],
		['an answer that is lost', { kind: 'resetAfter' }],
	] as const)('goes on after %s', async (name, action) => {
		await control.addFault({ method: 'PATCH', skip: 1, action });
		const content = streamed(large);
		await uploadLarge(`${name}.bin`, { content });
		expect(hash(await read(`${name}.bin`))).toBe(hash(large));
		expect(content.opened).toBe(1);
	});

	test('gives up when nothing helps, and throws away what arrived', async () => {
		await control.clearRequests();
		await control.addFault({ method: 'PATCH', times: 50, action: { kind: 'status', status: 500 } });
		await expect(uploadLarge('never.bin', { patience: 2500 })).rejects.toMatchObject({
			status: 500,
		});
		const methods = (await control.requests('/storage/v1/upload')).map(({ method }) => method);
		expect(methods.filter((method) => method === 'PATCH').length).toBeGreaterThan(1);
		expect(methods.at(-1)).toBe('DELETE');
	});

	test('tells the two meanings of 409 apart', async () => {
		await send(upload({ bucket, key: 'there.bin' }, { body: Buffer.from('x'), size: 1 }, options));
		await control.clearRequests();
		await expect(uploadLarge('there.bin')).rejects.toMatchObject({
			status: 409,
			message: 'The resource already exists',
		});
		await control.addFault({
			method: 'PATCH',
			action: { kind: 'status', status: 409, body: 'Upload-Offset conflict\n' },
		});
		await uploadLarge('conflict.bin');
		expect(hash(await read('conflict.bin'))).toBe(hash(large));
	});

	test('is deleted when the execution is cancelled', async () => {
		await control.clearRequests();
		await control.addFault({ method: 'PATCH', skip: 1, action: { kind: 'delay', ms: 3000 } });
		const cancel = new AbortController();
		const uploading = uploadLarge('cancelled.bin', cancel);
		setTimeout(() => cancel.abort(), 1500);
		await expect(uploading).rejects.toMatchObject({ name: 'AbortError' });
		const requests = await control.requests('/storage/v1/upload');
		expect(requests.at(-1)?.method).toBe('DELETE');
		await expect(send(objectInfo({ bucket, key: 'cancelled.bin' }))).rejects.toMatchObject({
			code: 'NoSuchKey',
		});
	});
});

describe('on a server of another kind', () => {
	let server: Server;
	let requests: string[];

	async function against(answer: RequestListener): Promise<ReturnType<typeof readProject>> {
		requests = [];
		server = createServer((request, response) => {
			requests.push(`${request.method} ${request.url}`);
			request.resume().on('end', () => answer(request, response));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		return readProject({ url, secretKey: 'sb_secret_x' });
	}

	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});

	test('keys are not sent to where an upload is said to be', async () => {
		const there = await against((_, response) => {
			response.writeHead(201, { location: 'http://evil.example/storage/v1/upload/resumable/abc' });
			response.end();
		});
		const own = sender(there, { authority: { role: 'service_role' } });
		const context = { send: own, sendAfterCancel: own, address: there.services.storage };
		await expect(
			uploadResumable(context, { bucket: 'b', key: 'k' }, streamed(Buffer.alloc(9)), options),
		).rejects.toMatchObject({ code: 'UPLOAD_LOCATION' });
		expect(requests).toEqual(['POST /storage/v1/upload/resumable']);
	});

	/** Breaks the first answers in the middle. */
	function breaking(bytes: Buffer, { etags = ['"a"'], breaks = 1 } = {}): RequestListener {
		let asked = 0;
		return ({ headers }, response) => {
			const [, from] = /bytes=(\d+)-/.exec(headers.range ?? '') ?? [];
			const rest = bytes.subarray(Number(from ?? 0));
			response.writeHead(from ? 206 : 200, {
				etag: etags[Math.min(asked, etags.length - 1)],
				'content-length': String(rest.length),
				...(from && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
			});
			asked += 1;
			if (asked > breaks) return void response.end(rest);
			response.write(rest.subarray(0, rest.length >> 1), () => response.destroy());
		};
	}

	test('a download that breaks goes on, if the file is the same', async () => {
		const bytes = randomBytes(300_000);
		const there = await against(breaking(bytes, { breaks: 2 }));
		const own = sender(there, { authority: { role: 'service_role' } });
		expect(hash(await read('a', own))).toBe(hash(bytes));
		expect(requests).toHaveLength(3);
	});

	test('a download that breaks fails, if the file is another one', async () => {
		const there = await against(breaking(randomBytes(300_000), { etags: ['"a"', '"b"'] }));
		const own = sender(there, { authority: { role: 'service_role' } });
		const error: unknown = await read('a', own).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(SupabaseApiError);
		expect((error as SupabaseApiError).code).toBe('DOWNLOAD_CHANGED');
	});

	test('a download that never gets to its end gives no short file', async () => {
		const there = await against(breaking(randomBytes(1000), { etags: [''], breaks: 99 }));
		const own = sender(there, { authority: { role: 'service_role' } });
		await expect(read('a', own)).rejects.toMatchObject({
			service: 'storage',
			message: expect.stringMatching(/^The download broke after 500 of 1000 bytes/),
		});
	});
});

describe('a listing', () => {
	const list = { folder: 'l', recursive: false, sort: { column: 'name', order: 'asc' } } as const;
	const names = ['a/1.txt', 'a/2.txt', 'b.txt', 'c/d/3.txt'];
	/** As a server answers that knows the older listing alone. */
	const older: Send = async (request) => {
		if (request.path[1] !== 'list-v2') return await send(request);
		throw new SupabaseApiError('storage', 'refused', { status: 404, message: 'Route POST:/x' });
	};

	beforeAll(async () => {
		for (const name of names) {
			const body = { body: Buffer.from(name), size: name.length };
			await send(upload({ bucket, key: `l/${name}` }, body, options));
		}
	});

	test.each([
		['newer', send],
		['older', older],
	])('is the same with the %s way', async (_, by) => {
		const top = await listFiles(by, bucket, list);
		expect(top.map(({ name, type }) => [name, type])).toEqual([
			['a', 'folder'],
			['b.txt', 'file'],
			['c', 'folder'],
		]);
		const sort = { column: 'name', order: 'desc' } as const;
		const backwards = await listFiles(by, bucket, { ...list, sort, limit: 2 });
		expect(backwards.map(({ path }) => path)).toEqual(['l/c', 'l/b.txt']);
		const all = await listFiles(by, bucket, { ...list, recursive: true });
		expect(all.map(({ name }) => name)).toEqual(names);
		const found = await listFiles(by, bucket, { ...list, search: 'B' });
		expect(found.map(({ name }) => name)).toEqual(['b.txt']);
	});
});
