import type { INodeParameters } from 'n8n-workflow';

import { createUser } from '../stack/users';
import {
	continueError,
	continueRegular,
	expectSame,
	openBench,
	origins,
	range,
	where,
} from './database-helpers';
import { rowOf, upsert } from './database-operations';

const bench = openBench();
const ignore: INodeParameters = { resolution: 'ignore-duplicates' };

let people: string;

beforeAll(async () => {
	people = await bench.createTable(
		'id int primary key, email text unique, name text, age int check (age < 150)',
	);
});

/** Ada and Blaise, with the keys 1 and 2. */
async function two(): Promise<string> {
	await bench.sql(`truncate "${people}"`);
	await bench.sql(
		`insert into "${people}" values (1, 'ada@b.c', 'Ada', 36), (2, 'blaise@b.c', 'Blaise', 39)`,
	);
	return people;
}

async function rowsOf(table: string): Promise<unknown[]> {
	return await bench.sql(`select * from "${table}" order by id`);
}

const ada = { id: 1, email: 'ada@b.c', name: 'Ada', age: 36 };
const blaise = { id: 2, email: 'blaise@b.c', name: 'Blaise', age: 39 };

describe('merge', () => {
	test('rows that exist are changed, others are inserted, and each pairs with its item', async () => {
		const table = await two();
		const items = [
			{ id: 3, name: 'Carl' },
			{ id: 1, name: 'Augusta' },
		];
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table), { items, after: "={{ $('Start').item.json.name }}" }),
		);
		expect(requests).toHaveLength(1);
		expect(result.json).toEqual([
			{ id: 3, email: null, name: 'Carl', age: null },
			{ ...ada, name: 'Augusta' },
		]);
		expect(result.values).toEqual(['Carl', 'Augusta']);
		expect(await rowsOf(table)).toEqual([
			{ ...ada, name: 'Augusta' },
			blaise,
			{ id: 3, email: null, name: 'Carl', age: null },
		]);
	});

	test('a column that no item gives stays as it is', async () => {
		const table = await two();
		await bench.succeed(upsert(table), { items: [{ id: 1, age: 37 }] });
		expect(await rowsOf(table)).toEqual([{ ...ada, age: 37 }, blaise]);
	});

	test('by another unique column', async () => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table, { keyColumns: ['email'] }), {
				items: [{ id: 2, email: 'blaise@b.c', name: 'B. Pascal' }],
			}),
		);
		expect(requests[0]?.path).toContain('on_conflict=email');
		expect(result.json).toEqual([{ ...blaise, name: 'B. Pascal' }]);
	});

	test('by a unique constraint of two columns', async () => {
		const table = await bench.createTable('"Shop" text, no int, stock int, unique ("Shop", no)');
		await bench.sql(`insert into "${table}" values ('a, b', 1, 5)`);
		const { json } = await bench.succeed(upsert(table, { keyColumns: ['Shop', 'no'] }), {
			items: [
				{ Shop: 'a, b', no: 1, stock: 6 },
				{ Shop: 'a, b', no: 2, stock: 7 },
			],
		});
		expect(json.map(({ stock }) => stock)).toEqual([6, 7]);
		expect(await bench.sql(`select no, stock from "${table}" order by no`)).toEqual([
			{ no: 1, stock: 6 },
			{ no: 2, stock: 7 },
		]);
	});

	test('columns that no unique constraint has are told', async () => {
		const { said } = await bench.run(upsert(await two(), { keyColumns: ['name'] }), {
			items: [{ id: 5, name: 'Ada' }],
		});
		expect(said.message).toMatch(/^No unique constraint consists of the columns to match on/);
	});

	test.each([
		['take their default', {}],
		['become NULL', { missing: 'null' }],
	])('columns that an item leaves out stay as they are: %s', async (_, options) => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table, { options }), {
				items: [
					{ id: 1, name: 'A' },
					{ id: 2, age: 3 },
					{ id: 3, name: 'C' },
				],
			}),
		);
		expect(requests.map(({ path }) => decodeURIComponent(path))).toEqual([
			expect.stringContaining('columns="id","name"&'),
			expect.stringContaining('columns="id","age"&'),
		]);
		const rows = [
			{ ...ada, name: 'A' },
			{ ...blaise, age: 3 },
			{ id: 3, email: null, name: 'C', age: null },
		];
		expect(result.json).toEqual(rows);
		expect(await rowsOf(table)).toEqual(rows);
	});

	test('with Return Nothing each item says that it was written', async () => {
		const table = await two();
		const { json, hints } = await bench.succeed(
			upsert(table, { options: { returning: 'minimal' } }),
			{
				items: [
					{ id: 1, name: 'A' },
					{ id: 3, name: 'C' },
				],
			},
		);
		expect(json).toEqual([{ success: true }, { success: true }]);
		expect(hints).toEqual([]);
		expect(await bench.count(table)).toBe(3);
	});

	test('chosen columns, without the key, still pair', async () => {
		const table = await two();
		const { json, output } = await bench.succeed(
			upsert(table, { options: { returnColumns: 'name' } }),
			{
				items: [
					{ id: 9, name: 'I' },
					{ id: 1, name: 'A' },
				],
			},
		);
		expect(json).toEqual([{ name: 'I' }, { name: 'A' }]);
		expect(origins(output)).toEqual([0, 1]);
	});

	test('rows of others are refused by policies, and the own one is changed', async () => {
		const user = await createUser(bench.place);
		const table = await bench.createTable(
			'id int primary key, owner uuid default auth.uid(), n int',
		);
		await bench.define(
			`alter table "${table}" enable row level security;
			create policy own on "${table}" to authenticated
				using (owner = auth.uid()) with check (owner = auth.uid())`,
		);
		await bench.sql(`insert into "${table}" values (1, $1), (2, gen_random_uuid())`, [user.id]);
		const { json } = await bench.succeed(
			upsert(table, { runAs: 'user', accessToken: user.accessToken }, continueRegular),
			{ items: [1, 2].map((id) => ({ id, owner: user.id, n: 5 })) },
		);
		expect(json).toEqual([
			{ id: 1, owner: user.id, n: 5 },
			expect.objectContaining({ error: expect.stringContaining('No policy of table') }),
		]);
		expect(await bench.sql(`select n from "${table}" order by id`)).toEqual([
			{ n: 5 },
			{ n: null },
		]);
	});
});

