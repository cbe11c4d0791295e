import type { Sql } from 'postgres';

import { DURABLE_VERSION, durableSql, uninstallSql } from '../../../src/api/queues/sql/durable';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;
beforeEach(async () => (database = await freshDatabase()));
afterEach(async () => await database.drop());

const run = async (text: string, sql: Sql = database.sql) => await sql.unsafe(text);

const orders = {
	schema: 'public',
	name: 'orders',
	events: ['insert', 'update', 'delete'],
} as const;
const plan = { queue: 'n8n_orders', tables: [orders], users: true, files: {} };

/** Everything that the catalogs hold of functions, triggers, tables, types, schemas and rights. */
async function catalog({ without = '^$' } = {}): Promise<string[]> {
	const rows = await run(`
		select 'function ' || p.oid::regprocedure || ' ' || coalesce(p.proacl::text, '') || md5(p.prosrc) || coalesce(p.proconfig::text, '') it from pg_proc p
		union all select 'trigger ' || tgrelid::regclass || ' ' || pg_get_triggerdef(oid) || tgenabled::text from pg_trigger
		union all select 'relation ' || oid::regclass || ' ' || relkind::text || relrowsecurity::text || coalesce(relacl::text, '') from pg_class where relnamespace <> 'pg_toast'::regnamespace
		union all select 'type ' || oid::regtype from pg_type
		union all select 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') from pg_namespace where nspname !~ '^pg_(toast_)?temp'
		union all select 'default ' || defaclnamespace::text || defaclobjtype::text || defaclacl::text from pg_default_acl`);
	return rows
		.map(({ it }) => it as string)
		.filter((each) => !new RegExp(without).test(each))
		.sort();
}

it('leaves nothing when it is uninstalled but the queues, and those by the statements that it names', async () => {
	await run('create table orders (id int primary key)');
	const before = await catalog();
	await run(durableSql(plan));
	expect((await catalog()).length).toBeGreaterThan(before.length + 30);
	const gone = uninstallSql();
	await run(gone);
	expect(await catalog({ without: 'pgmq\\.\\S*n8n_orders' })).toEqual(before);
	const drops = [...uninstallSql('n8n_orders').matchAll(/^-- (select pgmq\.drop_queue.*)$/gm)];
	expect(drops).toHaveLength(2);
	for (const [, drop] of drops) await run(drop as string);
	expect(await catalog()).toEqual(before);
	await run(gone);
	await run(
		'insert into orders values (1); insert into auth.users (id) values (gen_random_uuid())',
	);
});

it('is the same after it is installed twice, and loses nothing between', async () => {
	await run('create table orders (id int primary key)');
	await run(durableSql(plan));
	const before = await catalog();
	await run('insert into orders values (1)');
	await run(durableSql(plan));
	expect(await catalog()).toEqual(before);
	await run('insert into orders values (2)');
	expect(await waiting(database.sql, 'n8n_orders')).toHaveLength(2);
});

it('takes away what the plan has no more, and leaves the captures of other queues', async () => {
	await run('create table orders (id int primary key); create table other (id int primary key)');
	await run(durableSql(plan));
	await run(durableSql({ queue: 'second', tables: [orders] }));
	await run(
		durableSql({
			queue: 'n8n_orders',
			tables: [
				{ ...orders, events: ['insert'] },
				{ ...orders, name: 'other', bulk: true },
			],
		}),
	);
	const triggers = async () =>
		(
			await run(
				`select tgrelid::regclass || ' ' || tgname it from pg_trigger where tgname like '00_n8n%' order by 1`,
			)
		).map(({ it }) => it as string);
	const second = ['delete', 'insert', 'truncate', 'update'].map(
		(each) => `orders 00_n8n_second_${each}`,
	);
	expect(await triggers()).toEqual([
		'orders 00_n8n_n8n_orders_insert',
		...second,
		...['delete', 'insert', 'truncate', 'update'].map((each) => `other 00_n8n_n8n_orders_${each}`),
	]);
	await run(uninstallSql('n8n_orders'));
	expect(await triggers()).toEqual(second);
	expect(await run("select public.n8n_queue_claim('second')")).toEqual([{ n8n_queue_claim: [] }]);
});

it('changes between row by row and bulk', async () => {
	await run('create table orders (id int primary key)');
	for (const bulk of [false, true, false]) {
		await run(durableSql({ queue: 'q', tables: [{ ...orders, bulk }] }));
		await run(
			'insert into orders values (1), (2); update orders set id = id + 2; delete from orders',
		);
		expect(await waiting(database.sql, 'q')).toHaveLength(6);
		await run('delete from pgmq.q_q');
	}
});

it('switches a trigger on again that was off', async () => {
	await run('create table orders (id int primary key)');
	await run(durableSql(plan));
	await run('alter table orders disable trigger all');
	await run(durableSql(plan));
	await run('insert into orders values (1)');
	expect(await waiting(database.sql, 'n8n_orders')).toHaveLength(1);
});

