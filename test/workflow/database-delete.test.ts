import type { INodeParameters } from 'n8n-workflow';

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
import { byKey, remove } from './database-operations';

const bench = openBench();

let sixRows: string;

beforeAll(async () => {
	sixRows = await bench.createTable('id int primary key, name text, size int');
});

/** Six rows: 1 to 6, with 10 to 60 as `size`. */
async function things(): Promise<string> {
	await bench.sql(`truncate "${sixRows}"`);
	await bench.sql(
		`insert into "${sixRows}" select n, 'name ' || n, n * 10 from generate_series(1, 6) as n`,
	);
	return sixRows;
}

async function left(table: string): Promise<unknown[]> {
	return (await bench.sql(`select id from "${table}" order by id`)).map(({ id }) => id);
}

describe('by filters', () => {
	test.each<[string, INodeParameters, number[]]>([
		['one condition', where(['name', 'eq', 'name 2']), [2]],
		['several on one column', where(['size', 'gt', '20'], ['size', 'lt', '50']), [3, 4]],
		[
			'any of several',
			{ match: 'any', ...where(['id', 'eq', '1'], ['size', 'gte', '50']) },
			[1, 5, 6],
		],
		['a list', where(['id', 'in', '[2, 4, 99]']), [2, 4]],
		[
			'a negated group beside a condition',
			{
				filters: {
					...(where(['id', 'lt', '6']).filters as object),
					group: [
						{
							match: 'any',
							negate: true,
							relation: '',
							...where(['id', 'eq', '1'], ['size', 'gte', '40']),
						},
					],
				},
			},
			[2, 3],
		],
	])('%s', async (_, filters, expected) => {
		const table = await things();
		const { json, output } = await bench.succeed(remove(table, filters));
		expect(await left(table)).toEqual(range(7).filter((n) => n && !expected.includes(n)));
		expect(json.map(({ id, name }) => [id, name]).sort()).toEqual(
			expected.map((id) => [id, `name ${id}`]),
		);
		expect(origins(output)).toEqual(expected.map(() => 0));
	});

	test('each item by its own filters: what an item deleted comes from it', async () => {
		const table = await things();
		const { json, output } = await bench.succeed(
			remove(table, where(['size', 'gte', '={{ $json.from }}'], ['size', 'lt', '={{ $json.to }}'])),
			{
				items: [
					{ from: 50, to: 99 },
					{ from: 33, to: 37 },
					{ from: 10, to: 20 },
				],
			},
		);
		expect(json.map(({ id }) => id).sort()).toEqual([1, 5, 6]);
		expect(origins(output)).toEqual([0, 0, 2]);
		expect(await left(table)).toEqual([2, 3, 4]);
	});
});

