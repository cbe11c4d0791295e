import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { CREDENTIAL, legacyKeys, NODE, named, openBench, startServer } from './database-helpers';
import { listSearch, loadOptions, resourceMapping, testCredential, type OpenNode } from './editor';

const bench = openBench();

/** The node open in the editor. `marked` requests tell themselves from those of other tests. */
function open(
	table = '',
	credential: Record<string, unknown> = {},
	schema = 'public',
	mark = 'none',
): OpenNode {
	const { url, publishableKey, secretKey } = bench.place;
	return {
		type: NODE,
		parameters: {
			resource: 'row',
			operation: 'insert',
			schema: named(schema),
			table: named(table),
		},
		credentials: {
			[CREDENTIAL]: {
				url,
				publishableKey,
				secretKey,
				selfHosted: true,
				headers: JSON.stringify({ 'x-test': mark }),
				...credential,
			} as ICredentialDataDecryptedObject,
		},
	};
}

const listed = async (method: string, node: OpenNode, filter?: string) =>
	(await listSearch(bench.engine.packs, method, node, { filter })).results;

/** Requests of the editor that carry a mark. */
const marked = async (mark: string) =>
	(await bench.control.requests('/rest/v1/')).filter(({ headers }) => headers['x-test'] === mark);

/** A path that leads to the same service, for a test that must not meet what others have kept. */
const fresh = (credential: Record<string, unknown> = {}) => ({
	...credential,
	url: bench.place.url.replace('127.0.0.1', 'localhost'),
});

const tested = async (credential: Record<string, unknown> = {}) =>
	await testCredential(bench.engine.packs, CREDENTIAL, open('', credential));

/** Asked at the start, as it takes ten seconds: the other tests run meanwhile. */
let unanswered: Promise<{ status: string; message: string; took: number }>;
let silent: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
	silent = await startServer(() => {});
	const before = Date.now();
	unanswered = tested({ url: silent.url, secretKey: '' }).then((result) => ({
		...result,
		took: Date.now() - before,
	}));
});

afterAll(async () => await silent.close());

