/** Reading: all rows of a large table, and rows one by one. */
import type { Rival } from './rounds';
import { fillTable, makeTable, ourTable, TABLE, type BenchRow } from './rows';
import { atOnce, BARE, BUILT_IN, expectCount, OFFICIAL, OURS, upTo, type Work } from './work';

const ROWS = 100_000;
const PAGE = 1000;
const KEYS = 1000;
const WIDTH = 10;

export const readAll: Work = {
	name: 'read',
	title: 'read 100,000 rows',
	rounds: 5,
	// What hosted projects begin with.
	maxRows: PAGE,
	goals: { [BUILT_IN]: 0.7, [BARE]: 1.15 },
	async open(arena): Promise<Rival[]> {
		await makeTable(arena);
		await fillTable(arena, ROWS);
		const check = (given: unknown) => expectCount('Rows read', (given as unknown[]).length, ROWS);
		return [
			{
				name: OURS,
				check,
				run: async () => await arena.ours({ operation: 'select', ...ourTable, returnAll: true }),
			},
			{
				name: BUILT_IN,
				check,
				run: async () =>
					await arena.builtIn({
						operation: 'getAll',
						tableId: TABLE,
						returnAll: true,
						filterType: 'none',
					}),
			},
			{
				name: BARE,
				check,
				async run() {
					const rows: BenchRow[] = [];
					for (let page: BenchRow[] | undefined; page?.length !== 0;) {
						const after = rows.at(-1)?.id ?? 0;
						const path = `${TABLE}?select=*&id=gt.${after}&order=id&limit=${PAGE}`;
						page = (await arena.bare(path)) as BenchRow[];
						for (const row of page) rows.push(row);
					}
					return rows;
				},
			},
			{
				name: OFFICIAL,
				check,
				rounds: 3,
				async run() {
					const rows: unknown[] = [];
					for (let from = 0; from < ROWS; from += PAGE) {
						const table = arena.official.from(TABLE).select().order('id');
						const { data } = await table.range(from, from + PAGE - 1).throwOnError();
						for (const row of data ?? []) rows.push(row);
					}
					return rows;
				},
			},
		];
	},
};

export const readByKey: Work = {
	name: 'read-by-key',
	title: '1,000 reads by key, an item each',
	rounds: 5,
	goals: { [BUILT_IN]: 0.35, [BARE]: 1.3 },
	async open(arena): Promise<Rival[]> {
		await makeTable(arena);
		await fillTable(arena, KEYS * 10);
		const items = upTo(KEYS).map((n) => ({ key: n * 7 }));
		const check = (given: unknown) => expectCount('Rows read', (given as unknown[]).length, KEYS);
		return [
			{
				name: OURS,
				check,
				run: async () =>
					await arena.ours(
						{
							operation: 'select',
							...ourTable,
							returnAll: true,
							filters: {
								filter: [
									{
										column: { __rl: true, mode: 'name', value: 'id' },
										operator: 'eq',
										value: '={{ $json.key }}',
									},
								],
							},
						},
						items,
					),
			},
			{
				name: BUILT_IN,
				check,
				rounds: 3,
				run: async () =>
					await arena.builtIn(
						{
							operation: 'get',
							tableId: TABLE,
							filters: { conditions: [{ keyName: 'id', keyValue: '={{ $json.key }}' }] },
						},
						items,
					),
			},
			{
				name: BARE,
				check,
				async run() {
					const rows: unknown[] = [];
					await atOnce(WIDTH, items, async ({ key }) => {
						for (const row of (await arena.bare(`${TABLE}?id=eq.${key}`)) as unknown[]) {
							rows.push(row);
						}
					});
					return rows;
				},
			},
		];
	},
};
