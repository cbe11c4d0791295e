import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import { SupabaseApiError } from '../../../src/api/errors';
import { readProject } from '../../../src/api/project';
import { functionsSql, uninstallSql } from '../../../src/api/queues/sql/durable';
import type { Watch } from '../../../src/api/realtime/catchUp/watch';
import { catalogFindings, seenTables } from '../../../src/api/realtime/doctor/catalog';
import type { ListeningRole } from '../../../src/api/realtime/doctor/findings';
import { identifier } from '../../../src/api/sql';
import { sender } from '../../../src/api/transport';
import { stackControl } from '../../stack/control';

const project = readProject({
	url: process.env.SUPABASE_URL ?? '',
	secretKey: process.env.SUPABASE_SECRET_KEY,
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY,
});
const send = sender(project, { authority: { role: 'service_role' } });
const sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 1, onnotice() {} });
const control = stackControl();
const table = { schema: 'public', name: `Seen "it"; ${randomBytes(4).toString('hex')}` };
const place = `public.${identifier(table.name)}`;
let wasInstalled = false;

const watch: Watch = {
	table,
	events: ['INSERT', 'UPDATE', 'DELETE'],
	filters: [[{ column: 'state', operator: 'eq', value: 'paid' }]],
	key: ['id'],
	cursor: 'at',
	types: { at: 'timestamp with time zone' },
};

async function findings(role: ListeningRole, watched = watch) {
	const [seen] = await seenTables(send, [watched]);
	if (!seen) throw new Error('the function did not answer');
	return catalogFindings(watched, seen, role);
}

const codes = async (role: ListeningRole) => (await findings(role)).map(({ code }) => code);

beforeAll(async () => {
	const [found] = await sql`select to_regnamespace('n8n_durable') is not null as yes`;
	wasInstalled = Boolean(found?.yes);
	await sql.unsafe(`create table ${place} (id int primary key, state text, at timestamptz)`);
	await sql.unsafe(`alter table ${place} enable row level security`);
	await sql.unsafe(`revoke all on ${place} from anon, authenticated`);
});

afterAll(async () => {
	await sql.unsafe(`drop table ${place}`);
	if (!wasInstalled) await sql.unsafe(uninstallSql());
	await control.reloadSchema();
	await sql.end();
});

it('tells nothing where the function is not installed', async () => {
	await sql.unsafe(uninstallSql());
	await control.reloadSchema();
	expect(await seenTables(send, [watch])).toEqual([undefined]);
	await sql.unsafe(functionsSql());
	await control.reloadSchema();
	expect(await seenTables(send, [watch])).toMatchObject([{ exists: true, published: false }]);
});

it('asks for nothing where no table is listened to', async () => {
	const none = jest.fn();
	expect(await seenTables(none as never, [])).toEqual([]);
	expect(none).not.toHaveBeenCalled();
});

it('lets an outage pass on, as nothing is known then', async () => {
	const outage = new SupabaseApiError('rest', 'unknown', { message: 'away' });
	await expect(seenTables(async () => await Promise.reject(outage), [watch])).rejects.toBe(outage);
});

it('sees that there is no table', async () => {
	const missing = { ...watch, table: { schema: 'public', name: 'no such table' } };
	expect(await findings('anon', missing)).toMatchObject([{ level: 'warns', code: 'NO_TABLE' }]);
});

it('sees what each role lacks, and the SQL of each finding mends it', async () => {
	const common = ['NOT_PUBLISHED', 'KEYS_OF_DELETES', 'CURSOR_INDEX', 'CURSOR_NULLABLE'];
	expect(await codes('service_role')).toEqual(common);
	const ofRole = ['NOT_PUBLISHED', 'NO_SELECT', 'NO_POLICY', ...common.slice(1)];
	expect(await codes('anon')).toEqual(ofRole);
	expect(await codes('authenticated')).toEqual(ofRole);

	const all = await findings('authenticated');
	for (const printed of new Set(all.map((each) => each.sql))) await sql.unsafe(printed ?? '');

	expect(await codes('authenticated')).toEqual([]);
	expect(await codes('service_role')).toEqual([]);
	// What was mended for one role is no right of the other.
	expect(await codes('anon')).toEqual(['NO_SELECT', 'NO_POLICY']);

	// Neither is a policy for writing, nor one of another role.
	await sql.unsafe(`create policy writes on ${place} for insert to anon with check (true)`);
	expect(await codes('anon')).toEqual(['NO_SELECT', 'NO_POLICY']);
	await sql.unsafe(`create policy reads on ${place} for select using (true)`);
	expect(await codes('anon')).toEqual(['NO_SELECT']);
});
