import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { stackControl } from '../stack/control';
import { createUser } from '../stack/users';
import { chain, openEngine, type Engine } from './engine';
import { asking, call, calling, credentials, held } from './functions-helpers';

let engine: Engine;

beforeAll(async () => {
	engine = await openEngine();
});

afterAll(async () => {
	await stackControl().clearFaults();
	await engine.close();
});

/** What a function saw of a call. */
async function seen(parameters: INodeParameters, items?: Parameters<typeof call>[3]) {
	const { error, json } = await call(engine, 'echo', parameters, items);
	expect(error).toBeUndefined();
	return json[0] as { method: string; headers: Record<string, string>; body: unknown };
}

describe('what is sent', () => {
	test.each<[what: string, INodeParameters, type: string | undefined, body: unknown]>([
		['JSON', { json: '{"a": [1, null]}' }, 'application/json', { a: [1, null] }],
		[
			'JSON from an expression',
			{ json: '={{ [1, $json.name] }}' },
			'application/json',
			[1, 'a.txt'],
		],
		['text', { body: 'text', text: ' héllo\n' }, 'text/plain', ' héllo\n'],
		['nothing', { body: 'none' }, undefined, null],
		['a file', { body: 'binary' }, 'text/csv', 'x;y'],
		[
			'a form',
			{
				body: 'form',
				form: {
					field: [
						{ name: 'a b', value: 'c&d' },
						{ name: 'a b', value: '2' },
					],
				},
			},
			'application/x-www-form-urlencoded',
			'a+b=c%26d&a+b=2',
		],
	])('%s', async (_, parameters, type, body) => {
		const request = await seen(parameters, [held('x;y', 'a.txt', 'text/csv')]);
		expect(request.headers['content-type']).toBe(type);
		expect([request.method, request.body]).toEqual(['POST', body]);
	});

	test('an object of fields, each of its type', async () => {
		const assignments = [
			{ id: '1', name: 'text', type: 'string', value: '=5' },
			{ id: '2', name: 'number', type: 'number', value: '={{ "5" }}' },
			{ id: '3', name: 'yes', type: 'boolean', value: true },
			{ id: '4', name: 'list', type: 'array', value: '[1, 2]' },
			{ id: '5', name: 'object', type: 'object', value: '={{ { a: $json.name } }}' },
			{ id: '6', name: 'nothing', type: 'string', value: '={{ $json.missing }}' },
		];
		const { body } = await seen({ body: 'fields', fields: { assignments } }, [held('', 'n')]);
		expect(body).toEqual({
			text: '5',
			number: 5,
			yes: true,
			list: [1, 2],
			object: { a: 'n' },
			nothing: null,
		});
	});

	test('texts and files of the item as a form', async () => {
		const parts = {
			text: [{ name: 'title', value: '={{ $json.name }}' }],
			file: [
				{ name: 'document', binaryPropertyName: 'data' },
				{ name: 'document', binaryPropertyName: '={{ "data" }}' },
			],
		};
		const { body, headers } = await seen({ body: 'multipart', parts }, [held('bytes', 'ü.txt')]);
		const file = { name: 'document', fileName: 'ü.txt', type: 'text/plain', text: 'bytes' };
		expect(body).toEqual([{ name: 'title', value: 'ü.txt' }, file, file]);
		expect(Number(headers['content-length'])).toBeGreaterThan(100);
	});

	test('method, path, query, headers, content type and region, an item by itself', async () => {
		const { json, error } = await call(
			engine,
			'echo',
			{
				method: '={{ $json.method }}',
				path: '=orders/{{ $json.n }}',
				query: {
					parameter: [
						{ name: 'x', value: '={{ $json.n }}' },
						{ name: 'x', value: 'a&b' },
					],
				},
				options: {
					contentType: 'application/vnd.own+json',
					headers: { header: [{ name: 'X-Own', value: '={{ $json.n }}' }] },
					region: 'eu-west-1',
				},
			},
			['PUT', 'GET', 'DELETE'].map((method, n) => ({ json: { method, n } })),
		);
		expect(error).toBeUndefined();
		expect(json).toMatchObject(
			['PUT', 'GET', 'DELETE'].map((method, n) => ({
				method,
				path: `/echo/orders/${n}`,
				query: [
					['x', String(n)],
					['x', 'a&b'],
					['forceFunctionRegion', 'eu-west-1'],
				],
				headers: { 'x-own': String(n), 'x-region': 'eu-west-1' },
				body: method === 'GET' ? null : {},
			})),
		);
		const types = json.map(({ headers }) => (headers as Record<string, string>)['content-type']);
		expect(types).toEqual(['application/vnd.own+json', undefined, 'application/vnd.own+json']);
	});

	test.each<[what: string, INodeParameters, message: RegExp]>([
		['no name', { function: '={{ $json.missing }}' }, /^Function is empty/],
		['a name that is another path', { function: '..' }, /cannot be part of an address/],
		['a path that leads out', { path: '=../../rest/v1/{{ "x" }}' }, /leads out of the function/],
		['another method', { method: '={{ "TRACE" }}' }, /^Method is not one of/],
		['no method', { method: '={{ $json.missing }}' }, /^Method is not one of/],
		['another body', { body: '={{ "" }}' }, /^Body is not one of/],
		['no JSON', { json: '={{ $json.missing }}' }, /^JSON is empty/],
		['JSON that is none', { json: '{"a": ' }, /^JSON is not valid JSON/],
		['no file', { body: 'binary' }, /^The item has no file/],
		['a region that is none', { options: { region: '={{ "" }}' } }, /^Region is not one of/],
		[
			'an own key',
			{ options: { headers: { header: [{ name: 'ApiKey', value: 'x' }] } } },
			/set by Run As/,
		],
		['a type that is none', { options: { contentType: 'json' } }, /is not a content type/],
		['no Run As', { runAs: '={{ $json.missing }}', accessToken: 'x' }, /is not one of serviceRole/],
		[
			'no yes or no',
			{ options: { safeToRepeat: '={{ $json.missing }}' } },
			/^Safe to Repeat is not/,
		],
		['no number', { response: 'events', maxEvents: '={{ "" }}' }, /^Max Events is not/],
		[
			'a field of another type',
			{
				body: 'fields',
				fields: { assignments: [{ id: '1', name: 'a', type: 'number', value: 'five' }] },
			},
			/^The field "a" is not of the type number/,
		],
	])('%s is refused before anything is sent', async (_, parameters, message) => {
		await stackControl().clearRequests();
		const { error } = await call(engine, 'echo', parameters);
		expect(error?.message).toMatch(message);
		expect(await stackControl().requests('/functions/v1')).toEqual([]);
	});
});

