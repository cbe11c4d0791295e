import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { createUser } from '../stack/users';
import { signJwt } from '../stack/keys';
import {
	continueError,
	continueRegular,
	expectSame,
	insert,
	named,
	openBench,
	origins,
	range,
} from './database-helpers';

const bench = openBench();

const people = async () =>
	await bench.createTable(
		"id int generated always as identity primary key, email text unique, name text not null, note text default 'none', age int",
	);

const rowJson = (expression: string): INodeParameters => ({
	rowSource: 'json',
	rowJson: expression,
});

describe('many items', () => {
	test('10,000 items take at most 20 requests, and every row pairs with its item', async () => {
		const table = await bench.createTable('id int generated always as identity, n int, name text');
		const items = range(10_000).map((n) => ({ n: 10_000 - n, name: `Row ${n}` }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(insert(table), { items, after: "={{ $('Start').item.json.n }}" }),
		);
		expect(result.said.message).toBeUndefined();
		expect(requests.length).toBeLessThanOrEqual(20);
		expectSame(
			result.json,
			items.map((item, n) => ({ id: n + 1, ...item })),
		);
		expectSame(origins(result.output), range(10_000));
		expectSame(
			result.values,
			items.map(({ n }) => n),
		);
		expect(await bench.count(table)).toBe(10_000);
	});

	test('a request stays small: large rows are sent in more of them', async () => {
		const table = await bench.createTable('n int, text text');
		const text = 'x'.repeat(1024 * 1024);
		const { requests } = await bench.requestsDuring(table, () =>
			bench.succeed(insert(table, { options: { returning: 'minimal' } }), {
				items: range(10).map((n) => ({ n, text })),
			}),
		);
		expect(requests).toHaveLength(4);
		expect(Math.max(...requests.map(({ bodyBytes }) => bodyBytes))).toBeLessThan(4.2 * 1024 * 1024);
		expect(await bench.count(table)).toBe(10);
	});

	test('items of several tables, each in its own requests, keep their order', async () => {
		const tables = [await people(), await people()];
		const items = range(10).map((n) => ({ to: tables[n % 2] ?? '', name: `n${n}` }));
		const { json } = await bench.succeed(
			insert('', { table: named('={{ $json.to }}'), ...rowJson('={{ { name: $json.name } }}') }),
			{ items },
		);
		expect(json.map(({ name }) => name)).toEqual(items.map(({ name }) => name));
		expect(await bench.count(tables[0] ?? '')).toBe(5);
	});
});

describe('rows', () => {
	const mixed = [{ name: 'a' }, { name: 'b', note: 'x' }, { name: 'c', note: null }];

	test.each([
		['default', ['none', 'x', null]],
		['null', [null, 'x', null]],
	])('a column that an item leaves out: %s', async (missing, expected) => {
		const table = await people();
		const { json } = await bench.succeed(insert(table, { options: { missing } }), { items: mixed });
		expect(json.map(({ note }) => note)).toEqual(expected);
	});

	test('JSON, arrays, dates and large numbers arrive as they are', async () => {
		const table = await bench.createTable(
			'id bigint, data jsonb, list text[], at timestamptz, day date, text text',
		);
		const row = `={{ ({
			id: '9007199254740993',
			data: { deep: [1, { a: null }], text: 'a"b' },
			list: ['a,b', 'c"d', 'e\\\\f', '{g}', '', 'null'],
			at: DateTime.fromISO('2024-01-02T03:04:05Z'),
			day: new Date('2024-02-29'),
			text: 'Größe 👋 \\n \\' "',
		}) }}`;
		const { said } = await bench.run(insert(table, rowJson(row)));
		expect(said.message).toBeUndefined();
		const rows = await bench.sql(
			`select id::text, data, list, at at time zone 'UTC' = '2024-01-02 03:04:05' as at, day::text, text from "${table}"`,
		);
		expect(rows).toEqual([
			{
				id: '9007199254740993',
				data: { deep: [1, { a: null }], text: 'a"b' },
				list: ['a,b', 'c"d', 'e\\f', '{g}', '', 'null'],
				at: true,
				day: '2024-02-29',
				text: 'Größe 👋 \n \' "',
			},
		]);
	});

	test('columns are mapped below, and an empty one takes its default', async () => {
		const table = await people();
		const value = { name: '={{ $json.first }} Lovelace', age: '={{ $json.age }}', note: null };
		const { json } = await bench.succeed(
			insert(table, { columns: { mappingMode: 'defineBelow', value, schema: [] } }),
			{ items: [{ first: 'Ada', age: 36, other: 'not a column' }] },
		);
		expect(json).toEqual([{ id: 1, email: null, name: 'Ada Lovelace', note: 'none', age: 36 }]);
	});

	test.each([
		['an object', '={{ { name: $json.first } }}'],
		['JSON text', '={ "name": "{{ $json.first }}" }'],
	])('as JSON: %s', async (_, expression) => {
		const { json } = await bench.succeed(insert(await people(), rowJson(expression)), {
			items: [{ first: 'Ada' }, { first: 'Blaise' }],
		});
		expect(json.map(({ name }) => name)).toEqual(['Ada', 'Blaise']);
	});

	test('with Return Nothing an item says that it was written', async () => {
		const table = await people();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(insert(table, { options: { returning: 'minimal' } }), {
				items: [{ name: 'a' }, { name: 'b' }],
			}),
		);
		expect(result.json).toEqual([{ success: true }, { success: true }]);
		expect(origins(result.output)).toEqual([0, 1]);
		expect(result.hints).toEqual([]);
		expect(requests[0]?.headers.prefer).toContain('return=minimal');
		expect(await bench.count(table)).toBe(2);
	});

	test('into another schema, a table and columns with blanks', async () => {
		const table = await bench.createTable('"Unit Price" int, "a.b" text, "say ""hi""" text', {
			schema: 'myschema',
			name: 'Order Items',
		});
		const row = { 'Unit Price': 5, 'a.b': 'dot', 'say "hi"': 'hi' };
		await bench.succeed(
			insert(table, { schema: named('myschema'), options: { returning: 'minimal' } }),
			{
				items: [row],
			},
		);
		expect(await bench.sql(`select * from myschema."${table}"`)).toEqual([row]);
	});
});