describe('never every row by accident', () => {
	const skipped = {
		...where(['name', 'eq', ''], ['id', 'in', '']),
		options: { skipEmptyFilters: true },
	};

	test.each<[string, INodeParameters]>([
		['no filter', {}],
		['filters that are all skipped', skipped],
		[
			'filters that are all skipped, though Apply to All Rows is on',
			{ ...skipped, applyToAll: true },
		],
	])('%s: refused before anything is sent', async (_, parameters) => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(remove(table, parameters)),
		);
		expect(result.said.message).toMatch(/no filter.*every row of the table/);
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(6);
	});

	const negated = (filters: INodeParameters): INodeParameters => ({
		filters: {
			filter: (filters.filters as { filter: INodeParameters[] }).filter.map((each) => ({
				...each,
				negate: true,
			})),
		},
	});
	const patterns = (values: string): INodeParameters => ({
		filters: { filter: [{ column: named('name'), operator: 'like(all)', values }] },
	});

	test.each<[string, INodeParameters]>([
		['not in a list', negated(where(['id', 'in', '']))],
		['not in a list from an expression', negated(where(['id', 'in', '={{ [] }}']))],
		['like all of a list', patterns('')],
		[
			'like all of a list, any filter of two',
			{
				match: 'any',
				filters: {
					filter: [
						...(where(['id', 'eq', '1']).filters as { filter: INodeParameters[] }).filter,
						...(patterns('[]').filters as { filter: INodeParameters[] }).filter,
					],
				},
			},
		],
	])(
		'an empty list that leaves no row out is refused before anything is sent: %s',
		async (_, filters) => {
			const table = await things();
			const { result, requests } = await bench.requestsDuring(table, () =>
				bench.run(remove(table, { ...filters, applyToAll: true })),
			);
			expect(result.said.message).toMatch(/leave no row out.*every row/);
			expect(requests).toHaveLength(0);
			expect(await bench.count(table)).toBe(6);
		},
	);

	const row = (rest: INodeParameters): INodeParameters => ({ filters: { filter: [rest] } });
	const onName = (rest: INodeParameters) => row({ column: named('name'), ...rest });
	const withRaw = (raw: string, values: string): INodeParameters => ({
		filters: { raw: [{ raw, values }] },
	});

	test.each<[string, INodeParameters, RegExp]>([
		[
			'a related table alone',
			where(['countries.name', 'eq', 'Italy']),
			/related table "countries"/,
		],
		[
			'a related table that is returned, too',
			{
				...where(['countries.name', 'eq', 'Italy']),
				options: { returnColumns: '*,countries(name)' },
			},
			/related table "countries"/,
		],
		[
			'a related table beside another filter',
			where(['id', 'eq', '1'], ['countries.name', 'eq', 'Italy']),
			/related table "countries"/,
		],
		['what PostgREST takes for a limit', where(['x.limit', 'eq', '1']), /related table "x"/],
		['what PostgREST takes for an order', where(['x.order', 'eq', '1']), /related table "x"/],
		['what PostgREST takes for columns', where(['x.select', 'eq', '1']), /related table "x"/],
		[
			'a column that holds another condition, under Any Filter',
			{ match: 'any', ...where(['id.not.is.null,id', 'eq', '1'], ['size', 'gt', '99']) },
			/is not one column/,
		],
		['contains {}', onName({ operator: 'cs', elements: '{}' }), /no row out/],
		['contains []', onName({ operator: 'cs', elements: '[]' }), /no row out/],
		['not overlaps {}', onName({ operator: 'ov', elements: '{}', negate: true }), /no row out/],
		['%%', onName({ operator: 'ilike', value: '%%' }), /no row out/],
		['*', onName({ operator: 'like', value: '*' }), /no row out/],
		[
			'a pattern around nothing',
			onName({ operator: 'ilike', value: '=%{{ $json.none }}%' }),
			/no row out/,
		],
		['a regular expression', onName({ operator: 'match', value: '.*' }), /no row out/],
		['the empty text and above', onName({ operator: 'gte', value: '={{ "" }}' }), /no row out/],
		[
			'a value or any other, under Any Filter',
			{ match: 'any', ...where(['size', 'neq', '10'], ['size', 'neq', '20']) },
			/no row out/,
		],
		[
			'raw text without its value',
			withRaw('name.neq.$1', '={{ [ $json.none ] }}'),
			/value for \$1 of the raw filter is empty/,
		],
		['raw text', withRaw('id.not.in.()', '[]'), /no row out/],
		['raw text with a bracket too many', withRaw('id.eq.1),or(id.gt.0', '[]'), /not understood/],
	])('%s: refused before anything is sent', async (_, parameters, message) => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(remove(table, parameters)),
		);
		expect(result.said.message).toMatch(message);
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(6);
	});

	test('an empty list beside another filter', async () => {
		const table = await things();
		const both = where(['id', 'in', ''], ['size', 'gt', '40']).filters as {
			filter: INodeParameters[];
		};
		const [first, second] = both.filter;
		await bench.succeed(
			remove(table, { filters: { filter: [{ ...first, negate: true }, { ...second }] } }),
		);
		expect(await left(table)).toEqual([1, 2, 3, 4]);
	});

	test('a list that is empty finds no row', async () => {
		const table = await things();
		const { json } = await bench.succeed(remove(table, where(['id', 'in', '={{ [] }}'])));
		expect(json).toEqual([]);
		expect(await bench.count(table)).toBe(6);
	});

	test('the item that has no filter left fails alone under continue on fail', async () => {
		const table = await things();
		const { json } = await bench.succeed(
			remove(
				table,
				{ ...where(['name', 'eq', '={{ $json.name }}']), options: { skipEmptyFilters: true } },
				continueRegular,
			),
			{ items: [{ name: 'name 1' }, { name: '' }, { name: 'name 3' }] },
		);
		expect(json.map(({ id, error }) => id ?? error)).toEqual([
			1,
			expect.stringMatching(/no filter/),
			3,
		]);
		expect(await left(table)).toEqual([2, 4, 5, 6]);
	});

	test('every row on purpose', async () => {
		const table = await things();
		const { json } = await bench.succeed(
			remove(table, { applyToAll: true, options: { returning: 'minimal' } }),
		);
		expect(json).toEqual([{ success: true, count: 6 }]);
		expect(await bench.count(table)).toBe(0);
	});
});

