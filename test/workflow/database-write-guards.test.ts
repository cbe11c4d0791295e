import type { INodeParameters } from 'n8n-workflow';

import { continueRegular, insert, named, openBench, select, where } from './database-helpers';
import { byKey, remove, rowOf, setting, update, upsert } from './database-operations';

const bench = openBench();

async function six(): Promise<string> {
	const table = await bench.createTable("id int primary key, n int, note text default 'none'");
	await bench.sql(`insert into "${table}" select g, g from generate_series(1, 6) as g`);
	return table;
}

const untouched = async (table: string) =>
	await bench.sql(`select 1 from "${table}" where note = 'none'`);

describe('an option whose expression does not give what it should', () => {
	const change = { ...where(['id', 'gt', '0']), ...setting({ note: 'marked' }) };

	test('Dry Run as text is a dry run', async () => {
		const table = await six();
		await bench.run(update(table, { ...change, options: { dryRun: "={{ 'true' }}" } }));
		expect(await untouched(table)).toHaveLength(6);
	});

	test('Maximum Rows Changed as text holds', async () => {
		const table = await six();
		await bench.run(update(table, { ...change, options: { maxAffected: "={{ '3' }}" } }));
		expect(await untouched(table)).toHaveLength(6);
	});

	test.each<[string, INodeParameters]>([
		['Dry Run', { dryRun: '={{ $json.missing }}' }],
		['Dry Run', { dryRun: '={{ null }}' }],
		['Maximum Rows Changed', { maxAffected: '={{ $json.missing }}' }],
		['Maximum Rows Changed', { maxAffected: "={{ '' }}" }],
		['Maximum Rows Changed', { maxAffected: '={{ 0 }}' }],
		['Allowed Tables', { allowedTables: '={{ $json.missing }}' }],
		['Allowed Tables', { allowedTables: '' }],
		['Allowed Tables', { allowedTables: '={{ [] }}' }],
		['Return', { returning: "={{ 'something' }}" }],
		['Skip Empty Filters', { skipEmptyFilters: '={{ {} }}' }],
	])('%s is refused: %j', async (label, options) => {
		const table = await six();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(update(table, { ...change, options })),
		);
		expect(result.said.message).toContain(label);
		expect(requests).toHaveLength(0);
		expect(await untouched(table)).toHaveLength(6);
	});

	test.each<[string, INodeParameters]>([
		['All or Nothing', { allOrNothing: '={{ $json.missing }}' }],
		['Rows per Request', { chunkRows: '={{ null }}' }],
		['Missing Columns', { missing: "={{ '' }}" }],
	])('%s is refused: %j', async (label, options) => {
		const table = await six();
		const { said } = await bench.run(insert(table, { options }), { items: [{ id: 7 }] });
		expect(said.message).toContain(label);
		expect(await bench.count(table)).toBe(6);
	});

	test.each<[string, INodeParameters]>([
		['Find Rows By', { matchBy: '={{ $json.missing }}' }],
		['Apply to All Rows', { applyToAll: '={{ {} }}' }],
	])('%s is refused', async (label, parameters) => {
		const table = await six();
		const { said } = await bench.run(remove(table, parameters));
		expect(said.message).toContain(label);
		expect(await bench.count(table)).toBe(6);
	});
});

describe('Maximum Rows Changed by key', () => {
	test('counts the rows of each key', async () => {
		const table = await six();
		await bench.sql(`update "${table}" set n = 1 where id < 4`);
		const parameters = { ...byKey('n'), options: { maxAffected: 2 } };
		const { json } = await bench.succeed(update(table, parameters, continueRegular), {
			items: [4, 1].map((n) => ({ n, note: 'marked' })),
		});
		expect(json.map(({ id, error }) => id ?? Boolean(error))).toEqual([4, true]);
		expect(await untouched(table)).toHaveLength(5);
	});
});