describe('on whose behalf', () => {
	const { url, publishableKey, secretKey } = credentials.supabaseProjectApi;
	const headersAs = async (parameters: INodeParameters, keys?: Record<string, string>) => {
		const { json, error } = await call(engine, 'echo', parameters, undefined, { keys });
		expect(error).toBeUndefined();
		const { apikey, authorization } = json[0]?.headers as Record<string, string>;
		return { apikey, authorization };
	};

	test('new keys go into apikey alone, and no key where none is wanted', async () => {
		expect(await headersAs({})).toEqual({ apikey: secretKey });
		expect(await headersAs({ runAs: 'anonymous' })).toEqual({ apikey: publishableKey });
		expect(await headersAs({ runAs: 'noKey' })).toEqual({});
	});

	test('legacy keys go into both', async () => {
		const legacy = {
			publishableKey: process.env.STACK_ANON_JWT ?? '',
			secretKey: process.env.STACK_SERVICE_ROLE_JWT ?? '',
		};
		const bearer = (key: string) => ({ apikey: key, authorization: `Bearer ${key}` });
		expect(await headersAs({}, { url, ...legacy })).toEqual(bearer(legacy.secretKey));
		expect(await headersAs({ runAs: 'anonymous' }, { url, ...legacy })).toEqual(
			bearer(legacy.publishableKey),
		);
	});

	test("each item has its user's token, and the secret key is not shown beside it", async () => {
		const [one, two] = [await createUser(), await createUser()];
		const items = [one, two].map(({ accessToken }) => ({ json: { accessToken } }));
		const parameters = { runAs: 'user', accessToken: '={{ $json.accessToken }}' };
		const { json } = await call(engine, 'private', parameters, items);
		expect(json).toEqual(
			[one, two].map(({ id }) => ({ role: 'authenticated', sub: id, apikey: publishableKey })),
		);
		const alone = await call(engine, 'private', parameters, items, { keys: { url, secretKey } });
		expect(alone.json.map(({ apikey }) => apikey)).toEqual([null, null]);
	});

	test('without any key a header of the own is sent', async () => {
		const header = [{ name: 'Authorization', value: 'Bearer of-my-own' }];
		const options = { headers: { header } };
		expect(await headersAs({ runAs: 'noKey', options })).toEqual({
			authorization: 'Bearer of-my-own',
		});
	});
});

