import { createServer as createTcpServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type * as timers from 'node:timers/promises';
import { inspect } from 'node:util';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import type { Authority } from '../../../src/api/keys';
import type { Project, ProjectSettings } from '../../../src/api/project';
import type { ApiRequest } from '../../../src/api/request';
import { send, sender, type SendOptions } from '../../../src/api/transport';
import {
	closedPort,
	closeServers,
	projectAt,
	startServer,
	type Answer,
	type SeenRequest,
} from '../server';
import { rejectionOf } from '../thrown';
import { tokens, userToken } from '../tokens';

const mockWaits: number[] = [];
let mockDuringWait: () => unknown = () => undefined;

/** Waits are written down, and only the first milliseconds of them are waited. */
jest.mock('node:timers/promises', () => {
	const actual = jest.requireActual<typeof timers>('node:timers/promises');
	return {
		...actual,
		setTimeout: async (delay: number, ...rest: [undefined, { signal?: AbortSignal }]) => {
			mockWaits.push(delay);
			await mockDuringWait();
			await actual.setTimeout(Math.min(delay, 5), ...rest);
		},
	};
});

beforeEach(() => {
	mockWaits.splice(0);
	mockDuringWait = () => undefined;
});
afterEach(closeServers);

const anon: Authority = { role: 'anon' };
const read: ApiRequest = { service: 'rest', method: 'GET', path: ['planets'] };
const write: ApiRequest = {
	service: 'rest',
	method: 'POST',
	path: ['planets'],
	body: '[{"id":1}]',
};

async function failureOf(
	project: Project,
	request: ApiRequest,
	options: Partial<SendOptions> = {},
): Promise<SupabaseApiError> {
	const answer = await send(project, request, { authority: anon, ...options }).catch(refusal);
	if (answer instanceof SupabaseApiError) return answer;
	throw new Error(`It was answered with ${answer.status}`);
}

describe('what is sent', () => {
	/** What a server sees of a request. */
	async function seen(
		request: ApiRequest,
		options: Partial<SendOptions> = {},
		settings: Partial<ProjectSettings> = {},
	): Promise<SeenRequest | undefined> {
		const server = await startServer(() => ({}));
		await send(projectAt(server.url, settings), request, { authority: anon, ...options });
		return server.requests[0];
	}

	it('goes to the address of its service, with its query as it is', async () => {
		const query = [
			['id', 'gte.1'],
			['id', 'lte.5'],
			['name', 'eq.a&b=c d'],
		] as const;
		const request = await seen({ ...read, path: ['Order Items'], query });
		expect(request).toMatchObject({
			method: 'GET',
			target: '/rest/v1/Order%20Items?id=gte.1&id=lte.5&name=eq.a%26b%3Dc+d',
			body: '',
		});
	});

	it('keeps the path of the project and of a service that moved', async () => {
		const server = await startServer(() => ({}));
		const project = projectAt(`${server.url}/my%20apps/supabase/`, {
			services: { functions: '/edge' },
		});
		await send(project, read, { authority: anon });
		await send(project, { ...read, service: 'functions' }, { authority: anon });
		expect(server.requests.map(({ target }) => target)).toEqual([
			'/my%20apps/supabase/rest/v1/planets',
			'/my%20apps/supabase/edge/planets',
		]);
	});

	it('carries the keys, and a name that is no browser', async () => {
		const authority: Authority = { role: 'user', accessToken: userToken };
		const request = await seen(read, { authority });
		expect(request?.headers).toMatchObject({
			apikey: tokens.sb_publishable,
			authorization: `Bearer ${userToken}`,
			'user-agent': 'n8n-nodes-supabase-suite',
			'x-client-info': 'n8n-nodes-supabase-suite',
		});
	});

	it("has the request's headers, the caller's, and the project's where the caller has none", async () => {
		const request = await seen(
			{ ...read, headers: { 'X-C': 'request' } },
			{ headers: { 'x-b': 'caller' } },
			{ headers: { 'X-A': 'project', 'X-B': 'project', 'X-C': 'request', 'User-Agent': 'me' } },
		);
		expect(request?.headers).toMatchObject({
			'x-a': 'project',
			'x-b': 'caller',
			'x-c': 'request',
			'user-agent': 'me',
		});
	});

	it('lets no header of a request replace the keys', async () => {
		const wrong = { ApiKey: 'wrong', AUTHORIZATION: 'wrong' };
		const request = await seen({ ...read, headers: wrong }, {}, { publishableKey: tokens.anon });
		expect(request?.headers).toMatchObject({
			apikey: tokens.anon,
			authorization: `Bearer ${tokens.anon}`,
		});
	});

	it.each([
		['text', 'größe'],
		['bytes', new TextEncoder().encode('größe')],
		['a stream', async () => Readable.from([Buffer.from('grö'), Buffer.from('ße')])],
	])('has as its body %s', async (_what, body) => {
		await expect(seen({ ...write, body })).resolves.toMatchObject({ body: 'größe' });
	});

	it('is nothing when the path would be resolved', async () => {
		const server = await startServer(() => ({}));
		const project = projectAt(server.url);
		const sent = send(project, { ...read, path: ['a', '..', 'b'] }, { authority: anon });
		expect(await rejectionOf(sent)).toMatchObject({ name: 'InvalidRequestError' });
		expect(server.connections()).toBe(0);
	});

	it.each([
		['that it sets itself', { prefer: 'count=exact' }, { Prefer: 'tx=rollback' }],
		['that is for a key', {}, { authorization: 'Bearer other' }],
		['that is of the connection', {}, { Connection: 'close' }],
		['that cannot be sent', {}, { 'x-own': 'a\nb: c' }],
	])('is nothing when it is given a header %s', async (_, headers, theirs) => {
		const server = await startServer(() => ({}));
		const project = projectAt(server.url);
		const options = { authority: anon, headers: theirs };
		const sent = send(project, { ...read, headers }, options);
		const [name = ''] = Object.keys(theirs);
		expect(await rejectionOf(sent)).toMatchObject({
			name: 'InvalidRequestError',
			message: expect.stringMatching(new RegExp(name, 'i')),
			hint: expect.any(String),
		});
		expect(server.connections()).toBe(0);
	});

	it('is checked when options are bound, as far as it can be', () => {
		const project = projectAt('http://127.0.0.1');
		const headers = { host: 'elsewhere.example' };
		expect(() => sender(project, { authority: anon, headers })).toThrow('"host"');
	});

	it('is nothing when the key for it is missing', async () => {
		const server = await startServer(() => ({}));
		const project = projectAt(server.url, { secretKey: undefined });
		const sent = send(project, read, { authority: { role: 'service_role' } });
		expect(await rejectionOf(sent)).toMatchObject({ name: 'InvalidRequestError' });
		expect(server.connections()).toBe(0);
	});
});

describe('what is answered', () => {
	async function answerTo(request: ApiRequest, answer: Parameters<typeof startServer>[0]) {
		const server = await startServer(answer);
		return await send(projectAt(server.url), request, { authority: anon });
	}

	it('is read as JSON', async () => {
		const answer = await answerTo(write, () => ({
			status: 201,
			headers: { 'Content-Range': '0-0/1', 'preference-applied': 'count=exact' },
			body: [{ id: 1 }],
		}));
		expect(answer).toMatchObject({
			status: 201,
			headers: { 'content-range': '0-0/1', 'preference-applied': 'count=exact' },
			body: [{ id: 1 }],
		});
	});

	it('has numbers that JavaScript would round as text, where it is read exactly', async () => {
		const text =
			'[9007199254740993, {"price": 1.50, "id": 12345678901234567890}, "9007199254740993"]';
		const request = { ...read, expect: 'exactJson' } as const;
		const answer = await answerTo(request, () => ({ body: text }));
		expect(answer.body).toEqual([
			'9007199254740993',
			{ price: 1.5, id: '12345678901234567890' },
			'9007199254740993',
		]);
		const headers = { 'content-type': 'text/html' };
		const page = answerTo({ ...write, expect: 'exactJson' }, () => ({ headers, body: '<html>' }));
		expect(await rejectionOf(page)).toMatchObject({ code: 'NOT_JSON', outcome: 'unknown' });
	});

	it('has headers that came twice joined', async () => {
		const answer = await answerTo(read, () => (_incoming, outgoing) => {
			outgoing.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end('[]');
		});
		expect(answer.headers['set-cookie']).toBe('a=1, b=2');
	});

	it.each([200, 201, 204, 206])('may be empty with %d', async (status) => {
		const answer = await answerTo(write, () => ({ status, body: '' }));
		expect(answer).toMatchObject({ status, body: undefined });
	});

	it('is read as text where that is expected', async () => {
		const answer = await answerTo({ ...read, expect: 'text' }, () => ({ body: 'id,name\n1,a' }));
		expect(answer.body).toBe('id,name\n1,a');
	});

	it('is a stream where that is expected', async () => {
		const { body } = await answerTo({ ...read, expect: 'stream' }, () => ({ body: 'x'.repeat(9) }));
		expect(body).toBeInstanceOf(Readable);
		await expect(text(body as Readable)).resolves.toBe('x'.repeat(9));
	});

	it.each(['GET', 'POST'] as const)('is a refusal with its parts: %s', async (method) => {
		const server = await startServer(() => ({
			status: 409,
			headers: { 'sb-request-id': 'r1' },
			body: { code: '23505', message: 'duplicate key', details: 'Key (id)=(1)', hint: null },
		}));
		await expect(failureOf(projectAt(server.url), { ...read, method })).resolves.toMatchObject({
			service: 'rest',
			outcome: 'refused',
			status: 409,
			code: '23505',
			message: 'duplicate key',
			details: 'Key (id)=(1)',
			hint: undefined,
			requestId: 'r1',
		});
		expect(server.requests).toHaveLength(1);
	});

	const page = '<!DOCTYPE html><html><head><title>Welcome</title></head></html>';
	const html = { 'content-type': 'text/html' };

	it.each([
		['GET', 'a page', html, page, 'refused'],
		['POST', 'a page', html, page, 'unknown'],
		['GET', 'half of it', {}, '[{"id"', 'refused'],
		['POST', 'half of it', {}, '[{"id"', 'done'],
	] as const)('is no JSON: %s, %s', async (method, _what, headers, body, outcome) => {
		const server = await startServer(() => ({ status: 200, headers, body }));
		const error = await failureOf(projectAt(server.url), { ...read, method });
		expect({ ...error, message: error.message }).toMatchObject({
			outcome,
			status: 200,
			code: 'NOT_JSON',
			message: 'The answer is not JSON',
			details: body,
			hint: expect.stringContaining('Project URL'),
		});
		expect(server.requests).toHaveLength(1);
	});

	it.each([
		['GET', 502, html, page, 'refused'],
		['POST', 502, html, page, 'unknown'],
		['POST', 500, {}, '{"message":"An unexpected error occurred"}', 'unknown'],
		['POST', 504, {}, '', 'unknown'],
		['POST', 504, {}, '{"code":504,"message":"The upstream server is timing out"}', 'unknown'],
		['POST', 504, {}, '{"code":"GATEWAY_TIMEOUT"}', 'unknown'],
		['POST', 500, {}, '{"error_code":"upstream","msg":"m"}', 'unknown'],
		['POST', 502, { 'x-relay-error': 'true' }, '', 'unknown'],
		['GET', 504, {}, '{"code":504}', 'refused'],
		['POST', 504, {}, '{"code":"PGRST003","message":"Timed out acquiring connection"}', 'refused'],
		['POST', 500, {}, '{"code":"57014","message":"canceling statement"}', 'refused'],
		['POST', 400, {}, '{"code":"","details":null,"hint":null,"message":""}', 'unknown'],
		['GET', 400, {}, '{"code":"","details":null,"hint":null,"message":""}', 'refused'],
		['POST', 503, {}, '{"code":"PGRST001","message":"Database client error"}', 'unknown'],
		['POST', 503, {}, '{"code":"57P01","message":"terminating connection"}', 'unknown'],
		['POST', 503, {}, '{"code":"PGRST000","message":"Database connection error"}', 'refused'],
		['POST', 401, {}, '{"message":"Invalid API key"}', 'refused'],
		['POST', 404, html, page, 'refused'],
	] as const)(
		'leaves in doubt what it has to: %s %d',
		async (method, status, headers, body, is) => {
			const server = await startServer(() => ({ status, headers, body }));
			const error = await failureOf(projectAt(server.url), { ...read, method }, { maxRepeats: 0 });
			expect(error).toMatchObject({ status, outcome: is });
		},
	);

	it.each([
		['storage', '{"statusCode":"544","code":"DatabaseTimeout","message":"m"}', 'refused'],
		['storage', '{"code":504,"message":"m"}', 'unknown'],
		['storage', '{"code":"57014","message":"m"}', 'unknown'],
		['auth', '{"code":500,"error_code":"unexpected_failure","msg":"m"}', 'refused'],
		['auth', '{"code":504,"msg":"m"}', 'unknown'],
		['realtime', '{"code":"PGRST003"}', 'unknown'],
	] as const)('is a refusal by a code of its own service: %s %s', async (service, body, is) => {
		const server = await startServer(() => ({ status: 500, body }));
		const error = await failureOf(projectAt(server.url), { ...write, service }, { maxRepeats: 0 });
		expect(error.outcome).toBe(is);
	});

	it('is an error of PostgREST also with 300, which has no location', async () => {
		const server = await startServer(() => ({
			status: 300,
			body: { code: 'PGRST201', message: 'More than one relationship' },
		}));
		const error = await failureOf(projectAt(server.url), read);
		expect(error).toMatchObject({ status: 300, code: 'PGRST201' });
	});
});

describe('a redirect', () => {
	it.each(['GET', 'POST'] as const)('to another server is not followed: %s', async (method) => {
		const other = await startServer(() => ({}));
		const server = await startServer(() => ({
			status: 307,
			headers: { location: `${other.url}/rest/v1/planets?apikey=${tokens.sb_publishable}` },
		}));
		const error = await failureOf(projectAt(server.url), { ...read, method });
		expect({ ...error, message: error.message }).toMatchObject({
			outcome: 'refused',
			code: 'REDIRECT',
			status: 307,
			message: `The server redirects to ${other.url}`,
		});
		expect(other.connections()).toBe(0);
		expect(server.requests).toHaveLength(1);
	});

	it('within the server is not followed either', async () => {
		const server = await startServer(() => ({ status: 302, headers: { location: '/elsewhere' } }));
		const error = await failureOf(projectAt(server.url), read);
		expect(error.message).toBe('The server redirects to another path of the same server');
		expect(server.requests).toHaveLength(1);
	});
});

describe('repeats', () => {
	const busy = { status: 503, body: { message: 'name resolution failed' } };

	it('a GET until it is answered', async () => {
		const server = await startServer((_request, count) => (count < 4 ? busy : { body: [1] }));
		const { body } = await send(projectAt(server.url), read, { authority: anon });
		expect(body).toEqual([1]);
		expect(server.requests).toHaveLength(4);
		expect(mockWaits).toHaveLength(3);
	});

	it('a GET three times at the most', async () => {
		const server = await startServer(() => busy);
		const error = await failureOf(projectAt(server.url), read);
		expect(error).toMatchObject({ status: 503, outcome: 'refused' });
		expect(server.requests).toHaveLength(4);
	});

	it('a GET whose connection breaks, also in the middle of the answer', async () => {
		const server = await startServer((_request, count) => {
			if (count === 1) return (incoming) => incoming.socket.resetAndDestroy();
			if (count > 2) return { body: [1] };
			return (incoming, outgoing) => {
				outgoing.writeHead(200, { 'content-length': 9 });
				outgoing.write('[', () => incoming.socket.destroy());
			};
		});
		const { body } = await send(projectAt(server.url), read, { authority: anon });
		expect(body).toEqual([1]);
		expect(server.requests).toHaveLength(3);
	});

	it.each([
		['503', () => busy],
		['502', () => ({ status: 502 })],
		['a reset', () => (incoming: { socket: Socket }) => incoming.socket.resetAndDestroy()],
		[
			'a page instead of an answer',
			() => ({ headers: { 'content-type': 'text/html' }, body: '<' }),
		],
	])('no POST after %s', async (_what, respond) => {
		const server = await startServer(respond);
		await failureOf(projectAt(server.url), write);
		expect(server.requests).toHaveLength(1);
		expect(mockWaits).toEqual([]);
	});

	it.each([read, write, { ...write, repeatable: true }])(
		'nothing that hung: %j',
		async (request) => {
			const server = await startServer(() => () => undefined);
			await failureOf(projectAt(server.url), request, { timeout: 100 });
			expect(server.requests).toHaveLength(1);
		},
	);

	it('a POST that says of itself that it may be repeated', async () => {
		const server = await startServer((_request, count) => (count === 1 ? busy : { body: [1] }));
		const request = { ...write, repeatable: true };
		const { body } = await send(projectAt(server.url), request, { authority: anon });
		expect(body).toEqual([1]);
		expect(server.requests.map((each) => each.body)).toEqual([write.body, write.body]);
	});

	it('no GET that says of itself that it may not', async () => {
		const server = await startServer(() => busy);
		await failureOf(projectAt(server.url), { ...read, repeatable: false });
		expect(server.requests).toHaveLength(1);
	});

	it('a POST that a rate limit turned away, when the server says', async () => {
		const server = await startServer((_request, count) =>
			count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : { status: 201 },
		);
		await send(projectAt(server.url), write, { authority: anon });
		expect(server.requests.map(({ body }) => body)).toEqual([write.body, write.body]);
		expect(mockWaits).toHaveLength(1);
		expect(mockWaits[0]).toBeGreaterThanOrEqual(7000);
		expect(mockWaits[0]).toBeLessThanOrEqual(7250);
	});

	it('at the date that the server gives', async () => {
		const date = new Date(Date.now() + 20_000).toUTCString();
		const server = await startServer((_request, count) =>
			count === 1 ? { status: 503, headers: { 'retry-after': date } } : {},
		);
		await send(projectAt(server.url), read, { authority: anon });
		expect(mockWaits[0]).toBeGreaterThan(15_000);
		expect(mockWaits[0]).toBeLessThanOrEqual(20_250);
	});

	it('nothing when the server asks for too long a wait', async () => {
		const server = await startServer(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
		const error = await failureOf(projectAt(server.url), read);
		expect(error.status).toBe(429);
		expect(server.requests).toHaveLength(1);
		expect(mockWaits).toEqual([]);
	});

	it('a POST that was never sent', async () => {
		const port = await closedPort();
		const server = new Promise<Awaited<ReturnType<typeof startServer>>>((resolve) => {
			mockDuringWait = async () => {
				mockDuringWait = () => undefined;
				resolve(await startServer(() => ({ status: 201, body: [{ id: 1 }] }), { port }));
			};
		});
		const project = projectAt(`http://127.0.0.1:${port}`);
		const { status } = await send(project, write, { authority: anon });
		expect(status).toBe(201);
		expect((await server).requests.map(({ body }) => body)).toEqual([write.body]);
	});

	it('a body that is a stream, opened again', async () => {
		const server = await startServer((_request, count) =>
			count < 3 ? { status: 429, headers: { 'retry-after': '0' } } : {},
		);
		const body = jest.fn(async () => Readable.from([Buffer.from('a')]));
		await send(projectAt(server.url), { ...write, body }, { authority: anon });
		expect(server.requests.map((request) => request.body)).toEqual(['a', 'a', 'a']);
		expect(body).toHaveBeenCalledTimes(3);
	});
});

describe('a signal', () => {
	const reason = new Error('The execution was cancelled');

	it('that is aborted before sends nothing', async () => {
		const server = await startServer(() => ({}));
		const signal = AbortSignal.abort(reason);
		const sent = send(projectAt(server.url), write, { authority: anon, signal });
		expect(await rejectionOf(sent)).toBe(reason);
		expect(server.requests).toHaveLength(0);
	});

	it.each(['before the answer', 'in the middle of the answer'])(
		'ends a request %s',
		async (when) => {
			const controller = new AbortController();
			const server = await startServer(() => (_incoming, outgoing) => {
				if (when !== 'before the answer') outgoing.writeHead(200).write('[');
				setTimeout(() => controller.abort(reason), 20);
			});
			const { signal } = controller;
			const sent = send(projectAt(server.url), read, { authority: anon, signal });
			expect(await rejectionOf(sent)).toBe(reason);
			expect(server.requests).toHaveLength(1);
		},
	);

	it('ends the wait for a repeat', async () => {
		const controller = new AbortController();
		mockDuringWait = () => controller.abort(reason);
		const server = await startServer(() => ({ status: 503 }));
		const { signal } = controller;
		const sent = send(projectAt(server.url), read, { authority: anon, signal });
		expect(await rejectionOf(sent)).toBe(reason);
		expect(server.requests).toHaveLength(1);
	});
});

describe('keys and tokens', () => {
	const authorities: Array<[what: string, Authority, Partial<ProjectSettings>]> = [
		['the publishable key', anon, {}],
		['the secret key', { role: 'service_role' }, {}],
		['the legacy anon key', anon, { publishableKey: tokens.anon }],
		['the service_role key', { role: 'service_role' }, { secretKey: tokens.service_role }],
		["a user's token", { role: 'user', accessToken: `Bearer ${userToken}` }, {}],
	];

	/** Servers that say what they were sent, in every place where it might come through. */
	const echoes: Array<[string, (secret: string) => Parameters<typeof startServer>[0]]> = [
		[
			'an error of PostgREST',
			(s) => () => ({
				status: 401,
				body: { code: s, message: `No: ${s}`, details: { got: s }, hint: `Not ${s}, ${s}` },
			}),
		],
		[
			'headers',
			(s) => () => ({
				status: 401,
				headers: { 'sb-request-id': s, 'proxy-status': `x; error=${s}` },
				body: '',
			}),
		],
		[
			'a page',
			(s) => () => ({
				status: 502,
				headers: { 'content-type': 'text/html' },
				body: `<title>Bad ${s}</title>`,
			}),
		],
		[
			'a long text, at the place where it is cut',
			(s) => () => ({
				status: 500,
				headers: { 'content-type': 'text/plain' },
				body: '.'.repeat(500 - s.length + 4) + s,
			}),
		],
		[
			'what is no JSON, at the place where it is cut',
			(s) => () => ({ status: 200, body: '.'.repeat(200 - s.length + 4) + s }),
		],
		[
			'a redirect',
			(s) => () => ({ status: 302, headers: { location: `https://x.invalid/?apikey=${s}` } }),
		],
	];

	it.each(
		authorities.flatMap(([what, authority, settings]) =>
			echoes.map(([echo, respond]) => ({ what, echo, authority, settings, respond })),
		),
	)('$what never comes back by $echo', async ({ authority, settings, respond }) => {
		let secrets: string[] = [];
		const server = await startServer((request, count) => {
			const { apikey, authorization } = request.headers;
			secrets = [String(apikey), (authorization ?? String(apikey)).replace('Bearer ', '')];
			return respond(secrets[1] ?? '')(request, count);
		});
		const options = { authority, maxRepeats: 0 };
		const error = await failureOf(projectAt(server.url, settings), read, options);
		const shown = [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 9 })];
		expect(server.requests).toHaveLength(1);
		for (const secret of secrets) {
			// Not even half of it.
			const half = secret.slice(0, secret.length >> 1);
			for (const text of shown) expect(text).not.toContain(half);
		}
	});

	it('leave what is said around them', async () => {
		const server = await startServer(() => ({
			status: 401,
			body: { message: `The key ${tokens.sb_publishable} is unknown` },
		}));
		const error = await failureOf(projectAt(server.url), read);
		expect(error.message).toBe('The key [hidden] is unknown');
	});

	it('are in no fault of the connection', async () => {
		const project = projectAt(`http://127.0.0.1:${await closedPort()}`);
		const authority: Authority = { role: 'user', accessToken: userToken };
		const error = await failureOf(project, read, { authority, maxRepeats: 0 });
		const shown = `${error.stack} ${JSON.stringify(error)} ${inspect(error, { depth: 9 })}`;
		expect(shown).not.toContain(userToken);
		expect(shown).not.toContain(tokens.sb_publishable);
	});
});

