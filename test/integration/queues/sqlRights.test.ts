import { DURABLE_VERSION, durableSql } from '../../../src/api/queues/sql/durable';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;

/** As the dashboard does when Queues are exposed, as far as it goes, and further. */
const DASHBOARD = `grant usage on schema pgmq to anon, authenticated, service_role;
	grant all on all functions in schema pgmq to anon, authenticated, service_role;
	grant all on all sequences in schema pgmq to anon, authenticated, service_role;
	grant all on all tables in schema pgmq to anon, authenticated, service_role;
	alter default privileges in schema pgmq grant all on tables to anon, authenticated, service_role`;

beforeAll(async () => {
	database = await freshDatabase();
	await run(DASHBOARD);
	await run(
		'create table orders (id int primary key, secret text); grant all on orders to anon, authenticated',
	);
	await run("select pgmq.create('q')");
	await run(
		durableSql({ queue: 'q', tables: [{ schema: 'public', name: 'orders', events: ['insert'] }] }),
	);
	await run("insert into orders values (1, 'PAYLOAD')");
	await run("select public.n8n_queue_create('own')");
});
afterAll(async () => await database.drop());

const run = async (text: string) => await database.sql.unsafe(text);

/** Runs a statement as another role, and leaves no trace. */
async function as(role: string, text: string): Promise<unknown[]> {
	const back = new Error('back');
	let rows: unknown[] = [];
	await database.sql
		.begin(async (sql) => {
			await sql.unsafe(`set local role ${role}`);
			rows = [...(await sql.unsafe(text))];
			throw back;
		})
		.catch((error: unknown) => {
			if (error !== back) throw error;
		});
	return rows;
}

const CALLS = [
	"public.n8n_queue_claim('q')",
	"public.n8n_queue_send('q', '[1]')",
	"public.n8n_queue_ack('q', '{1}')",
	"public.n8n_queue_set_vt('q', '{1}', 0)",
	"public.n8n_queue_park('q', '{1}')",
	"public.n8n_queue_create('new')",
	'public.n8n_queue_list()',
	'public.n8n_queue_metrics()',
	"public.n8n_queue_purge('q')",
	"public.n8n_queue_doctor('q')",
];

describe.each(['anon', 'authenticated'])('%s', (role) => {
	it.each(CALLS)('may not call %s', async (text) => {
		await expect(as(role, `select * from ${text}`)).rejects.toMatchObject({ code: '42501' });
		expect(await waiting(database.sql, 'q')).toHaveLength(1);
	});

	it('may call nothing of the private schema', async () => {
		const functions = await run(
			`select p.oid::regprocedure::text name, has_function_privilege('${role}', p.oid, 'execute') may
			from pg_proc p where p.pronamespace = 'n8n_durable'::regnamespace`,
		);
		expect(functions.length).toBeGreaterThan(10);
		expect(functions.filter(({ may }) => may)).toEqual([]);
		await expect(as(role, "select n8n_durable.ring('q')")).rejects.toMatchObject({ code: '42501' });
	});

	it.each(['q_q', 'a_q', 'q_q_dead', 'a_q_dead', 'q_own', 'a_own'])(
		'reads and writes nothing of pgmq.%s',
		async (table) => {
			await expect(as(role, `select * from pgmq.${table}`)).rejects.toMatchObject({
				code: '42501',
			});
			await expect(as(role, `delete from pgmq.${table}`)).rejects.toMatchObject({ code: '42501' });
			const [row] = await run(
				`select relrowsecurity from pg_class where oid = 'pgmq.${table}'::regclass`,
			);
			expect(row?.relrowsecurity).toBe(true);
		},
	);

	it.each([
		"select * from pgmq.read('q', 0, 10)",
		"select * from pgmq.pop('q')",
		"select pgmq.delete('q', 1)",
		"select pgmq.archive('q', 1)",
		"select * from pgmq_public.read('q', 0, 10)",
		"select * from pgmq_public.pop('q')",
		`select pgmq.send('q', '{"forged":true}'::jsonb, 0)`,
	])('gets nothing by %s', async (text) => {
		await expect(as(role, text)).rejects.toMatchObject({ code: '42501' });
		expect(await waiting(database.sql, 'q')).toHaveLength(1);
	});
});

