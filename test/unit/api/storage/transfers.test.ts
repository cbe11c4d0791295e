import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type * as timers from 'node:timers/promises';

import { SupabaseApiError } from '../../../../src/api/errors';
import type { Project } from '../../../../src/api/project';
import { download } from '../../../../src/api/storage/download';
import { wholeDownload, type DownloadContext } from '../../../../src/api/storage/downloadStream';
import { newPatience } from '../../../../src/api/storage/patience';
import { begunUpload, PART_BYTES } from '../../../../src/api/storage/resumable';
import { uploadResumable, type UploadContext } from '../../../../src/api/storage/resumableUpload';
import { sender } from '../../../../src/api/transport';
import { projectAt } from '../../server';
import { rejectionOf, thrownBy } from '../../thrown';

/** A clock that runs by the waits alone: minutes pass in no time. */
let mockNow = 0;
jest.mock('node:timers/promises', () => {
	const actual = jest.requireActual<typeof timers>('node:timers/promises');
	return {
		...actual,
		setTimeout: async (delay: number, ...rest: [undefined, { signal?: AbortSignal }]) => {
			mockNow += delay;
			await actual.setTimeout(1, ...rest);
		},
	};
});

beforeEach(() => {
	mockNow = 0;
	jest.spyOn(performance, 'now').mockImplementation(() => mockNow);
});

const MINUTE = 60_000;
let server: Server | undefined;
let asked: string[];

afterEach(() => {
	jest.restoreAllMocks();
	server?.closeAllConnections();
	server?.close();
});