describe('Allowed Tables', () => {
	const city = { id: 1, name: 'a' };

	test.each([
		['another table', 'cities', {}, 'countries'],
		['a related one in Return Columns', 'cities', { returnColumns: 'id,countries(*)' }, 'cities'],
		['the same by another name', 'cities', { returnColumns: 'x:countries!inner(*)' }, 'cities'],
		['spread', 'cities', { returnColumns: '...countries(name)' }, 'cities'],
		[
			'a related one behind an allowed one',
			'cities',
			{ returnColumns: 'countries(cities(*),users(*))' },
			'cities, countries',
		],
		['the name of another schema', 'cities', {}, 'myschema.cities'],
	])('refuses %s', async (_, table, options, allowedTables) => {
		const before = await bench.count(table);
		const node = insert(table, { options: { ...options, allowedTables } });
		const { said } = await bench.run(node, { items: [city] });
		expect(said.message).toMatch(/not among those that this node may use/);
		expect(await bench.count(table)).toBe(before);
	});

	test('refuses a table of the same name in another schema', async () => {
		const table = await bench.createTable('id int', { schema: 'myschema' });
		const node = insert(table, { schema: named('myschema'), options: { allowedTables: table } });
		const { said } = await bench.run(node, { items: [{ id: 1 }] });
		expect(said.message).toContain(`"myschema.${table}" is not among`);
		const there = { allowedTables: `countries, myschema.${table}` };
		await bench.succeed(insert(table, { schema: named('myschema'), options: there }), {
			items: [{ id: 1 }],
		});
		expect(await bench.sql(`select id from myschema."${table}"`)).toEqual([{ id: 1 }]);
	});

	test('holds for what is read, too', async () => {
		const parameters = {
			columnsMode: 'expression',
			columnExpression: 'name,countries(*)',
			options: { allowedTables: 'cities' },
		};
		const { said } = await bench.run(select('cities', parameters));
		expect(said.message).toContain('related table "countries" is not among');
	});
});

describe('an upsert without a key to match on', () => {
	test('is refused, as each run would write all rows once more', async () => {
		const table = await bench.createTable('name text, n int');
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(upsert(table), { items: [{ name: 'a', n: 1 }] }),
		);
		expect(result.said.message).toContain('has no primary key');
		expect(result.said.description).toContain('Columns to Match On');
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(0);
	});
});

test('All or Nothing: where one item cannot be written nothing is', async () => {
	const table = await six();
	const parameters = {
		...rowOf('={{ $json.id === 8 ? {} : $json }}'),
		options: { allOrNothing: true },
	};
	const { result, requests } = await bench.requestsDuring(table, () =>
		bench.succeed(insert(table, parameters, continueRegular), {
			items: [7, 8, 9].map((id) => ({ id })),
		}),
	);
	expect(result.json.map(({ error }) => Boolean(error))).toEqual([true, true, true]);
	expect(requests).toHaveLength(0);
	expect(await bench.count(table)).toBe(6);
});

describe.each([
	['insert', insert],
	['upsert', upsert],
])('All or Nothing: %s into two tables, which takes two transactions', (_what, write) => {
	test.each([
		['ends', {}],
		['gives each item its error', continueRegular],
	])('%s, and nothing is written', async (_how, onError) => {
		const tables = [await six(), await six()];
		const node = write(
			'',
			{
				table: named('={{ $json.at }}'),
				options: { allOrNothing: true },
				...rowOf('={{ { id: $json.id } }}'),
			},
			onError,
		);
		const { said, json } = await bench.run(node, {
			items: tables.map((at, n) => ({ at, id: 7 + n })),
		});
		const words = 'Items 1 and 2 cannot be written in one transaction';
		if (onError === continueRegular) expect(json.map(({ error }) => error)).toEqual([words, words]);
		else expect(said.message).toBe(words);
		for (const table of tables) expect(await bench.count(table)).toBe(6);
	});
});

test('a row with a column "error" is written once under Retry On Fail', async () => {
	const table = await bench.createTable('id int generated always as identity, error text');
	await bench.succeed(insert(table, {}, { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }), {
		items: [{ error: 'disk full' }],
	});
	expect(await bench.sql(`select error from "${table}"`)).toEqual([{ error: 'disk full' }]);
});
