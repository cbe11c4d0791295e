import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	named,
	openBench,
	orderBy,
	origins,
	range,
	select,
	startServer,
	where,
} from './database-helpers';
import { args, call } from './database-operations';

const ROWS = 2_345;
const mark = `reads_${process.pid}`;
const functions = ['many', 'values', 'list', 'sum', 'none'];

// Before the bench's own, which closes the connection.
afterAll(async () => {
	for (const name of functions) await bench.sql(`drop function "${mark}_${name}"`);
});

const bench = openBench();
const all = { returnAll: true };
const get: INodeParameters = { callAs: 'GET' };
let things: string;

beforeAll(async () => {
	things = await bench.createTable('id int primary key, parity int, note text, data jsonb');
	await bench.sql(
		`insert into "${things}" select n, n % 2, case when n % 3 > 0 then 'n' || n end, '{"a":[1]}'
			from generate_series(1, ${ROWS}) n`,
	);
	const define = (name: string, rest: string) => `create function "${mark}_${name}"${rest};`;
	await bench.define(
		[
			define(
				'many',
				`(n int default ${ROWS}) returns table (id int, name text) language sql stable as
				$$ select i, 'n' || i from generate_series(1, n) i $$`,
			),
			define(
				'values',
				'(n int) returns setof int language sql stable as $$ select generate_series(1, n) $$',
			),
			define(
				'list',
				'(n int) returns int[] language sql stable as $$ select array(select generate_series(1, n)) $$',
			),
			define(
				'sum',
				'(variadic list int[]) returns bigint language sql stable as $$ select sum(n) from unnest(list) n $$',
			),
			define('none', '() returns setof int language sql stable as $$ select 1 where false $$'),
		].join('\n'),
	);
});

const f = (name: string, parameters: INodeParameters = {}) => call(`${mark}_${name}`, parameters);
const linesOf = (json: IDataObject[]) => (json[0]?.csv as string).replace(/\n$/, '').split('\n');

async function pathsDuring(table: string, act: () => Promise<unknown>): Promise<string[]> {
	const { requests } = await bench.requestsDuring(table, act);
	return requests.map(({ path }) => decodeURIComponent(path));
}

describe('CSV', () => {
	test.each([
		['in an order that leaves ties', orderBy('parity')],
		['in no order', {}],
	])('of many pages has every line once, %s', async (_, order) => {
		const { json, hints } = await bench.succeed(
			select(things, { ...all, ...order, return: 'csv', columnsMode: 'list', columnList: ['id'] }),
		);
		const [names, ...lines] = linesOf(json);
		expect(names).toBe('id');
		expect(lines).toHaveLength(ROWS);
		expect(new Set(lines).size).toBe(ROWS);
		expect(hints).toEqual([]);
	});

	test('of one column keeps its empty lines', async () => {
		const { json } = await bench.succeed(
			select(things, { ...all, return: 'csv', columnsMode: 'list', columnList: ['note'] }),
		);
		const [, ...lines] = linesOf(json);
		expect(lines).toEqual(range(ROWS).map((n) => ((n + 1) % 3 > 0 ? `n${n + 1}` : '')));
	});

	test('up to a limit', async () => {
		const { json } = await bench.succeed(
			select(things, {
				return: 'csv',
				limit: 3,
				...orderBy('id'),
				columnsMode: 'list',
				columnList: ['id'],
			}),
		);
		expect(linesOf(json)).toEqual(['id', '1', '2', '3']);
	});
});

describe('a limit that is filled', () => {
	test('takes one request, without a count and without the description', async () => {
		const table = await bench.createTable('id int primary key');
		await bench.sql(`insert into "${table}" select generate_series(1, 60)`);
		const { requests } = await bench.requestsDuring('', () =>
			bench.succeed(select(table, orderBy('id'))),
		);
		expect(requests).toHaveLength(1);
		expect(requests[0]?.headers.prefer).toBeUndefined();
	});
});

test('the row cap may be lowered while the node is in use', async () => {
	await bench.succeed(select(things, all));
	try {
		await bench.control.setMaxRows(150);
		const { json } = await bench.succeed(select(things, all));
		expect(json).toHaveLength(ROWS);
		const { json: some } = await bench.succeed(select(things, { limit: 400 }));
		expect(some).toHaveLength(400);
	} finally {
		await bench.control.setMaxRows(1000);
	}
});

describe('aggregates', () => {
	const expression = (columnExpression: string) => ({
		columnsMode: 'expression',
		columnExpression,
	});

	test.each<[string, INodeParameters, unknown[]]>([
		['count', {}, [{ count: ROWS }]],
		['count()', all, [{ count: ROWS }]],
		['count', all, [{ count: ROWS }]],
		['id.max()', all, [{ max: ROWS }]],
	])('%s %j', async (columns, parameters, expected) => {
		const { json } = await bench.succeed(select(things, { ...parameters, ...expression(columns) }));
		expect(json).toEqual(expected);
	});

	test('in groups', async () => {
		const { json } = await bench.succeed(
			select(things, { ...all, ...expression('parity,count()'), ...orderBy('parity') }),
		);
		expect(json).toEqual([
			{ parity: 0, count: Math.floor(ROWS / 2) },
			{ parity: 1, count: Math.ceil(ROWS / 2) },
		]);
	});
});