describe('bad rows among good ones', () => {
	const BAD: Record<number, { row: IDataObject; says: string }> = {
		7: { row: { name: 'Twin', email: 'n3' }, says: 'A row with email n3 exists already' },
		50: { row: { name: 'Again', email: 'taken' }, says: 'A row with email taken exists already' },
		99: { row: { name: null, email: 'n99' }, says: 'The column name needs a value' },
		150: { row: { name: 'Old', age: 'very' }, says: '"very" is no integer (column age)' },
		200: { row: { name: 'More', nickname: 'x' }, says: 'has no column "nickname"' },
		299: {
			row: { name: 'Huge', age: 1e12 },
			says: 'is too large for the type integer (column age)',
		},
	};
	const items = range(300).map((n) => BAD[n]?.row ?? { name: `Row ${n}`, email: `n${n}` });
	const good = range(300).filter((n) => !(n in BAD));

	async function taken(): Promise<string> {
		const table = await people();
		await bench.sql(`insert into "${table}" (email, name) values ('taken', 'First')`);
		return table;
	}

	async function expectWrittenOnce(table: string): Promise<void> {
		const names = await bench.sql(
			`select name from "${table}" where email <> 'taken' order by substring(email, 2)::int`,
		);
		expectSame(
			names.map(({ name }) => name),
			good.map((n) => `Row ${n}`),
		);
		expect(await bench.count(table)).toBe(good.length + 1);
	}

	test('on the regular output each bad item has its own error', async () => {
		const table = await taken();
		const { json, output } = await bench.run(insert(table, {}, continueRegular), { items });
		expectSame(origins(output), range(300));
		const failed = json.flatMap(({ error }, n) => (error === undefined ? [] : [n]));
		expect(failed).toEqual(Object.keys(BAD).map(Number));
		for (const [n, { says }] of Object.entries(BAD)) expect(json[Number(n)]?.error).toContain(says);
		await expectWrittenOnce(table);
	});

	test('with an error output the items part', async () => {
		const table = await taken();
		const { json, errors, outputOf } = await bench.run(insert(table, {}, continueError), { items });
		expectSame(
			json.map(({ name }) => name),
			good.map((n) => `Row ${n}`),
		);
		expectSame(origins(outputOf('Database', 1)), Object.keys(BAD).map(Number));
		expect(errors).toEqual(
			Object.values(BAD).map(({ says }) =>
				expect.objectContaining({ error: expect.stringContaining(says) as unknown }),
			),
		);
		await expectWrittenOnce(table);
	});

	test("n8n's Retry On Fail writes no good row twice", async () => {
		const table = await taken();
		// The first item is bad: by its error n8n would decide to run the node again.
		const first = [{ name: null, email: 'n-1' }, ...items];
		await bench.run(
			insert(
				table,
				{},
				{ ...continueRegular, retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			),
			{ items: first },
		);
		await expectWrittenOnce(table);
	});

	test("n8n's Retry On Fail writes nothing twice either when the failure stops the node", async () => {
		const table = await taken();
		// Requests of 2: the first is written, the second holds the bad row.
		const rows = ['r-1', 'r-2', 'r-3', 'r-4'].map((email, n) => ({
			email,
			name: n === 3 ? null : '',
		}));
		const { error } = await bench.run(
			insert(
				table,
				{ options: { chunkRows: 2 } },
				{ retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			),
			{ items: rows },
		);
		expect(error?.message).toContain('The column name needs a value');
		expect(String((error as { description?: string } | undefined)?.description)).toContain(
			'Retry On Fail did not run the node again',
		);
		const written = await bench.sql(
			`select email, count(*)::int as n from "${table}" where email like 'r-%' group by 1 order by 1`,
		);
		expect(written).toEqual([
			{ email: 'r-1', n: 1 },
			{ email: 'r-2', n: 1 },
		]);
	});

	test('rows that policies deny, for users with a token for each item', async () => {
		const table = await bench.createTable('id int generated always as identity, owner uuid, n int');
		await bench.define(
			`alter table "${table}" enable row level security;
			create policy own on "${table}" to authenticated
				using (owner = auth.uid()) with check (owner = auth.uid())`,
		);
		const [ada, blaise] = [await createUser(), await createUser()];
		const owners = [ada, blaise, ada, blaise, blaise, ada];
		const items = owners.map(({ id, accessToken }, n) => ({
			// The third and the fifth write into the other's name.
			owner: n === 2 ? blaise.id : n === 4 ? ada.id : id,
			n,
			accessToken,
		}));
		const { json, output } = await bench.run(
			insert(
				table,
				{
					runAs: 'user',
					accessToken: '={{ $json.accessToken }}',
					...rowJson('={{ { owner: $json.owner, n: $json.n } }}'),
				},
				continueRegular,
			),
			{ items },
		);
		const denied = {
			error: `No policy of table ${table} lets the role authenticated insert this row`,
			details: expect.stringContaining('FOR INSERT TO authenticated WITH CHECK (true);') as unknown,
			code: '42501',
		};
		expect(json[2]).toEqual(denied);
		expect(json[4]).toEqual(denied);
		expect(origins(output)).toEqual(range(6));
		expect(await bench.sql(`select n from "${table}" order by n`)).toEqual(
			[0, 1, 3, 5].map((n) => ({ n })),
		);
	});

	test('a row that a check or a trigger refuses', async () => {
		const table = await bench.createTable('n int check (n < 5)');
		await bench.define(
			`create or replace function public."${table}_no"() returns trigger language plpgsql as
				$$ begin if new.n = 2 then raise exception 'No twos'; end if; return new; end $$;
			create trigger no before insert on "${table}" for each row execute function "${table}_no"()`,
		);
		const { json } = await bench.run(insert(table, {}, continueRegular), {
			items: range(8).map((n) => ({ n })),
		});
		await bench.sql(`drop function "${table}_no" cascade`);
		expect(json.flatMap(({ error }, n) => (error === undefined ? [] : [n]))).toEqual([2, 5, 6, 7]);
		expect(json[2]?.error).toBe('No twos');
		expect(await bench.count(table)).toBe(4);
	});
});

describe('without continue on fail', () => {
	test('the first failure stops, and it says what was written before', async () => {
		const table = await people();
		const items = range(30).map((n) => ({ name: n === 15 ? null : `n${n}` }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(insert(table, { options: { chunkRows: 10 } }), { items }),
		);
		expect(requests).toHaveLength(2);
		expect(result.status).toBe('error');
		expect(result.said.message).toContain('The column name needs a value');
		expect(result.said.description).toContain(
			'The rows of items 11 to 20 go together. Nothing of this request was written. Set On Error to Continue, and each item gets its own outcome. 10 rows were written before, and that stays.',
		);
		expect(await bench.count(table)).toBe(10);
	});

	test('the rows of another table that were written before count', async () => {
		const tables = [await people(), await people()];
		const items = [
			{ to: tables[0] ?? '', name: 'a' },
			{ to: tables[1] ?? '', name: null },
		];
		const { said } = await bench.run(
			insert('', { table: named('={{ $json.to }}'), ...rowJson('={{ { name: $json.name } }}') }),
			{ items },
		);
		expect(said.description).toContain('1 row was written before, and that stays.');
	});
});

describe('what is the same for all rows is asked once', () => {
	const items = range(10).map((n) => ({ name: `n${n}` }));

	test.each([
		['an unknown table', () => Promise.resolve('nowhere'), 'nowhere'],
		[
			'no right to the table',
			async () => {
				const table = await people();
				await bench.define(`revoke all on "${table}" from service_role`);
				return table;
			},
			'The role service_role has no right to insert into table',
		],
	])('%s', async (_, table, says) => {
		const name = await table();
		const { result, requests } = await bench.requestsDuring(name, () =>
			bench.run(insert(name, {}, continueRegular), { items }),
		);
		expect(requests).toHaveLength(1);
		expect(result.json).toHaveLength(10);
		for (const { error } of result.json) expect(error).toContain(says);
	});

	test('a token that has expired', async () => {
		const table = await people();
		const claims = { role: 'authenticated', sub: crypto.randomUUID(), exp: 1_600_000_000 };
		const accessToken = signJwt(claims, process.env.STACK_JWT_SECRET ?? '');
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(insert(table, { runAs: 'user', accessToken }, continueRegular), { items }),
		);
		expect(requests).toHaveLength(1);
		expect(new Set(result.json.map(({ error }) => error)).size).toBe(1);
		expect(await bench.count(table)).toBe(0);
	});
});
