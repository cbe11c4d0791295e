import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { openBench, origins, range, where } from './database-helpers';
import { byKey, remove, rowOf, update } from './database-operations';

const bench = openBench();

async function rows(count: number): Promise<string> {
	const table = await bench.createTable('id int primary key, team int default 1, n int');
	await bench.sql(`insert into "${table}" select n from generate_series(1, ${count}) as n`);
	return table;
}

/** How many requests to the table were under way at once at the most. */
async function widthOf(
	table: string,
	parameters: INodeParameters,
	items: IDataObject[],
): Promise<number> {
	const { requests } = await bench.requestsDuring(table, () =>
		bench.succeed(update(table, parameters), { items }),
	);
	expect(requests).toHaveLength(items.length);
	return requests.reduce((most, { concurrent }) => Math.max(most, concurrent), 0);
}

const change = rowOf('={{ { n: $json.n } }}');

describe('updates by filters', () => {
	const items = range(24).map((n) => ({ id: (n % 12) + 1, n }));

	test('that may meet the same row keep their order', async () => {
		const table = await rows(12);
		const sameTeam = { ...where(['team', 'gte', '={{ $json.n * 0 }}']), ...change };
		expect(await widthOf(table, sameTeam, items)).toBe(1);
		expect(await bench.sql(`select distinct n from "${table}"`)).toEqual([{ n: 23 }]);
	});

	test('that ask for other values of one column run side by side, those for the same in order', async () => {
		const table = await rows(12);
		const byId = { ...where(['id', 'eq', '={{ $json.id }}']), ...change };
		expect(await widthOf(table, byId, items)).toBeGreaterThan(1);
		expect(await bench.sql(`select n from "${table}" order by id`)).toEqual(
			range(12).map((n) => ({ n: n + 12 })),
		);
	});

	test.each<[string, INodeParameters]>([
		['set that column', { ...where(['n', 'eq', '={{ $json.n }}']), ...change }],
		[
			'have it among any',
			{ match: 'any', ...where(['id', 'eq', '={{ $json.id }}'], ['n', 'eq', '1']), ...change },
		],
		[
			'negate it',
			{
				filters: {
					filter: [
						{
							column: { __rl: true, mode: 'name', value: 'id' },
							operator: 'eq',
							value: '={{ $json.id }}',
							negate: true,
						},
					],
				},
				...change,
			},
		],
	])('that %s keep their order', async (_, parameters) => {
		const table = await rows(12);
		expect(await widthOf(table, parameters, items.slice(0, 8))).toBe(1);
	});

	test('run side by side where Items at Once says so', async () => {
		const table = await rows(12);
		const atOnce = {
			...where(['id', 'gte', '={{ $json.id }}']),
			...change,
			options: { itemsAtOnce: 6 },
		};
		const width = await widthOf(table, atOnce, items);
		expect(width).toBeGreaterThan(1);
		expect(width).toBeLessThanOrEqual(6);
	});
});

test('of deletes by overlapping filters the first item has the row', async () => {
	const table = await rows(12);
	const { output } = await bench.succeed(remove(table, where(['id', 'lte', '={{ $json.to }}'])), {
		items: [{ to: 3 }, { to: 12 }, { to: 6 }],
	});
	expect(origins(output)).toEqual([0, 0, 0, ...range(9).map(() => 1)]);
	expect(await bench.count(table)).toBe(0);
});

test('items that name the same row by key: each in its turn, the last one stands', async () => {
	const table = await rows(3);
	const { json, hints } = await bench.succeed(update(table, byKey()), {
		items: [
			{ id: 1, n: 10 },
			{ id: 2, n: 20 },
			{ id: '1', n: 11 },
			{ id: 1, n: 12 },
		],
	});
	expect(json.map(({ id, n }) => [id, n])).toEqual([
		[1, 10],
		[2, 20],
		[1, 11],
		[1, 12],
	]);
	expect(hints).toEqual([expect.stringMatching(/^2 items name the same row/)]);
	expect(await bench.sql(`select n from "${table}" order by id`)).toEqual([
		{ n: 12 },
		{ n: 20 },
		{ n: null },
	]);
});
