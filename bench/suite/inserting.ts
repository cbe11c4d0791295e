/** Inserting many items. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Arena } from './arena';
import type { Rival } from './rounds';
import { medianOf } from './rounds';
import {
	countRows,
	emptyTable,
	makeTable,
	ourAutoMapped,
	ourMapped,
	ourTable,
	row,
	TABLE,
	type BenchRow,
} from './rows';
import { BARE, BUILT_IN, expectCount, OFFICIAL, OURS, parts, upTo, type Work } from './work';

const COUNT = 10_000;
const AT_ONCE = 1000;
const items = upTo(COUNT).map((id) => row(id));

/** The middle of what each could be blocked for. */
const blocks: Work['more'] = (samples) =>
	`longest block of the event loop: ${[OURS, BUILT_IN]
		.map((name) => `${name} ${medianOf(samples, name, ({ block }) => block).toFixed(0)} ms`)
		.join(', ')}`;

async function rivals(
	arena: Arena,
	ours: INodeParameters,
	builtIn: INodeParameters,
	bodyOf: (item: BenchRow) => IDataObject,
): Promise<Rival[]> {
	await makeTable(arena);
	const around = {
		prepare: async () => await emptyTable(arena),
		check: async (given: unknown) => {
			expectCount('Rows in the table', await countRows(arena, 'amount is not null'), COUNT);
			if (Array.isArray(given)) expectCount('Rows that came back', given.length, COUNT);
		},
	};
	return [
		{
			...around,
			name: OURS,
			run: async () => await arena.ours({ operation: 'insert', ...ourTable, ...ours }, items),
		},
		{
			...around,
			name: BUILT_IN,
			run: async () =>
				await arena.builtIn({ operation: 'create', tableId: TABLE, ...builtIn }, items),
		},
		{
			...around,
			name: BARE,
			async run() {
				const back: unknown[] = [];
				for (const part of parts(items, AT_ONCE)) {
					const body = part.map(bodyOf);
					const columns = Object.keys(body[0] ?? {}).join();
					const prefer = 'return=representation';
					const path = `${TABLE}?columns=${columns}`;
					back.push((await arena.bare(path, { method: 'POST', prefer, body })) as unknown[]);
				}
				return back.flat();
			},
		},
		{
			...around,
			name: OFFICIAL,
			async run() {
				const back: unknown[] = [];
				for (const part of parts(items, AT_ONCE)) {
					const { data } = await arena.official
						.from(TABLE)
						.insert(part.map(bodyOf))
						.select()
						.throwOnError();
					back.push(data);
				}
				return back.flat();
			},
		},
	];
}

export const insertAutoMapped: Work = {
	name: 'insert',
	title: 'insert 10,000 items, auto-mapped',
	rounds: 7,
	goals: { [BUILT_IN]: 1, [BARE]: 1.25 },
	more: blocks,
	open: async (arena) =>
		await rivals(
			arena,
			ourAutoMapped,
			{ dataToSend: 'autoMapInputData', inputsToIgnore: '' },
			(item) => item,
		),
};

const mapped = {
	id: '={{ $json.id }}',
	name: '={{ $json.name }}',
	amount: '={{ $json.amount * 2 }}',
};

export const insertMapped: Work = {
	name: 'insert-mapped',
	title: 'insert 10,000 items, three columns mapped by expressions',
	rounds: 5,
	goals: { [BUILT_IN]: 0.9 },
	more: blocks,
	open: async (arena) =>
		await rivals(
			arena,
			ourMapped(mapped),
			{
				dataToSend: 'defineBelow',
				fieldsUi: {
					fieldValues: Object.entries(mapped).map(([fieldId, fieldValue]) => ({
						fieldId,
						fieldValue,
					})),
				},
			},
			({ id, name, amount }) => ({ id, name, amount: Number(amount) * 2 }),
		),
};
