import type { INodeParameters } from 'n8n-workflow';

import { createUser } from '../stack/users';
import {
	continueRegular,
	CREDENTIAL,
	named,
	NODE,
	openBench,
	orderBy,
	origins,
	range,
	where,
} from './database-helpers';
import { args, call } from './database-operations';
import { listSearch, resourceMapping, type OpenNode } from './editor';

const created: string[] = [];

// Before the bench's own, which closes the connection.
afterAll(async () => {
	for (const name of created) await bench.sql(`drop function if exists "${name}" cascade`);
});

const bench = openBench();
const get: INodeParameters = { callAs: 'GET' };

/** Makes a function whose name begins with `call_`, and returns that name. */
async function define(name: string, rest: string): Promise<string> {
	const full = `call_${name}_${process.pid}`;
	created.push(full);
	await bench.define(`create or replace function "${full}"${rest}`);
	return full;
}

async function requestsOf(act: () => Promise<unknown>) {
	return (await bench.requestsDuring('rpc', act)).requests;
}

describe('what a function gives', () => {
	test.each<[string, string, INodeParameters, unknown[]]>([
		['a text', 'hello_world', {}, [{ result: 'Hello world' }]],
		['its argument', 'echo', args({ say: 'a "b", (c)\n' }), [{ result: 'a "b", (c)\n' }]],
		['null', 'echo', args({ say: null }), [{ result: null }]],
		['JSON', 'echo_city', args({ name: 'Paris' }), [{ city: 'Paris', known: true }]],
		['an array', 'add_one_each', args({ arr: [1, 2, 3] }), [{ result: [2, 3, 4] }]],
		['a number, with a default', 'add', args({ a: 1 }), [{ result: 11 }]],
		['a number, without the default', 'add', args({ a: 1, b: 2 }), [{ result: 3 }]],
		['nothing', 'do_nothing', {}, [{ success: true }]],
		['who asks', 'who_am_i', {}, [{ role: 'service_role', uid: null }]],
		['what it waited for', 'wait', args({ seconds: 0.05 }), [{ result: 'waited' }]],
		[
			'of another schema',
			'my_function',
			{ schema: named('myschema') },
			[{ result: 'from myschema' }],
		],
	])('%s: %s', async (_, name, parameters, expected) => {
		const { json, output } = await bench.succeed(call(name, parameters));
		expect(json).toEqual(expected);
		expect(origins(output)).toEqual([0]);
	});

	test('a set: an item for each row', async () => {
		const countries = await bench.sql('select id::int, name from countries order by id');
		const { json, output } = await bench.succeed(call('list_stored_countries'));
		expect(json).toEqual(countries);
		expect(new Set(origins(output))).toEqual(new Set([0]));
	});

	test('an empty set: no item', async () => {
		const { json } = await bench.succeed(call('list_stored_countries', where(['id', 'lt', '0'])));
		expect(json).toEqual([]);
	});

	test('a row, and what it wrote is there', async () => {
		const name = `Planet ${process.pid}`;
		const { json } = await bench.succeed(call('add_planet', args({ name })));
		expect(json).toEqual([expect.objectContaining({ name, habitable: null })]);
		const written = await bench.sql('delete from planets where name = $1 returning id::int', [
			name,
		]);
		expect(written).toEqual([{ id: json[0]?.id }]);
	});

	// The local REST server gives JSON as a text in JSON, so the function takes either.
	test('JSON and arrays as arguments', async () => {
		const name = await define(
			'types',
			`(data jsonb, list text[], at date, ok boolean) returns jsonb language sql as
			$$ select jsonb_build_array((data #>> '{}')::jsonb, list, at, ok) $$`,
		);
		const given = {
			data: { a: [1, { b: null }] },
			list: ['x,y', 'say "hi"', '{}'],
			at: '2024-02-29',
		};
		const { json } = await bench.succeed(call(name, args({ ...given, ok: false })));
		expect(json).toEqual([{ result: [given.data, given.list, given.at, false] }]);
	});
});