describe('from the beginning', () => {
	test.each([0, '0', '={{ "0" }}'])('offset %j', async (offset) => {
		const { json } = await bench.succeed(
			select(things, { limit: 1, ...orderBy('id'), options: { offset } }),
		);
		expect(json).toMatchObject([{ id: 1 }]);
	});

	test.each(['={{ $json.none }}', 'x', -1, 1.5])('offset %j is refused', async (offset) => {
		const { said } = await bench.run(select(things, { options: { offset } }));
		expect(said.message).toContain('Offset');
	});

	test('offset 0 of a related table', async () => {
		const { json } = await bench.succeed(
			select('countries', {
				columnsMode: 'expression',
				columnExpression: 'name, cities(name)',
				...where(['id', 'eq', '4']),
				options: {
					relations: {
						relation: [{ relation: 'cities', column: 'name', limit: '1', offset: '0' }],
					},
				},
			}),
		);
		expect(json).toEqual([{ name: 'United Kingdom', cities: [{ name: 'London' }] }]);
	});
});

test.each(['single', 'maybeSingle'])('%s: the first of several', async (form) => {
	const latest = { column: named('id'), direction: 'desc', nulls: 'default' };
	const { json } = await bench.succeed(
		select(things, { return: form, severalRows: 'first', ...orderBy(latest) }),
	);
	expect(json).toMatchObject([{ id: ROWS }]);
});

describe('a list that is too long for one address', () => {
	const values = range(2000).map((n) => n + 1);
	const long = (...extra: number[]) => where(['id', 'in', JSON.stringify([...values, ...extra])]);

	test('is counted in parts', async () => {
		const { json } = await bench.succeed(select(things, { return: 'count', ...long() }));
		expect(json).toEqual([{ count: values.length }]);
	});

	test('gives one CSV', async () => {
		const { json } = await bench.succeed(
			select(things, { ...all, return: 'csv', ...long(), columnsMode: 'list', columnList: ['id'] }),
		);
		expect(linesOf(json)).toHaveLength(values.length + 1);
	});

	test('finds one row, and says when there are more', async () => {
		const one = where(['id', 'in', JSON.stringify(values.map((n) => (n === 7 ? n : n + 100_000)))]);
		const { json } = await bench.succeed(select(things, { return: 'single', ...one }));
		expect(json).toMatchObject([{ id: 7 }]);
		for (const form of ['single', 'maybeSingle']) {
			const { error } = await bench.run(select(things, { return: form, ...long() }));
			expect(error?.message).toMatch(/one row|more than one/i);
		}
	});
});

describe('what is said', () => {
	test('of a table that there is not, also where only a count was asked', async () => {
		const { said } = await bench.run(select('no_such_table', { return: 'count' }));
		expect(`${said.message} ${said.description}`).toContain('no_such_table');
	});

	test('of a select expression with a mistake: nothing that the person did not write', async () => {
		const { said } = await bench.run(
			select(things, { ...all, columnsMode: 'expression', columnExpression: 'id,nothing' }),
		);
		expect(`${said.message} ${said.description}`).toContain('nothing');
		expect(`${said.message} ${said.description}`).not.toContain('n8n_key');
	});

	test('of an empty result', async () => {
		const none = where(['id', 'lt', '0']);
		const hintsOf = async (parameters: INodeParameters) =>
			(await bench.succeed(select(things, { ...none, ...parameters }))).hints;
		const met = [`No row of ${things} met the filters.`];
		expect(await hintsOf({})).toEqual(met);
		expect(await hintsOf({ return: 'csv' })).toEqual(met);
		expect(await hintsOf({ return: 'maybeSingle' })).toEqual(met);
		expect(await hintsOf({ return: 'maybeSingle', noRow: 'item' })).toEqual([]);
		expect(await hintsOf({ return: 'count' })).toEqual([]);
	});

	test('of items that all asked for the same, each of which gets rows of its own', async () => {
		const { output, hints } = await bench.succeed(select(things, { limit: 1, ...orderBy('id') }), {
			items: [{}, {}, {}],
		});
		expect(hints).toEqual([expect.stringMatching(/^All 3 items asked for the same/)]);
		expect(origins(output)).toEqual([0, 1, 2]);
		expect(new Set(output.map(({ json }) => json.data)).size).toBe(3);
	});
});

