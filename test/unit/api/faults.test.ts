import { Readable } from 'node:stream';

import { refusal, SupabaseApiError, type Outcome } from '../../../src/api/errors';
import { describeFault } from '../../../src/api/faults';
import type { ProjectSettings } from '../../../src/api/project';
import type { ApiRequest } from '../../../src/api/request';
import { send } from '../../../src/api/transport';
import { closedPort, closeServers, projectAt, startServer, startTcpServer } from '../server';

const read: ApiRequest = { service: 'rest', method: 'GET', path: ['planets'] };
const write: ApiRequest = { service: 'rest', method: 'POST', path: ['planets'], body: '[{}]' };

afterEach(closeServers);

interface Options {
	readonly timeout?: number;
	readonly settings?: Partial<ProjectSettings>;
	readonly maxRepeats?: number;
}

/** The error that a request ends with, without repeats. */
async function failureOf(
	url: string,
	request: ApiRequest = read,
	{ timeout = 5000, settings, maxRepeats = 0 }: Options = {},
): Promise<SupabaseApiError> {
	const authority = { role: 'anon' } as const;
	const answer = await send(projectAt(url, settings), request, {
		authority,
		timeout,
		maxRepeats,
	}).catch(refusal);
	if (answer instanceof SupabaseApiError) return answer;
	throw new Error(`It was answered with ${answer.status}`);
}