describe('lists', () => {
	test('schemas: those that the project exposes', async () => {
		expect(await listed('searchSchemas', open())).toEqual([
			{ name: 'public', value: 'public' },
			{ name: 'myschema', value: 'myschema' },
			{ name: 'pgmq_public', value: 'pgmq_public' },
		]);
	});

	test('tables and views, of the schema that is chosen', async () => {
		const names = (await listed('searchTables', open())).map(({ name }) => name);
		expect(names).toEqual(
			expect.arrayContaining(['countries', 'instrument_list', 'Order Items', 'secrets']),
		);
		expect(names).not.toContain('mytable');
		const others = await listed('searchTables', open('', {}, 'myschema'));
		expect(others.map(({ name }) => name)).toContain('mytable');
	});

	test('tables by a part of their name, whatever its case', async () => {
		expect(await listed('searchTables', open(), 'COUNTR')).toEqual([
			{ name: 'countries', value: 'countries' },
		]);
	});

	test('columns, with their types', async () => {
		expect(await listed('searchColumns', open('planets'))).toEqual([
			{ name: 'id (bigint)', value: 'id' },
			{ name: 'name (text)', value: 'name' },
			{ name: 'mass (numeric)', value: 'mass' },
			{ name: expect.stringMatching(/^discovered \(timestamp/) as string, value: 'discovered' },
			{ name: 'habitable (boolean)', value: 'habitable' },
		]);
	});

	test('columns with odd names are quoted, so that they can be chosen', async () => {
		const options = await loadOptions(bench.engine.packs, 'getColumns', open('Order Items'));
		expect(options.map(({ value }) => value)).toEqual(
			expect.arrayContaining(['"Item No"', '"Unit Price"', '"a.b"', '"say \\"hi\\""']),
		);
	});

	test('tables in their order whatever the case of their names', async () => {
		const names = (await listed('searchTables', open())).map(({ name }) => name);
		const folded = names.map((name) => name.toLowerCase());
		const at = (name: string) => folded.indexOf(name);
		expect(at('countries')).toBeLessThan(at('order items'));
		expect(at('order items')).toBeLessThan(at('secrets'));
	});

	test('a table that was made after the list was asked for has its columns', async () => {
		await listed('searchTables', open());
		const table = await bench.createTable('made_later int');
		expect(await listed('searchColumns', open(table))).toEqual([
			{ name: 'made_later (integer)', value: 'made_later' },
		]);
	});
});

describe('the columns to map', () => {
	const fields = async (table: string, credential = {}) =>
		await resourceMapping(bench.engine.packs, 'getColumnFields', open(table, credential));

	test('their types, and which are required', async () => {
		const { fields: columns } = await fields('contacts');
		const of = (id: string) => columns.find((column) => column.id === id);
		expect(of('email')).toMatchObject({ type: 'string', required: true, display: true });
		expect(of('name')).toMatchObject({ type: 'string', required: false });
		expect(of('id')).toMatchObject({ required: false });
		expect(of('age')).toMatchObject({ type: 'number', required: false });
		// What n8n takes for a time it rounds to milliseconds, and it knows no infinity.
		expect(of('created_at')).toMatchObject({ type: 'string', required: false });
		expect(of('mood')).toMatchObject({
			type: 'options',
			options: ['sad', 'ok', 'happy'].map((name) => ({ name, value: name })),
		});
	});

	test('for an update none is required', async () => {
		const node = open('contacts');
		const { fields: columns } = await resourceMapping(bench.engine.packs, 'getChangeFields', node);
		expect(columns.map(({ id }) => id)).toContain('email');
		expect(columns.filter(({ required }) => required)).toEqual([]);
	});

	test('of JSON and arrays', async () => {
		const typeOf = async (table: string, id: string) =>
			(await fields(table)).fields.find((column) => column.id === id)?.type;
		// What n8n takes for an object may not be a list, a text or a number.
		expect(await typeOf('documents', 'data')).toBe('string');
		expect(await typeOf('issues', 'tags')).toBe('array');
		expect(await typeOf('planets', 'id')).toBe('string');
	});

	test('a function without arguments says so', async () => {
		const node = open();
		const parameters = {
			...node.parameters,
			resource: 'function',
			operation: 'call',
			function: named('hello_world'),
		};
		const none = await resourceMapping(bench.engine.packs, 'getArgumentFields', {
			...node,
			parameters,
		});
		expect(none).toEqual({
			fields: [],
			emptyFieldsNotice: 'The function takes no arguments. If it should: check its name.',
		});
	});

	test('with the publishable key alone there are none, and it says why', async () => {
		const none = await fields('contacts', { secretKey: '' });
		expect(none.fields).toEqual([]);
		expect(none.emptyFieldsNotice).toContain(
			'This project tells what it holds to the secret key only',
		);
	});
});

describe('what the server is asked', () => {
	test('those who ask at the same time share one request, and a later click makes none', async () => {
		const node = open('countries', fresh(), 'public', 'shared');
		const asked = [
			listed('searchTables', node),
			listed('searchColumns', node),
			listed('searchTables', node, 'cit'),
			loadOptions(bench.engine.packs, 'getColumns', node),
			resourceMapping(bench.engine.packs, 'getColumnFields', node),
		];
		await Promise.all(asked);
		expect(await marked('shared')).toHaveLength(1);
		await listed('searchTables', node);
		expect(await marked('shared')).toHaveLength(1);
	});

	test('after half a minute it is asked again', async () => {
		const node = open('', fresh(), 'myschema', 'later');
		await listed('searchTables', node);
		const now = Date.now();
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 31_000);
		try {
			await listed('searchTables', node);
		} finally {
			clock.mockRestore();
		}
		expect(await marked('later')).toHaveLength(2);
	});

	test('a failure is not remembered', async () => {
		const node = open(
			'',
			fresh({ secretKey: `sb_secret_${'y'.repeat(22)}_00000000` }),
			'public',
			'no',
		);
		const refused = 'The secret key was not accepted';
		await expect(listed('searchTables', node)).rejects.toThrow(refused);
		await expect(listed('searchTables', node)).rejects.toThrow(refused);
		expect(await marked('no')).toHaveLength(2);
	});
});