describe('a function', () => {
	test('that gives more rows than the cap: all of them, where it is called read-only', async () => {
		const { json, hints } = await bench.succeed(f('many', { ...get, ...orderBy('id') }));
		expect(json.map(({ id }) => id)).toEqual(range(ROWS).map((n) => n + 1));
		expect(hints).toEqual([]);
	});

	test('or as many as are wanted', async () => {
		const { json } = await bench.succeed(
			f('many', { ...get, ...orderBy('id'), returnAll: false, limit: 1500 }),
		);
		expect(json).toHaveLength(1500);
		const { json: older } = await bench.succeed(f('many', { ...get, options: { maxRows: 3 } }));
		expect(older).toHaveLength(3);
	});

	test('with their count, or as CSV', async () => {
		const counted = await bench.succeed(
			f('many', { ...get, return: 'rowsWithCount', ...orderBy('id') }),
		);
		expect(counted.json[0]?.count).toBe(ROWS);
		expect(counted.json[0]?.rows).toHaveLength(ROWS);
		const { json } = await bench.succeed(f('many', { ...get, return: 'csv', ...orderBy('id') }));
		expect(linesOf(json)).toHaveLength(ROWS + 1);
	});

	test('is cut where it may write, and a hint says so', async () => {
		const { json, hints } = await bench.succeed(f('many'));
		expect(json).toHaveLength(1000);
		expect(hints).toEqual([expect.stringContaining('Call it Read-Only')]);
		const few = await bench.succeed(f('many', { ...args({ n: 3 }) }));
		expect([few.json.length, few.hints]).toEqual([3, []]);
		const limited = await bench.succeed(f('many', { returnAll: false, limit: 5 }));
		expect([limited.json.length, limited.hints]).toEqual([5, []]);
	});

	test('is counted by POST without its rows', async () => {
		const paths = await pathsDuring('rpc', async () => {
			const { json } = await bench.succeed(f('many', { return: 'count' }));
			expect(json).toEqual([{ count: ROWS }]);
		});
		expect(paths).toEqual([expect.stringContaining('limit=1')]);
	});

	test.each<[string, INodeParameters]>([
		['POST', {}],
		['GET', get],
	])('gives an item for each value of a set, by %s', async (_, as) => {
		const { json } = await bench.succeed(f('values', { ...as, ...args({ n: 3 }) }));
		expect(json).toEqual([{ result: 1 }, { result: 2 }, { result: 3 }]);
		const { json: list } = await bench.succeed(f('list', { ...as, ...args({ n: 3 }) }));
		expect(list).toEqual([{ result: [1, 2, 3] }]);
	});

	test('that gives one value in a list: an array, unless it is said to be a set', async () => {
		const one = args({ n: 1 });
		const unclear = await bench.succeed(f('list', one));
		expect(unclear.json).toEqual([{ result: [1] }]);
		expect(unclear.hints).toEqual([expect.stringContaining('set List Is')]);
		const set = await bench.succeed(f('values', { ...one, options: { listIs: 'set' } }));
		expect([set.json, set.hints]).toEqual([[{ result: 1 }], []]);
		const array = await bench.succeed(f('list', { ...one, options: { listIs: 'array' } }));
		expect([array.json, array.hints]).toEqual([[{ result: [1] }], []]);
	});

	test.each<[string, INodeParameters]>([
		['POST', {}],
		['GET', get],
	])('takes any number of values, by %s', async (_, as) => {
		const { json } = await bench.succeed(f('sum', { ...as, ...args({ list: [1, 2, 3] }) }));
		expect(json).toEqual([{ result: 6 }]);
	});

	test('also where the project does not tell which argument does', async () => {
		const { json } = await bench.succeed(
			f('sum', {
				...get,
				...args({ list: [1, 2, 3] }),
				runAs: 'anonymous',
				options: { variadic: 'list' },
			}),
			{ credential: { secretKey: '' } },
		);
		expect(json).toEqual([{ result: 6 }]);
	});

	// The local REST server rounds what functions give, so another answers as PostgREST does.
	test.each<[string, INodeParameters]>([
		['POST', {}],
		['GET', get],
	])('gives exact numbers, by %s', async (_, as) => {
		const server = await startServer(({ url = '' }, response) => {
			const isBehind = url.includes('offset=');
			response.writeHead(200, {
				'content-type': 'application/json',
				'content-range': isBehind ? '*/*' : '0-0/*',
			});
			response.end(isBehind ? '[]' : '[{"id":9007199254740993,"ids":[1, 9007199254740995]}]');
		});
		try {
			const { json } = await bench.succeed(
				f('big', { ...as, options: { exactNumbers: true, listIs: 'set' } }),
				{ credential: { url: server.url } },
			);
			expect(json).toEqual([{ id: '9007199254740993', ids: [1, '9007199254740995'] }]);
		} finally {
			await server.close();
		}
	});

	test('that gives no rows says so', async () => {
		const { json, hints } = await bench.succeed(f('none'));
		expect([json, hints]).toEqual([[], [`The function ${mark}_none gave no rows.`]]);
	});
});

test('exact numbers of a table, lists of them too', async () => {
	const table = await bench.createTable('id bigint primary key, ids bigint[], price numeric');
	await bench.sql(`insert into "${table}" values (9007199254740993, '{9007199254740995}', 0.1)`);
	const { json } = await bench.succeed(select(table, { options: { exactNumbers: true } }));
	expect(json).toEqual([{ id: '9007199254740993', ids: ['9007199254740995'], price: '0.1' }]);
});
