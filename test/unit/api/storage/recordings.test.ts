import { isDeepStrictEqual } from 'node:util';

import { InvalidRequestError, SupabaseApiError } from '../../../../src/api/errors';
import { encodePath } from '../../../../src/api/request';
import { begunUpload, mayGoOn, offsetIn } from '../../../../src/api/storage/resumable';
import type { Result } from '../../../../src/n8n/operation';
import { ADDRESS, filled, runFilled } from './asNode';
import { answering, bytesOf, exchanges, pathOf, refused, type Exchange } from './recorded';

const named = exchanges.map((exchange, n) => ({
	name: `${n + 1} ${exchange.op}: ${exchange.case}`,
	exchange,
}));
const asked = named.filter(({ exchange }) => filled(exchange) !== undefined);
const errors = named.filter(
	({ exchange: { response } }) => response.status >= 400 && response.body !== '',
);

test('most of what was recorded can be asked with the node', () => {
	const byNode = new Set(asked.map(({ exchange }) => exchange.op));
	// A URL for one file is asked for as for many, which only those with a transformation were.
	expect(asked.length).toBeGreaterThan(315);
	expect(byNode.size).toBe(20);
});

test.each(errors)('an error is read: $name', ({ exchange: { response } }) => {
	const body = response.body as string | Record<string, string | number>;
	const { status, code, message } = refused(response);
	if (typeof body === 'string') {
		expect({ status, message }).toEqual({ status: response.status, message: body.trim() });
		return;
	}
	expect({ status, code, message }).toEqual({
		status: Number(body.statusCode),
		code: body.code,
		message: body.message,
	});
});

test.each(asked)('$name', async ({ exchange }) => {
	const { send, requests } = answering(exchange);
	const results = await run(exchange, send);
	if (!results) {
		// What is refused before it is sent, the service would not have taken either.
		expect(requests).toEqual([]);
		expect(exchange.response.status >= 400 || isHarmless(exchange)).toBe(true);
		return;
	}
	expectSameRequest(
		requests.find(({ path }) => sameRoute(path, exchange)),
		exchange,
	);
	if (exchange.response.status >= 400) expectRefused(results, exchange);
	else for (const result of results) expect(result).not.toHaveProperty('error');
	expectOutput(results, exchange);
});

async function run(exchange: Exchange, send: Parameters<typeof runFilled>[1]) {
	try {
		return await runFilled(filled(exchange) as NonNullable<ReturnType<typeof filled>>, send);
	} catch (error) {
		expect(error).toBeInstanceOf(InvalidRequestError);
		return undefined;
	}
}

/** The service signs uploads that it then refuses, and finds nothing to delete under a bad key. */
function isHarmless({ case: name, response: { body } }: Exchange): boolean {
	return /invalid key/.test(name) || isDeepStrictEqual(body, []);
}

function sameRoute(path: readonly string[], exchange: Exchange): boolean {
	return isDeepStrictEqual([...path], pathOf(exchange).segments);
}

function expectSameRequest(request: unknown, exchange: Exchange): void {
	const { method, headers, body } = exchange.request;
	const ours = request as { method: string; headers: Record<string, string>; body: unknown };
	expect(ours?.method).toBe(method);
	for (const name of ['content-type', 'cache-control', 'x-metadata', 'range', 'if-none-match']) {
		if (exchange.op !== 'file.download' || name !== 'cache-control') {
			expect([name, ours.headers?.[name]]).toEqual([name, headers[name]]);
		}
	}
	// A listing asks for its pages in its own way, and its order by name.
	if (/^file\.list/.test(exchange.op)) return;
	const sent = typeof ours.body === 'string' ? (JSON.parse(ours.body) as unknown) : ours.body;
	if (Buffer.isBuffer(sent)) expect(sent).toEqual(bytesOf(body));
	else if (sent) expect(sent).toMatchObject(body as object);
}

