import type { INodeParameters } from 'n8n-workflow';

import { signJwt } from '../stack/keys';
import { createUser } from '../stack/users';
import {
	continueError,
	continueRegular,
	expectSame,
	found,
	named,
	openBench,
	origins,
	range,
	where,
} from './database-helpers';
import { byKey, rowOf, setting, update } from './database-operations';

const bench = openBench();
const mark = setting({ note: 'marked' });

let sixRows: string;

beforeAll(async () => {
	sixRows = await bench.createTable(
		'id int primary key, name text, size int check (size < 1000), note text',
	);
});

/** Six rows: 1 to 6, with 10 to 60 as `size`. */
async function things(): Promise<string> {
	await bench.sql(`truncate "${sixRows}"`);
	await bench.sql(
		`insert into "${sixRows}" select n, 'name ' || n, n * 10 from generate_series(1, 6) as n`,
	);
	return sixRows;
}

async function marked(table: string): Promise<unknown[]> {
	const rows = await bench.sql(`select id from "${table}" where note = 'marked' order by id`);
	return rows.map(({ id }) => id);
}

describe('by filters', () => {
	const condition = (column: string, operator: string, value: string) => ({
		column: named(column),
		operator,
		value,
	});
	const group = (match: string, negate: boolean, ...filter: INodeParameters[]) => ({
		match,
		negate,
		relation: '',
		filters: { filter },
	});
	const any = [condition('id', 'eq', '1'), condition('size', 'gte', '50')];

	test.each<[string, INodeParameters, number[]]>([
		['one condition', where(['name', 'eq', 'name 2']), [2]],
		['several on one column', where(['size', 'gt', '20'], ['size', 'lt', '50']), [3, 4]],
		[
			'any of several',
			{ match: 'any', ...where(['id', 'eq', '1'], ['size', 'gte', '50']) },
			[1, 5, 6],
		],
		['a list', where(['id', 'in', '2, 4, 99']), [2, 4]],
		['no value', where(['note', 'is', 'null'], ['id', 'lt', '3']), [1, 2]],
		[
			'a negated one',
			{ filters: { filter: [{ ...condition('size', 'gt', '20'), negate: true }] } },
			[1, 2],
		],
		['a group', { filters: { group: [group('any', false, ...any)] } }, [1, 5, 6]],
		['a negated group', { filters: { group: [group('any', true, ...any)] } }, [2, 3, 4]],
		[
			'a group beside a condition',
			{
				filters: {
					filter: [condition('id', 'lt', '6')],
					group: [group('any', false, ...any)],
				},
			},
			[1, 5],
		],
		[
			'any of a group and a condition',
			{
				match: 'any',
				filters: {
					filter: [condition('id', 'eq', '3')],
					group: [group('all', false, condition('id', 'gt', '3'), condition('size', 'lt', '60'))],
				},
			},
			[3, 4, 5],
		],
		[
			'an object',
			{ filters: { object: [{ object: '{ "id": 4, "name": "name 4", "note": null }' }] } },
			[4],
		],
		[
			'text of PostgREST with values',
			{
				filters: {
					raw: [{ raw: 'or(id.eq.$1,name.eq.$2)', values: '[2, "name 5"]', relation: '' }],
				},
			},
			[2, 5],
		],
	])('%s', async (_, filters, expected) => {
		const table = await things();
		const { json } = await bench.succeed(update(table, { ...filters, ...mark }));
		expect(await marked(table)).toEqual(expected);
		expect(json.map(({ id }) => id).sort()).toEqual(expected);
		expect(json.every(({ note, name }) => note === 'marked' && typeof name === 'string')).toBe(
			true,
		);
	});

	test('what follows a comma in a value of the raw text stays a value', async () => {
		const table = await things();
		const raw = { raw: 'name.eq.$1', values: '={{ [$json.from] }}', relation: '' };
		const { json } = await bench.succeed(update(table, { filters: { raw: [raw] }, ...mark }), {
			items: [{ from: 'x),or(id.gt.0' }, { from: 'x,id.gt.0' }],
		});
		expect(json).toEqual([]);
		expect(await marked(table)).toEqual([]);
	});

	test('each item by its own filters, side by side with a bound, and paired', async () => {
		const table = await bench.createTable('id int primary key, note text');
		await bench.sql(`insert into "${table}" select n from generate_series(0, 99) as n`);
		const change = {
			...where(['id', 'eq', '={{ $json.n }}']),
			...rowOf("={{ { note: 'note ' + $json.n } }}"),
		};
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, change), { items: range(100).map((n) => ({ n: 99 - n })) }),
		);
		expect(requests).toHaveLength(100);
		const most = Math.max(...requests.map(({ concurrent }) => concurrent));
		expect(most).toBeGreaterThan(1);
		expect(most).toBeLessThanOrEqual(20);
		expectSame(
			result.json,
			range(100).map((n) => ({ id: 99 - n, note: `note ${99 - n}` })),
		);
		expectSame(origins(result.output), range(100));
	});

	test('several rows of one item all come from it, and none is no item', async () => {
		const table = await things();
		const { output, json } = await bench.succeed(
			update(table, { ...where(['size', 'lt', '={{ $json.below }}']), ...mark }),
			{ items: [{ below: 30 }, { below: 5 }, { below: 15 }] },
		);
		expect(origins(output)).toEqual([0, 0, 2]);
		// The order in which one request's rows come back is PostgreSQL's own affair.
		expect(json.map(({ id }) => id).sort()).toEqual([1, 1, 2]);
	});

	test('columns are mapped below; the rest of the item is not sent', async () => {
		const table = await things();
		const value = { note: '={{ $json.text }}!', size: null };
		await bench.succeed(
			update(table, {
				...where(['id', 'eq', '={{ $json.key }}']),
				changes: { mappingMode: 'defineBelow', value, schema: [] },
			}),
			{ items: [{ key: 3, text: 'Größe "1", 2', unknown: true }] },
		);
		expect(await bench.sql(`select size, note from "${table}" where id = 3`)).toEqual([
			{ size: 30, note: 'Größe "1", 2!' },
		]);
	});
});

