import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import type { Row } from '../../../src/api/database/table';
import { readProject } from '../../../src/api/project';
import { proveWithCanary, type Canary } from '../../../src/api/realtime/doctor/canary';
import { openRealtime } from '../../../src/api/realtime/realtime';
import { sender, type Send } from '../../../src/api/transport';
import { stackControl } from '../../stack/control';
import { realtimeControl } from '../../stack/realtime/control';

const project = readProject({
	url: process.env.SUPABASE_URL ?? '',
	secretKey: process.env.SUPABASE_SECRET_KEY,
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY,
});
const asService = sender(project, { authority: { role: 'service_role' } });
const sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 2, onnotice() {} });
const realtime = realtimeControl();
/** What does not come is not long waited for; what comes has its time, however busy the machine. */
const SHORT = 300;
const LONG = 120_000;
const made: string[] = [];

afterEach(async () => {
	await realtime.act({ kind: 'reset' });
	for (const name of made.splice(0)) await sql.unsafe(`drop table ${name}`);
});
afterAll(async () => await sql.end());

const OPEN = 'create policy open on $ for select to anon using (true)';

/** A table with row level security on; `$` stands for its name in `more`. */
async function newTable(more = OPEN, columns = 'id bigint primary key, qty int'): Promise<string> {
	const name = `canary_${randomBytes(4).toString('hex')}`;
	await sql.unsafe(`
		create table ${name} (${columns});
		alter table ${name} enable row level security;
		grant all on ${name} to anon, service_role;
		alter publication supabase_realtime add table ${name};
		${more.replaceAll('$', name)}`);
	made.push(name);
	await stackControl().reloadSchema();
	return name;
}

interface Proof extends Partial<Omit<Canary, 'table' | 'row'>> {
	readonly row?: Row;
	readonly insert?: number;
	readonly delete?: number;
	readonly send?: Send;
	readonly signal?: AbortSignal;
}

async function prove(name: string, { row, send, signal, ...proof }: Proof = {}) {
	return await proveWithCanary(
		{
			table: { schema: 'public', name },
			row: row ?? { id: 1, qty: 5 },
			key: ['id'],
			withDelete: true,
			...proof,
		},
		{
			connect: (options) =>
				openRealtime(project, {
					...options,
					authority: async () => ({ authority: { role: 'anon' } }),
				}),
			role: 'anon',
			send: send ?? asService,
			limits: { subscribe: LONG, insert: proof.insert ?? LONG, delete: proof.delete ?? LONG },
			signal,
		},
	);
}

const rowsOf = async (name: string) => await sql`select * from ${sql(name)} order by 1`;

test('a row that comes proves the path, and is gone afterwards; no other row is', async () => {
	const name = await newTable();
	await sql`insert into ${sql(name)} values (7, 5)`;
	expect(await prove(name)).toMatchObject({ level: 'fine', code: 'CANARY' });
	expect(await rowsOf(name)).toEqual([{ id: '7', qty: 5 }]);
});

test('a key that JavaScript would round is told and deleted exactly', async () => {
	const name = await newTable();
	await sql`insert into ${sql(name)} values (9007199254740992, 1)`;
	await sql.unsafe(`alter table ${name} alter id set default 9007199254740993`);
	expect(await prove(name, { row: { qty: 2 } })).toMatchObject({ code: 'CANARY' });
	expect(await rowsOf(name)).toEqual([{ id: '9007199254740992', qty: 1 }]);
});

test('a key of several columns, with names that need quotes', async () => {
	const columns =
		'"a b" uuid default gen_random_uuid(), at timestamptz default now(), primary key ("a b", at), note text';
	const name = await newTable(OPEN, columns);
	const found = await prove(name, { row: { note: "it's" }, key: ['a b', 'at'] });
	expect(found).toMatchObject({ code: 'CANARY' });
	expect(await rowsOf(name)).toEqual([]);
});

test('without a policy the deletion comes alone, which says so', async () => {
	const name = await newTable('');
	const found = await prove(name, { insert: SHORT });
	expect(found).toMatchObject({ level: 'fails', code: 'NO_POLICY' });
	await sql.unsafe(found.sql ?? '');
	expect(await prove(name)).toMatchObject({ code: 'CANARY' });
});

test('without the right to select, the server says so', async () => {
	const name = await newTable(`${OPEN}; revoke all on $ from anon`);
	expect(await prove(name)).toMatchObject({ level: 'fails', code: 'NO_SELECT' });
	expect(await rowsOf(name)).toEqual([]);
});

test('a row that does not meet the filter', async () => {
	const name = await newTable();
	expect(await prove(name, { filter: 'qty=gt.9' })).toMatchObject({ code: 'CANARY_FILTERED' });
	expect(await prove(name, { filter: 'qty=gt.4' })).toMatchObject({ code: 'CANARY' });
});

test('where nothing comes at all, it is not a matter of policies', async () => {
	const name = await newTable();
	await realtime.act({ kind: 'deafen' });
	const found = await prove(name, { insert: SHORT, delete: SHORT });
	expect(found).toMatchObject({ level: 'fails', code: 'CANARY_LOST' });
	expect(await rowsOf(name)).toEqual([]);
});

test('a table that is not in the publication is told before anything is written', async () => {
	const name = await newTable(`${OPEN}; alter publication supabase_realtime drop table $`);
	const send: Send = jest.fn();
	expect(await prove(name, { send })).toMatchObject({ level: 'fails', code: 'NOT_PUBLISHED' });
	expect(send).not.toHaveBeenCalled();
});

test('a row whose key is there is refused, and the row that is there stays', async () => {
	const name = await newTable();
	await sql`insert into ${sql(name)} values (1, 1)`;
	await expect(prove(name)).rejects.toThrow(/could not be written .* duplicate key/);
	expect(await rowsOf(name)).toEqual([{ id: '1', qty: 1 }]);
});

test('a row that cannot be deleted is told, with the SQL for it', async () => {
	const name = await newTable(`${OPEN};
		create table $_child (id bigint references $ (id));
		create function $_f() returns trigger language plpgsql as
			'begin insert into $_child values (new.id); return null; end';
		create trigger t after insert on $ for each row execute function $_f();
		grant all on $_child to service_role`);
	const error = await prove(name).catch((thrown: unknown) => thrown);
	expect(error).toMatchObject({ message: expect.stringContaining('could not be deleted') });
	const { hint } = error as { hint: string };
	await sql.unsafe(`drop table ${name}_child; drop function ${name}_f cascade`);
	await sql.unsafe(hint.slice(hint.indexOf('delete from')));
	expect(await rowsOf(name)).toEqual([]);
});

test('ended in the middle of writing, it still deletes what it wrote', async () => {
	const name = await newTable();
	const ending = new AbortController();
	const send: Send = async (request) => {
		if (request.method === 'POST') ending.abort(new Error('The trigger was closed'));
		return await asService(request);
	};
	await expect(prove(name, { send, signal: ending.signal })).rejects.toThrow('closed');
	expect(await rowsOf(name)).toEqual([]);
});