function expectRefused(results: readonly Result[], { op, response }: Exchange): void {
	const body = response.body as Record<string, string>;
	const [result] = results;
	if (op === 'file.exists' && body.code === 'NoSuchKey') return;
	expect(result).toHaveProperty('error');
	const { error } = result as { error: SupabaseApiError };
	expect(error).toBeInstanceOf(SupabaseApiError);
	// Where the node says it in its own words, the service's stand behind them.
	const theirs = error.details?.replace(/^Storage says: /, '') ?? error.message;
	expect([error.status, error.code, theirs]).toEqual([
		Number(body.statusCode),
		body.code,
		body.message,
	]);
}

/** What of each answer has to be in the output. */
function expectOutput(results: readonly Result[], { op, request, response }: Exchange): void {
	if (response.status >= 400) return;
	const json = results.map((result) => ('json' in result ? result.json : {}));
	const body = response.body as Record<string, string>;
	const rows = response.body as Array<Record<string, unknown>>;
	switch (op) {
		case 'bucket.get':
		case 'bucket.create':
		case 'file.info':
			return expect(json[0]).toMatchObject(body);
		case 'bucket.list':
			return expect(json).toEqual(rows);
		case 'file.upload':
		case 'file.replace':
		case 'file.uploadToSignedUrl':
			return expect([json[0]?.id, json[0]?.fullPath]).toEqual([body.Id, body.Key]);
		case 'file.copy':
			return expect([json[0]?.id, json[0]?.fullPath]).toEqual([body.Id, body.Key]);
		case 'file.list':
			return expect(json.map(({ type }) => type)).toEqual(
				expect.arrayContaining(rows.map(({ id }) => (id ? 'file' : 'folder'))),
			);
		case 'file.listV2': {
			const { objects, folders } = response.body as Record<string, Array<{ name: string }>>;
			const keys = [
				...(objects ?? []).map(({ name }) => name),
				...(folders ?? []).map(({ name }) => name.replace(/\/$/, '')),
			];
			return expect(json.map(({ path }) => path).sort()).toEqual(keys.sort());
		}
		case 'file.remove': {
			const { prefixes } = request.body as { prefixes: string[] };
			const gone = new Set(rows.map(({ name }) => name));
			expect(json.map(({ path, deleted }) => [path, deleted])).toEqual(
				prefixes.map((key) => [key, gone.has(key)]),
			);
			return;
		}
		case 'file.signUrl':
			return expect(json[0]?.signedUrl).toBe(whole(body.signedURL ?? ''));
		case 'file.signUploadUrl':
			return expect(json[0]?.signedUrl).toBe(whole(body.url ?? ''));
		case 'file.signUrls':
			return expect(json.map(({ error, signedUrl }) => [error, signedUrl])).toEqual(
				rows.map(({ error, signedURL }) => [error, signedURL && whole(signedURL as string)]),
			);
		case 'file.download': {
			const [result] = results as unknown as Array<{ binary?: { data: { data: string } } }>;
			if (response.status === 304) return expect(json[0]).toMatchObject({ notModified: true });
			const bytes = bytesOf(response.body);
			if (bytes) expect(result?.binary?.data.data).toBe(bytes.toString('base64'));
			return;
		}
	}
}

function whole(signed: string): string {
	const [path = '', token = ''] = signed.split('?token=');
	return `${ADDRESS}${encodePath(path.slice(1).split('/'))}?token=${token}`;
}

describe('resumable uploads', () => {
	const of = (op: string) => named.filter(({ exchange }) => exchange.op === op);

	test.each(of('tus.create').filter(({ exchange }) => exchange.response.status === 201))(
		'where it is: $name',
		({ exchange: { response } }) => {
			const options = { contentType: 'x/y', cacheControl: 1 };
			const { path } = begunUpload(ADDRESS, response.headers.location, options);
			expect(ADDRESS + encodePath(path)).toBe(response.headers.location);
		},
	);

	test.each([...of('tus.patch'), ...of('tus.head')])('how it goes on: $name', ({ exchange }) => {
		const { status, headers } = exchange.response;
		if (status < 300) {
			expect(offsetIn(headers)).toBe(Number(headers['upload-offset']));
			return;
		}
		const conflict = /offset conflict/i.test(String(exchange.response.body as string));
		expect(mayGoOn(refused(exchange.response))).toBe(conflict);
	});
});