describe('ignore', () => {
	test('rows that exist stay as they are, and the results pair with the new items', async () => {
		const table = await two();
		const items = [
			{ id: 1, name: 'X' },
			{ id: 3, name: 'Carl' },
			{ id: 2, name: 'Y' },
			{ id: 4, name: 'Dora' },
		];
		const { json, values, output, hints } = await bench.succeed(upsert(table, ignore), {
			items,
			after: "={{ $('Start').item.json.name }}",
		});
		expect(json.map(({ id, name }) => [id, name])).toEqual([
			[3, 'Carl'],
			[4, 'Dora'],
		]);
		expect(origins(output)).toEqual([1, 3]);
		expect(values).toEqual(['Carl', 'Dora']);
		expect(hints).toEqual([expect.stringMatching(/^2 of the rows existed already/)]);
		expect((await rowsOf(table)).slice(0, 2)).toEqual([ada, blaise]);
	});

	test('also where the columns to return leave the key out', async () => {
		const table = await two();
		const { json, output } = await bench.succeed(
			upsert(table, { ...ignore, options: { returnColumns: 'name' } }),
			{
				items: [
					{ id: 2, name: 'Y' },
					{ id: 4, name: 'Dora' },
					{ id: 3, name: 'Carl' },
				],
			},
		);
		expect(json).toEqual([{ name: 'Dora' }, { name: 'Carl' }]);
		expect(origins(output)).toEqual([1, 2]);
	});

	test('by another unique column', async () => {
		const table = await two();
		const { output } = await bench.succeed(upsert(table, { ...ignore, keyColumns: ['email'] }), {
			items: [
				{ id: 7, email: 'ada@b.c' },
				{ id: 8, email: 'carl@b.c' },
			],
		});
		expect(origins(output)).toEqual([1]);
		expect(await bench.count(table)).toBe(3);
	});

	test('all of them exist: no item, and a hint', async () => {
		const { json, hints } = await bench.succeed(upsert(await two(), ignore), {
			items: [{ id: 1 }, { id: 2 }],
		});
		expect(json).toEqual([]);
		expect(hints).toEqual([expect.stringMatching(/^2 of the rows existed already/)]);
	});

	test.each([
		['none', [5, 6, 7], { success: true }, 5],
		['some', [1, 5, 2], { written: null }, 3],
		['all', [1, 2], { written: false }, 2],
	])('with Return Nothing every item goes on, %s existed', async (what, ids, says, count) => {
		const table = await two();
		const { json, output, hints } = await bench.succeed(
			upsert(table, { ...ignore, options: { returning: 'minimal' } }),
			{ items: ids.map((id) => ({ id })) },
		);
		expect(json).toEqual(ids.map(() => says));
		expect(origins(output)).toEqual(range(ids.length));
		expect(hints).toEqual(what === 'none' ? [] : [expect.stringMatching(/existed already/)]);
		expect(await bench.count(table)).toBe(count);
	});
});