it('replaces an older version, whatever the arguments and results of its functions were', async () => {
	await run('create table orders (id int primary key)');
	await run(durableSql(plan));
	const fresh = await catalog();
	await run(`create or replace function n8n_durable.version() returns int language sql as 'select 0';
		drop function public.n8n_queue_claim, public.n8n_queue_doctor, n8n_durable.ring;
		create function public.n8n_queue_claim(queue text, size int default 10) returns setof bigint language sql as 'select 1::bigint';
		create function public.n8n_queue_doctor(queue text) returns text language sql as 'select 1::text';
		create function n8n_durable.ring(int) returns int language sql as 'select 1';
		create or replace function n8n_durable.capture() returns trigger language plpgsql as 'begin return null; end'`);
	await run(durableSql(plan));
	expect(await catalog()).toEqual(fresh);
	await run('insert into orders values (1)');
	expect(await waiting(database.sql, 'n8n_orders')).toHaveLength(1);
});

it('leaves a newer version as it is', async () => {
	await run('create table orders (id int primary key)');
	await run(durableSql(plan));
	await run(
		`create or replace function n8n_durable.version() returns int language sql as 'select ${DURABLE_VERSION + 1}'`,
	);
	const before = await catalog();
	await expect(run(durableSql(plan))).rejects.toMatchObject({
		message: `This database has version ${DURABLE_VERSION + 1} of the durable SQL, and this is the older version ${DURABLE_VERSION}`,
	});
	expect(await catalog()).toEqual(before);
});

describe('says in plain words what it cannot do, and does nothing', () => {
	const captured = { queue: 'q', tables: [orders] };
	const other = (more: object) => ({ queue: 'q', tables: [{ ...orders, ...more }] });
	it.each([
		['a table that is not there', '', other({ name: 'none' }), 'There is no table public.none'],
		[
			'a schema that is not there',
			'',
			other({ schema: 'no"ne' }),
			'There is no table no"ne.orders',
		],
		[
			'a view',
			'create view v as select 1 id',
			other({ name: 'v' }),
			'public.v is no table, so its changes cannot be captured',
		],
		[
			'a column that is not there',
			'',
			other({ omit: ['x'] }),
			'public.orders has no column x, which is to be left out',
		],
		[
			'a column of the key',
			'',
			other({ omit: ['id'] }),
			'Column id of public.orders belongs to the primary key, so it cannot be left out',
		],
		[
			'users as a table',
			'',
			other({ schema: 'auth', name: 'users' }),
			'auth.users belongs to Supabase or PostgreSQL, so its rows are not captured',
		],
		[
			'sessions',
			'',
			other({ schema: 'auth', name: 'sessions' }),
			'auth.sessions belongs to Supabase or PostgreSQL, so its rows are not captured',
		],
		[
			'a queue itself',
			'',
			other({ schema: 'pgmq', name: 'meta' }),
			'pgmq.meta belongs to Supabase or PostgreSQL, so its rows are not captured',
		],
		[
			'a partitioned table in bulk',
			'create table p (id int) partition by list (id)',
			other({ name: 'p', bulk: true }),
			'public.p has partitions: captured in bulk, what is written to a partition itself would be lost',
		],
		[
			'a partition in bulk',
			'create table p (id int) partition by list (id); create table p1 partition of p default',
			other({ name: 'p1', bulk: true }),
			'public.p1 has partitions: captured in bulk, what is written to a partition itself would be lost',
		],
		[
			'an unlogged queue',
			"select pgmq.create_unlogged('q')",
			captured,
			'The queue q is unlogged: a crash of the database would empty it',
		],
	])('%s', async (_, before, asked, message) => {
		await run(`create table orders (id int primary key, note text); ${before}`);
		const found = await catalog();
		await expect(run(durableSql(asked))).rejects.toMatchObject({ message });
		expect(await catalog()).toEqual(found);
	});
});

it('asks for Queues where they are not switched on', async () => {
	const bare = await freshDatabase({ queues: false });
	await expect(bare.sql.unsafe(durableSql(plan))).rejects.toMatchObject({
		message: 'Supabase Queues are not switched on in this project',
		hint: expect.stringMatching(/Integrations, Queues.*create extension pgmq/),
	});
	await bare.sql.unsafe(uninstallSql());
	await bare.sql.unsafe(uninstallSql('n8n_orders'));
	await bare.drop();
});

it('captures a table from the moment on, also what waits to be written meanwhile', async () => {
	await run('create table orders (id int primary key)');
	const writer = database.connect();
	await writer.unsafe('begin; insert into orders values (1)');
	const installed = database
		.connect()
		.unsafe(durableSql({ queue: 'q', tables: [orders] }))
		.execute();
	for (;;) {
		const found = await run(
			"select from pg_locks where not granted and relation = 'orders'::regclass",
		);
		if (found.length > 0) break;
	}
	const later = database.connect().unsafe('insert into orders values (2)').execute();
	await writer.unsafe('commit');
	await installed;
	await later;
	expect(await waiting(database.sql, 'q')).toMatchObject([{ key: { id: 2 } }]);
});