it.each(CALLS)('the service role may call %s', async (text) => {
	await as('service_role', `select * from ${text}`);
});

it('takes away again what was granted since, when it is run again, and the doctor tells it', async () => {
	await run(`grant execute on function public.n8n_queue_purge to anon; grant select on pgmq.q_q to authenticated;
		alter table pgmq.q_q disable row level security`);
	const doctor = async () =>
		(await run("select public.n8n_queue_doctor('q') told"))[0]?.told as { anon_may: string[] };
	expect((await doctor()).anon_may).toEqual(['pgmq.q_q', 'public.n8n_queue_purge(text)']);
	await run(
		durableSql({ queue: 'q', tables: [{ schema: 'public', name: 'orders', events: ['insert'] }] }),
	);
	expect((await doctor()).anon_may).toEqual([]);
});

it.each(['jsonb', 'pg_class', 'text', 'n8n_new_', 'current_setting'])(
	'what a writer puts into its temporary schema as %s is not taken for the real one',
	async (name) => {
		await run('create table if not exists bulky (id int primary key)');
		await run(
			durableSql({
				queue: 'b',
				tables: [{ schema: 'public', name: 'bulky', events: ['insert'], bulk: true }],
			}),
		);
		await run('grant all on bulky to authenticated');
		await run(
			`do $$ begin execute 'grant temporary on database ' || current_database() || ' to authenticated'; end $$`,
		);
		const writer = database.connect();
		await writer.unsafe('set role authenticated');
		await writer.unsafe(`create temporary table ${name} (id int)`);
		await writer.unsafe('insert into public.bulky values (1)');
		await writer.unsafe('insert into public.orders values (2)');
		await run('delete from bulky; delete from orders where id = 2');
		expect(await waiting(database.sql, 'b')).toMatchObject([{ record: { id: 1 } }]);
		await run('delete from pgmq.q_b');
	},
);

it('the doctor tells what is installed, off, and missing', async () => {
	await run(
		'alter table orders disable trigger "00_n8n_q_insert"; alter table orders enable row level security',
	);
	await run('create policy "see" on orders for select to anon using (true)');
	await run('alter publication supabase_realtime add table orders');
	const [row] = await run(
		`select public.n8n_queue_doctor('q', '[{"schema":"public","table":"orders","cursor":"secret"},{"schema":"no","table":"ne"}]') told`,
	);
	expect(row?.told).toEqual({
		version: DURABLE_VERSION,
		pgmq_version: null,
		queue: expect.objectContaining({ queue_name: 'q', is_unlogged: false }),
		dead_queue: true,
		dead_letters: 0,
		length: expect.any(Number),
		oldest_message_age_s: expect.any(Number),
		owner_bypasses_rls: true,
		anon_may: [],
		triggers: [
			{
				name: '00_n8n_q_insert',
				schema: 'public',
				table: 'orders',
				events: ['insert'],
				kind: 'row',
				enabled: 'D',
				omit: [],
				buckets: [],
			},
		],
		tables: [
			{
				schema: 'public',
				table: 'orders',
				cursor: 'secret',
				exists: true,
				published: true,
				replica_identity: 'd',
				rls: true,
				policies: [{ name: 'see', command: 'SELECT', roles: ['anon'] }],
				anon_reads: true,
				authenticated_reads: true,
				cursor_exists: true,
				cursor_nullable: true,
				cursor_indexed: false,
			},
			expect.objectContaining({
				schema: 'no',
				table: 'ne',
				exists: false,
				published: false,
				rls: null,
			}),
		],
		realtime_send: true,
	});
	const [none] = await run("select public.n8n_queue_doctor('none') told");
	expect(none?.told).toMatchObject({ queue: null, dead_queue: false, length: null, triggers: [] });
});