describe('the same key twice', () => {
	const items = [
		{ id: 5, name: 'first' },
		{ id: 6, name: 'other' },
		{ id: 5, name: 'second' },
	];

	test('merge: one after the other, so that the last one stands', async () => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table), { items }),
		);
		expect(requests).toHaveLength(2);
		expect(result.json.map(({ name }) => name)).toEqual(['first', 'other', 'second']);
		expect(origins(result.output)).toEqual([0, 1, 2]);
		expect(result.hints).toEqual([expect.stringMatching(/^1 item names the same row/)]);
		expect(await bench.sql(`select id, name from "${table}" where id > 2 order by id`)).toEqual([
			{ id: 5, name: 'second' },
			{ id: 6, name: 'other' },
		]);
	});

	test.each([
		['', {}],
		[', under continue on fail', continueRegular],
	])('all or nothing: refused before anything is sent%s', async (_, rest) => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(upsert(table, { options: { allOrNothing: true } }, rest), { items }),
		);
		expect(result.said.message ?? result.json[0]?.error).toMatch(/same id/);
		expect(result.said.description ?? result.json[0]?.details).toMatch(/Remove duplicates/);
		if (result.error) expect(result.error).toMatchObject({ context: { itemIndex: 2 } });
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(2);
	});

	test('all or nothing: different columns cannot go in one request', async () => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(upsert(table, { options: { allOrNothing: true } }), {
				items: [
					{ id: 1, name: 'A' },
					{ id: 2, age: 3 },
				],
			}),
		);
		expect(result.said.message).toMatch(/different columns/);
		expect(requests).toHaveLength(0);
		expect(await rowsOf(table)).toEqual([ada, blaise]);
	});

	test('also in different forms, and by another unique column', async () => {
		const table = await two();
		await bench.succeed(upsert(table), {
			items: [
				{ id: 5, name: 'a' },
				{ id: '5', name: 'b' },
			],
		});
		const mails = [
			{ id: 8, email: 'same', name: 'c' },
			{ id: 9, email: 'same', name: 'd' },
		];
		await bench.succeed(upsert(table, { keyColumns: ['email'] }), { items: mails });
		expect(await bench.sql(`select id, name from "${table}" where id > 2 order by id`)).toEqual([
			{ id: 5, name: 'b' },
			{ id: 9, name: 'd' },
		]);
	});

	test('ignore: the first is written, the later one counts as existing', async () => {
		const table = await two();
		const { json, output, hints } = await bench.succeed(upsert(table, ignore), { items });
		expect(json.map(({ name }) => name)).toEqual(['first', 'other']);
		expect(origins(output)).toEqual([0, 1]);
		expect(hints).toEqual([expect.stringMatching(/^1 of the rows existed already/)]);
		expect(await bench.sql(`select name from "${table}" where id = 5`)).toEqual([
			{ name: 'first' },
		]);
	});

	test('ignore: where the first cannot be written the later one is', async () => {
		const table = await two();
		const { json, output } = await bench.succeed(upsert(table, ignore, continueRegular), {
			items: [{ id: 5, age: 999 }, { id: 6 }, { id: 5, age: 5 }],
		});
		expect(origins(output)).toEqual([0, 1, 2]);
		expect(json.map(({ error }) => error)).toEqual([
			expect.stringContaining('does not pass the check'),
			undefined,
			undefined,
		]);
		expect(await bench.sql(`select age from "${table}" where id = 5`)).toEqual([{ age: 5 }]);
	});

	test('rows without the key never count as the same', async () => {
		const table = await bench.createTable('email text unique, n int');
		const { json } = await bench.succeed(upsert(table, { keyColumns: ['email'] }), {
			items: [{ email: null, n: 1 }, { n: 2 }],
		});
		expect(json.map(({ n }) => n)).toEqual([1, 2]);
	});
});