describe('what is answered', () => {
	test('an item for each object of a list, and one for anything else', async () => {
		const list = { json: '[{"a": 1}, {"a": 2}, 3]', path: randomUUID() };
		const { json } = await call(engine, 'orders', { ...list, options: { fullResponse: true } });
		expect(json).toEqual([
			{
				statusCode: 201,
				headers: expect.objectContaining({ 'content-type': 'application/json' }),
				body: { number: 1, order: [{ a: 1 }, { a: 2 }, 3] },
			},
		]);
		const noted = await call(engine, 'orders', { method: 'GET', path: list.path });
		expect(noted.json).toEqual([{ result: [{ a: 1 }, { a: 2 }, 3] }]);
		const first = await call(engine, 'orders', { method: 'GET', path: `${list.path}/1` });
		expect(first.json).toEqual([{ a: 1 }, { a: 2 }, { result: 3 }]);
		const none = await call(engine, 'orders', { method: 'GET', path: randomUUID() });
		expect(none.json).toEqual([]);
		const gone = await call(engine, 'orders', { method: 'DELETE', path: list.path });
		expect(gone.json).toEqual([{ success: true }]);
	});

	test('text is text, and JSON where that is wanted', async () => {
		expect((await call(engine, 'slow', asking({ ms: '1' }))).json).toEqual([{ text: 'done' }]);
		const forced = await call(engine, 'orders', { path: 'x', response: 'text', json: '{"a":1}' });
		expect(forced.json).toEqual([{ text: expect.stringContaining('"order":{"a":1}') }]);
		const { error } = await call(engine, 'slow', { ...asking({ ms: '1' }), response: 'json' });
		expect(error?.message).toBe('The answer of the function is not JSON');
		expect(error?.description).toContain('Choose Text or File in Response');
	});

	test.each([['image/png'], ['application/pdf'], ['']])(
		'an answer of the type %j is a file',
		async (type) => {
			const { items } = await call(engine, 'file', {
				...asking({ bytes: '300000', type, name: 'Größe 1.bin' }),
				outputPropertyName: 'copy',
			});
			const { json, binary } = items[0] as INodeExecutionData;
			const contentType = type || 'application/octet-stream';
			expect(json).toEqual({ fileName: 'Größe 1.bin', contentType, size: expect.anything() });
			const content = await engine.readBinary(binary?.copy as never);
			const wanted = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n * 31));
			expect(content.equals(wanted)).toBe(true);
			expect(binary?.copy?.mimeType).toBe(contentType);
		},
	);

	test('events are items, as many as are wanted', async () => {
		const wanted = { ...asking({ every: '1' }), response: 'events', maxEvents: 3, method: 'GET' };
		const { json, hintsOf } = await call(engine, 'events', wanted);
		expect(json).toEqual([1, 2, 3].map((n) => ({ event: 'tick', id: String(n), data: { n } })));
		expect(hintsOf('Node')[0]?.message).toContain('ended after 3 events');
		const few = await call(engine, 'events', { ...asking({ count: '2' }), method: 'GET' });
		expect(few.json.map(({ id }) => id)).toEqual(['1', '2']);
		expect(few.hintsOf('Node')).toEqual([]);
	});

	test('events end after a time, and the function is told', async () => {
		const cancelled = async () =>
			Number(
				(await call(engine, 'events', { method: 'GET', path: 'cancelled' })).json[0]?.cancelled,
			);
		const before = await cancelled();
		const parameters = { ...asking({ every: '20' }), response: 'events', maxSeconds: 1 };
		const { json, hintsOf } = await call(engine, 'events', {
			...parameters,
			maxEvents: 100_000,
			method: 'GET',
		});
		expect(json.length).toBeGreaterThan(0);
		expect(hintsOf('Node')[0]?.message).toContain('ended after 1 seconds');
		while ((await cancelled()) === before) await new Promise((resolve) => setTimeout(resolve, 50));
	});

	test('stopping the execution stops the reading, and the function is told', async () => {
		const cancelled = async () =>
			Number(
				(await call(engine, 'events', { method: 'GET', path: 'cancelled' })).json[0]?.cancelled,
			);
		const before = await cancelled();
		const stop = new AbortController();
		setTimeout(() => stop.abort(), 300);
		const parameters = { ...asking({ every: '20' }), response: 'events', method: 'GET' };
		const unbounded = { ...parameters, maxEvents: 100_000, maxSeconds: 600 };
		const { run } = await call(engine, 'events', unbounded, undefined, { signal: stop.signal });
		expect(run.status).toBe('canceled');
		while ((await cancelled()) === before) await new Promise((resolve) => setTimeout(resolve, 50));
	});
});

test('a file goes to a function, and its answer into Storage', async () => {
	const bucket = { __rl: true, mode: 'name', value: `functions-${randomUUID()}` };
	const storage = (name: string, parameters: INodeParameters) => ({
		name,
		type: 'n8n-nodes-supabase-suite.supabaseStorage',
		parameters,
	});
	const path = { __rl: true, mode: 'path', value: "={{ $('Start').item.json.name }}.gz" };
	const file = { resource: 'file', bucket, path };
	const { error, outputOf } = await engine.runWorkflow({
		nodes: [
			{ name: 'Start', type: 'test.start' },
			storage('Bucket', { resource: 'bucket', operation: 'create', bucketName: bucket.value }),
			calling('Gzip', 'gzip', {
				body: 'binary',
				binaryPropertyName: "={{ $('Start').item.binary.data }}",
			}),
			storage('Store', { ...file, operation: 'upload' }),
			storage('Read', { ...file, operation: 'download' }),
		],
		connections: chain('Start', 'Bucket', 'Gzip', 'Store', 'Read'),
		credentials,
		items: [held('Hello, hello, hello', 'a.txt')],
	});
	expect(error).toBeUndefined();
	expect(outputOf('Gzip')[0]?.json).toMatchObject({ contentType: 'application/gzip' });
	const [read] = outputOf('Read');
	expect(read?.json).toMatchObject({ path: 'a.txt.gz', contentType: 'application/gzip' });
	const content = await engine.readBinary(read?.binary?.data as never);
	expect(String(gunzipSync(content))).toBe('Hello, hello, hello');
});