describe('connections', () => {
	it('are kept from one request to the next, whatever was answered', async () => {
		const server = await startServer((_request, count) =>
			count % 2 ? { status: 404, body: { code: 'PGRST205', message: 'No table' } } : {},
		);
		const sendAs = (authority: Authority) => sender(projectAt(server.url), { authority });
		for (let i = 0; i < 5; i++) {
			await sendAs(anon)(read).catch(refusal);
			await sendAs({ role: 'service_role' })(write).catch(refusal);
			await sendAs({ role: 'user', accessToken: userToken })(read).catch(refusal);
		}
		expect(server.requests).toHaveLength(15);
		// undici opens a second one when it is asked in the very moment in which an answer ends.
		expect(server.connections()).toBeLessThanOrEqual(2);
	});

	it('are as many as requests are under way', async () => {
		const server = await startServer(() => ({}));
		const project = projectAt(server.url);
		const many = async () =>
			await Promise.all(Array.from({ length: 8 }, () => send(project, read, { authority: anon })));
		for (let i = 0; i < 10; i++) await many();
		expect(server.requests).toHaveLength(80);
		expect(server.connections()).toBeLessThanOrEqual(16);
	});

	it('that the server closed meanwhile are replaced, without a repeat', async () => {
		const sockets = new Set<Socket>();
		let requests = 0;
		const server = createTcpServer((socket) => {
			sockets.add(socket);
			socket.on('data', () => {
				requests++;
				socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]');
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const project = projectAt(`http://127.0.0.1:${port}`);
		await send(project, write, { authority: anon });
		for (const socket of sockets) socket.end();
		await new Promise((resolve) => setTimeout(resolve, 50));
		await send(project, write, { authority: anon });
		expect(requests).toBe(2);
		expect(sockets.size).toBe(2);
		expect(mockWaits).toEqual([]);
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	});
});

describe('edge functions', () => {
	const call: ApiRequest = { ...write, service: 'functions', path: ['hello'], expect: 'stream' };

	async function refused(answer: Answer, request = call): Promise<SupabaseApiError> {
		const server = await startServer(() => answer);
		return await failureOf(projectAt(server.url), request);
	}

	it('keep what they answered as it came, beside what it means', async () => {
		const body = { error: 'No such order', order: 5 };
		const error = await refused({ status: 422, headers: { 'x-own': 'a' }, body });
		expect(error).toMatchObject({
			service: 'functions',
			outcome: 'refused',
			status: 422,
			message: 'No such order',
			answer: { headers: { 'x-own': 'a' }, text: JSON.stringify(body) },
		});
	});

	it('are not taken for refused when they failed: they ran', async () => {
		const own = await refused({ status: 500, body: { code: 'OWN', message: 'Halfway' } });
		expect(own).toMatchObject({ outcome: 'unknown', code: 'OWN' });
		const headers = { 'sb-error-code': 'WORKER_RESOURCE_LIMIT' };
		const platform = await refused({ status: 546, headers, body: { code: 'X', message: 'm' } });
		expect(platform).toMatchObject({ outcome: 'unknown', code: 'WORKER_RESOURCE_LIMIT' });
		const read = await refused({ status: 500 }, { ...call, method: 'GET', body: undefined });
		expect(read.outcome).toBe('refused');
	});

	it.each([
		[404, 'NOT_FOUND'],
		[503, 'BOOT_ERROR'],
		[500, 'LOAD_FUNCTION_ERROR'],
		[401, 'UNAUTHORIZED_NO_AUTH_HEADER'],
	])('did nothing when the platform turned the call away: %i %s', async (status, code) => {
		const error = await refused({ status, headers: { 'sb-error-code': code } });
		expect(error).toMatchObject({ outcome: 'refused', code, status });
	});

	it('failed when their relay says so, with a status of success too', async () => {
		const headers = { 'x-relay-error': 'true' };
		const error = await refused({ status: 200, headers, body: 'no relay' });
		expect(error).toMatchObject({
			outcome: 'unknown',
			code: 'RELAY_ERROR',
			status: 200,
			message: 'no relay',
		});
	});

	it('are called without any key where that is wanted, and a header of the person stays', async () => {
		const server = await startServer(() => ({ status: 400, body: { message: 'got Bearer mine' } }));
		const headers = { Authorization: 'Bearer mine' };
		const error = await failureOf(projectAt(server.url), call, {
			authority: { role: 'none' },
			headers,
		});
		expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer mine' });
		expect(server.requests[0]?.headers).not.toHaveProperty('apikey');
		expect(error.message).toBe('got Bearer [hidden]');
	});
});