describe('a request that does not arrive', () => {
	it('because nothing listens', async () => {
		const error = await failureOf(`http://127.0.0.1:${await closedPort()}`, write);
		expect(error).toMatchObject({
			service: 'rest',
			outcome: 'notSent',
			code: 'ECONNREFUSED',
			status: undefined,
			message: 'Nothing listens at that address',
		});
		expect(error.hint).toContain('Project URL');
	});

	it('because its name is not known', async () => {
		const error = await failureOf('http://nowhere.invalid', write);
		expect(error.outcome).toBe('notSent');
		expect(error.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
		expect(error.message).toBe("The server's name could not be resolved");
	});

	it('because the certificate is not trusted', async () => {
		const server = await startServer(() => ({}), { secure: true });
		const error = await failureOf(server.url, write);
		expect(error).toMatchObject({
			outcome: 'notSent',
			code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
			message: "The server's certificate is not trusted",
		});
		expect(error.hint).toContain('Ignore TLS Errors');
		expect(server.requests).toHaveLength(0);
	});

	it('but does when TLS errors are ignored', async () => {
		const server = await startServer(() => ({ body: [{ id: 1 }] }), { secure: true });
		const project = projectAt(server.url, { ignoreTlsErrors: true });
		const { body } = await send(project, read, { authority: { role: 'anon' } });
		expect(body).toEqual([{ id: 1 }]);
		// The pool that checks certificates is another one.
		await expect(failureOf(server.url)).resolves.toMatchObject({ outcome: 'notSent' });
		expect(server.requests).toHaveLength(1);
	});

	it('because the server does not speak TLS', async () => {
		const server = await startServer(() => ({}));
		const error = await failureOf(server.url.replace('http:', 'https:'), write);
		expect(error).toMatchObject({
			outcome: 'notSent',
			message: 'The server does not speak TLS at that port',
		});
		expect(error.hint).toContain('http://');
		expect(server.requests).toHaveLength(0);
	});
});

describe('an answer that does not come', () => {
	it('because the server hangs', async () => {
		const server = await startServer(() => () => undefined);
		const errors = await Promise.all(
			[read, write].map((request) => failureOf(server.url, request, { timeout: 100 })),
		);
		for (const error of errors) {
			expect(error).toMatchObject({
				outcome: 'unknown',
				code: 'UND_ERR_HEADERS_TIMEOUT',
				status: undefined,
				message: 'The server did not answer in time',
			});
			expect(error.hint).toContain('Timeout');
		}
		expect(server.requests).toHaveLength(2);
	});

	it('because the connection is reset before the request was read', async () => {
		const server = await startServer(() => (incoming) => incoming.socket.resetAndDestroy());
		const error = await failureOf(server.url, write);
		expect(error).toMatchObject({
			outcome: 'unknown',
			code: 'ECONNRESET',
			message: 'The connection broke before the answer was complete',
		});
	});

	it('because the connection is closed', async () => {
		const server = await startTcpServer('');
		const error = await failureOf(server.url, write);
		expect(error).toMatchObject({
			outcome: 'unknown',
			code: 'UND_ERR_SOCKET',
			message: 'The connection broke before the answer was complete',
		});
	});

	it.each([
		'220 mail.example.com ESMTP\r\n',
		'HTTP/1.1 two hundred\r\n\r\n',
		'HTTP/1.1 200 OK\r\nno header\r\n\r\n',
	])('because what answers does not speak HTTP: %j', async (text) => {
		const server = await startTcpServer(text);
		const error = await failureOf(server.url, write);
		expect(error).toMatchObject({
			outcome: 'unknown',
			message: 'What answered does not speak HTTP',
		});
		expect(error.hint).toContain('Another program may listen');
	});

	it('because its headers are too long', async () => {
		const server = await startServer(() => ({ headers: { 'x-long': 'x'.repeat(70_000) } }));
		const error = await failureOf(server.url);
		expect(error).toMatchObject({
			code: 'UND_ERR_HEADERS_OVERFLOW',
			message: "The answer's headers are too long",
		});
	});

	it('but does with headers as long as PostgREST makes them for a long address', async () => {
		const server = await startServer(() => ({
			headers: { 'content-location': 'x'.repeat(45_000) },
		}));
		const { body } = await send(projectAt(server.url), read, { authority: { role: 'anon' } });
		expect(body).toEqual([]);
	});
});

describe('an answer that is broken off', () => {
	type Break = 'hangs' | 'is reset' | 'ends too early' | 'ends between its chunks';

	const breaks: Record<Break, (status: number) => ReturnType<typeof startServer>> = {
		hangs: (status) =>
			startServer(() => (_incoming, outgoing) => {
				outgoing.writeHead(status, { 'content-length': 100 }).write('[{"id"');
			}),
		'is reset': (status) =>
			startServer(() => (incoming, outgoing) => {
				outgoing.writeHead(status, { 'content-length': 100 });
				outgoing.write('[{"id"', () => setTimeout(() => incoming.socket.resetAndDestroy(), 20));
			}),
		'ends too early': (status) =>
			startTcpServer(`HTTP/1.1 ${status} X\r\nContent-Length: 100\r\n\r\n[{"id"`),
		'ends between its chunks': (status) =>
			startTcpServer(`HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n[{"id"\r\n`),
	};

	const messages: Record<Break, string> = {
		hangs: 'The server did not answer in time',
		'is reset': 'The connection broke before the answer was complete',
		'ends too early': 'The connection broke before the answer was complete',
		'ends between its chunks': 'The connection broke before the answer was complete',
	};

	// With a success status a write was made; with the status of a refusal it was not.
	const outcomes: Array<[request: ApiRequest, status: number, Outcome]> = [
		[read, 200, 'unknown'],
		[write, 201, 'done'],
		[read, 404, 'refused'],
		[write, 409, 'refused'],
	];

	it.each(Object.keys(breaks) as Break[])('because it %s', async (how) => {
		await Promise.all(
			outcomes.map(async ([request, status, outcome]) => {
				const server = await breaks[how](status);
				const error = await failureOf(server.url, request, { timeout: 150 });
				expect({ ...error, message: error.message }).toMatchObject({
					outcome,
					status,
					message: messages[how],
				});
				expect(server.connections()).toBe(1);
			}),
		);
	});
});

describe('describeFault', () => {
	const coded = (code: string, message = 'what Node.js says') =>
		Object.assign(new Error(message), { code });

	it.each([
		['EHOSTUNREACH', 'notSent', 'The server could not be reached in time'],
		['ENETUNREACH', 'notSent', 'The server could not be reached in time'],
		['UND_ERR_CONNECT_TIMEOUT', 'notSent', 'The server could not be reached in time'],
		['EAI_AGAIN', 'notSent', "The server's name could not be resolved"],
		['ETIMEDOUT', 'unknown', 'The server did not answer in time'],
		['UND_ERR_BODY_TIMEOUT', 'unknown', 'The server did not answer in time'],
		['EPIPE', 'unknown', 'The connection broke before the answer was complete'],
		['CERT_HAS_EXPIRED', 'notSent', "The server's certificate has expired"],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'notSent', "The server's certificate is for another name"],
		['SELF_SIGNED_CERT_IN_CHAIN', 'notSent', "The server's certificate is not trusted"],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'notSent', "The server's certificate is not trusted"],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'notSent', "The server's certificate is not trusted"],
	])('%s', (code, outcome, message) => {
		expect(describeFault(coded(code))).toEqual({
			outcome,
			parts: { code, message, hint: expect.any(String) },
		});
	});

	it('finds the code in the cause, and in the first of several errors', () => {
		const cause = coded('ECONNREFUSED');
		expect(describeFault(new TypeError('fetch failed', { cause })).parts.code).toBe('ECONNREFUSED');
		expect(describeFault(new AggregateError([cause])).parts.code).toBe('ECONNREFUSED');
	});

	it('doubts what became of a request that failed for a reason it does not know', () => {
		expect(describeFault(new Error('Boom'))).toEqual({
			outcome: 'unknown',
			parts: { code: 'EUNKNOWN', message: 'The request failed on its way', hint: 'Boom' },
		});
		expect(describeFault('Boom').parts.hint).toBe('Boom');
	});

	it('does not turn for ever in errors that cause each other', () => {
		const one = new Error('one');
		one.cause = new Error('two', { cause: one });
		expect(describeFault(one).parts.code).toBe('EUNKNOWN');
	});

	it('knows the refusal of a proxy', () => {
		const error = coded('UND_ERR_ABORTED', 'Proxy response (403) !== 200 when HTTP Tunneling');
		expect(describeFault(error)).toMatchObject({
			outcome: 'notSent',
			parts: { message: 'The proxy refused the connection' },
		});
	});
});

it('says of a body that is a stream what of any other', async () => {
	const server = await startServer(() => (incoming) => incoming.socket.resetAndDestroy());
	const body = async () => Readable.from(['[', '{}', ']']);
	const error = await failureOf(server.url, { ...write, body });
	expect(error).toMatchObject({ outcome: 'unknown', code: 'ECONNRESET' });
});
