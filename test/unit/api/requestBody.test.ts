import { getEventListeners } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import type { ApiRequest, ApiResponse } from '../../../src/api/request';
import { send, type SendOptions } from '../../../src/api/transport';
import { closedPort, closeServers, projectAt, startServer } from '../server';
import { rejectionOf } from '../thrown';

const MIB = 1024 * 1024;

const write: ApiRequest = { service: 'storage', method: 'PUT', path: ['object', 'a', 'b'] };

afterEach(closeServers);

async function sent(
	url: string,
	body: ApiRequest['body'],
	options: Partial<SendOptions> = {},
	request: Partial<ApiRequest> = {},
): Promise<ApiResponse> {
	const all = { authority: { role: 'service_role' }, maxRepeats: 0, ...options } as const;
	return await send(projectAt(url), { ...write, body, ...request }, all);
}

async function failureOf(...given: Parameters<typeof sent>): Promise<SupabaseApiError> {
	const answer = await sent(...given).catch(refusal);
	if (answer instanceof SupabaseApiError) return answer;
	throw new Error(`It was answered with ${answer.status}`);
}

describe('on its way', () => {
	const size = 32 * MIB;
	let server: Server;
	let sockets: Socket[];
	let received: number;

	/** Takes at most 64 KiB each few milliseconds, up to so many bytes, and answers when it has all. */
	async function startSlowServer(most = Infinity): Promise<string> {
		received = 0;
		sockets = [];
		server = createServer((socket) => {
			sockets.push(socket);
			socket.on('error', () => undefined);
			const timer = setInterval(() => {
				if (received >= most) return;
				received += (socket.read() as Buffer | null)?.length ?? 0;
				if (received < size) return;
				clearInterval(timer);
				socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
			}, 5);
			socket.on('close', () => clearInterval(timer));
			// Keeps the socket from flowing.
			socket.on('readable', () => undefined);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	afterEach(async () => {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	});

	const opened: Readable[] = [];
	/** Gives its pieces out only as they are taken, and counts how far ahead it is. */
	const stream = async () => {
		const pieces = function* () {
			const piece = Buffer.alloc(64 * 1024);
			for (let at = 0; at < size; at += piece.length) yield piece;
		};
		const source = Readable.from(pieces(), { objectMode: false });
		opened.push(source);
		return source;
	};
	const length = { headers: { 'content-length': String(size) } };
	const bodies: Array<[string, ApiRequest['body']]> = [
		['bytes', Buffer.alloc(size)],
		['a text', 'x'.repeat(size)],
		['a stream', stream],
		['a stream of one chunk', async () => Readable.from([Buffer.alloc(size)])],
	];

	it.each([bodies[0], bodies[2], bodies[3]])(
		'may take longer than the timeout: %s',
		async (_, body) => {
			const url = await startSlowServer();
			const started = performance.now();
			const timeout = 1000;
			await expect(sent(url, body, { timeout }, length)).resolves.toMatchObject({ status: 200 });
			expect(received).toBeGreaterThan(size);
			expect(performance.now() - started).toBeGreaterThan(timeout);
		},
	);

	it.each(bodies)('is given up when it moves no more: %s', async (_, body) => {
		const url = await startSlowServer(MIB);
		await expect(failureOf(url, body, { timeout: 300 }, length)).resolves.toMatchObject({
			outcome: 'unknown',
			code: 'UND_ERR_HEADERS_TIMEOUT',
			message: 'The server did not answer in time',
		});
		for (const source of opened) expect(source.destroyed).toBe(true);
	});

	it.each(bodies)('ends with its signal: %s', async (_, body) => {
		const url = await startSlowServer(MIB);
		const reason = new Error('The execution was cancelled');
		const controller = new AbortController();
		setTimeout(() => controller.abort(reason), 100);
		const failure = await rejectionOf(sent(url, body, { signal: controller.signal }, length));
		expect(failure).toBe(reason);
		for (const source of opened) expect(source.destroyed).toBe(true);
	});

	it('is read no faster than it is taken', async () => {
		const url = await startSlowServer();
		let ahead = 0;
		const counted = async () => {
			let given = 0;
			return (await stream()).on('data', (piece: Buffer) => {
				given += piece.length;
				ahead = Math.max(ahead, given - received);
			});
		};
		await sent(url, async () => (await counted()).pause(), {}, length);
		// What the buffers of two sockets hold.
		expect(ahead).toBeLessThan(size / 2);
	});
});

it('is silent no longer than the timeout after its last byte', async () => {
	const server = await startServer(() => () => undefined);
	const failure = failureOf(server.url, Buffer.alloc(MIB), { timeout: 200 });
	await expect(failure).resolves.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
	expect(server.requests).toHaveLength(1);
});

it('is given up when its source gives no more', async () => {
	const server = await startServer(() => ({}));
	const source = new Readable({ read() {} });
	source.push('a');
	const failure = failureOf(server.url, async () => source, { timeout: 300 });
	await expect(failure).resolves.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
	expect(source.destroyed).toBe(true);
	expect(server.requests).toEqual([]);
});

describe('its length', () => {
	it.each([1, 64 * 1024, 64 * 1024 + 1, MIB + 7])('of %d bytes is told', async (size) => {
		const server = await startServer(() => ({}));
		await sent(server.url, Buffer.alloc(size, 'x'));
		expect(server.requests[0]?.headers).toMatchObject({ 'content-length': String(size) });
		expect(server.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
		expect(server.requests[0]?.body).toBe('x'.repeat(size));
	});

	it.each([MIB - 1, MIB + 1])('that was not told right is an error', async (told) => {
		const server = await startServer(() => ({}));
		const headers = { 'content-length': String(told) };
		const body = async () => Readable.from([Buffer.alloc(MIB)]);
		await expect(failureOf(server.url, body, {}, { headers })).resolves.toMatchObject({
			outcome: 'refused',
			code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
			message: 'The content is not as long as was said',
		});
		expect(server.requests).toEqual([]);
	});
});

describe('its source', () => {
	const folder = mkdtempSync(join(tmpdir(), 'request-body-'));
	const path = join(folder, 'file');
	const size = 2 * MIB;
	const headers = { 'content-length': String(size) };
	let opened: Readable[];

	beforeAll(() => {
		writeFileSync(path, '');
		truncateSync(path, size);
	});
	beforeEach(() => (opened = []));
	afterAll(() => rmSync(folder, { recursive: true }));

	const file = async () => {
		const stream = createReadStream(path);
		opened.push(stream);
		return stream;
	};

	async function areClosed(count: number): Promise<void> {
		expect(opened).toHaveLength(count);
		await Promise.all(
			opened.map(async (stream) => {
				if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
			}),
		);
	}

	it('is closed when it was taken', async () => {
		const server = await startServer(() => ({}));
		await sent(server.url, file, {}, { headers });
		expect(server.requests[0]?.body).toHaveLength(size);
		await areClosed(1);
	});

	it('is closed when it was taken and the answer is a stream, and nothing waits for the signal', async () => {
		const server = await startServer(() => ({}));
		const { signal } = new AbortController();
		const { body } = await sent(server.url, file, { signal }, { headers, expect: 'stream' });
		expect(getEventListeners(signal, 'abort')).not.toEqual([]);
		expect(await (body as Readable).toArray()).toHaveLength(1);
		await areClosed(1);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	it('is closed, for each attempt, when it was refused', async () => {
		const server = await startServer(() => ({ status: 503 }));
		const request = { headers, repeatable: true };
		await failureOf(server.url, file, { maxRepeats: 1 }, request);
		await areClosed(2);
	});

	describe('that is not wanted to its end', () => {
		const connections: Socket[] = [];
		let server: Server;

		/** Answers as soon as a request begins. */
		async function startHasty(status: number): Promise<string> {
			server = createServer((socket) => {
				connections.push(socket.on('error', () => undefined));
				socket.once('data', () => {
					socket.pause().write(`HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\n{}`);
				});
			});
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		}

		/** More than any buffer between holds. */
		const endless = async () => {
			const stream = new Readable({
				read() {
					this.push(Buffer.alloc(64 * 1024));
				},
			});
			opened.push(stream);
			return stream;
		};

		afterEach(async () => {
			for (const socket of connections.splice(0)) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		});

		it('is closed with a refusal', async () => {
			const failure = await failureOf(await startHasty(413), endless);
			expect(failure).toMatchObject({ status: 413, outcome: 'refused' });
			await areClosed(1);
		});

		it('is closed with the end of an answer that is a stream', async () => {
			const { body } = await sent(await startHasty(200), endless, {}, { expect: 'stream' });
			(body as Readable).on('error', () => undefined).destroy();
			await areClosed(1);
		});
	});

	it('is closed when nothing listens', async () => {
		await failureOf(`http://127.0.0.1:${await closedPort()}`, file, {}, { headers });
		await areClosed(1);
	});

	it('is closed when the connection breaks', async () => {
		const server = await startServer(() => (incoming) => incoming.socket.resetAndDestroy());
		await failureOf(server.url, file, {}, { headers });
		await areClosed(1);
	});

	it.each([
		['the path is none', { path: ['..'] }],
		['a header cannot be sent', { headers: { 'x-name': 'Pl\u0000uto' } }],
	])('is not opened when %s', async (_, request) => {
		const server = await startServer(() => ({}));
		await expect(sent(server.url, file, {}, request)).rejects.toThrow();
		await areClosed(0);
		expect(server.connections()).toBe(0);
	});

	it('is not opened when it is no longer wanted', async () => {
		const server = await startServer(() => ({}));
		const signal = AbortSignal.abort(new Error('The execution was cancelled'));
		await expect(sent(server.url, file, { signal })).rejects.toThrow('cancelled');
		await areClosed(0);
	});

	it('that cannot be opened is the error, and nothing is sent', async () => {
		const server = await startServer(() => ({}));
		const body = async () => await Promise.reject(new Error('There is no such file'));
		await expect(sent(server.url, body)).rejects.toThrow('There is no such file');
		expect(server.connections()).toBe(0);
	});

	it('that cannot be read is the error', async () => {
		const server = await startServer(() => ({}));
		const body = async () => createReadStream(join(folder, 'missing'));
		await expect(sent(server.url, body)).rejects.toThrow('ENOENT');
		expect(server.requests).toEqual([]);
	});

	it('that fails in the middle is the error, not the connection', async () => {
		const server = await startServer(() => ({}));
		const error = new Error('The disk failed');
		const body = async () =>
			Readable.from(
				(function* () {
					yield Buffer.alloc(1000);
					throw error;
				})(),
			);
		expect(await rejectionOf(sent(server.url, body, {}, { headers }))).toBe(error);
		expect(server.requests).toEqual([]);
	});
});
