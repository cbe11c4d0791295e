import { durableSql } from '../../../src/api/queues/sql/durable';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;

beforeAll(async () => {
	database = await freshDatabase();
	await database.sql.unsafe(durableSql({ queue: 'accounts', tables: [], users: true }));
	await database.sql.unsafe(durableSql({ queue: 'files', tables: [], files: {} }));
	await database.sql.unsafe(
		durableSql({ queue: 'some_files', tables: [], files: { buckets: ['it\'s "in"', 'docs'] } }),
	);
});
afterAll(async () => await database.drop());

const run = async (text: string) => await database.sql.unsafe(text);

async function messages(queue: string) {
	const found = await waiting(database.sql, queue);
	await run(`delete from pgmq.q_${queue}`);
	return found;
}

const ID = '00000000-0000-0000-0000-000000000001';
const SECRETS = [
	'encrypted_password',
	'confirmation_token',
	'recovery_token',
	'email_change_token_new',
	'email_change_token_current',
	'reauthentication_token',
	'phone_change_token',
];

it('sends users without hashes and tokens, also those of columns to come', async () => {
	await run('alter table auth.users add column future_token text');
	const secrets = [...SECRETS, 'future_token'];
	await run(`insert into auth.users (id, email, raw_user_meta_data, ${secrets.join(', ')})
		values ('${ID}', 'ada@example.com', '{"name":"Ada"}', ${secrets.map(() => "'SECRET'").join(', ')})`);
	await run(
		`update auth.users set email_confirmed_at = now(), ${secrets.map((each) => `${each} = 'SECRET2'`).join(', ')}`,
	);
	await run(`delete from auth.users`);
	const found = await messages('accounts');
	expect(found).toMatchObject([
		{
			type: 'INSERT',
			schema: 'auth',
			table: 'users',
			record: { id: ID, email: 'ada@example.com', raw_user_meta_data: { name: 'Ada' } },
		},
		{
			type: 'UPDATE',
			old_record: { confirmed_at: null },
			record: { confirmed_at: expect.any(String) },
		},
		{ type: 'DELETE', record: null, old_record: { id: ID }, key: { id: ID } },
	]);
	expect(JSON.stringify(found)).not.toContain('SECRET');
	for (const each of secrets) expect(JSON.stringify(found)).not.toContain(each);
});

it('takes neither a sign-in nor a new token for a change of the user', async () => {
	await run(`insert into auth.users (id) values ('${ID}')`);
	await messages('accounts');
	await run(
		`update auth.users set last_sign_in_at = now(), updated_at = now() + interval '1 h', recovery_token = 'x'`,
	);
	expect(await messages('accounts')).toEqual([]);
	await run(`update auth.users set phone = '1'`);
	expect(await messages('accounts')).toMatchObject([
		{ record: { phone: '1', last_sign_in_at: expect.any(String) } },
	]);
});

it('sends files that are stored, moved and removed, not those that are read', async () => {
	await run(
		`insert into storage.buckets (id, name) values ('docs', 'docs'), ('it''s "in"', 'odd'), ('other', 'other')`,
	);
	await run(
		`insert into storage.objects (bucket_id, name, owner_id, version, metadata) values ('docs', 'a.png', 'me', '1', '{"size":3}'), ('other', 'b.png', 'me', '1', '{}')`,
	);
	await run(`update storage.objects set last_accessed_at = now() + interval '1 h'`);
	await run(
		`update storage.objects set name = 'c.png', bucket_id = 'it''s "in"' where bucket_id = 'other'`,
	);
	await run(`update storage.objects set bucket_id = 'other' where bucket_id = 'docs'`);
	await run('delete from storage.objects');
	const what = (found: Array<Record<string, unknown>>) =>
		found.map(({ type, record, old_record }) => [
			type,
			...[record, old_record].map((each) => (each as { bucket_id?: string } | null)?.bucket_id),
		]);
	const all = await messages('files');
	expect(all[0]).toMatchObject({
		schema: 'storage',
		table: 'objects',
		record: {
			name: 'a.png',
			bucket_id: 'docs',
			owner_id: 'me',
			version: '1',
			metadata: { size: 3 },
		},
	});
	expect(what(all)).toEqual([
		['INSERT', 'docs', undefined],
		['INSERT', 'other', undefined],
		['UPDATE', 'it\'s "in"', 'other'],
		['UPDATE', 'other', 'docs'],
		['DELETE', undefined, expect.anything()],
		['DELETE', undefined, expect.anything()],
	]);
	expect(what(await messages('some_files'))).toEqual([
		['INSERT', 'docs', undefined],
		['UPDATE', 'it\'s "in"', 'other'],
		['UPDATE', 'other', 'docs'],
		['DELETE', undefined, 'it\'s "in"'],
	]);
});

it('makes no function in the schemas of Supabase', async () => {
	const found = await run(`select p.proname from pg_trigger t join pg_proc p on p.oid = t.tgfoid
		join pg_namespace n on n.oid = p.pronamespace
		where t.tgname like '00_n8n%' and n.nspname <> 'n8n_durable'`);
	expect(found).toHaveLength(0);
});
