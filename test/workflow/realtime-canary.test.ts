import { catchingUp, onChanges, openRealtimeBench, stack, tableOf } from './realtime-helpers';

const bench = openRealtimeBench();
const CANARY = { tableOptions: { canaryRow: '{"name": "canary", "qty": 1}' } };

/** A table whose rows policies show to no anonymous, and which keeps who was written to it. */
async function guardedTable(): Promise<{ table: string; written: () => Promise<string[]> }> {
	const table = await bench.makeTable();
	await bench.sql.unsafe(`
		alter table ${table} enable row level security;
		create table ${table}_log (name text);
		create function ${table}_note() returns trigger language plpgsql security definer as
			$$ begin insert into public.${table}_log values (new.name); return null; end $$;
		create trigger noted after insert on ${table} for each row execute function ${table}_note()`);
	const written = async () => {
		const rows = await bench.sql<
			Array<{ name: string }>
		>`select name from ${bench.sql(`${table}_log`)}`;
		return rows.map(({ name }) => name);
	};
	return { table, written };
}

const rowsOf = async (table: string) => await bench.sql`select from ${bench.sql(table)}`;

test('without a policy the activation fails, with the SQL for one, and the canary row is gone', async () => {
	const { table, written } = await guardedTable();
	const node = onChanges([tableOf(table, CANARY)], { runAs: 'anonymous' });
	const error = await bench.activate(node).then(
		() => undefined,
		(thrown: Error & { description?: string }) => thrown,
	);
	expect(error?.message).toMatch(/did not come, and its deletion did/);
	expect(error?.description).toMatch(/No policy lets anon see the row.*for select to anon/s);
	expect(await written()).toEqual(['canary']);
	expect(await rowsOf(table)).toHaveLength(0);
});

test.each([
	['live', onChanges],
	['catchUp', catchingUp],
] as const)('with one it listens, and the canary row starts nothing: %s', async (_, listening) => {
	const { sql } = bench;
	const { table, written } = await guardedTable();
	await sql.unsafe(`create policy open on ${table} for select to anon using (true)`);
	const workflow = await bench.activate(
		listening([tableOf(table, CANARY)], { runAs: 'anonymous' }),
	);
	expect(workflow.logs).toContainEqual(expect.stringMatching(/A row written to .* came live/));
	expect(await written()).toEqual(['canary']);
	await sql`insert into ${sql(table)} (name) values ('real')`;
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.rows()).toMatchObject([{ event: 'INSERT', record: { name: 'real' } }]);
});

test('n8n that starts, and a test of the step, write no canary row', async () => {
	const { sql } = bench;
	const { table, written } = await guardedTable();
	const node = onChanges([tableOf(table, CANARY)]);
	const workflow = await bench.activate(node, { activation: 'init' });
	await workflow.until(() => workflow.logs.some((line) => /listens to/.test(line)));
	await sql`insert into ${sql(table)} (name) values ('real')`;
	await workflow.until(() => workflow.emissions.length > 0);
	const testing = { ...tableOf(table, CANARY) };
	await bench.engine.runWorkflow({
		nodes: [onChanges([testing], { options: { testWait: 1 } })],
		connections: {},
		credentials: stack,
		tests: true,
	});
	expect(await written()).toEqual(['real']);
});

test('without the secret key nothing is written, and it says so', async () => {
	const { table, written } = await guardedTable();
	const node = onChanges([tableOf(table, CANARY)], { runAs: 'anonymous' });
	const credentials = { supabaseProjectApi: { ...stack.supabaseProjectApi, secretKey: '' } };
	await expect(bench.activate(node, { credentials })).rejects.toThrow(/no Secret Key/);
	expect(await written()).toEqual([]);
});
