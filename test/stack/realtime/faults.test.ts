import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import { createUser } from '../users';
import { realtimeControl } from './control';
import { listen, type Listener } from './listener';

/** Of the database, which holds up who subscribes. */
const LOCK = 4_711;

describe('faults that tests provoke at the local Realtime', () => {
	const url = process.env.SUPABASE_URL ?? '';
	const key = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
	const control = realtimeControl();
	const table = `rtf_${randomBytes(4).toString('hex')}`;
	const sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 2, onnotice() {} });
	const listeners: Listener[] = [];
	let id = 0;
	const open = async () => {
		const listener = await listen(url, key);
		listeners.push(listener);
		return listener;
	};
	const changes = { postgres_changes: [{ event: '*', schema: 'public', table }] };
	const joined = async (name: string, config: object = changes) => {
		const listener = await open();
		listener.join(name, config);
		return listener;
	};
	const subscribed = async (name: string) => {
		const listener = await joined(name);
		await listener.next('system', ({ status }) => status === 'ok');
		return listener;
	};
	const write = async (name = 'x') => {
		id += 1;
		await sql`insert into ${sql(table)} values (${id}, ${name}, 'note')`;
		return id;
	};
	const idOf = ({ data }: Record<string, unknown>) =>
		(data as { record: { id: number } }).record.id;
	/** Writes a row, waits until it has come, and tells which came at all. */
	const idsUpToNow = async (listener: Listener) => {
		const last = await write();
		await listener.next('postgres_changes', (payload) => idOf(payload) === last);
		return listener.all('postgres_changes').map(idOf);
	};

	beforeAll(async () => {
		await sql`create table ${sql(table)} (id int primary key, name text, note text)`;
		await sql`alter publication supabase_realtime add table ${sql(table)}`;
	});
	beforeEach(async () => await control.act({ kind: 'reset' }));
	afterEach(async () => {
		for (const { socket } of listeners.splice(0)) socket.terminate();
	});
	afterAll(async () => {
		await control.act({ kind: 'reset' });
		await sql`drop table ${sql(table)}`;
		await sql.end();
	});

	it('refuses upgrades, so many', async () => {
		await control.set({ refuseUpgrade: { status: 429, body: '{"error":"x"}', times: 1 } });
		await expect(open()).rejects.toThrow('429');
		expect((await open()).socket.readyState).toBe(1);
	});

	it('refuses joins after a while, in which the socket handles nothing else', async () => {
		await control.set({ joinRefusalDelayMs: 100, refuseJoin: { reason: 'No: reason', times: 1 } });
		const listener = await open();
		listener.join('refused', {});
		listener.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
		await listener.next('phx_reply', ({ status }) => status === 'ok');
		expect(listener.all('phx_reply')).toEqual([
			{ status: 'error', response: { reason: 'No: reason' } },
			{ status: 'ok', response: {} },
		]);
	});

	it('leaves sockets half-open: some for good, or all until it is told otherwise', async () => {
		const muted = await subscribed('muted');
		const other = await subscribed('other');
		await control.act({ kind: 'mute', topic: 'realtime:muted' });
		expect(await idsUpToNow(other)).toHaveLength(1);
		expect(muted.all('postgres_changes')).toEqual([]);
		await control.set({ answerNothing: true });
		other.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
		await write();
		await control.set({ answerNothing: false });
		other.send([null, 'again', 'phoenix', 'heartbeat', {}]);
		await other.next('phx_reply', ({ response }) => Object.keys(response as object).length === 0);
		expect(other.all('phx_reply')).toHaveLength(2);
	});

	it('leaves heartbeats or joins without an answer', async () => {
		await control.set({ ignoreHeartbeats: true, ignoreJoins: true });
		const listener = await joined('ignored');
		listener.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
		listener.send([null, 'end', 'phoenix', 'nonsense', {}]);
		await listener.next('phx_reply');
		expect(listener.frames).toHaveLength(1);
	});

	it('says system ok never, late, several times, or an error in its place or later', async () => {
		await control.set({ system: 'none' });
		const silent = await joined('silent');
		await silent.next('phx_reply');
		await control.set({ system: { error: 'No such luck' } });
		const wrong = await joined('wrong');
		expect(await wrong.next('system')).toMatchObject({ status: 'error', message: 'No such luck' });
		await control.set({
			system: 'true',
			systemTimes: 2,
			systemDelayMs: 150,
			coldSystemDelayMs: 150,
		});
		const late = await joined('late');
		await late.next('phx_reply');
		expect(late.all('system')).toEqual([]);
		while (late.all('system').length < 2) await wait();
		expect(new Set(late.all('system').map(({ status }) => status))).toEqual(new Set(['ok']));
		await control.act({
			kind: 'system',
			status: 'error',
			message: 'Later',
			topic: 'realtime:late',
		});
		await late.next('system', ({ message }) => message === 'Later');
		expect(silent.all('system')).toEqual([]);
	});

	it('sends changes several times, without columns, or not at all', async () => {
		const listener = await subscribed('copies');
		await control.set({ copies: 2 });
		const twice = await write();
		await listener.next('postgres_changes');
		await control.set({ copies: 1, loseChanges: 1 });
		await write();
		while ((await control.state()).counts.changesLost < 1) await wait();
		await control.set({ loseBatches: 1 });
		await write();
		while ((await control.state()).counts.batchesLost < 1) await wait();
		await control.set({ omitColumns: ['note'] });
		await sql`update ${sql(table)} set name = 'y' where id = ${twice}`;
		const { data } = await listener.next(
			'postgres_changes',
			(payload) => (payload.data as { type: string }).type === 'UPDATE',
		);
		expect((data as { record: object }).record).toEqual({ id: twice, name: 'y' });
		expect(listener.all('postgres_changes').map(idOf)).toEqual([twice, twice, twice]);
	});

	it('drops changes above the rate without a word', async () => {
		const listener = await subscribed('rate');
		await control.set({ eventsPerSecond: 5, rateTickMs: 0 });
		await control.act({ kind: 'busy', events: 1_000 });
		await write();
		while ((await control.state()).counts.changesLost < 1) await wait();
		await control.set({ eventsPerSecond: null });
		expect(await idsUpToNow(listener)).toEqual([id]);
	});

	it('loses what a policy raises an error for, with the whole batch', async () => {
		const listener = await subscribed('poison');
		await sql`create function ${sql(`${table}_raise`)}() returns boolean language plpgsql as $$ begin raise exception 'poison'; end $$`;
		await sql`alter table ${sql(table)} enable row level security`;
		await sql`create policy poison on ${sql(table)} using (${sql(`${table}_raise`)}())`;
		await write();
		while ((await control.state()).counts.batchesLost < 1) await wait();
		await sql`drop policy poison on ${sql(table)}`;
		await sql`alter table ${sql(table)} disable row level security`;
		expect(await idsUpToNow(listener)).toEqual([id]);
		await sql`drop function ${sql(`${table}_raise`)}`;
	});

	it('goes on with the old rights until a new token has taken their place', async () => {
		const [user, again] = [await createUser(), await createUser()];
		const [renewed, other] = [await open(), await subscribed('other')];
		renewed.join('renewed', changes, user.accessToken);
		await renewed.next('system', ({ status }) => status === 'ok');
		const blocker = await sql.reserve();
		await blocker`select pg_advisory_lock(${LOCK})`;
		await sql.unsafe(`
			create function realtime.${table}_wait() returns trigger language plpgsql as $$
			begin perform pg_advisory_xact_lock(${LOCK}); return null; end $$;
			create trigger ${table}_wait after insert on realtime.subscription
				for each statement execute function realtime.${table}_wait()`);
		try {
			const token = { access_token: again.accessToken };
			renewed.send(['1', 'token', 'realtime:renewed', 'access_token', token]);
			const waiting = async () =>
				await sql`select from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`;
			while ((await waiting()).length === 0) await wait();
			const meanwhile = await write();
			await other.next('postgres_changes', (payload) => idOf(payload) === meanwhile);
			await blocker`select pg_advisory_unlock(${LOCK})`;
			while (renewed.all('system').length < 2) await wait();
			expect(await idsUpToNow(renewed)).toEqual([meanwhile, id]);
		} finally {
			await blocker`select pg_advisory_unlock_all()`;
			blocker.release();
			await sql.unsafe(`drop function realtime.${table}_wait cascade`);
		}
	});

	it('marks large rows', async () => {
		await control.set({ maxRecordBytes: 100 });
		const listener = await subscribed('large');
		const large = await write('x'.repeat(200));
		const { data } = await listener.next('postgres_changes');
		expect(data).toMatchObject({
			errors: ['Error 413: Payload Too Large'],
			record: { id: large, note: 'note' },
		});
	});

	it('loses what was written while the backend that reads was killed, and goes on', async () => {
		await control.set({ readerRetryMs: 200 });
		const listener = await subscribed('killed');
		await sql`select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name like 'supabase_realtime%'`;
		while ((await control.state()).isReading) await wait();
		const lost = await write();
		while (!(await control.state()).isReading) await wait();
		const ids = await idsUpToNow(listener);
		expect(ids).toEqual([id]);
		expect(ids).not.toContain(lost);
	});

	it('gives up after too many tries: deaf until the channel joins again', async () => {
		await control.set({ readerTries: 1, readerRetryMs: 10 });
		const listener = await subscribed('given-up');
		await sql`select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name like 'supabase_realtime%'`;
		while ((await control.state()).isReading) await wait();
		const again = await subscribed('joined-again');
		expect(await idsUpToNow(again)).toEqual([id]);
		expect(listener.all('postgres_changes')).toEqual([]);
	});

	it('says late that a table has left the publication', async () => {
		await control.set({ publicationMs: 50 });
		const listener = await subscribed('left');
		await sql`alter publication supabase_realtime drop table ${sql(table)}`;
		const said = await listener.next('system', ({ status }) => status === 'error');
		await sql`alter publication supabase_realtime add table ${sql(table)}`;
		expect(said.message).toContain('Unable to subscribe to changes');
	});

	it('disconnects with a message, lets tokens pass, lets channels crash', async () => {
		const listener = await subscribed('ends');
		await control.act({ kind: 'crash' });
		expect(await listener.next('phx_error')).toEqual({ reason: 'channel_crash' });
		listener.join('ends-again', changes);
		await listener.next('system', ({ channel }) => channel === 'ends-again');
		await control.act({ kind: 'expire' });
		await listener.next('phx_close');
		listener.join('ends-last', changes);
		await listener.next('system', ({ channel }) => channel === 'ends-last');
		await control.act({ kind: 'disconnect' });
		await listener.next('system', ({ message }) => message === 'Server requested disconnect');
		expect(await listener.closed).toBe(1012);
	});

	it('never has a replication connection, when told so', async () => {
		await control.set({ loseDatabaseBroadcasts: true, replicationReadyMs: 50 });
		const listener = await joined('replication', { broadcast: { replication_ready: true } });
		const { message } = await listener.next('system');
		expect(message).toBe('Replication connection was not established in time');
		await listener.next('phx_close');
	});
});

async function wait(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, 10));
}