describe('arguments', () => {
	test('from fields, an empty one takes its default', async () => {
		const value = { a: '={{ $json.n }}', b: null };
		const { json, output } = await bench.succeed(
			call('add', { arguments: { mappingMode: 'defineBelow', value, schema: [] } }),
			{ items: [{ n: 1 }, { n: 5 }] },
		);
		expect(json).toEqual([{ result: 11 }, { result: 15 }]);
		expect(origins(output)).toEqual([0, 1]);
	});

	test('as JSON from an expression, for each item', async () => {
		const { json } = await bench.succeed(
			call('echo', { argumentsFrom: 'json', argumentJson: '={{ { say: $json.text } }}' }),
			{ items: [{ text: 'a' }, { text: 'b' }] },
		);
		expect(json).toEqual([{ result: 'a' }, { result: 'b' }]);
	});

	test.each([['[1]'], ['no JSON'], ['"text"']])(
		'%s is refused before anything is sent',
		async (argumentJson) => {
			const requests = await requestsOf(async () => {
				const { said } = await bench.run(call('echo', { argumentsFrom: 'json', argumentJson }));
				expect(said.message).toMatch(/not an object/);
			});
			expect(requests).toEqual([]);
		},
	);

	test.each<[string, unknown]>([
		['an object', { a: 1 }],
		['a list', [1, 2]],
	])('a single unnamed one: JSON, %s', async (_, value) => {
		// The local REST server gives JSON as a text in JSON, so the function takes either.
		const name = await define(
			'single_json',
			"(json) returns jsonb language sql as $$ select jsonb_build_object('got', ($1 #>> '{}')::json) $$",
		);
		const requests = await requestsOf(async () => {
			const { json } = await bench.succeed(
				call(name, { argumentsFrom: 'single', singleArgument: JSON.stringify(value) }),
			);
			expect(json).toEqual([{ got: value }]);
		});
		expect(requests.map(({ method }) => method)).toEqual(['POST']);
	});

	// The local REST server takes no text/plain: the request is looked at.
	test('a single unnamed one: text', async () => {
		const name = await define('single_text', '(text) returns text language sql as $$ select $1 $$');
		const [request] = await requestsOf(() =>
			bench.run(
				call(name, { argumentsFrom: 'single', singleType: 'text', singleArgument: 'Größe' }),
			),
		);
		expect(request).toMatchObject({ headers: { 'content-type': 'text/plain' }, bodyBytes: 7 });
	});

	test('a list for a variadic one', async () => {
		const name = await define(
			'sum',
			'(variadic list int[]) returns bigint language sql as $$ select sum(n) from unnest(list) n $$',
		);
		expect((await bench.succeed(call(name, args({ list: [1, 2, 3] })))).json).toEqual([
			{ result: 6 },
		]);
	});

	test('a single one that is no JSON is refused before anything is sent', async () => {
		const requests = await requestsOf(async () => {
			const { said } = await bench.run(
				call('echo', { argumentsFrom: 'single', singleArgument: '{a' }),
			);
			expect(said.message).toMatch(/not valid JSON/);
		});
		expect(requests).toEqual([]);
	});
});

describe('read-only', () => {
	test('by GET, with its arguments in the address', async () => {
		const requests = await requestsOf(async () => {
			const { json } = await bench.succeed(
				call('echo', { ...get, ...args({ say: 'a&b=c, "d"' }) }),
			);
			expect(json).toEqual([{ result: 'a&b=c, "d"' }]);
		});
		expect(requests.map(({ method }) => method)).toEqual(['GET']);
	});

	test('an array becomes a literal', async () => {
		const { json } = await bench.succeed(
			call('add_one_each', { ...get, ...args({ arr: [1, -2, 3] }) }),
		);
		expect(json).toEqual([{ result: [2, -1, 4] }]);
	});

	test('a function that writes is refused, and nothing is written', async () => {
		const name = `Never ${process.pid}`;
		const { said } = await bench.run(call('add_planet', { ...get, ...args({ name }) }));
		expect(said.message).toBe('The function writes, which a call by Read-Only (GET) cannot');
		expect(said.description).toContain('25006');
		expect(await bench.sql('select 1 from planets where name = $1', [name])).toEqual([]);
	});

	test.each<[string, unknown, string]>([
		['looks like a filter', 'eq.1', 'read as a filter'],
		['looks like a negated filter', 'not.in.(1)', 'read as a filter'],
		['is null', null, 'is null'],
	])('an argument that %s is refused before anything is sent', async (_, say, message) => {
		const requests = await requestsOf(async () => {
			const { said } = await bench.run(call('echo', { ...get, ...args({ say }) }));
			expect(said.message).toContain(message);
			expect(said.description).toMatch(/POST/);
		});
		expect(requests).toEqual([]);
	});

	test('the same call of many items is made once', async () => {
		const requests = await requestsOf(async () => {
			const { json } = await bench.succeed(call('hello_world', get), {
				items: range(20).map((n) => ({ n })),
			});
			expect(json).toHaveLength(20);
		});
		expect(requests).toHaveLength(1);
	});
});