async function against(answer: RequestListener): Promise<Project> {
	asked = [];
	server = createServer((request, response) => {
		const { method = '', headers } = request;
		asked.push([method, headers.range, headers['upload-offset']].filter(Boolean).join(' '));
		answer(request, response);
	});
	await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
	return projectAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const place = { bucket: 'b', key: 'k' };
const signalled = (project: Project, signal?: AbortSignal) =>
	sender(project, { authority: { role: 'service_role' }, maxRepeats: 0, signal });

describe('patience', () => {
	it('ends when nothing has moved for five minutes', async () => {
		const patience = newPatience();
		const failure = new Error('broken');
		let waits = 0;
		const thrown = await rejectionOf(
			(async () => {
				for (;;) {
					await patience.wait(failure);
					waits++;
				}
			})(),
		);
		expect(thrown).toBe(failure);
		expect(mockNow).toBeGreaterThan(4 * MINUTE);
		expect(mockNow).toBeLessThanOrEqual(5 * MINUTE);
		expect(waits).toBeGreaterThan(15);
		expect(waits).toBeLessThan(60);
	});

	it('begins again with each byte, and not before the first failure', async () => {
		const patience = newPatience(MINUTE);
		for (let i = 0; i < 20; i++) {
			mockNow += 2 * MINUTE;
			await patience.wait(new Error('broken'));
			patience.renew();
		}
		expect(mockNow).toBeGreaterThan(40 * MINUTE);
	});

	it('ends with its signal', async () => {
		const reason = new Error('The execution was cancelled');
		const patience = newPatience(MINUTE, AbortSignal.abort(reason));
		expect(await rejectionOf(patience.wait(new Error('broken')))).toBe(reason);
	});
});

describe('a download', () => {
	const bytes = randomBytes(300_000);

	interface Plan {
		readonly range?: string;
		readonly context?: Partial<DownloadContext>;
	}

	async function open(project: Project, { range, context }: Plan = {}): Promise<Readable> {
		const send = signalled(project, context?.signal);
		const request = download(place, { range });
		return wholeDownload({ send, ...context }, request, await send<Readable>(request));
	}

	/** Gives what is asked for; `go` says what happens to which request: broken, or not answered at all. */
	function giving(go: (count: number) => 'cut' | 'reset' | number | undefined): RequestListener {
		let count = 0;
		return ({ headers, socket }, response) => {
			const what = go(++count);
			if (what === 'reset') return void socket.resetAndDestroy();
			if (typeof what === 'number') return void response.writeHead(what).end('{}');
			const [, from, to] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') ?? [];
			const end = to ? Number(to) : bytes.length - 1;
			const rest = bytes.subarray(Number(from ?? 0), end + 1);
			response.writeHead(from ? 206 : 200, {
				etag: '"a"',
				'content-length': String(rest.length),
				...(from && { 'content-range': `bytes ${from}-${end}/${bytes.length}` }),
			});
			if (what !== 'cut') return void response.end(rest);
			response.write(rest.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
		};
	}

	it('that breaks goes on where it was, at the byte', async () => {
		const project = await against(giving((count) => (count < 3 ? 'cut' : undefined)));
		expect(bytes.equals(await open(project).then(buffer))).toBe(true);
		expect(asked).toEqual(['GET', 'GET bytes=100000-299999', 'GET bytes=200000-299999']);
	});

	it.each(['reset', 503, 500, 429] as const)(
		'outlasts an outage of minutes, when a request for the rest fails, too: %s',
		async (failure) => {
			let tries = 0;
			const project = await against(
				giving((count) => {
					if (count === 1) return 'cut';
					tries++;
					return mockNow < 3 * MINUTE ? failure : undefined;
				}),
			);
			expect(bytes.equals(await open(project).then(buffer))).toBe(true);
			expect(tries).toBeGreaterThan(10);
			expect(asked.at(-1)).toBe('GET bytes=100000-299999');
		},
	);

	it('outlasts one outage after the other, as long as something comes between', async () => {
		let until = 0;
		const project = await against(
			giving(() => {
				if (mockNow < until) return 'reset';
				until = mockNow + 3 * MINUTE;
				return 'cut';
			}),
		);
		expect(bytes.equals(await open(project).then(buffer))).toBe(true);
		expect(mockNow).toBeGreaterThan(6 * MINUTE);
	});

	it('fails when the outage lasts, and says how far it came', async () => {
		const project = await against(giving((count) => (count === 1 ? 'cut' : 'reset')));
		const error = await rejectionOf(open(project).then(buffer));
		expect(error).toBeInstanceOf(SupabaseApiError);
		expect((error as Error).message).toMatch(/^The download broke after 100000 of 300000 bytes/);
		expect(mockNow).toBeLessThanOrEqual(5 * MINUTE);
	});

	it.each([404, 403, 416])('fails at once when the rest is refused: %d', async (status) => {
		const project = await against(giving((count) => (count === 1 ? 'cut' : status)));
		expect(await rejectionOf(open(project).then(buffer))).toMatchObject({ status });
		expect(asked).toHaveLength(2);
	});

	it('asks for nothing more when its reader fails', async () => {
		const project = await against(giving(() => 'cut'));
		const content = await open(project);
		const reader = new PassThrough({
			transform: (_chunk, _encoding, done) => done(new Error('The disk is full')),
		});
		expect(await rejectionOf(pipeline(content, reader))).toMatchObject({
			message: 'The disk is full',
		});
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(asked).toHaveLength(1);
	});

	it('lets go of its connection when nobody reads it', async () => {
		let closed: Promise<unknown> | undefined;
		const project = await against((request, response) => {
			closed = new Promise((resolve) => request.socket.once('close', resolve));
			response.writeHead(200, { 'content-length': String(1e9) }).write(bytes);
		});
		const content = await open(project);
		content.destroy();
		expect(closed).toBeDefined();
		await closed;
	});

	it.each(['0-99', '100-', '-100'])('of a range takes that part: %s', async (range) => {
		const project = await against(({ headers }, response) => {
			const [, from, to] = /bytes=(\d*)-(\d*)/.exec(headers.range ?? '') ?? [];
			const start = from ? Number(from) : bytes.length - Number(to);
			const end = from && to ? Number(to) : bytes.length - 1;
			response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${bytes.length}` });
			response.end(bytes.subarray(start, end + 1));
		});
		const part = await open(project, { range }).then(buffer);
		const [from, to] = { '0-99': [0, 100], '100-': [100], '-100': [-100] }[range] ?? [];
		expect(part.equals(bytes.subarray(from, to))).toBe(true);
	});

	it.each([
		['10-19', 200, undefined, 'the whole file instead of the bytes asked for'],
		['10-19', 206, undefined, 'it does not say which'],
		['10-19', 206, 'bytes 0-9/300000', 'other bytes than those asked for: 0-9'],
		['10-19', 206, 'bytes 10-29/300000', 'other bytes than those asked for: 10-29'],
		['10-', 206, 'bytes 11-29/300000', 'other bytes than those asked for: 11-29'],
		['-10', 206, 'bytes 0-29/300000', 'other bytes than those asked for: 0-29'],
	])('of the range %s is no answer of %d, %s', async (range, status, contentRange, says) => {
		const project = await against((_, response) => {
			response.writeHead(status, { ...(contentRange && { 'content-range': contentRange }) });
			response.end(bytes);
		});
		expect(await rejectionOf(open(project, { range }))).toMatchObject({
			code: 'RANGE_IGNORED',
			message: expect.stringContaining(says),
		});
	});

	it('takes no other bytes for the rest', async () => {
		let count = 0;
		const cut = giving(() => 'cut');
		const project = await against((request, response) => {
			if (++count === 1) return cut(request, response);
			response.writeHead(206, { etag: '"a"', 'content-range': 'bytes 0-299999/300000' });
			response.end(bytes);
		});
		expect(await rejectionOf(open(project).then(buffer))).toMatchObject({
			code: 'DOWNLOAD_CHANGED',
			message: 'The download broke, and the server does not give the rest alone',
		});
	});
});

describe('a resumable upload', () => {
	const size = PART_BYTES + 1000;
	const about = { contentType: 'text/plain', cacheControl: 60 };

	/** Takes parts; `fails` says which requests are broken off, or refused. */
	function taking(fails: (method: string, count: number) => number | 'reset' | undefined) {
		let arrived = 0;
		let count = 0;
		const listener: RequestListener = (request, response) => {
			const { method = '', socket } = request;
			if (method === 'POST') {
				request.resume();
				return void response.writeHead(201, { location: '/storage/v1/upload/resumable/u' }).end();
			}
			const failure = fails(method, ++count);
			if (failure === 'reset') return void socket.resetAndDestroy();
			let length = 0;
			request.on('data', (chunk: Buffer) => (length += chunk.length));
			request.on('end', () => {
				if (failure) return void response.writeHead(failure).end();
				arrived += length;
				response.writeHead(method === 'PATCH' ? 204 : 200, { 'upload-offset': String(arrived) });
				response.end();
			});
		};
		return { listener, arrived: () => arrived };
	}

	async function uploadTo(project: Project, context: Partial<UploadContext> = {}): Promise<void> {
		const send = signalled(project, context.signal);
		const sendAfterCancel = signalled(project);
		const address = project.services.storage;
		const content = { size, bytes: Buffer.alloc(size) };
		await uploadResumable({ send, sendAfterCancel, address, ...context }, place, content, about);
	}

	it.each(['reset', 500, 503, 429] as const)(
		'outlasts an outage of minutes, in which it cannot even ask what has arrived: %s',
		async (failure) => {
			const server = taking((_method, count) =>
				count > 1 && mockNow < 3 * MINUTE ? failure : undefined,
			);
			await uploadTo(await against(server.listener));
			expect(server.arrived()).toBe(size);
			expect(asked.filter((each) => each === 'HEAD').length).toBeGreaterThan(10);
			expect(asked.at(-1)).toBe(`PATCH ${PART_BYTES}`);
		},
	);

	it('outlasts one outage after the other, as long as something arrives between', async () => {
		let until = 3 * MINUTE;
		const server = taking((method) => {
			if (mockNow < until) return 503;
			if (method === 'PATCH') until = mockNow + 3 * MINUTE;
			return undefined;
		});
		await uploadTo(await against(server.listener));
		expect(server.arrived()).toBe(size);
		expect(mockNow).toBeGreaterThan(6 * MINUTE);
	});

	it('fails when the outage lasts, with what broke first', async () => {
		const server = taking((method) => (method === 'DELETE' ? undefined : 503));
		const error = await rejectionOf(uploadTo(await against(server.listener)));
		expect(error).toMatchObject({ service: 'storage', status: 503 });
		expect(mockNow).toBeGreaterThan(4 * MINUTE);
		expect(mockNow).toBeLessThanOrEqual(5 * MINUTE);
		expect(asked.at(-1)).toBe('DELETE');
	});

	it('fails at once when the upload is gone', async () => {
		const server = taking((method) => (method === 'HEAD' ? 404 : 'reset'));
		const error = await rejectionOf(uploadTo(await against(server.listener)));
		expect(error).toMatchObject({ code: 'ECONNRESET' });
		expect(asked).toEqual(['POST', 'PATCH 0', 'HEAD', 'DELETE']);
	});

	it('is thrown away once, without repeats, after a cancellation', async () => {
		const controller = new AbortController();
		const reason = new Error('The execution was cancelled');
		const server = taking((method) => {
			if (method === 'PATCH') controller.abort(reason);
			return 503;
		});
		const project = await against(server.listener);
		const { signal } = controller;
		expect(await rejectionOf(uploadTo(project, { signal }))).toBe(reason);
		expect(asked).toEqual(['POST', 'PATCH 0', 'DELETE']);
	});
});

describe('the source of a resumable upload', () => {
	const size = PART_BYTES + 1000;
	const about = { contentType: 'text/plain', cacheControl: 60 };

	async function sources(
		answer: RequestListener,
		context: Partial<UploadContext> = {},
	): Promise<Readable[]> {
		const project = await against((request, response) => {
			request.resume().on('end', () => answer(request, response));
		});
		const send = signalled(project, context.signal);
		const opened: Readable[] = [];
		const open = async () => {
			const stream = Readable.from([Buffer.alloc(size)], { objectMode: false });
			opened.push(stream);
			return stream;
		};
		const address = project.services.storage;
		const all = { send, sendAfterCancel: signalled(project), address, ...context };
		await uploadResumable(all, place, { size, open }, about).catch(() => undefined);
		return opened;
	}

	const begun = { location: '/storage/v1/upload/resumable/u' };

	it.each([
		['a part is refused', 400, {}, 1],
		['the place is elsewhere', 201, { location: 'http://b.example/upload/resumable/u' }, 0],
		['the beginning is refused', 403, {}, 0],
	])('is closed, or was never opened, when %s', async (_, status, headers, count) => {
		const opened = await sources(({ method }, response) => {
			if (method === 'POST' && count) return void response.writeHead(201, begun).end();
			response.writeHead(status, headers).end('{}');
		});
		expect(opened).toHaveLength(count);
		for (const stream of opened) expect(stream.destroyed).toBe(true);
	});

	it('is closed after a cancellation', async () => {
		const controller = new AbortController();
		const [stream, ...others] = await sources(
			({ method }, response) => {
				if (method === 'PATCH') return controller.abort(new Error('cancelled'));
				response.writeHead(201, begun).end();
			},
			{ signal: controller.signal },
		);
		expect(stream?.destroyed).toBe(true);
		expect(others).toEqual([]);
	});

	it.each<[string, number, Error | undefined, string]>([
		['ends too early', 1000, undefined, `The file ended after 1000 of ${size} bytes`],
		['fails in the middle', 1000, new Error('The disk failed'), 'The disk failed'],
	])('that %s is the error, at once, and what has arrived is thrown away', async (...given) => {
		const [, bytes, failure, says] = given;
		const project = await against((request, response) => {
			request.on('error', () => undefined).resume();
			const isBegin = request.method === 'POST';
			if (request.method !== 'PATCH') response.writeHead(isBegin ? 201 : 204, begun).end();
		});
		const open = async () =>
			Readable.from(
				(function* () {
					yield Buffer.alloc(bytes);
					if (failure) throw failure;
				})(),
			);
		const send = signalled(project);
		const context = { send, sendAfterCancel: send, address: project.services.storage };
		const error = await rejectionOf(uploadResumable(context, place, { size, open }, about));
		expect((error as Error).message).toBe(says);
		// What was broken off may come last, on its own connection.
		expect(asked[0]).toBe('POST');
		expect(asked.filter((each) => each === 'DELETE')).toHaveLength(1);
		expect(asked.filter((each) => !/^(POST|DELETE|PATCH 0)$/.test(each))).toEqual([]);
	});
});

describe('where an upload is', () => {
	const own = (address: string, location: string) =>
		begunUpload(address, location, { contentType: 'a/b', cacheControl: 1 }).path;

	it.each([
		['https://a.example/storage/v1', 'https://a.example/storage/v1/upload/resumable/x'],
		['https://a.example/storage/v1', 'http://a.example/storage/v1/upload/resumable/x'],
		['http://a.example/storage/v1', 'https://a.example/storage/v1/upload/resumable/x'],
		['http://a.example:8000/storage/v1', 'https://a.example:8000/storage/v1/upload/resumable/x'],
		['http://a.example/storage/v1', '/storage/v1/upload/resumable/x'],
		['http://a.example/storage/v1', '/upload/resumable/%78'],
	])('is below our own address: %s, %s', (address, location) => {
		expect(own(address, location)).toEqual(['upload', 'resumable', 'x']);
	});

	it.each([
		['https://b.example/storage/v1/upload/resumable/x', 'places the upload at https://b.example,'],
		['https://a.example:81/storage/v1/upload/resumable/x', 'at https://a.example:81,'],
		['ftp://a.example/storage/v1/upload/resumable/x', 'outside the project'],
		['/storage/v1/elsewhere', 'does not say where the upload is'],
		['/storage/v1/upload/resumable/%zz', 'does not say where the upload is'],
		['/storage/v1/upload/resumable/%ff', 'does not say where the upload is'],
	])('is told right: %s', (location, says) => {
		const error = thrownBy(() => own('https://a.example/storage/v1', location));
		expect(error).toBeInstanceOf(SupabaseApiError);
		expect(error).toMatchObject({ code: 'UPLOAD_LOCATION' });
		expect(error.message).toContain(says);
	});
});
