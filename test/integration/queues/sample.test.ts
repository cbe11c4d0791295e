import { installDurable, SAMPLE_QUEUE } from '../../../scripts/n8n/durable';
import { uninstallSql } from '../../../src/api/queues/sql/uninstall';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;
let databaseUrl: string;

beforeAll(async () => {
	database = await freshDatabase();
	const url = new URL(process.env.STACK_DATABASE_URL ?? '');
	url.pathname = `/${database.sql.options.database}`;
	databaseUrl = url.href;
	await database.sql`create table planets (id int primary key, name text)`;
});
afterAll(async () => await database.drop());

it('the local Supabase of "npm start" sends sample rows, sign-ups and files to a queue', async () => {
	const { sql } = database;
	await installDurable({ databaseUrl });
	await sql`insert into planets values (1, 'Earth')`;
	await sql`insert into auth.users (id, email) values (gen_random_uuid(), 'ada@example.com')`;
	await sql`insert into storage.buckets (id, name) values ('b', 'b')`;
	await sql`insert into storage.objects (bucket_id, name) values ('b', 'file.txt')`;
	expect(await waiting(sql, SAMPLE_QUEUE)).toMatchObject([
		{ type: 'INSERT', table: 'planets', record: { id: 1, name: 'Earth' } },
		{ type: 'INSERT', table: 'users', record: { email: 'ada@example.com' } },
		{ type: 'INSERT', table: 'objects', record: { name: 'file.txt' } },
	]);
});

it('and what the examples listen to', async () => {
	const { sql } = database;
	await sql`insert into storage.buckets (id, name) values ('photos', 'photos')`;
	await sql`insert into storage.objects (bucket_id, name) values ('photos', 'cat.jpg')`;
	expect(await waiting(sql, 'n8n_welcome')).toMatchObject([{ type: 'INSERT', table: 'users' }]);
	expect(await waiting(sql, 'n8n_thumbnails')).toMatchObject([{ record: { name: 'cat.jpg' } }]);
});

it('and leaves what its person has made of it', async () => {
	const { sql } = database;
	await sql.unsafe(uninstallSql(SAMPLE_QUEUE));
	await installDurable({ databaseUrl });
	const before = await waiting(sql, SAMPLE_QUEUE);
	await sql`insert into planets values (2, 'Mars')`;
	expect(await waiting(sql, SAMPLE_QUEUE)).toEqual(before);
});