describe('never every row by accident', () => {
	const empty = { ...where(['name', 'eq', '={{ $json.missing }}'], ['note', 'eq', '']), ...mark };
	const inGroup: INodeParameters = {
		filters: {
			group: [{ match: 'any', negate: false, relation: '', filters: empty.filters }],
		},
	};

	test.each<[string, INodeParameters]>([
		['no filter', {}],
		['an empty object', { filters: { object: [{ object: '{}' }] } }],
		['filters that are all skipped', { ...empty, options: { skipEmptyFilters: true } }],
		['a group that is all skipped', { ...inGroup, options: { skipEmptyFilters: true } }],
		[
			'filters that are all skipped, though Apply to All Rows is on',
			{ ...empty, applyToAll: true, options: { skipEmptyFilters: true } },
		],
		[
			'an empty object, though Apply to All Rows is on',
			{
				applyToAll: true,
				filters: { object: [{ object: '{}' }] },
			},
		],
	])('%s: refused before anything is sent', async (_, parameters) => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(update(table, { ...mark, ...parameters })),
		);
		expect(result.said.message).toMatch(/no filter.*every row of the table/);
		expect(requests).toHaveLength(0);
		expect(await marked(table)).toEqual([]);
	});

	test('nothing is sent for the good items before it either', async () => {
		const table = await things();
		const filters = where(['name', 'eq', '={{ $json.name }}']);
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(update(table, { ...filters, ...mark, options: { skipEmptyFilters: true } }), {
				items: [{ name: 'name 1' }, { name: '' }],
			}),
		);
		expect(result.said.message).toMatch(/no filter/);
		expect(requests).toHaveLength(0);
	});

	test('one filter of two is skipped, the other still counts', async () => {
		const table = await things();
		await bench.succeed(
			update(table, {
				...where(['name', 'eq', ''], ['size', 'gte', '50']),
				...mark,
				options: { skipEmptyFilters: true },
			}),
		);
		expect(await marked(table)).toEqual([5, 6]);
	});

	test('an empty filter that is not skipped compares with the empty text', async () => {
		const table = await things();
		await bench.sql(`update "${table}" set name = '' where id = 4`);
		await bench.succeed(update(table, { ...where(['name', 'eq', '']), ...mark }));
		expect(await marked(table)).toEqual([4]);
	});

	test('every row on purpose', async () => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, { applyToAll: true, ...mark })),
		);
		expect(result.json).toHaveLength(6);
		expect(await marked(table)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(requests.map(({ path }) => path)).toEqual([expect.stringContaining('id=not.is.null')]);
	});

	test('every row of a table without a key: what to do instead', async () => {
		const table = await bench.createTable('name text');
		await bench.sql(`insert into "${table}" values ('a'), (null)`);
		const { said } = await bench.run(
			update(table, { applyToAll: true, ...setting({ name: 'b' }) }),
		);
		expect(said.message).toMatch(/primary key is not known/);
		expect(said.description).toMatch(/filter that every row meets/);
		const either = where(['name', 'is', 'null'], ['name', 'is', 'not_null']);
		await bench.succeed(update(table, { match: 'any', ...either, ...setting({ name: 'b' }) }));
		expect(await bench.sql(`select distinct name from "${table}"`)).toEqual([{ name: 'b' }]);
	});

	test('a row without columns is refused before anything is sent', async () => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(update(table, { ...where(['id', 'eq', '1']), ...setting({}) })),
		);
		expect(result.said.message).toMatch(/no columns/);
		expect(requests).toHaveLength(0);
	});
});

