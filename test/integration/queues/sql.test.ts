import { durableSql, uninstallSql } from '../../../src/api/queues/sql/durable';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;
beforeAll(async () => (database = await freshDatabase()));
afterAll(async () => await database.drop());

const orders = {
	schema: 'public',
	name: 'orders',
	events: ['insert', 'update', 'delete'],
} as const;

it('sends the changes of a table to its queue', async () => {
	const { sql } = database;
	await sql.unsafe('create table public.orders (id int primary key, note text)');
	await sql.unsafe(durableSql({ queue: 'n8n_orders', tables: [orders] }));
	await sql.unsafe(
		`insert into public.orders values (7, 'a'); update public.orders set note = 'b'`,
	);
	await sql.unsafe('update public.orders set note = note; delete from public.orders');
	expect(await waiting(sql, 'n8n_orders')).toMatchObject([
		{
			v: 1,
			type: 'INSERT',
			schema: 'public',
			table: 'orders',
			record: { id: 7, note: 'a' },
			old_record: null,
		},
		{
			type: 'UPDATE',
			record: { id: 7, note: 'b' },
			old_record: { id: 7, note: 'a' },
			key: { id: 7 },
		},
		{ type: 'DELETE', record: null, old_record: { id: 7, note: 'b' }, rows: ['public.orders:[7]'] },
	]);
});

it('claims by row, past what is in flight', async () => {
	const { sql } = database;
	await sql.unsafe(`insert into public.orders values (1, 'a'), (2, 'b'); truncate public.orders`);
	const claim = async (size: number) =>
		await sql.unsafe(`select * from public.n8n_queue_claim('n8n_orders', 60, ${size}, true, true)`);
	expect(await claim(3)).toHaveLength(3);
	expect(await claim(1)).toMatchObject([{ message: { rows: ['public.orders:[1]'] } }]);
	expect(await claim(9)).toMatchObject([{ message: { rows: ['public.orders:[2]'] } }]);
	expect(await claim(9)).toEqual([]);
});

it('is gone after it is uninstalled', async () => {
	const { sql } = database;
	await sql.unsafe(uninstallSql());
	expect(await sql`select from pg_namespace where nspname = 'n8n_durable'`).toHaveLength(0);
});