describe('sets', () => {
	const list = (parameters: INodeParameters) => call('list_stored_countries', parameters);

	describe.each([
		['POST', {}],
		['GET', get],
	])('by %s', (_, as) => {
		test('filters, order and limit', async () => {
			const [first, second] = await bench.sql(
				'select name from countries where id > 1 and id < 5 order by name desc limit 2',
			);
			const { json } = await bench.succeed(
				list({
					...as,
					...where(['id', 'gt', '1'], ['id', 'lt', '5']),
					...orderBy({ column: named('name'), direction: 'desc', nulls: 'default' }),
					options: { maxRows: 2, columns: 'name' },
				}),
			);
			expect(json).toEqual([first, second]);
		});

		test('the count alone', async () => {
			const n = await bench.count('countries');
			const { json } = await bench.succeed(list({ ...as, return: 'count' }));
			expect(json).toEqual([{ count: n }]);
		});

		test('rows with their count', async () => {
			const n = await bench.count('countries');
			const { json } = await bench.succeed(
				list({ ...as, return: 'rowsWithCount', options: { maxRows: 1 } }),
			);
			expect(json).toEqual([{ count: n, rows: [{ id: 1, name: 'Germany' }] }]);
		});

		test('one row, and more than one is refused', async () => {
			const one = { ...as, return: 'single', ...where(['id', 'eq', '2']) };
			expect((await bench.succeed(list(one))).json).toEqual([{ id: 2, name: 'Indonesia' }]);
			const { said } = await bench.run(list({ ...as, return: 'single' }));
			expect(said.message).toMatch(/^\d+ rows were found, but one was asked for$/);
		});

		test.each([
			['nothing', []],
			['item', [{ found: false }]],
		])('one row or none: %s', async (noRow, expected) => {
			const node = list({ ...as, return: 'maybeSingle', noRow, ...where(['id', 'eq', '-1']) });
			expect((await bench.succeed(node)).json).toEqual(expected);
		});

		test('one row or none: more are refused', async () => {
			const { said } = await bench.run(list({ ...as, return: 'maybeSingle' }));
			expect(said.message).toMatch(/more than one row/);
		});
	});

	// The local REST server takes or= for an argument in a read-only call.
	test('any of several filters', async () => {
		const { json } = await bench.succeed(
			list({ match: 'any', ...where(['id', 'eq', '1'], ['name', 'eq', 'France']) }),
		);
		expect(json.map(({ id }) => id)).toEqual([1, 3]);
	});

	test('the count alone is asked with HEAD where the call is read-only', async () => {
		const requests = await requestsOf(() => bench.succeed(list({ ...get, return: 'count' })));
		expect(requests.map(({ method }) => method)).toEqual(['HEAD']);
	});

	test('as CSV', async () => {
		const { json } = await bench.succeed(
			list({ return: 'csv', ...where(['id', 'lt', '3']), options: { columns: 'id,name' } }),
		);
		expect((json[0]?.csv as string).trim().split(/\r?\n/)).toEqual([
			'id,name',
			'1,Germany',
			'2,Indonesia',
		]);
	});
});

describe('what the database refuses', () => {
	test('an exception: message, detail and hint are read', async () => {
		const { said } = await bench.run(call('raise_error', args({ message: 'No such order' })));
		expect(said.message).toBe('No such order');
		expect(said.description).toContain('It was asked for.');
		expect(said.description).toContain('Try something else.');
		expect(said.description).toContain('Code P0001, HTTP status 400');
	});

	test.each([
		['PT402', 402],
		['PT418', 418],
	])('a status of its own: %s', async (code, status) => {
		const { said, error } = await bench.run(
			call('raise_code', args({ code, message: 'Pay first' })),
		);
		expect(said.message).toBe('Pay first');
		expect(said.description).toContain(`Code ${code}, HTTP status ${status}`);
		expect(error).toMatchObject({ httpCode: String(status) });
	});

	test.each([
		['23505', /Give another value/],
		['23503', /refers to does not exist/],
		['42501', /policy of the database refused this/],
	])('a code of PostgreSQL has its mend: %s', async (code, mend) => {
		const { said } = await bench.run(call('raise_code', args({ code, message: 'Refused' })));
		expect(said.message).toBe('Refused');
		expect(said.description).toMatch(mend);
	});

	test('a function that there is not', async () => {
		const { said } = await bench.run(call('no_such_function', args({ a: 1 })));
		expect(said.message).toContain('no_such_function');
		expect(said.description).toContain('PGRST202');
		expect(said.description).toMatch(/arguments/);
		expect(said.description).not.toContain('Project URL');
	});

	test('an argument of the wrong type', async () => {
		const { said } = await bench.run(call('add', args({ a: 'one' })));
		expect(said.message).toContain('"one" is no integer (argument');
	});

	test('each item has its own outcome under continue on fail', async () => {
		const { json, output } = await bench.succeed(
			call(
				'add',
				{ argumentsFrom: 'json', argumentJson: '={{ { a: $json.a } }}' },
				continueRegular,
			),
			{ items: [{ a: 1 }, { a: 'x' }, { a: 3 }] },
		);
		expect(json.map(({ result, error }) => result ?? error)).toEqual([
			11,
			expect.stringContaining('"x"'),
			13,
		]);
		expect(origins(output)).toEqual([0, 1, 2]);
	});

	test('otherwise the first failure ends it', async () => {
		const { said, json } = await bench.run(
			call('add', { argumentsFrom: 'json', argumentJson: '={{ { a: $json.a } }}' }),
			{ items: [{ a: 'x' }, { a: 1 }] },
		);
		expect(said.message).toContain('"x"');
		expect(json).toEqual([]);
	});
});

