import { named } from './database-helpers';
import { catchingUp, onChanges, openRealtimeBench, realtime, tableOf } from './realtime-helpers';

const bench = openRealtimeBench();
const pause = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));
const filter = (column: string, operator: string, value: string) => ({
	filter: [{ column: named(column), operator, value }],
});

test('a change of a row starts an execution for each event', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	const workflow = await bench.activate(onChanges([tableOf(table)]));
	await sql`insert into ${sql(table)} (name, qty) values ('a', 1)`;
	await sql`update ${sql(table)} set qty = 2`;
	await sql`delete from ${sql(table)}`;
	await workflow.until(() => workflow.emissions.length >= 3);
	expect(workflow.rows()).toMatchObject([
		{
			kind: 'postgres_changes',
			event: 'INSERT',
			schema: 'public',
			table,
			record: { id: 1, name: 'a', qty: 1 },
			key: { id: 1 },
			origin: 'live',
		},
		{ event: 'UPDATE', record: { qty: 2 }, old_record: { id: 1 } },
		{ event: 'DELETE', old_record: { id: 1 }, key: { id: 1 } },
	]);
	expect(workflow.rows()[0]?.commit_timestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
	expect(Object.keys(workflow.rows()[2] ?? {})).not.toContain('record');
});

test('only the rows that the filter wants, and only the events that are chosen', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	const filters = {
		filter: [
			{ column: named('name'), operator: 'in', values: 'a, "b,c"' },
			{ column: named('qty'), operator: 'gte', value: '2' },
		],
	};
	const workflow = await bench.activate(
		onChanges([tableOf(table, { events: ['insert'], filters })]),
	);
	await sql`insert into ${sql(table)} (name, qty) values ('a', 1), ('a', 2), ('b,c', 3), ('d', 4)`;
	await sql`update ${sql(table)} set qty = qty + 10`;
	await sql`insert into ${sql(table)} (name, qty) values ('a', 99)`;
	await workflow.until(() =>
		workflow.rows().some((row) => (row.record as { qty: number }).qty === 99),
	);
	expect(workflow.rows().map(({ record }) => (record as { qty: number }).qty)).toEqual([2, 3, 99]);
});

test('several tables in one trigger, each with its own events and columns', async () => {
	const { sql } = bench;
	const [first, second] = [await bench.makeTable(), await bench.makeTable()];
	const workflow = await bench.activate(
		onChanges([
			tableOf(first, { events: ['insert'], tableOptions: { columns: 'name' } }),
			tableOf(second, { events: ['delete'] }),
		]),
	);
	await sql`insert into ${sql(second)} (name) values ('x')`;
	await sql`insert into ${sql(first)} (name, qty) values ('a', 1)`;
	await sql`delete from ${sql(second)}`;
	await workflow.until(() => workflow.emissions.length >= 2);
	expect(workflow.rows()).toMatchObject([
		{ table: first, event: 'INSERT', record: { name: 'a' } },
		{ table: second, event: 'DELETE' },
	]);
	expect(workflow.rows()[0]?.record).not.toHaveProperty('qty');
});

test('Catch Up: what was written while nobody listened is read, and nothing comes twice', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	const node = catchingUp([tableOf(table)]);
	const names = (rows: ReadonlyArray<{ record?: unknown }>) =>
		rows.map(({ record }) => (record as { name: string }).name);

	await realtime.set({ readerLingerMs: 10 });
	await sql`insert into ${sql(table)} (name) values ('old')`;
	const before = await bench.activate(node);
	await sql`insert into ${sql(table)} (name) values ('live')`;
	await before.until(() => before.emissions.length > 0);
	const [emission] = before.emissions;
	await before.close();
	while ((await realtime.state()).isReading) await pause(20);

	await sql`insert into ${sql(table)} (name) values ('missed')`;
	await sql`update ${sql(table)} set name = 'old, changed' where name = 'old'`;
	const after = await bench.activate(node, {
		activation: 'init',
		staticData: emission?.staticData,
	});
	await after.until(() => names(after.rows()).includes('old, changed'));
	await sql`insert into ${sql(table)} (name) values ('live again')`;
	await after.until(() => after.rows().length >= 4);

	expect(names(before.rows())).toEqual(['live']);
	// What n8n kept is one batch behind, so the last one comes again, with the same key.
	expect(names(after.rows()).sort()).toEqual(['live', 'live again', 'missed', 'old, changed']);
	const again = after.emissions.find(
		({ items }) => names(items.map(({ json }) => json))[0] === 'live',
	);
	expect(again?.deduplicationKey).toBe(emission?.deduplicationKey);
	expect(
		after.rows().find(({ record }) => (record as { name: string }).name === 'missed'),
	).toMatchObject({ event: 'CHANGE', origin: 'catch-up', key: { id: 3 } });
});

test('Catch Up from the beginning, in batches, one at a time and in order', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	await sql`insert into ${sql(table)} (qty) select g from generate_series(1, 25) g`;
	let running = 0;
	let most = 0;
	const workflow = await bench.activate(
		catchingUp([tableOf(table)], {
			startFrom: 'beginning',
			options: { batch: { batch: { events: 10, wait: 50 } }, oneAtATime: true },
		}),
		{
			onEmit: async () => {
				most = Math.max(most, ++running);
				await new Promise((resolve) => setTimeout(resolve, 30));
				running--;
			},
		},
	);
	await workflow.until(() => workflow.rows().length >= 25);
	expect(workflow.rows().map(({ record }) => (record as { qty: number }).qty)).toEqual(
		Array.from({ length: 25 }, (_, index) => index + 1),
	);
	expect(workflow.emissions.map(({ items }) => items.length)).toEqual([10, 10, 5]);
	expect(most).toBe(1);
	expect(workflow.emissions.map(({ deduplicationKey }) => deduplicationKey)).toEqual([
		...[undefined, undefined, undefined],
	]);
});

test('more than fits waits its turn: with Catch Up every row comes in the end', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	let isHeld = true;
	const workflow = await bench.activate(
		catchingUp([tableOf(table)], {
			options: { batch: { batch: { events: 200, wait: 20 } }, oneAtATime: true },
		}),
		{
			onEmit: async () => {
				while (isHeld) await new Promise((resolve) => setTimeout(resolve, 10));
			},
		},
	);
	await sql`insert into ${sql(table)} (qty) select g from generate_series(1, 2000) g`;
	await workflow.until(() =>
		workflow.logs.some((line) => /more changes than executions/.test(line)),
	);
	isHeld = false;
	const seen = () =>
		new Set(workflow.rows().map(({ record }) => (record as { qty: number }).qty)).size;
	await workflow.until(() => seen() >= 2000);
	expect(workflow.rows()).toHaveLength(2000);
});

test('a filter on a column of its own kind is refused before anything is sent', async () => {
	const table = await bench.makeTable();
	const failure = bench.activate(
		onChanges([tableOf(table, { filters: filter('qty->>a', 'eq', '1') })]),
	);
	await expect(failure).rejects.toThrow(/own columns/);
});

test('a throw of emit is told, and the same comes again', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	let times = 0;
	const workflow = await bench.activate(onChanges([tableOf(table)]), {
		beforeEmit: () => {
			if (++times === 1) throw new Error('n8n cannot just now');
		},
	});
	await sql`insert into ${sql(table)} (name) values ('a')`;
	await workflow.until(() => workflow.emissions.length > 0);
	expect(times).toBe(2);
	expect(workflow.logs.join('\n')).toMatch(/could not start an execution\. n8n cannot just now/);
});
