import { catchingUp, control, openRealtimeBench, realtime, tableOf } from './realtime-helpers';

const bench = openRealtimeBench();
const pause = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What goes wrong while rows are written, silently or not; each is counted as it bites. */
const FAULTS: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
	['a killed server', async () => await realtime.act({ kind: 'close', code: 1006 })],
	['a restart', async () => await realtime.act({ kind: 'close', code: 1012 })],
	['a close that is called normal', async () => await realtime.act({ kind: 'close', code: 1000 })],
	['changes that are lost without a word', async () => await realtime.set({ loseChanges: 3 })],
	['a whole batch that is lost', async () => await realtime.set({ loseBatches: 1 })],
	[
		'a reader that goes deaf',
		async () => {
			await realtime.act({ kind: 'deafen' });
			await realtime.act({ kind: 'mend' });
		},
	],
	[
		'an upgrade that is refused',
		async () => {
			await realtime.set({ refuseUpgrade: { status: 503, times: 1 } });
			await realtime.act({ kind: 'close', code: 1006 });
		},
	],
	['a second system ok', async () => await realtime.act({ kind: 'subscribeAgain' })],
	['large values that are left out', async () => await realtime.set({ omitColumns: ['name'] })],
	[
		'REST that answers 503',
		async () =>
			await control.addFault({
				path: '/rest/v1/',
				times: 2,
				action: { kind: 'status', status: 503 },
			}),
	],
];

test('with Catch Up ten faults lose no row, and give none twice', async () => {
	const { sql } = bench;
	const table = await bench.makeTable();
	const workflow = await bench.activate(catchingUp([tableOf(table)]));
	for (const [, happens] of FAULTS) {
		await happens();
		await sql`insert into ${sql(table)} (name, qty) select 'new', g from generate_series(1, 4) g`;
		await sql`update ${sql(table)} set qty = qty + 1 where id % 3 = 0`;
		await pause(150);
	}
	await realtime.set({ loseChanges: 0, loseBatches: 0, omitColumns: [] });
	// A change that is lost while all seems well is found by the sweep after the next subscription.
	await realtime.act({ kind: 'close', code: 1012 });
	const latest = await sql<Array<{ id: string; updated_at: Date }>>`
		select id, updated_at from ${sql(table)}`;
	const versions = () =>
		workflow.rows().flatMap(({ record }) => {
			const { id, updated_at: moved } = (record ?? {}) as { id: number; updated_at: string };
			return [`${id} ${new Date(moved).getTime()}`];
		});
	const wanted = latest.map(({ id, updated_at: moved }) => `${id} ${moved.getTime()}`);
	await workflow.until(() => {
		const found = new Set(versions());
		return wanted.every((each) => found.has(each));
	});
	await pause(4_000);
	const given = workflow.rows().map(({ record }) => {
		const { id, updated_at: moved } = record as { id: number; updated_at: string };
		return `${id} ${moved}`;
	});
	expect(new Set(given.map((each) => each.replace('Z', '+00:00'))).size).toBe(given.length);
	expect(workflow.errors).toEqual([]);
	expect(latest).toHaveLength(FAULTS.length * 4);
});