describe('by key', () => {
	test('1,000 items with the same change go together', async () => {
		const table = await bench.createTable('id int primary key, note text');
		await bench.sql(`insert into "${table}" select n from generate_series(1, 1200) as n`);
		const items = range(1000).map((n) => ({ id: 1000 - n }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(
				update(table, { ...byKey(), ...rowOf("={{ { id: $json.id, note: 'marked' } }}") }),
				{
					items,
				},
			),
		);
		expect(requests.length).toBeLessThanOrEqual(4);
		expect(Math.max(...requests.map(({ path }) => path.length))).toBeLessThan(8_000);
		expectSame(result.json, found(items.map(({ id }) => ({ id, note: 'marked' }))));
		expectSame(origins(result.output), range(1000));
		expect(await marked(table)).toHaveLength(1000);
	});

	test('items with changes of their own go side by side, with a bound', async () => {
		const table = await bench.createTable('id int primary key, n int');
		await bench.sql(`insert into "${table}" select n from generate_series(0, 299) as n`);
		const items = range(300).map((n) => ({ id: (n * 7) % 300, n }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, byKey()), { items }),
		);
		expect(requests).toHaveLength(300);
		expect(requests.every(({ method }) => method === 'PATCH')).toBe(true);
		const most = Math.max(...requests.map(({ concurrent }) => concurrent));
		expect(most).toBeGreaterThan(1);
		expect(most).toBeLessThanOrEqual(20);
		expectSame(result.json, found(items));
		expectSame(origins(result.output), range(300));
		expectSame(
			await bench.sql(`select id, n from "${table}" order by id`),
			[...items].sort((a, b) => a.id - b.id),
		);
	});

	// The local REST server takes the word null for NULL in a list, which the real one does not.
	test('keys with quotes, commas, brackets and letters of all kinds', async () => {
		const keys = [
			'a,b',
			'say "hi"',
			'back\\slash',
			'(c)',
			'{d}',
			' outer ',
			'Größe 👋',
			"it's",
			'100% & more = less + 1#?',
			'"',
			'\\',
			'new\nline',
			'a.eq.b',
		];
		const table = await bench.createTable('"the key" text primary key, note text');
		for (const key of [...keys, 'other'])
			await bench.sql(`insert into "${table}" values ($1)`, [key]);
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, byKey()), {
				items: keys.map((key) => ({ 'the key': key, note: 'marked' })),
			}),
		);
		expect(requests).toHaveLength(1);
		expect(result.json).toEqual(found(keys.map((key) => ({ 'the key': key, note: 'marked' }))));
		const rest = await bench.sql(`select "the key" from "${table}" where note is null`);
		expect(rest).toEqual([{ 'the key': 'other' }]);
	});

	test('keys of two columns', async () => {
		const table = await bench.createTable('shop text, no int, note text, primary key (shop, no)');
		const keys = [
			['a, b', 1],
			['a, b', 2],
			['(c)', 1],
		] as const;
		for (const key of [...keys, ['(c)', 2]]) {
			await bench.sql(`insert into "${table}" values ($1, $2)`, [...key]);
		}
		const items = keys.map(([shop, no]) => ({ shop, no, note: 'marked' }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, byKey()), { items: [...items].reverse() }),
		);
		expect(requests).toHaveLength(1);
		expect(result.json).toEqual(found([...items].reverse()));
		expect(await bench.sql(`select shop, no from "${table}" where note is null`)).toEqual([
			{ shop: '(c)', no: 2 },
		]);
	});

	test('another key than the primary one', async () => {
		const table = await bench.createTable('id int primary key, email text unique, note text');
		await bench.sql(`insert into "${table}" values (1, 'a@b.c'), (2, 'd@e.f')`);
		const { json } = await bench.succeed(update(table, byKey('email')), {
			items: [{ email: 'd@e.f', note: 'marked' }],
		});
		expect(json).toEqual([{ id: 2, email: 'd@e.f', note: 'marked', found: true }]);
		expect(await marked(table)).toEqual([2]);
	});

	test('by columns that several rows share, each changed row comes out of the item', async () => {
		const table = await things();
		await bench.sql(`update "${table}" set name = 'same' where id in (2, 4)`);
		const { json, output } = await bench.succeed(update(table, byKey('name')), {
			items: [
				{ name: 'same', note: 'marked' },
				{ name: 'name 6', note: 'marked' },
			],
		});
		expect(json.map(({ id }) => id).sort()).toEqual([2, 4, 6]);
		expect(origins(output)).toEqual([0, 0, 1]);
		expect(await marked(table)).toEqual([2, 4, 6]);
	});

	test('an item whose key no row has says so, and nothing is inserted', async () => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, byKey()), {
				items: [
					{ id: 1, note: 'marked' },
					{ id: 77, note: 'marked' },
					{ id: 78, note: 'other' },
				],
			}),
		);
		expect(result.json).toEqual([
			{ id: 1, name: 'name 1', size: 10, note: 'marked', found: true },
			{ id: 77, found: false },
			{ id: 78, found: false },
		]);
		expect(origins(result.output)).toEqual([0, 1, 2]);
		expect(requests.map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
		expect(await bench.count(table)).toBe(6);
	});

	test('rows that policies hide are not found and stay as they are', async () => {
		const user = await createUser(bench.place);
		const other = await createUser(bench.place);
		const table = await bench.createTable('id int primary key, owner uuid, note text');
		await bench.define(
			`alter table "${table}" enable row level security;
			create policy own on "${table}" to authenticated
				using (owner = auth.uid()) with check (owner = auth.uid())`,
		);
		await bench.sql(`insert into "${table}" values (1, $1), (2, $2), (3, $1)`, [user.id, other.id]);
		const { json } = await bench.succeed(
			update(table, { ...byKey(), runAs: 'user', accessToken: user.accessToken }),
			{ items: [1, 2, 3].map((id) => ({ id, note: 'marked' })) },
		);
		expect(json).toEqual([
			{ id: 1, owner: user.id, note: 'marked', found: true },
			{ id: 2, found: false },
			{ id: 3, owner: user.id, note: 'marked', found: true },
		]);
		expect(await marked(table)).toEqual([1, 3]);
	});

	test('items of several users go with their own tokens', async () => {
		const [one, two] = [await createUser(bench.place), await createUser(bench.place)];
		const table = await bench.createTable('id int primary key, owner uuid, note text');
		await bench.define(
			`alter table "${table}" enable row level security;
			create policy own on "${table}" to authenticated using (owner = auth.uid())`,
		);
		await bench.sql(`insert into "${table}" values (1, $1), (2, $2)`, [one.id, two.id]);
		const { json } = await bench.succeed(
			update(table, {
				...byKey(),
				...rowOf("={{ { id: $json.id, note: 'marked' } }}"),
				runAs: 'user',
				accessToken: '={{ $json.token }}',
			}),
			{
				items: [
					{ id: 1, token: one.accessToken },
					{ id: 1, token: two.accessToken },
					{ id: 2, token: two.accessToken },
				],
			},
		);
		expect(json.map((row) => [row.id, row.found])).toEqual([
			[1, true],
			[1, false],
			[2, true],
		]);
	});

	test.each([
		['is missing', { note: 'marked' }],
		['is null', { id: null, note: 'marked' }],
		['is empty', { id: '', note: 'marked' }],
	])('a key that %s is refused before anything is sent', async (_, bad) => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(update(table, byKey('id')), { items: [{ id: 1, note: 'marked' }, bad] }),
		);
		expect(result.said.message).toMatch(/no value for its key \(id\)/);
		expect(requests).toHaveLength(0);
	});

	test('a table whose key is not known asks for Key Columns', async () => {
		const table = await bench.createTable('name text, note text');
		const { said } = await bench.run(update(table, byKey()), { items: [{ name: 'a', note: 'b' }] });
		expect(said.message).toMatch(/has no primary key/);
		expect(said.description).toMatch(/Key Columns/);
	});

	test('the same item twice: each has the row as it was then', async () => {
		const table = await things();
		const { json } = await bench.succeed(update(table, byKey()), {
			items: [
				{ id: 1, note: 'same' },
				{ id: 1, note: 'same' },
			],
		});
		expect(json.map(({ id, note }) => [id, note])).toEqual([
			[1, 'same'],
			[1, 'same'],
		]);
	});
});