describe('by key', () => {
	test('1,000 items in few requests of a safe length, each with its row', async () => {
		const table = await bench.createTable('id uuid primary key, n int');
		await bench.sql(
			`insert into "${table}" select gen_random_uuid(), n from generate_series(0, 1199) as n`,
		);
		const rows = await bench.sql(`select * from "${table}" where n < 1000 order by n desc`);
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(remove(table, byKey()), { items: rows.map(({ id }) => ({ id })) }),
		);
		expect(requests.length).toBeLessThanOrEqual(15);
		expect(Math.max(...requests.map(({ path }) => path.length))).toBeLessThan(8_000);
		expectSame(result.json, found(rows));
		expectSame(origins(result.output), range(1000));
		expect(await bench.count(table)).toBe(200);
	});

	test('long keys of letters that take much room in an address', async () => {
		const table = await bench.createTable('name text primary key');
		const names = range(200).map((n) => `${'Größe 👋 '.repeat(5)}"${n}", (${n})`);
		await bench.sql(`insert into "${table}" select unnest($1::text[])`, [names]);
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(remove(table, byKey()), { items: names.map((name) => ({ name })) }),
		);
		expect(Math.max(...requests.map(({ path }) => path.length))).toBeLessThan(8_000);
		expect(requests.length).toBeLessThan(60);
		expectSame(result.json, found(names.map((name) => ({ name }))));
		expect(await bench.count(table)).toBe(0);
	});

	test('keys of two columns', async () => {
		const table = await bench.createTable('shop text, no int, primary key (shop, no)');
		await bench.sql(
			`insert into "${table}" select s, n from unnest($1::text[]) as s, generate_series(1, 150) as n`,
			[['a, b', '(c)']],
		);
		const items = range(150).map((n) => ({ shop: n % 2 ? 'a, b' : '(c)', no: n + 1 }));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(remove(table, byKey()), { items }),
		);
		expect(requests.length).toBeLessThanOrEqual(5);
		expect(Math.max(...requests.map(({ path }) => path.length))).toBeLessThan(8_000);
		expectSame(result.json, found(items));
		expect(await bench.count(table)).toBe(150);
		const others = await bench.sql(`select 1 from "${table}" where (no % 2 = 0) = (shop = 'a, b')`);
		expect(others).toEqual([]);
	});

	test('a key that no row has says so', async () => {
		const table = await things();
		const { json, output } = await bench.succeed(remove(table, byKey()), {
			items: [{ id: 6 }, { id: 77 }, { id: 1 }],
		});
		expect(json).toEqual([
			{ id: 6, name: 'name 6', size: 60, found: true },
			{ id: 77, found: false },
			{ id: 1, name: 'name 1', size: 10, found: true },
		]);
		expect(origins(output)).toEqual([0, 1, 2]);
		expect(await left(table)).toEqual([2, 3, 4, 5]);
	});

	test('rows that policies hide are not found and stay', async () => {
		const user = await createUser(bench.place);
		const table = await bench.createTable('id int primary key, owner uuid');
		await bench.define(
			`alter table "${table}" enable row level security;
			create policy own on "${table}" to authenticated using (owner = auth.uid())`,
		);
		await bench.sql(`insert into "${table}" values (1, $1), (2, gen_random_uuid())`, [user.id]);
		const { json } = await bench.succeed(
			remove(table, { ...byKey(), runAs: 'user', accessToken: user.accessToken }),
			{ items: [{ id: 1 }, { id: 2 }] },
		);
		expect(json).toEqual([
			{ id: 1, owner: user.id, found: true },
			{ id: 2, found: false },
		]);
		expect(await left(table)).toEqual([2]);
	});

	test('an item without its key is refused before anything is sent', async () => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(remove(table, byKey('id')), { items: [{ id: 1 }, { name: 'name 2' }] }),
		);
		expect(result.said.message).toMatch(/no value for its key \(id\)/);
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(6);
	});

	test('the items of several tables go to their own', async () => {
		const other = await bench.createTable('id int primary key');
		await bench.sql(`insert into "${other}" values (1), (2)`);
		const table = await things();
		const { json } = await bench.succeed(
			remove('', { ...byKey(), table: named('={{ $json.from }}') }),
			{
				items: [
					{ id: 2, from: table },
					{ id: 2, from: other },
				],
			},
		);
		expect(json).toEqual(found([{ id: 2, name: 'name 2', size: 20 }, { id: 2 }]));
		expect(await left(table)).toEqual([1, 3, 4, 5, 6]);
		expect(await left(other)).toEqual([1]);
	});

	test('chosen columns, without the key', async () => {
		const table = await things();
		const { json } = await bench.succeed(
			remove(table, { ...byKey(), options: { returnColumns: 'name' } }),
			{ items: [{ id: 3 }, { id: 1 }] },
		);
		expect(json).toEqual(found([{ name: 'name 3' }, { name: 'name 1' }]));
	});

	test('another column under the name of the key', async () => {
		const table = await things();
		const { json } = await bench.succeed(
			remove(table, { ...byKey(), options: { returnColumns: 'id:name' } }),
			{ items: [{ id: 3 }] },
		);
		expect(json).toEqual([{ id: 'name 3', found: true }]);
		expect(await left(table)).not.toContain(3);
	});

	test('columns from which the key cannot be read are refused before anything is sent', async () => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(remove(table, { ...byKey(), options: { returnColumns: 'size.sum()' } }), {
				items: [{ id: 3 }],
			}),
		);
		expect(result.said.message).toMatch(/key cannot be read/);
		expect(requests).toHaveLength(0);
	});
});

