import { createHash, randomUUID } from 'node:crypto';

import {
	createClient,
	FunctionRegion,
	FunctionsHttpError,
	FunctionsRelayError,
	type FunctionInvokeOptions,
} from '@supabase/supabase-js';
import WebSocket from 'ws';

import { stackControl } from '../control';
import { signJwt } from '../keys';

const url = process.env.SUPABASE_URL ?? '';
const legacyKey = process.env.STACK_ANON_JWT ?? '';
const client = clientWith(process.env.SUPABASE_PUBLISHABLE_KEY ?? '');

function clientWith(key: string) {
	// Node 20 has no websocket of its own, without which the client refuses to start.
	return createClient(url, key, { realtime: { transport: WebSocket as never } });
}

/** Calls a function with functions-js. */
async function invoke<T = Record<string, unknown>>(name: string, options?: FunctionInvokeOptions) {
	const { data, error, response } = await client.functions.invoke<T>(name, options);
	return { data: data as T, error: error as unknown, response };
}

test('the official client: every body reaches the function as it was sent', async () => {
	const form = new FormData();
	form.append('a', '1');
	form.append('file', new File(['bytes'], 'ü.txt', { type: 'text/plain' }));
	const bodyOf = async (body: FunctionInvokeOptions['body']) =>
		(await invoke('echo', { body })).data.body;
	expect(await bodyOf({ a: 1 })).toEqual({ a: 1 });
	expect(await bodyOf('text')).toBe('text');
	expect(await bodyOf(undefined)).toBeNull();
	expect(await bodyOf(new Blob(['x'], { type: 'text/csv' }))).toBe('x');
	expect(await bodyOf(form)).toEqual([
		{ name: 'a', value: '1' },
		{ name: 'file', fileName: 'ü.txt', type: 'text/plain', text: 'bytes' },
	]);
});

test('the official client: methods, paths, queries, headers and regions', async () => {
	const { data, response } = await invoke('echo/sub/path?x=1&x=2', {
		method: 'PATCH',
		body: { a: 1 },
		headers: { 'x-own': 'mine' },
		region: FunctionRegion.EuWest1,
	});
	expect(data).toMatchObject({
		method: 'PATCH',
		path: '/echo/sub/path',
		query: [
			['x', '1'],
			['x', '2'],
			['forceFunctionRegion', 'eu-west-1'],
		],
		headers: { 'x-own': 'mine', 'x-region': 'eu-west-1', apikey: expect.any(String) },
	});
	expect(response?.headers.get('x-sb-edge-region')).toBe('eu-west-1');
});

test('the official client: every kind of answer', async () => {
	const file = await invoke<Blob>('file?bytes=100000');
	expect(file.data.size).toBe(100_000);
	const text = await invoke<string>('slow?ms=1');
	expect(text.data).toBe('done');
	const events = await invoke<Response>('events?count=2');
	expect(await events.data.text()).toBe(
		'id: 1\nevent: tick\ndata: {"n":1}\n\nid: 2\nevent: tick\ndata: {"n":2}\n\n',
	);
	const zipped = await invoke<string>('gzip', { body: 'x' });
	expect(zipped.response?.headers.get('content-type')).toBe('application/gzip');
	const large = await invoke('large?mib=2');
	expect(large.data).toEqual({});
});

test('the official client: a function with paths of its own', async () => {
	const book = `orders/${randomUUID()}`;
	expect((await invoke(book, { body: { name: 'tea' } })).data).toEqual({
		number: 1,
		order: { name: 'tea' },
	});
	expect((await invoke(`${book}/1`, { method: 'GET' })).data).toEqual({ name: 'tea' });
	expect((await invoke(book, { method: 'GET' })).data).toEqual([{ name: 'tea' }]);
	expect((await invoke(book, { method: 'DELETE' })).response?.status).toBe(204);
	expect((await invoke(book, { method: 'GET' })).data).toEqual([]);
	expect((await invoke(`${book}/1`, { method: 'GET' })).error).toBeInstanceOf(FunctionsHttpError);
});