describe('run as', () => {
	test('anonymous, and a user for each item', async () => {
		const anonymous = await bench.succeed(call('who_am_i', { runAs: 'anonymous' }));
		expect(anonymous.json).toEqual([{ role: 'anon', uid: null }]);
		const users = [await createUser(bench.place), await createUser(bench.place)];
		const { json } = await bench.succeed(
			call('who_am_i', { runAs: 'user', accessToken: '={{ $json.token }}' }),
			{ items: users.map(({ accessToken }) => ({ token: accessToken })) },
		);
		expect(json).toEqual(users.map(({ id }) => ({ role: 'authenticated', uid: id })));
	});
});

test.each([
	['in their order', {}, 1],
	['side by side where the person says so', { options: { itemsAtOnce: 5 } }, 5],
])('many items are called %s', async (_, options, width) => {
	const requests = await requestsOf(async () => {
		const { json, output } = await bench.succeed(
			call('add', {
				argumentsFrom: 'json',
				argumentJson: '={{ { a: $json.n, b: 1 } }}',
				...options,
			}),
			{ items: range(60).map((n) => ({ n })) },
		);
		expect(json).toEqual(range(60).map((n) => ({ result: n + 1 })));
		expect(origins(output)).toEqual(range(60));
	});
	expect(requests).toHaveLength(60);
	const most = Math.max(...requests.map(({ concurrent }) => concurrent));
	expect(most > 1).toBe(width > 1);
	expect(most).toBeLessThanOrEqual(width);
});

describe('in the editor', () => {
	const open = (parameters: INodeParameters): OpenNode => ({
		type: NODE,
		parameters: { resource: 'function', operation: 'call', ...parameters },
		credentials: {
			[CREDENTIAL]: {
				url: bench.place.url,
				publishableKey: bench.place.publishableKey,
				secretKey: bench.place.secretKey,
			},
		},
	});

	test('functions are listed, of the schema that is chosen', async () => {
		const { packs } = bench.engine;
		const all = await listSearch(packs, 'searchFunctions', open({ schema: named('public') }));
		const names = all.results.map(({ value }) => value);
		expect(names).toEqual(expect.arrayContaining(['hello_world', 'add', 'who_am_i']));
		expect(names).not.toContain('my_function');
		const found = await listSearch(packs, 'searchFunctions', open({ schema: named('public') }), {
			filter: 'STORED',
		});
		expect(found.results.map(({ name }) => name).sort()).toEqual([
			'list_stored_countries',
			'list_stored_planets',
		]);
		const other = await listSearch(packs, 'searchFunctions', open({ schema: named('myschema') }));
		expect(other.results.map(({ value }) => value)).toEqual(['my_function']);
	});

	const shape = async (name: string) => {
		const parameters = { schema: named('public'), function: named(name) };
		const { fields } = await resourceMapping(
			bench.engine.packs,
			'getArgumentFields',
			open(parameters),
		);
		return fields.map(({ id, type, required }) => [id, type, required]);
	};

	test.each<[string, unknown[]]>([
		[
			'add',
			[
				['a', 'number', true],
				['b', 'number', false],
			],
		],
		['add_one_each', [['arr', 'array', true]]],
		['echo', [['say', 'string', true]]],
		['raise_error', [['message', 'string', false]]],
		['wait', [['seconds', 'number', true]]],
		['do_nothing', []],
		['no_such_function', []],
	])('the arguments of %s', async (name, expected) => {
		expect(await shape(name)).toEqual(expected);
	});

	test('JSON and booleans', async () => {
		const name = await define(
			'fields',
			'(data jsonb, ok boolean, at timestamptz, big bigint) returns void language sql as $$ $$',
		);
		expect(await shape(name)).toEqual([
			['at', 'string', true],
			['big', 'string', true],
			['data', 'string', true],
			['ok', 'options', true],
		]);
	});
});
