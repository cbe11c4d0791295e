import type { INodeParameters } from 'n8n-workflow';

import { continueRegular, openBench, origins, range } from './database-helpers';
import { byKey, remove, rowOf, update, upsert } from './database-operations';

const bench = openBench();

/** A type, a key as the database has it, the forms in which it is sent, and one that no row has. */
const types: Array<[type: string, stored: string, sent: unknown[], missing: unknown]> = [
	[
		'uuid',
		'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
		['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{a0eebc999c0b4ef8bb6d6bb9bd380a11}'],
		'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
	],
	// The local REST server rounds larger ones before it asks the database.
	['bigint', '9007199254740992', ['9007199254740992', 9007199254740992], '9007199254740990'],
	['numeric', '1.25', ['1.250', 1.25, '125e-2'], 1.3],
	[
		'timestamptz',
		'2026-01-02 10:00:00+00',
		['2026-01-02T10:00:00.000Z', '2026-01-02T12:00:00+02:00'],
		'2026-01-02T10:00:00.001Z',
	],
	['timestamp', '2026-01-02 10:00:00', ['2026-01-02T10:00:00.000Z'], '2026-01-02T11:00:00'],
	['date', '2026-01-02', ['2026-01-02T00:00:00.000Z', '2026-01-02'], '2026-01-03'],
	['char(5)', 'ab', ['ab', 'ab   '], 'abc'],
	['text', 'Ada', ['Ada'], 'ada'],
	['boolean', 'true', [true, 'true'], false],
	['double precision', '0.1', ['0.10', 0.1], 0.2],
];

/** A table with one row of this key, and a second column that a key may have, too. */
async function one(type: string, stored: string): Promise<string> {
	const table = await bench.createTable(`k ${type} primary key, part int default 1, note text`);
	await bench.sql(`insert into "${table}" (k) values ($1)`, [stored]);
	return table;
}

const notes = async (table: string) =>
	(await bench.sql(`select note from "${table}"`)).map(({ note }) => note);

describe.each(types)('a key of %s', (type, stored, sent, missing) => {
	test('is found in every form, and one that no row has is not', async () => {
		const table = await one(type, stored);
		const items = [...sent, missing].map((k, n) => ({ k, note: `note ${n}` }));
		const { json, output } = await bench.succeed(update(table, byKey()), {
			items: items as never,
		});
		expect(json.map(({ found }) => found)).toEqual([...sent.map(() => true), false]);
		expect(origins(output)).toEqual(range(items.length));
		expect(await notes(table)).toEqual([`note ${sent.length - 1}`]);
	});

	test('as a part of a key', async () => {
		const table = await one(type, stored);
		const items = sent.map((k) => ({ k, part: 1, note: 'marked' }));
		const { json } = await bench.succeed(update(table, byKey('k', 'part')), {
			items: [...items, { k: sent[0], part: 2, note: 'other' }] as never,
		});
		expect(json.map(({ found }) => found)).toEqual([...sent.map(() => true), false]);
		expect(await notes(table)).toEqual(['marked']);
	});

	test('deletes its row once', async () => {
		const table = await one(type, stored);
		const { json } = await bench.succeed(remove(table, byKey()), {
			items: [missing, ...sent].map((k) => ({ k })) as never,
		});
		expect(json.map(({ found }) => found)).toEqual([
			false,
			true,
			...sent.slice(1).map(() => false),
		]);
		expect(await bench.count(table)).toBe(0);
	});

	test('of a row that exists is left as it is', async () => {
		const table = await one(type, stored);
		const { output, hints } = await bench.succeed(
			upsert(table, { resolution: 'ignore-duplicates' }),
			{ items: [sent[0], missing].map((k) => ({ k, note: 'new' })) as never },
		);
		expect(origins(output)).toEqual([1]);
		expect(hints).toEqual([expect.stringMatching(/^1 of the rows existed already/)]);
		expect((await notes(table)).sort()).toEqual(['new', null].sort());
	});
});

test('a key whose forms are not known: nothing is claimed, and no row is dropped', async () => {
	const table = await one('interval', '1 day');
	const { json, hints } = await bench.succeed(update(table, byKey()), {
		items: [
			{ k: '24:00:00', note: 'marked' },
			{ k: '48:00:00', note: 'marked' },
		],
	});
	expect(json).toEqual([
		{ k: '24:00:00', found: null },
		{ k: '48:00:00', found: null },
		{ k: '1 day', part: 1, note: 'marked', found: true },
	]);
	expect(hints.join()).toMatch(/cannot be told/);
	expect(await notes(table)).toEqual(['marked']);
});

test('exact numbers come back of what is written, and still pair', async () => {
	const table = await one('bigint', '9007199254740992');
	const { json } = await bench.succeed(
		update(table, { ...byKey(), options: { exactNumbers: true } }),
		{ items: [{ k: '9007199254740992', note: 'marked' }] },
	);
	expect(json).toEqual([{ k: '9007199254740992', part: 1, note: 'marked', found: true }]);
});

describe('each item has its own outcome', () => {
	const bad: Array<[string, INodeParameters]> = [
		['without its key', { ...byKey(), ...rowOf('={{ $json.id === 2 ? { n: 9 } : $json }}') }],
		[
			'with nothing to change',
			{ ...byKey(), ...rowOf('={{ $json.id === 2 ? { id: 2 } : $json }}') },
		],
		[
			'whose key is a list',
			{ ...byKey(), ...rowOf('={{ $json.id === 2 ? { id: [2], n: 9 } : $json }}') },
		],
	];
	const items = [1, 2, 3].map((id) => ({ id, n: id * 10 }));

	async function three(): Promise<string> {
		const table = await bench.createTable('id int primary key, n int');
		await bench.sql(`insert into "${table}" select n from generate_series(1, 3) as n`);
		return table;
	}

	test.each(bad)('one %s fails alone, the others are written', async (_, parameters) => {
		const table = await three();
		const { json, output } = await bench.succeed(update(table, parameters, continueRegular), {
			items,
		});
		expect(origins(output)).toEqual([0, 1, 2]);
		expect(json.map(({ error }) => error !== undefined)).toEqual([false, true, false]);
		expect(await bench.sql(`select id, n from "${table}" order by id`)).toEqual([
			{ id: 1, n: 10 },
			{ id: 2, n: null },
			{ id: 3, n: 30 },
		]);
	});

	test.each(bad)('one %s: otherwise nothing is sent', async (_, parameters) => {
		const table = await three();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(update(table, parameters), { items }),
		);
		expect(result.error).toMatchObject({ context: { itemIndex: 1 } });
		expect(requests).toHaveLength(0);
		expect(await bench.sql(`select 1 from "${table}" where n is not null`)).toEqual([]);
	});
});

test('by key that stops at a bad row: what was changed before is said', async () => {
	const table = await bench.createTable('id int primary key, n int check (n < 1000)');
	await bench.sql(`insert into "${table}" select n from generate_series(0, 59) as n`);
	const { said } = await bench.run(update(table, byKey()), {
		items: range(60).map((id) => ({ id, n: id === 40 ? 5000 : id })),
	});
	expect(said.message).toContain('does not pass the check');
	const changed = await bench.sql(`select 1 from "${table}" where n is not null`);
	expect(changed.length).toBeGreaterThan(0);
	expect(said.description).toContain(`${changed.length} rows were changed before, and that stays`);
});
