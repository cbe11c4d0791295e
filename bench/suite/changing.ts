/** Changing rows by their key: update, upsert, delete. */
import type { Arena } from './arena';
import type { Rival } from './rounds';
import {
	countRows,
	emptyTable,
	fillTable,
	makeTable,
	ourAutoMapped,
	ourTable,
	row,
	TABLE,
} from './rows';
import {
	atOnce,
	BARE,
	BUILT_IN,
	expectCount,
	N8N_ALONE,
	OFFICIAL,
	OURS,
	parts,
	upTo,
	type Work,
} from './work';

const COUNT = 1000;
/** A table that holds more rows than are changed. */
const ROWS = 10_000;
const WIDTH = 10;
const KEYS_AT_ONCE = 500;
const ids = upTo(COUNT).map((n) => n * 7);

const ourKey = { matchBy: 'key', keyColumns: [] };
const builtInFilter = {
	filterType: 'manual',
	matchType: 'allFilters',
	filters: { conditions: [{ keyName: 'id', condition: 'eq', keyValue: '={{ $json.id }}' }] },
};

const RETURN = 'return=representation';

/** Each run writes another value, so that what was written before counts for nothing. */
let runs = 0;
let value = '';

function around(arena: Arena, condition: () => string) {
	return {
		prepare: () => Promise.resolve((value = `value ${++runs}`)),
		check: async (given: unknown) => {
			expectCount('Rows that changed', await countRows(arena, condition()), COUNT);
			if (Array.isArray(given)) expectCount('Rows that came back', given.length, COUNT);
		},
	};
}

async function filled(arena: Arena): Promise<void> {
	await makeTable(arena);
	await fillTable(arena, ROWS);
}

export const updateDifferent: Work = {
	name: 'update',
	title: 'update 1,000 rows by key, all values different',
	rounds: 5,
	goals: { [BUILT_IN]: 0.3, [BARE]: 1.1 },
	async open(arena): Promise<Rival[]> {
		await filled(arena);
		const each = around(arena, () => `name = '${value}, ' || id`);
		const items = () => ids.map((id) => ({ id, name: `${value}, ${id}` }));
		return [
			{
				...each,
				name: OURS,
				run: async () =>
					await arena.ours(
						{ operation: 'update', ...ourTable, ...ourKey, ...ourAutoMapped },
						items(),
					),
			},
			{
				...each,
				name: BUILT_IN,
				rounds: 3,
				run: async () =>
					await arena.builtIn(
						{
							operation: 'update',
							tableId: TABLE,
							...builtInFilter,
							dataToSend: 'autoMapInputData',
							inputsToIgnore: 'id',
						},
						items(),
					),
			},
			{
				...each,
				name: BARE,
				async run() {
					const back: unknown[] = [];
					await atOnce(WIDTH, items(), async ({ id, name }) => {
						const path = `${TABLE}?id=eq.${id}`;
						const options = { method: 'PATCH', prefer: RETURN, body: { name } } as const;
						back.push((await arena.bare(path, options)) as unknown[]);
					});
					return back.flat();
				},
			},
			{
				...each,
				name: OFFICIAL,
				async run() {
					const back: unknown[] = [];
					await atOnce(WIDTH, items(), async ({ id, name }) => {
						const table = arena.official.from(TABLE);
						const { data } = await table.update({ name }).eq('id', id).select().throwOnError();
						back.push(data);
					});
					return back.flat();
				},
			},
		];
	},
};

export const updateSame: Work = {
	name: 'update-same',
	title: 'update 1,000 rows by key, the same value',
	rounds: 15,
	goals: { [BARE]: 1.3 },
	async open(arena): Promise<Rival[]> {
		await filled(arena);
		const each = around(arena, () => `name = '${value}'`);
		return [
			{
				...each,
				name: OURS,
				run: async () =>
					await arena.ours(
						{ operation: 'update', ...ourTable, ...ourKey, ...ourAutoMapped },
						ids.map((id) => ({ id, name: value })),
					),
			},
			byLists(arena, each, (list) => ({
				path: `${TABLE}?id=in.(${list})`,
				options: { method: 'PATCH', prefer: RETURN, body: { name: value } },
			})),
		];
	},
};

export const deleteByKey: Work = {
	name: 'delete',
	title: 'delete 1,000 rows by key',
	rounds: 15,
	goals: { [BARE]: 1.5 },
	async open(arena): Promise<Rival[]> {
		await makeTable(arena);
		const items = ids.map((id) => ({ id }));
		const each = {
			prepare: async () => await fillTable(arena, ROWS),
			check: async (given: unknown): Promise<void> => {
				expectCount('Rows left', await countRows(arena), ROWS - COUNT);
				if (Array.isArray(given)) expectCount('Rows that came back', given.length, COUNT);
			},
		};
		return [
			{
				...each,
				name: OURS,
				run: async () => await arena.ours({ operation: 'delete', ...ourTable, ...ourKey }, items),
			},
			{
				...each,
				name: BUILT_IN,
				rounds: 3,
				run: async () =>
					await arena.builtIn({ operation: 'delete', tableId: TABLE, ...builtInFilter }, items),
			},
			byLists(arena, each, (list) => ({
				path: `${TABLE}?id=in.(${list})`,
				options: { method: 'DELETE', prefer: RETURN },
			})),
			{ name: N8N_ALONE, run: async () => await arena.n8nAlone(items) },
		];
	},
};

export const upsertRows: Work = {
	name: 'upsert',
	title: 'upsert 1,000 items, half of them new',
	rounds: 15,
	goals: { [BARE]: 1.3 },
	async open(arena): Promise<Rival[]> {
		await makeTable(arena);
		const items = upTo(COUNT).map((n) => row(n, `New ${n}`));
		const each = {
			async prepare() {
				await emptyTable(arena);
				await fillTable(arena, COUNT / 2);
			},
			check: async (given: unknown): Promise<void> => {
				expectCount('Rows written', await countRows(arena, `name = 'New ' || id`), COUNT);
				if (Array.isArray(given)) expectCount('Rows that came back', given.length, COUNT);
			},
		};
		return [
			{
				...each,
				name: OURS,
				run: async () =>
					await arena.ours({ operation: 'upsert', ...ourTable, ...ourAutoMapped }, items),
			},
			{
				...each,
				name: BARE,
				run: async () =>
					await arena.bare(`${TABLE}?columns=${Object.keys(items[0] ?? {}).join()}`, {
						method: 'POST',
						prefer: `resolution=merge-duplicates,${RETURN}`,
						body: items,
					}),
			},
			{ name: N8N_ALONE, run: async () => await arena.n8nAlone(items) },
			{
				...each,
				name: OFFICIAL,
				run: async () =>
					(await arena.official.from(TABLE).upsert(items).select().throwOnError()).data,
			},
		];
	},
};

/** Undici alone, with as many keys in a request as an address holds. */
function byLists(
	arena: Arena,
	each: Pick<Rival, 'prepare' | 'check'>,
	requestOf: (list: string) => {
		readonly path: string;
		readonly options: Parameters<Arena['bare']>[1];
	},
): Rival {
	return {
		...each,
		name: BARE,
		async run() {
			const lists = parts(ids, KEYS_AT_ONCE).map((list) => requestOf(list.join()));
			const back = await Promise.all(
				lists.map(async ({ path, options }) => (await arena.bare(path, options)) as unknown[]),
			);
			return back.flat();
		},
	};
}
