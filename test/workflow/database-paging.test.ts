import { startStackChild } from '../stack/child';
import {
	expectSame,
	insert,
	openBench,
	orderBy,
	origins,
	range,
	select,
	until,
	where,
} from './database-helpers';

const ROWS = 2_345;
const all = { returnAll: true };

/** Supabase's own row cap, and one that a person has lowered: on a stack of its own, as it is the server's. */
const caps = [
	{ cap: 1000, bench: openBench() },
	{
		cap: 50,
		bench: openBench(async () => await startStackChild(['--max-rows=50'])),
	},
];

describe.each(caps)('with a row cap of $cap', ({ cap, bench }) => {
	const pages = Math.ceil(ROWS / cap);
	/** Enough for several pages, where all rows of the first test are not needed. */
	const some = cap + 200;

	test('Return All gives all rows once', async () => {
		const table = await bench.createTable('id int primary key, name text');
		await bench.sql(`insert into "${table}" select n, 'n' || n from generate_series(1, ${ROWS}) n`);
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(select(table, all)),
		);
		expectSame(
			result.json.map(({ id }) => id),
			range(ROWS).map((n) => n + 1),
		);
		expect(result.hints).toEqual([]);
		expect(requests.length).toBeGreaterThanOrEqual(pages);
		expect(requests.length).toBeLessThanOrEqual(pages + 1);
	});

	test('also while another client inserts and deletes rows between the pages', async () => {
		const table = await bench.createTable('id int primary key, name text');
		// Rows with an even key stay; those with an odd one come and go.
		await bench.sql(`insert into "${table}" select n, '' from generate_series(1, ${2 * ROWS}) n`);
		await bench.sql(`delete from "${table}" where id % 4 = 3`);
		await bench.fault(table, { contains: 'id=gt.', times: 2, action: { kind: 'delay', ms: 150 } });
		const second = async () =>
			(await bench.control.requests(`/rest/v1/${table}`)).some(({ path }) =>
				path.includes('id=gt.'),
			);
		const reading = bench.succeed(select(table, all));
		await until(second);
		await bench.sql(
			`insert into "${table}" select n, '' from generate_series(3, ${2 * ROWS}, 4) n`,
		);
		await bench.sql(`delete from "${table}" where id % 4 = 1`);
		const ids = (await reading).json.map(({ id }) => id as number);
		expect(new Set(ids).size).toBe(ids.length);
		expectSame(
			ids.filter((id) => id % 2 === 0),
			range(ROWS).map((n) => 2 * n + 2),
		);
		expect(ids.some((id) => id % 4 === 3)).toBe(true);
	});

	test('also for a key of two columns, with awkward text in it', async () => {
		const table = await bench.createTable('shop text, no int, primary key (shop, no)');
		await bench.sql(
			`insert into "${table}" select shop, n
				from unnest(array['a,b', '(c)', 'd:e', 'f.g', ' h ', '{i}', 'ö']) shop,
				generate_series(1, $1::int) n`,
			[Math.ceil(ROWS / 7)],
		);
		const { json } = await bench.succeed(select(table, all));
		const expected = await bench.sql(`select shop, no from "${table}" order by shop, no`);
		expectSame(json, expected);
	});

	test('also where the columns leave the key out, which is not in the output then', async () => {
		const table = await bench.createTable('id int primary key, name text');
		await bench.sql(`insert into "${table}" select n, 'n' || n from generate_series(1, ${some}) n`);
		const { json } = await bench.succeed(
			select(table, { ...all, columnsMode: 'list', columnList: ['name'] }),
		);
		expectSame(
			json,
			range(some).map((n) => ({ name: `n${n + 1}` })),
		);
	});

	// Under another name the key is not paged by: the local REST server rounds it in a filter.
	test('also for keys beyond 2^53, as text', async () => {
		const table = await bench.createTable('id bigint primary key');
		await bench.sql(
			`insert into "${table}" select 9007199254740993 + n from generate_series(1, ${some}) n`,
		);
		const { json } = await bench.succeed(
			select(table, { ...all, columnsMode: 'expression', columnExpression: 'key:id::text' }),
		);
		expectSame(
			json,
			range(some).map((n) => ({ key: String(9_007_199_254_740_994n + BigInt(n)) })),
		);
		const { json: rounded } = await bench.succeed(select(table, all));
		expect(rounded).toHaveLength(some);
	});

	test('without a key, by the order that was given', async () => {
		const table = await bench.createTable('n int, name text');
		await bench.sql(`insert into "${table}" select n, '' from generate_series(1, ${some}) n`);
		const { json, hints } = await bench.succeed(select(table, { ...all, ...orderBy('n') }));
		expectSame(
			json.map(({ n }) => n),
			range(some).map((n) => n + 1),
		);
		expect(hints).toEqual([]);
	});

	test('without a key and an order: a hint', async () => {
		const table = await bench.createTable('n int');
		await bench.sql(`insert into "${table}" select generate_series(1, ${some})`);
		const { json, hints } = await bench.succeed(select(table, all));
		expect(json).toHaveLength(some);
		expect(hints).toEqual([expect.stringContaining('Add an Order on a unique column')]);
	});

	test('a view, which has no key', async () => {
		const table = await bench.createTable('id int primary key');
		await bench.sql(`insert into "${table}" select generate_series(1, ${some})`);
		await bench.define(`create view public."${table}_view" as select id as no from "${table}"`);
		const { json, hints } = await bench.succeed(
			select(`${table}_view`, { ...all, ...orderBy('no') }),
		);
		expectSame(
			json.map(({ no }) => no),
			range(some).map((n) => n + 1),
		);
		expect(hints).toEqual([]);
	});

	test('ties of the order are broken by the key, so that no row is lost or doubled', async () => {
		const table = await bench.createTable('id int primary key, parity int');
		await bench.sql(`insert into "${table}" select n, n % 2 from generate_series(1, ${some}) n`);
		const { json } = await bench.succeed(select(table, { ...all, ...orderBy('parity') }));
		expectSame(
			json.map(({ id }) => id),
			[...range(some / 2).map((n) => 2 * n + 2), ...range(some / 2).map((n) => 2 * n + 1)],
		);
	});

	test('a limit above the cap is reached', async () => {
		const table = await bench.createTable('id int primary key');
		await bench.sql(`insert into "${table}" select generate_series(1, 300)`);
		const { json } = await bench.succeed(select(table, { limit: 120, ...where(['id', 'gt', 7]) }));
		expectSame(
			json.map(({ id }) => id),
			range(120).map((n) => n + 8),
		);
	});

	test('zero rows take one request', async () => {
		const table = await bench.createTable('id int primary key');
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(select(table, all)),
		);
		expect(result.json).toEqual([]);
		expect(requests).toHaveLength(1);
	});

	test('an insert of more rows than come back still pairs them, and says so', async () => {
		const table = await bench.createTable('id int generated always as identity, name text');
		const items = range(cap + 20).map((n) => ({ name: `n${n}` }));
		const { json, output, values, hints } = await bench.succeed(
			insert(table, { options: { chunkRows: cap + 20 } }),
			{ items, after: "={{ $('Start').item.json.name }}" },
		);
		expectSame(
			json.slice(0, cap),
			range(cap).map((n) => ({ id: n + 1, name: `n${n}` })),
		);
		expectSame(json.slice(cap), items.slice(cap));
		expectSame(origins(output), range(cap + 20));
		expectSame(
			values,
			items.map(({ name }) => name),
		);
		expect(hints).toEqual([expect.stringContaining('Lower Rows per Request to that cap')]);
		expect(await bench.count(table)).toBe(cap + 20);
	});

	test('an insert in requests of the cap gives every row back', async () => {
		const table = await bench.createTable('id int generated always as identity, name text');
		const items = range(120).map((n) => ({ name: `n${n}` }));
		const { json, hints } = await bench.succeed(
			insert(table, { options: { chunkRows: Math.min(cap, 50) } }),
			{ items },
		);
		expectSame(
			json,
			range(120).map((n) => ({ id: n + 1, name: `n${n}` })),
		);
		expect(hints).toEqual([]);
	});
});
