import {
	createClient,
	REALTIME_SUBSCRIBE_STATES,
	type RealtimeChannel,
	type SupabaseClient,
} from '@supabase/supabase-js';
import { randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { WebSocket } from 'ws';

import { letOfficialTimersGo } from '../../officialTimers';
import { signJwt } from '../keys';
import { realtimeControl } from './control';

letOfficialTimersGo();

const env = (name: string) => process.env[name] ?? '';

describe.each(['1.0.0', '2.0.0'])('the official client of version %s', (vsn) => {
	const url = env('SUPABASE_URL');
	const control = realtimeControl();
	const table = `rtjs_${randomBytes(4).toString('hex')}`;
	const sql = postgres(env('STACK_DATABASE_URL'), { max: 2, onnotice() {} });
	const clients: SupabaseClient[] = [];
	const client = (key = env('SUPABASE_PUBLISHABLE_KEY')) => {
		const made = createClient(url, key, {
			auth: { persistSession: false, autoRefreshToken: false },
			realtime: { transport: WebSocket as never, vsn } as never,
		});
		clients.push(made);
		expect(made.realtime.endpointURL()).toContain(`vsn=${vsn}`);
		return made;
	};
	const user = (sub = randomUUID(), seconds = 600) => ({
		sub,
		token: signJwt(
			{ role: 'authenticated', sub, exp: Math.floor(Date.now() / 1000) + seconds },
			env('STACK_JWT_SECRET'),
		),
	});
	const subscribed = async (channel: RealtimeChannel) =>
		await new Promise<void>((resolve, reject) => {
			channel.subscribe((status, error) => {
				if (status === REALTIME_SUBSCRIBE_STATES.SUBSCRIBED) resolve();
				else if (status !== REALTIME_SUBSCRIBE_STATES.CLOSED) reject(error ?? new Error(status));
			});
		});
	/** Collects what a channel hands out, and waits for so many. */
	const collector = <T>() => {
		const got: T[] = [];
		let look = () => {};
		return {
			add: (value: T) => {
				got.push(value);
				look();
			},
			first: async (count: number) =>
				await new Promise<T[]>((resolve) => {
					look = () => got.length >= count && resolve(got.slice());
					look();
				}),
		};
	};
	/** Resolves when `system` has said ok so often. */
	const ready = (channel: RealtimeChannel, times = 1) => {
		const said = collector<{ status: string; extension: string }>();
		channel.on('system', {}, (payload: { status: string; extension: string }) => said.add(payload));
		return said.first(times);
	};

	beforeAll(async () => {
		await sql`create table ${sql(table)} (id int8 primary key, owner uuid, name text)`;
		await sql`alter table ${sql(table)} enable row level security`;
		await sql`create policy own on ${sql(table)} to authenticated using (owner = auth.uid())`;
		await sql`alter publication supabase_realtime add table ${sql(table)}`;
		await sql`
			create policy ${sql(table)} on realtime.messages to authenticated
			using (topic like ${sql.unsafe(`'${table}%'`)}) with check (topic like ${sql.unsafe(`'${table}%'`)})`;
	});
	afterEach(async () => {
		await Promise.all(
			clients.splice(0).map(async (one) => {
				await one.removeAllChannels();
				await one.realtime.disconnect();
			}),
		);
		await control.act({ kind: 'reset' });
	});
	afterAll(async () => {
		await sql`drop policy ${sql(table)} on realtime.messages`;
		await sql`drop table ${sql(table)}`;
		await sql.end();
	});

	it('gets changes, with filters, as the service and as a user', async () => {
		const { sub, token } = user();
		const seen = { service: collector<unknown>(), user: collector<unknown>() };
		const service = client(env('SUPABASE_SECRET_KEY')).channel('changes');
		const bindings = { schema: 'public', table, filter: 'id=gt.1' };
		const shape = (payload: { eventType: string; new: unknown; old: unknown }) => [
			payload.eventType,
			payload.new,
			payload.old,
		];
		service.on('postgres_changes', { event: '*', ...bindings }, (payload) =>
			seen.service.add(shape(payload)),
		);
		const own = client();
		await own.realtime.setAuth(token);
		const asUser = own.channel('changes');
		asUser.on('postgres_changes', { event: 'INSERT', schema: 'public', table }, (payload) =>
			seen.user.add(shape(payload)),
		);
		const isReady = [ready(service), ready(asUser)];
		await Promise.all([subscribed(service), subscribed(asUser), ...isReady]);

		const other = randomUUID();
		await sql`insert into ${sql(table)} values (1, ${other}, 'a'), (2, ${other}, 'b'), (3, ${sub}, 'c')`;
		await sql`update ${sql(table)} set name = 'd' where id = 2`;
		await sql`delete from ${sql(table)} where id = 2`;
		expect(await seen.service.first(4)).toEqual([
			['INSERT', { id: 2, owner: other, name: 'b' }, {}],
			['INSERT', { id: 3, owner: sub, name: 'c' }, {}],
			['UPDATE', { id: 2, owner: other, name: 'd' }, { id: 2 }],
			['DELETE', {}, { id: 2 }],
		]);
		expect(await seen.user.first(1)).toEqual([['INSERT', { id: 3, owner: sub, name: 'c' }, {}]]);
		await sql`delete from ${sql(table)}`;
	});

	it('says what is wrong with a table', async () => {
		const channel = client().channel('wrong');
		channel.on('postgres_changes', { event: '*', schema: 'public', table: 'nosuch' }, () => {});
		const said = ready(channel);
		await subscribed(channel);
		const [first] = await said;
		expect(first?.status).toBe('error');
	});

	it('broadcasts over the socket, over HTTP and from the database', async () => {
		const got = collector<unknown>();
		const listener = client().channel('talk');
		listener.on('broadcast', { event: '*' }, ({ event, payload }) =>
			got.add([event, (payload as { n: number }).n]),
		);
		const talker = client().channel('talk', { config: { broadcast: { ack: true } } });
		await Promise.all([subscribed(listener), subscribed(talker)]);
		expect(await talker.send({ type: 'broadcast', event: 'socket', payload: { n: 1 } })).toBe('ok');
		await got.first(1);
		expect(await client().channel('talk').httpSend('http', { n: 2 })).toEqual({ success: true });
		await got.first(2);
		await sql`select realtime.send('{"n":3}', 'database', 'talk', false)`;
		expect(await got.first(3)).toEqual([
			['socket', 1],
			['http', 2],
			['database', 3],
		]);
	});

	it('shows who is present', async () => {
		const came = collector<string>();
		const left = collector<string>();
		const watcher = client().channel('here', { config: { presence: { key: 'watcher' } } });
		watcher.on('presence', { event: 'join' }, ({ key }) => came.add(key));
		watcher.on('presence', { event: 'leave' }, ({ key }) => left.add(key));
		await subscribed(watcher);
		const guest = client().channel('here', { config: { presence: { key: 'guest' } } });
		await subscribed(guest);
		expect(await guest.track({ mood: 'fine' })).toBe('ok');
		expect(await came.first(1)).toEqual(['guest']);
		expect(watcher.presenceState()).toMatchObject({ guest: [{ mood: 'fine' }] });
		expect(await guest.untrack()).toBe('ok');
		expect(await left.first(1)).toEqual(['guest']);
	});

	it('lets into private rooms whom policies let in', async () => {
		await control.set({ joinRefusalDelayMs: 50 });
		const room = { config: { private: true, broadcast: { ack: true, self: true } } };
		await expect(subscribed(client().channel(`${table}:room`, room))).rejects.toThrow(
			'You do not have permissions to read from this Channel topic',
		);
		const member = client();
		await member.realtime.setAuth(user().token);
		const got = collector<unknown>();
		const channel = member.channel(`${table}:room`, room);
		channel.on('broadcast', { event: 'hello' }, ({ payload }) => got.add(payload));
		await subscribed(channel);
		await channel.send({ type: 'broadcast', event: 'hello', payload: { n: 1 } });
		expect(await got.first(1)).toEqual([{ n: 1 }]);
	});

	it('takes a new token, and closes when one has passed', async () => {
		const { sub, token } = user();
		const member = client();
		await member.realtime.setAuth(token);
		const channel = member.channel('tokens');
		channel.on('postgres_changes', { event: '*', schema: 'public', table }, () => {});
		const twice = ready(channel, 2);
		await Promise.all([ready(channel), subscribed(channel)]);
		await member.realtime.setAuth(user(sub, 900).token);
		expect((await twice).map(({ status }) => status)).toEqual(['ok', 'ok']);
		const thrice = ready(channel);
		await control.act({ kind: 'expire' });
		expect((await thrice)[0]).toMatchObject({
			extension: 'system',
			message: 'Token has expired 0 seconds ago',
		});
	});
});