describe('what comes back', () => {
	test.each<[string, INodeParameters]>([
		['by filters', where(['id', 'lt', '3'])],
		['by filters that meet nothing', where(['id', 'gt', '99'])],
	])('nothing: how many rows, %s', async (what, filters) => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, { ...filters, ...mark, options: { returning: 'minimal' } })),
		);
		const count = what === 'by filters' ? 2 : 0;
		expect(result.json).toEqual([{ success: true, count }]);
		expect(requests[0]?.headers.prefer).toContain('return=minimal');
		expect(await marked(table)).toHaveLength(count);
	});

	test('nothing by key: success, or not found', async () => {
		const table = await things();
		const { json } = await bench.succeed(
			update(table, { ...byKey(), options: { returning: 'minimal' } }),
			{ items: [1, 99, 3].map((id) => ({ id, note: 'marked' })) },
		);
		const success = { success: true, found: true };
		expect(json).toEqual([success, { id: 99, found: false }, success]);
	});

	test.each<[string, INodeParameters, object]>([
		['by filters', where(['id', 'eq', '2']), {}],
		['by key', { ...byKey(), ...rowOf("={{ { id: 2, note: 'marked' } }}") }, { found: true }],
	])('chosen columns, %s', async (_, parameters, more) => {
		const { json } = await bench.succeed(
			update(await things(), {
				...mark,
				...parameters,
				options: { returnColumns: 'label:name, size' },
			}),
		);
		expect(json).toEqual([{ label: 'name 2', size: 20, ...more }]);
	});
});