describe('many rows', () => {
	const items = range(5000).map((id) => ({
		id,
		name: `row ${id}`,
		age: id % 1000 === 500 ? 999 : id % 100,
	}));
	const bad = items.filter(({ age }) => age === 999).map(({ id }) => id);

	test('5,000 in at most 10 requests', async () => {
		const table = await two();
		const good = items.map((item) => ({ ...item, age: 1 }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table), { items: good }),
		);
		expect(requests.length).toBeLessThanOrEqual(10);
		expectSame(
			result.json.map(({ id, name }) => [id, name]),
			good.map(({ id, name }) => [id, name]),
		);
		expectSame(origins(result.output), range(5000));
		expect(await bench.count(table)).toBe(5000);
	});

	test('the bad ones among them fail alone', async () => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table, {}, continueError), { items }),
		);
		expect(requests.length).toBeLessThanOrEqual(5 * 21);
		expect(result.json).toHaveLength(5000 - bad.length);
		expectSame(
			origins(result.output),
			range(5000).filter((id) => !bad.includes(id)),
		);
		expect(origins(result.outputOf('Database', 1))).toEqual(bad);
		expect(new Set(result.outputOf('Failed').map(({ json: { error } }) => error))).toEqual(
			new Set([expect.stringContaining('does not pass the check')]),
		);
		const written = await bench.sql(`select count(*)::int as n from "${table}" where age <> 999`);
		expect(written).toEqual([{ n: 5000 - bad.length }]);
	});

	test('without continue on fail it ends, and says what was written', async () => {
		const table = await two();
		await bench.sql(`truncate "${table}"`);
		const { said } = await bench.run(upsert(table), {
			items: items.map((item) => (item.id < 1000 ? { ...item, age: 1 } : item)),
		});
		expect(said.message).toContain('does not pass the check');
		expect(said.description).toContain('The rows of items 1001 to 2000 go together');
		expect(said.description).toContain('1000 rows were written before, and that stays');
		expect(await bench.count(table)).toBe(1000);
	});

	test.each([
		['', {}],
		[', under continue on fail', continueRegular],
	])('all or nothing: one request, and one bad row keeps all out%s', async (_, rest) => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(upsert(table, { options: { allOrNothing: true } }, rest), { items }),
		);
		expect(requests).toHaveLength(1);
		expect(result.said.message ?? result.json[0]?.error).toContain('does not pass the check');
		expect(result.json.filter(({ error }) => !error)).toEqual([]);
		expect(await rowsOf(table)).toEqual([ada, blaise]);
	});

	test('all or nothing: good rows are all written', async () => {
		const table = await two();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(upsert(table, { options: { allOrNothing: true, returning: 'minimal' } }), {
				items: items.slice(0, 1500).map((item) => ({ ...item, age: 1 })),
			}),
		);
		expect(requests).toHaveLength(1);
		expect(result.json).toHaveLength(1500);
		expect(await bench.count(table)).toBe(1500);
	});
});

test('a row from an expression, and a filter that goes along', async () => {
	const table = await two();
	const { requests } = await bench.requestsDuring(table, () =>
		bench.succeed(
			upsert(table, {
				...rowOf('={{ { id: $json.key, name: $json.text } }}'),
				options: { ...where(['age', 'gt', '1']) },
			}),
			{ items: [{ key: 1, text: 'A, "B"' }] },
		),
	);
	expect(requests[0]?.path).toContain('age=gt.1');
	expect(await bench.sql(`select name from "${table}" where id = 1`)).toEqual([{ name: 'A, "B"' }]);
});
