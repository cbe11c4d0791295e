import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { insert, openBench, where } from './database-helpers';
import { call, rowOf, update, upsert } from './database-operations';

const bench = openBench();

const schema = [
	'id (integer)',
	'n (integer)',
	'note (text)',
	'data (jsonb)',
	'at (timestamptz)',
].map((displayName) => ({
	id: displayName.split(' ')[0],
	displayName,
	type: displayName.includes('integer') ? 'number' : 'string',
	required: false,
	display: true,
	defaultMatch: false,
	canBeUsedToMatch: false,
}));

function mapped(value: IDataObject, parameter = 'columns'): INodeParameters {
	return { [parameter]: { mappingMode: 'defineBelow', value, schema } } as INodeParameters;
}

const things = async () =>
	await bench.createTable(
		"id int primary key, n int default 5, note text default 'none', data jsonb, at timestamptz",
	);

const rowsOf = async (table: string) =>
	await bench.sql(`select id, n, note, data, at::text from "${table}" order by id`);

describe('a field that is mapped by hand', () => {
	test('left empty takes the default, null from an expression is NULL, nothing is left out', async () => {
		const table = await things();
		const value = { id: '={{ $json.id }}', n: null, note: '={{ $json.note }}' };
		await bench.succeed(insert(table, mapped(value)), {
			items: [{ id: 1, note: 'a' }, { id: 2, note: null }, { id: 3 }],
		});
		expect((await rowsOf(table)).map(({ n, note }) => [n, note])).toEqual([
			[5, 'a'],
			[5, null],
			[5, 'none'],
		]);
	});

	test('sets NULL in an update', async () => {
		const table = await things();
		await bench.sql(`insert into "${table}" (id, note) values (1, 'x')`);
		const parameters = {
			...where(['id', 'eq', '1']),
			...mapped({ note: '={{ null }}' }, 'changes'),
		};
		await bench.succeed(update(table, parameters));
		expect(await rowsOf(table)).toMatchObject([{ id: 1, n: 5, note: null }]);
	});

	test('of JSON takes objects, lists and scalars, typed or from an expression', async () => {
		const table = await things();
		const typed = ['{"a": [1]}', '[1, "b"]', '5', 'true', '"text"', 'a word'];
		for (const [id, data] of typed.entries()) {
			await bench.succeed(insert(table, mapped({ id, data })));
		}
		const given = { id: '={{ $json.id }}', data: '={{ $json.data }}' };
		await bench.succeed(insert(table, mapped(given)), {
			items: [
				{ id: 10, data: { a: 1 } },
				{ id: 11, data: [1, [2]] },
				{ id: 12, data: 7 },
				{ id: 13, data: false },
			],
		});
		expect((await rowsOf(table)).map(({ data }) => data)).toEqual([
			{ a: [1] },
			[1, 'b'],
			5,
			true,
			'text',
			'a word',
			{ a: 1 },
			[1, [2]],
			7,
			false,
		]);
	});

	test('of a time keeps microseconds, zone and infinity, and takes dates of n8n', async () => {
		const table = await things();
		const times = [
			'2026-01-02T10:00:00.123456+02:00',
			'infinity',
			'={{ DateTime.fromISO("2026-01-02T10:00:00.5Z") }}',
			'={{ new Date("2026-01-02T10:00:00Z") }}',
		];
		for (const [id, at] of times.entries()) {
			await bench.succeed(insert(table, mapped({ id, at })));
		}
		expect((await rowsOf(table)).map(({ at }) => at)).toEqual([
			'2026-01-02 08:00:00.123456+00',
			'infinity',
			'2026-01-02 10:00:00.5+00',
			'2026-01-02 10:00:00+00',
		]);
	});
});

test('a field that an expression names is what the same expression gives that n8n evaluates', async () => {
	const items = [
		{ v: 'a' },
		{ v: 1.5 },
		{ v: '7' },
		{ v: true },
		{ v: null },
		{},
		{ v: { a: [1, null] } },
		{ v: [1, 'b'] },
		{ v: '' },
		{ v: '={{ 1 }}' },
	].map((item, id) => ({ id, ...item, deep: { 'odd name': item.v ?? null } }));
	const written = async (value: IDataObject) => {
		const table = await things();
		await bench.succeed(insert(table, mapped({ id: '={{ $json.id }}', ...value })), { items });
		return await rowsOf(table);
	};
	const [named, evaluated] = [
		await written({ note: '={{ $json.v }}', data: '={{ $json.deep["odd name"] }}' }),
		await written({ note: '={{ ($json.v) }}', data: '={{ ($json.deep["odd name"]) }}' }),
	];
	expect(named).toHaveLength(items.length);
	expect(named).toEqual(evaluated);
});

test('a value that its column does not take is refused by n8n, whose item it is', async () => {
	const table = await things();
	const value = { id: '={{ $json.id }}', n: '={{ $json.n }}' };
	const items = [
		{ id: 1, n: 1 },
		{ id: 2, n: '2' },
		{ id: 3, n: 'many' },
	];
	const { said } = await bench.run(insert(table, mapped(value)), { items });
	expect(said.message).toContain("Invalid input for 'n' [item 2]");
	expect(await rowsOf(table)).toEqual([]);
	await bench.succeed(insert(table, mapped(value)), { items: items.slice(0, 2) });
	expect((await rowsOf(table)).map(({ n }) => n)).toEqual([1, 2]);
});

test('a column of any name is mapped', async () => {
	const names = ['a.b', 'c "d"', "e'f", 'g[0]', 'h\\i', 'j\nk'];
	const columns = names.map((name) => `"${name.replaceAll('"', '""')}" text`);
	const table = await bench.createTable(`id int primary key, ${columns.join(', ')}`);
	const all = (expression: string) => Object.fromEntries(names.map((name) => [name, expression]));
	const items = [{ id: 1, v: 'a' }];
	const { json } = await bench.succeed(
		insert(table, mapped({ id: '={{ $json.id }}', ...all('={{ $json.v + "b" }}') })),
		{ items },
	);
	expect(json).toEqual([{ id: 1, ...all('ab') }]);
});

test('what an expression does not give resets no column', async () => {
	const table = await things();
	await bench.sql(`insert into "${table}" (id, note) values (1, 'x')`);
	await bench.succeed(
		upsert(table, rowOf('={{ { id: $json.id, n: $json.n, note: $json.missing } }}')),
		{ items: [{ id: 1, n: 7 }] },
	);
	expect(await rowsOf(table)).toMatchObject([{ id: 1, n: 7, note: 'x' }]);
});

test('a null for an argument of a function is sent, an empty field is not', async () => {
	const name = `said_${Date.now()}`;
	await bench.define(
		`create function public."${name}"(a text default 'none', b text default 'none') returns text
			language sql as $$ select coalesce(a, 'NULL') || ' ' || coalesce(b, 'NULL') $$`,
	);
	const { json } = await bench.succeed(
		call(name, mapped({ a: '={{ null }}', b: null }, 'arguments')),
	);
	await bench.define(`drop function public."${name}"`);
	expect(json).toEqual([{ result: 'NULL none' }]);
});