describe('how many rows at the most', () => {
	const change = { ...where(['size', 'gt', '20']), ...mark };

	test('more are refused, and none is changed', async () => {
		const table = await things();
		const { said } = await bench.run(update(table, { ...change, options: { maxAffected: 3 } }));
		expect(said.message).toMatch(
			/^\d+ rows would change, more than Maximum Rows Changed \(\d+\)\. Nothing was changed\.$/,
		);
		expect(await marked(table)).toEqual([]);
	});

	test('as many are changed', async () => {
		const table = await things();
		await bench.succeed(update(table, { ...change, options: { maxAffected: 4 } }));
		expect(await marked(table)).toEqual([3, 4, 5, 6]);
	});
});

describe('items that fail', () => {
	const items = range(40).map((n) => ({ id: n, size: n % 10 === 7 ? 5000 : n * 2 }));
	const bad = [7, 17, 27, 37];

	async function filled(): Promise<string> {
		const table = await bench.createTable('id int primary key, size int check (size < 1000)');
		await bench.sql(`insert into "${table}" select n from generate_series(0, 39) as n`);
		return table;
	}

	const changes: Array<[string, INodeParameters]> = [
		['by key', byKey()],
		['by filters', { ...where(['id', 'eq', '={{ $json.id }}']) }],
	];

	test.each(changes)('%s: each on the error output, the others written', async (_, parameters) => {
		const table = await filled();
		const { json, output, outputOf } = await bench.succeed(
			update(table, parameters, continueError),
			{
				items,
			},
		);
		const good = items.filter(({ id }) => !bad.includes(id));
		expect(json.map(({ id, size }) => ({ id, size }))).toEqual(good);
		expect(origins(output)).toEqual(good.map(({ id }) => id));
		expect(origins(outputOf('Database', 1))).toEqual(bad);
		expect(outputOf('Failed').map(({ json: { error } }) => error)).toEqual(
			bad.map(() => expect.stringContaining('does not pass the check')),
		);
		expect(
			await bench.sql(`select id, size from "${table}" where size is not null order by id`),
		).toEqual(good);
	});

	test.each(changes)('%s: the first failure ends it otherwise', async (_, parameters) => {
		const table = await filled();
		const { said, json } = await bench.run(update(table, parameters), { items });
		expect(said.message).toMatch(/does not pass the check/);
		expect(json).toEqual([]);
	});

	test('of rows that go together only the bad ones fail, and the good ones are written', async () => {
		const table = await bench.createTable('id int primary key, size int, note text');
		await bench.define(
			`create function "refuse_${table}"() returns trigger language plpgsql as $$
			begin
				if new.size % 10 = 3 then raise exception 'Row % is locked', new.id; end if;
				return new;
			end $$;
			create trigger refuse before update on "${table}" for each row execute function "refuse_${table}"()`,
		);
		await bench.sql(`insert into "${table}" select n, n from generate_series(0, 29) as n`);
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(update(table, byKey(), continueRegular), {
				items: range(30).map((id) => ({ id, note: 'marked' })),
			}),
		);
		await bench.define(`drop function "refuse_${table}" cascade`);
		expect(requests.length).toBeLessThan(30);
		expect(origins(result.output)).toEqual(range(30));
		expect(result.json.flatMap(({ error }, n) => (error ? [[n, error]] : []))).toEqual([
			[3, 'Row 3 is locked'],
			[13, 'Row 13 is locked'],
			[23, 'Row 23 is locked'],
		]);
		expect(await marked(table)).toHaveLength(27);
	});

	test('of rows that go together one failure keeps all, and it is said which', async () => {
		const table = await bench.createTable('id int primary key, size int unique');
		await bench.sql(`insert into "${table}" select n, n from generate_series(0, 9) as n`);
		const { said } = await bench.run(
			update(table, { ...byKey(), ...rowOf('={{ { id: $json.id, size: 100 } }}') }),
			{ items: range(5).map((id) => ({ id })) },
		);
		expect(said.message).toMatch(/^A row with size 100 exists already$/);
		expect(said.description).toMatch(/The rows of items 1 to 5 go together/);
		expect(said.description).toMatch(/Nothing of this request was written/);
		expect(await bench.sql(`select 1 from "${table}" where size = 100`)).toEqual([]);
	});

	test('what another request wrote before is said', async () => {
		const table = await bench.createTable('id int primary key, size int');
		await bench.sql(`insert into "${table}" select n from generate_series(0, 5) as n`);
		const other = await bench.createTable('id int primary key, size int check (size < 1000)');
		await bench.sql(`insert into "${other}" select n from generate_series(0, 5) as n`);
		const node = update('', {
			...byKey(),
			table: named('={{ $json.to }}'),
			...rowOf('={{ { id: $json.id, size: 5000 } }}'),
		});
		const { said } = await bench.run(node, {
			items: [...range(3).map((id) => ({ to: table, id })), { to: other, id: 3 }],
		});
		expect(said.message).toMatch(/does not pass the check/);
		expect(said.description).toMatch(/3 rows were changed before, and that stays/);
		expect(await bench.sql(`select 1 from "${table}" where size = 5000`)).toHaveLength(3);
	});

	test('a value that is none of the column: the item is named', async () => {
		const table = await things();
		const { said } = await bench.run(update(table, { ...byKey() }), {
			items: [
				{ id: 1, note: 'ok' },
				{ id: 2, size: 'large' },
			],
		});
		expect(said.message).toMatch(/^"large" is no integer \(column size/);
	});

	test('a token that has expired fails every item with one request', async () => {
		const table = await things();
		const expired = signJwt({ role: 'authenticated', sub: 'a', exp: 1_600_000_000 }, 'no secret');
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(
				update(table, { ...byKey(), runAs: 'user', accessToken: expired }, continueRegular),
				{ items: range(30).map((id) => ({ id, note: 'marked' })) },
			),
		);
		expect(requests.length).toBeLessThanOrEqual(2);
		expect(result.json).toHaveLength(30);
		expect(result.json.every(({ error }) => error)).toBe(true);
	});
});