describe('more rows than are allowed', () => {
	test('are refused, and none is deleted', async () => {
		const table = await things();
		const filters = where(['size', 'gt', '20']);
		const { said } = await bench.run(remove(table, { ...filters, options: { maxAffected: 3 } }));
		expect(said.message).toMatch(
			/^\d+ rows would change, more than Maximum Rows Changed \(\d+\)\. Nothing was changed\.$/,
		);
		expect(await bench.count(table)).toBe(6);
		await bench.succeed(remove(table, { ...filters, options: { maxAffected: 4 } }));
		expect(await left(table)).toEqual([1, 2]);
	});
});

describe('a list too long for one address', () => {
	const long = range(1_500).map((n) => n + 5);

	test('goes in parts', async () => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(remove(table, where(['id', 'in', long.join(', ')]))),
		);
		expect(result.json.map(({ id }) => id)).toEqual([5, 6]);
		expect(await left(table)).toEqual([1, 2, 3, 4]);
		expect(requests.length).toBeGreaterThan(1);
		for (const { path } of requests) expect(path.length).toBeLessThan(8_000);
	});

	test('counts what all parts deleted', async () => {
		const table = await things();
		const { json } = await bench.succeed(
			remove(table, {
				...where(['id', 'in', `={{ ${JSON.stringify(['1', ...long.reverse()])} }}`]),
				options: { returning: 'minimal' },
			}),
		);
		expect(json).toEqual([{ success: true, count: 3 }]);
		expect(await left(table)).toEqual([2, 3, 4]);
	});

	test.each<[string, INodeParameters]>([
		['a maximum', { ...where(['id', 'in', long.join()]), options: { maxAffected: 5 } }],
		[
			'a negated list',
			{ filters: { filter: [{ column: named('id'), operator: 'notIn', values: long.join() }] } },
		],
	])('with %s: is refused before anything is sent', async (_, parameters) => {
		const table = await things();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(remove(table, parameters)),
		);
		expect(result.said.message).toMatch(/too long for one request/);
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(6);
	});
});

describe('rows that cannot be deleted', () => {
	/** Parents 0 to 29, of which 4, 14 and 24 have a child. */
	async function family(): Promise<string> {
		const table = await bench.createTable('id int primary key');
		const child = await bench.createTable(`parent int references "${table}" (id)`);
		await bench.sql(`insert into "${table}" select n from generate_series(0, 29) as n`);
		await bench.sql(`insert into "${child}" values (4), (14), (24)`);
		return table;
	}

	const items = range(30).map((id) => ({ id }));

	test('by key: each fails alone, the others are deleted, in fewer requests than items', async () => {
		const table = await family();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(remove(table, byKey(), continueError), { items }),
		);
		expect(requests.length).toBeLessThan(30);
		expect(result.json).toEqual(found(items.filter(({ id }) => id % 10 !== 4)));
		expect(origins(result.outputOf('Database', 1))).toEqual([4, 14, 24]);
		for (const { error } of result.errors)
			expect(error).toMatch(/^Rows of table .* still refer to the row with id/);
		expect(await left(table)).toEqual([4, 14, 24]);
	});

	test('by filters: each item has its own outcome', async () => {
		const table = await family();
		const { json, output } = await bench.succeed(
			remove(table, where(['id', 'eq', '={{ $json.id }}']), continueRegular),
			{ items },
		);
		expect(origins(output)).toEqual(range(30));
		expect(json.flatMap(({ error }, item) => (error ? [item] : []))).toEqual([4, 14, 24]);
		expect(await left(table)).toEqual([4, 14, 24]);
	});

	test('otherwise the first failure ends it, and nothing of its request is deleted', async () => {
		const table = await family();
		const { said } = await bench.run(remove(table, byKey()), { items });
		expect(said.message).toMatch(/^Rows of table .* still refer to the row with id/);
		expect(said.description).toContain('The rows of items 1 to 30 go together');
		expect(said.description).toContain('Nothing of this request was written');
		expect(await bench.count(table)).toBe(30);
	});
});