test.each([
	['fails?status=418', 418, null, '{"error":"It went wrong","reason":{"code":7}}'],
	['fails?status=500', 500, 'EDGE_FUNCTION_ERROR', '{"error":"It went wrong","reason":{"code":7}}'],
	['fails?throw', 500, 'EDGE_FUNCTION_ERROR', 'Internal Server Error'],
	[
		'nowhere',
		404,
		'NOT_FOUND',
		'{"code":"NOT_FOUND","message":"Requested function was not found"}',
	],
	['broken', 503, 'BOOT_ERROR', expect.stringContaining('failed to start')],
])('the official client: %s is an error with status %i and code %s', async (name, ...wanted) => {
	const { error, response } = await invoke(name);
	expect(error).toBeInstanceOf(FunctionsHttpError);
	expect([
		response?.status,
		response?.headers.get('sb-error-code'),
		await response?.text(),
	]).toEqual(wanted);
});

test('the official client: an answer that breaks off is an error', async () => {
	const { error } = await invoke('half');
	expect(error).toMatchObject({ message: expect.stringMatching(/terminated/) });
});

test('the official client: a relay that fails is told by a header', async () => {
	const action = { kind: 'status', status: 200, headers: { 'x-relay-error': 'true' } } as const;
	await stackControl().addFault({ path: '/functions/v1/echo', action });
	expect((await invoke('echo')).error).toBeInstanceOf(FunctionsRelayError);
});

test('a function that wants a token is called with one of the project alone', async () => {
	const call = async (headers: Record<string, string>) => {
		const answer = await fetch(`${url}/functions/v1/private`, { method: 'POST', headers });
		return [answer.status, answer.headers.get('sb-error-code')];
	};
	const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
	const claims = { role: 'authenticated', sub: 'x', exp: Math.floor(Date.now() / 1000) + 60 };
	const apikey = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
	expect(await call({})).toEqual([401, 'UNAUTHORIZED_NO_AUTH_HEADER']);
	expect(await call({ apikey })).toEqual([401, 'UNAUTHORIZED_NO_AUTH_HEADER']);
	expect(await call(bearer('x'))).toEqual([401, 'UNAUTHORIZED_INVALID_JWT_FORMAT']);
	expect(await call(bearer(signJwt(claims, 'other')))).toEqual([401, 'UNAUTHORIZED_LEGACY_JWT']);
	const token = signJwt(claims, process.env.STACK_JWT_SECRET ?? '');
	expect(await call({ apikey, ...bearer(token) })).toEqual([200, null]);
	const { data } = await clientWith(legacyKey).functions.invoke('private');
	expect(data).toEqual({ role: 'anon', apikey: legacyKey });
});

test('a key is not needed, and one of another project is refused', async () => {
	const call = async (headers: Record<string, string>) =>
		(await fetch(`${url}/functions/v1/slow?ms=1`, { headers })).status;
	expect(await call({})).toBe(200);
	expect(await call({ apikey: 'sb_publishable_other_00000000' })).toBe(401);
});

test('bytes come through as they are, up and down', async () => {
	const content = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n * 7));
	const sent = await fetch(`${url}/functions/v1/count`, { method: 'POST', body: content });
	expect(await sent.json()).toEqual({
		bytes: 300_000,
		sha256: createHash('sha256').update(content).digest('hex'),
		length: '300000',
	});
	const given = await fetch(`${url}/functions/v1/file?bytes=300000&name=%C3%BC.bin`);
	const wanted = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n * 31));
	expect(Buffer.from(await given.arrayBuffer()).equals(wanted)).toBe(true);
	expect(given.headers.get('content-disposition')).toContain("UTF-8''%C3%BC.bin");
});

test('a function is told when nobody listens any more', async () => {
	const cancelled = async () =>
		((await (await fetch(`${url}/functions/v1/events/cancelled`)).json()) as { cancelled: number })
			.cancelled;
	const before = await cancelled();
	const stop = new AbortController();
	const answer = await fetch(`${url}/functions/v1/events?every=5`, { signal: stop.signal });
	await answer.body?.getReader().read();
	stop.abort();
	while ((await cancelled()) === before) await new Promise((resolve) => setTimeout(resolve, 20));
});