/** The editor shows the message alone: n8n drops the description of what a list throws. */
describe('a list that cannot be had, or would be empty, says why and what to do in its message', () => {
	const tables = async (node: OpenNode) => await listed('searchTables', node);
	const columns = async (node: OpenNode) => await listed('searchColumns', node);
	const keys = async (node: OpenNode) => await loadOptions(bench.engine.packs, 'getColumns', node);
	const says = async (asking: Promise<unknown>, ...parts: string[]) => {
		const error: unknown = await asking.then(
			() => undefined,
			(thrown: unknown) => thrown,
		);
		for (const part of parts) expect((error as Error | undefined)?.message).toContain(part);
	};

	test.each([
		['tables', tables],
		['columns', columns],
	])('%s, with the publishable key alone', async (_, ask) => {
		await says(
			ask(open('countries', { secretKey: '' })),
			'This project tells what it holds to the secret key only.',
			'Add the Secret Key to the credential, or choose By Name and type it.',
		);
	});

	test.each([
		['columns', columns],
		['key columns', keys],
	])('%s: no table is chosen', async (_, ask) => {
		await says(ask(open('')), 'No table is chosen. Choose Table first.');
	});

	test.each([
		['columns', columns],
		['key columns', keys],
	])('%s: there is no such table', async (_, ask) => {
		await says(
			ask(open('nowhere')),
			'There is no table nowhere in the schema public.',
			'Choose Table from its list',
		);
	});

	test('a table of another case', async () => {
		await says(
			columns(open('Countries')),
			'There is no table Countries in the schema public, but a table countries: names are case-sensitive.',
			'Choose countries in Table.',
		);
	});

	test('a table from an expression', async () => {
		const node = open('={{ $json.table }}');
		await says(columns(node), 'not known before the workflow runs', 'type the column');
	});

	test('the columns of what a function returns', async () => {
		const node = open();
		const call = { resource: 'function', operation: 'call', schema: named('public') };
		await says(
			columns({ ...node, parameters: { ...call, function: named('hello_world') } }),
			'The columns of what a function returns are not known before it is called.',
			'Choose By Name and type the column.',
		);
	});

	test.each([
		['tables', tables],
		['columns', columns],
	])('%s of a schema that is not exposed', async (_, ask) => {
		await says(
			ask(open('t', {}, 'hidden')),
			'The schema hidden is not exposed.',
			'Choose one of public, myschema, pgmq_public in Schema, or expose it',
		);
	});

	test('a project that answers with an empty description', async () => {
		const server = await startServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'application/openapi+json' });
			response.end('{"definitions":{},"paths":{}}');
		});
		const { publishableKey } = bench.place;
		await says(
			tables(open('', { url: server.url, secretKey: '', publishableKey })),
			'The publishable key may see no table of the schema public.',
			'Add the Secret Key to the credential',
		);
		await says(
			tables(open('', { url: server.url })),
			'The schema public has no table that the API may use.',
			'grant it to service_role',
		);
		await server.close();
	});

	test('a paused project, and a server that is none', async () => {
		const server = await startServer((request, response) => {
			const isPaused = request.headers['x-test'] === 'paused';
			response.writeHead(isPaused ? 540 : 502, { 'content-type': 'text/html' });
			response.end('<html><title>502 Bad Gateway</title></html>');
		});
		const at = (mark: string) => open('', { url: server.url }, 'public', mark);
		await says(tables(at('paused')), 'The project is paused.', 'Restore it in the dashboard.');
		await says(tables(at('none')), 'The project does not answer its gateway.', 'paused');
		await server.close();
	});

	test('nothing listens', async () => {
		await says(
			tables(open('', { url: 'http://127.0.0.1:1' })),
			'Nothing listens at that address.',
			'Check the Project URL in the credential.',
		);
	});

	test('a wrong key', async () => {
		const wrong = { secretKey: `sb_secret_${'x'.repeat(22)}_00000000` };
		await says(
			tables(open('', wrong)),
			'The secret key was not accepted.',
			'Copy the keys again from the dashboard',
		);
	});

	test('a key in the wrong field is told', async () => {
		const { publishableKey } = bench.place;
		await expect(
			listed('searchTables', open('', { secretKey: publishableKey })),
		).rejects.toMatchObject({
			message: expect.stringMatching(
				/^What is in Secret Key is a publishable key \(sb_publishable_…\)\. /,
			) as string,
		});
	});
});

