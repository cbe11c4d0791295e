import { randomBytes } from 'node:crypto';

import { createClient, REALTIME_SUBSCRIBE_STATES } from '@supabase/supabase-js';
import postgres from 'postgres';
import { WebSocket } from 'ws';

import { readProject } from '../../../src/api/project';
import { letOfficialTimersGo } from '../../officialTimers';
import { closeClients, listen, named, open } from '../../unit/api/realtime/client';

const env = (name: string) => process.env[name] ?? '';
const [url, secretKey] = [env('SUPABASE_URL'), env('SUPABASE_SECRET_KEY')];
const table = `side_${randomBytes(4).toString('hex')}`;
const sql = postgres(env('STACK_DATABASE_URL'), { max: 1, onnotice() {} });

const pause = async () => await new Promise((resolve) => setTimeout(resolve, 20));
letOfficialTimersGo();

beforeAll(async () => {
	await sql`create table ${sql(table)} (id int primary key, name text)`;
	await sql`grant all on ${sql(table)} to service_role`;
	await sql`alter publication supabase_realtime add table ${sql(table)}`;
});
afterEach(closeClients);
afterAll(async () => {
	await sql`drop table ${sql(table)}`;
	await sql.end();
});

test.each(['1.0.0', '2.0.0'] as const)(
	'the official client and ours hand out the same events with serializer %s',
	async (vsn) => {
		const at = { schema: 'public', table };
		const theirs: unknown[] = [];
		const official = createClient(url, secretKey, {
			auth: { persistSession: false, autoRefreshToken: false },
			realtime: { transport: WebSocket as never, vsn } as never,
		});
		const channel = official.channel(table);
		const add = (change: { eventType: string; new: object; old: object }) =>
			theirs.push([change.eventType, change.new, change.old]);
		const told: unknown[] = [];
		let ready: () => void;
		const isReady = new Promise<void>((resolve) => (ready = resolve));
		channel
			.on('postgres_changes', { event: 'INSERT', ...at, filter: 'id=gt.1' }, add)
			.on('postgres_changes', { event: 'UPDATE', ...at, filter: 'name=eq.b' }, add)
			.on('postgres_changes', { event: 'DELETE', ...at }, add)
			.on('broadcast', { event: '*' }, ({ event, payload }) => told.push([event, payload]))
			.on('presence', { event: 'sync' }, () => undefined)
			.on('system', {}, ({ status }: { status: string }) => status === 'ok' && ready());
		await new Promise<void>((resolve) => {
			channel.subscribe((status) => status === REALTIME_SUBSCRIBE_STATES.SUBSCRIBED && resolve());
		});
		const realtime = open(readProject({ url, secretKey }), {
			authority: async () => ({ authority: { role: 'service_role' } }),
			serializer: vsn,
		});
		const heard = listen(realtime, {
			name: table,
			broadcast: { ack: true },
			presence: { enabled: true, key: 'ours' },
			changes: [
				{ event: 'INSERT', ...at, filter: 'id=gt.1' },
				{ event: 'UPDATE', ...at, filter: 'name=eq.b' },
				{ event: 'DELETE', ...at },
			],
		});
		await Promise.all([heard.states.until(named('subscribed')), isReady]);

		await sql`insert into ${sql(table)} values (1, 'a'), (2, 'a'), (3, 'a')`;
		await sql`update ${sql(table)} set name = 'b' where id <> 2`;
		await sql`update ${sql(table)} set name = 'c' where id = 1`;
		await sql`delete from ${sql(table)}`;
		await channel.httpSend('http', { n: 1 });
		await sql`select realtime.send('{"n":2}', 'database', ${table}, false)`;
		await heard.broadcasts.until(({ event }) => event === 'database');
		await heard.changes.until(() => heard.changes.all.length === 7);
		while (theirs.length < 7 || told.length < 2) await pause();
		expect(
			heard.changes.all.map(({ type, record = {}, oldRecord = {} }) => [type, record, oldRecord]),
		).toEqual(theirs);
		const withoutId = ([event, payload]: [string, object]) => {
			const { id, ...rest } = payload as { id?: string };
			return [event, rest, typeof id];
		};
		expect(
			heard.broadcasts.all.map(({ event, payload }) => withoutId([event, payload as object])),
		).toEqual((told as Array<[string, object]>).map(withoutId));
		await heard.channel.track({ name: 'Ada' });
		await channel.track({ name: 'Bob' });
		const there = () => Object.keys(channel.presenceState()).length;
		while (there() < 2 || Object.keys(heard.channel.presence).length < 2) await pause();
		expect(heard.channel.presence).toEqual(channel.presenceState());
		await official.removeAllChannels();
		await official.realtime.disconnect();
	},
);
