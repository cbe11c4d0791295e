import { openRealtimeBench } from './realtime-helpers';
import { runRealtime } from './realtime-node-helpers';

const bench = openRealtimeBench();

/** Writes until something has ended: who waits for a change does not say when it listens. */
async function writingUntil<T>(end: Promise<T>, write: () => Promise<unknown>): Promise<T> {
	let isOver = false;
	const over = end.finally(() => (isOver = true));
	void over.catch(() => undefined);
	while (!isOver) {
		await write();
		await Promise.race([over.catch(() => undefined), pause()]);
	}
	return await over;
}

const pause = async () => await new Promise((resolve) => setTimeout(resolve, 50));

test('a change is waited for, and those that do not match are passed over', async () => {
	const table = await bench.makeTable('name text, qty int8');
	const { sql } = bench;
	const rows = [
		{ name: 'other', qty: 5 },
		{ name: 'wanted', qty: 1 },
		{ name: 'wanted', qty: 5 },
	];
	const { json, error } = await writingUntil(
		runRealtime(bench.engine, {
			...{ resource: 'channel', operation: 'waitFor', waitFor: 'change', timeLimit: 60 },
			...{ schema: 'public', table, change: 'INSERT', filter: 'name=eq.wanted' },
			options: { match: '{"qty": 5}' },
		}),
		async () => await sql`insert into ${sql(table)} ${sql(rows)}`,
	);
	expect(error).toBeUndefined();
	expect(json).toEqual([
		{
			...{ event: 'INSERT', schema: 'public', table },
			commit_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			record: expect.objectContaining({ name: 'wanted', qty: 5 }),
		},
	]);
});

test.each([
	['UPDATE', { record: { qty: 2 } }],
	['DELETE', { old_record: { id: expect.any(Number) } }],
])('%s alone is waited for', async (change, expected) => {
	const table = await bench.makeTable();
	const { sql } = bench;
	const { json, error } = await writingUntil(
		runRealtime(bench.engine, {
			...{ resource: 'channel', operation: 'waitFor', waitFor: 'change', timeLimit: 60 },
			...{ schema: 'public', table, change, filter: '', options: {} },
		}),
		async () => {
			await sql`insert into ${sql(table)} (qty) values (1)`;
			await sql`update ${sql(table)} set qty = 2`;
			await sql`delete from ${sql(table)}`;
		},
	);
	expect(error).toBeUndefined();
	expect(json).toHaveLength(1);
	expect(json[0]).toMatchObject({ event: change, table, ...expected });
});