describe('the test of the credential', () => {
	test.each<[string, () => Record<string, unknown>]>([
		['both keys', () => ({})],
		['the publishable key alone', () => ({ secretKey: '' })],
		['the secret key alone', () => ({ publishableKey: '' })],
		['both legacy keys', () => legacyKeys],
		['the legacy anon key alone', () => ({ ...legacyKeys, secretKey: '' })],
		['the legacy service_role key alone', () => ({ ...legacyKeys, publishableKey: '' })],
		['an address with a slash and blanks', () => ({ url: ` ${bench.place.url}/ ` })],
		['the path of REST by itself', () => ({ restAddress: '/rest/v1' })],
	])('right: %s', async (_, credential) => {
		expect(await tested(credential())).toEqual({
			status: 'OK',
			message: expect.any(String) as string,
		});
	});

	const forged = (key: string) => `${key.slice(0, -6)}AAAAAA`;
	const ref = 'abcdefghijklmnopqrst';

	test.each<[string, () => Record<string, unknown>, string]>([
		[
			'a wrong publishable key',
			() => ({ publishableKey: `sb_publishable_${'x'.repeat(22)}_00000000` }),
			'The Publishable Key was not accepted',
		],
		[
			'a wrong secret key',
			() => ({ secretKey: `sb_secret_${'x'.repeat(22)}_00000000` }),
			'The Secret Key was not accepted',
		],
		[
			'a wrong legacy anon key',
			() => ({ publishableKey: forged(legacyKeys.publishableKey) }),
			'The Publishable Key was not accepted',
		],
		[
			'a wrong legacy service_role key',
			() => ({ secretKey: forged(legacyKeys.secretKey) }),
			'The Secret Key was not accepted',
		],
		[
			'the keys in each other’s field',
			() => ({ publishableKey: bench.place.secretKey, secretKey: bench.place.publishableKey }),
			'What is in Publishable Key is a secret key',
		],
		['no key', () => ({ publishableKey: '', secretKey: '' }), 'The credential has no key'],
		['no address', () => ({ url: '' }), 'The Project URL is empty'],
		['text for an address', () => ({ url: 'my project' }), 'is not an http or https address'],
		[
			"the dashboard's address",
			() => ({ url: `https://supabase.com/dashboard/project/${ref}/settings/api` }),
			`Use https://${ref}.supabase.co`,
		],
		[
			'an address where nothing listens',
			() => ({ url: 'http://127.0.0.1:1' }),
			'Nothing listens at that address',
		],
		[
			'a wrong path',
			() => ({ url: `${bench.place.url}/elsewhere` }),
			'A server answers at the Project URL, but no Supabase project',
		],
	])('wrong: %s', async (_, credential, says) => {
		const { status, message } = await tested(credential());
		expect(status).toBe('Error');
		expect(message).toContain(says);
		for (const key of Object.values(credential()).filter((value) => /^sb_|^ey/.test(String(value))))
			expect(message).not.toContain(key);
	});

	test.each([
		['HTML', 200, 'text/html', '<!doctype html><title>Welcome</title>'],
		['nothing there', 404, 'text/html', '<html><title>Not Found</title></html>'],
		['JSON of its own', 404, 'application/json', '{"message":"Not Found"}'],
		['an object', 200, 'application/json', '{"status":"ok"}'],
	])('another web server that answers: %s', async (_, status, type, body) => {
		const server = await startServer((_request, response) => {
			response.writeHead(status, { 'content-type': type });
			response.end(body);
		});
		const result = await tested({ url: server.url });
		await server.close();
		expect(result.status).toBe('Error');
		expect(result.message).toContain(
			'A server answers at the Project URL, but no Supabase project',
		);
	});

	test('a server that never answers is given up on', async () => {
		const { status, message, took } = await unanswered;
		// A request of the node would be waited for a minute.
		expect(took).toBeLessThan(50_000);
		expect(status).toBe('Error');
		expect(message).toContain('The server did not answer in time');
	});
});
