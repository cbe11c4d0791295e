import { RealtimeClient } from '@supabase/realtime-js';
import { WebSocket } from 'ws';

import type { Subscription } from '../../../src/api/realtime/subscription';
import { letOfficialTimersGo } from '../../officialTimers';
import { closeClients, listen, named, open } from '../../unit/api/realtime/client';
import { closePhoenix, startPhoenix, type Frame, type Wire } from '../../unit/api/realtime/phoenix';
import { tokens } from '../../unit/tokens';

letOfficialTimersGo();

afterEach(async () => {
	await closeClients();
	await closePhoenix();
});

/** The subscription of ours, and the same for the official client. */
interface Case {
	readonly name: string;
	readonly ours: Subscription;
	readonly theirs: (client: RealtimeClient) => ReturnType<RealtimeClient['channel']>;
}

const orders = { schema: 'public', table: 'orders' };
const nothing = () => undefined;

const cases: Case[] = [
	{
		name: 'a room',
		ours: { name: 'room', broadcast: {} },
		theirs: (client) => client.channel('room'),
	},
	{
		name: 'a private room with acknowledgement, echo, replay and messages from the database',
		ours: {
			name: 'room',
			private: true,
			broadcast: { ack: true, self: true, replay: { since: 5, limit: 2 }, replicationReady: true },
		},
		theirs: (client) =>
			client.channel('room', {
				config: {
					private: true,
					broadcast: {
						...{ ack: true, self: true, replay: { since: 5, limit: 2 } },
						replication_ready: true,
					},
				},
			} as never),
	},
	{
		name: 'presence under a key',
		ours: { name: 'room', presence: { enabled: true, key: 'me' } },
		theirs: (client) =>
			client.channel('room', { config: { presence: { enabled: true, key: 'me' } } }),
	},
	{
		name: 'changes: any, one kind with a filter, some columns, a whole schema',
		ours: {
			name: 'room',
			broadcast: {},
			changes: [
				{ event: '*', ...orders },
				{ event: 'UPDATE', ...orders, filter: 'status=eq.paid' },
				{ event: 'INSERT', ...orders, select: ['id', 'status'] },
				{ event: 'DELETE', schema: 'public' },
			],
		},
		theirs: (client) =>
			client
				.channel('room')
				.on('postgres_changes', { event: '*', ...orders }, nothing)
				.on('postgres_changes', { event: 'UPDATE', ...orders, filter: 'status=eq.paid' }, nothing)
				.on('postgres_changes', { event: 'INSERT', ...orders, select: ['id', 'status'] }, nothing)
				.on('postgres_changes', { event: 'DELETE', schema: 'public' }, nothing),
	},
];

const versions = ['1.0.0', '2.0.0'] as const;

describe.each(versions)('with serializer %s', (serializer) => {
	test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, { ours, theirs }) => {
		const own = await startPhoenix();
		const authority = { role: 'user', accessToken: tokens.other_jwt } as const;
		const realtime = open(own.project, { serializer, authority: async () => ({ authority }) });
		const { channel, states } = listen(realtime, ours);
		const ourWire = await own.next();
		ourWire.accept(await ourWire.next('phx_join'));

		const other = await startPhoenix();
		const client = new RealtimeClient(`${other.url.replace('http', 'ws')}/realtime/v1`, {
			params: { apikey: tokens.sb_publishable },
			vsn: serializer,
			disconnectOnEmptyChannelsAfterMs: 0,
			transport: WebSocket as never,
		});
		await client.setAuth(tokens.other_jwt);
		const subscribed = theirs(client);
		subscribed.subscribe();
		const theirWire = await other.next();
		theirWire.accept(await theirWire.next('phx_join'));

		for (const [wire, work] of [
			[ourWire, () => channel.broadcast('hello', { text: 'ü', n: 1.5 })],
			[theirWire, () => subscribed.send(broadcastOf({ text: 'ü', n: 1.5 }))],
		] as const) {
			if (wire === ourWire) {
				await states.until(named(ours.broadcast?.replicationReady ? 'joined' : 'subscribed'));
			}
			await wire.read();
			// Nobody answers.
			void work().catch(nothing);
			await wire.next('broadcast');
		}
		if (serializer === '2.0.0') {
			void channel.broadcast('bytes', new Uint8Array([0, 255])).catch(nothing);
			void subscribed.send({ ...broadcastOf(new Uint8Array([0, 255]).buffer), event: 'bytes' });
			await Promise.all([ourWire.next('broadcast'), theirWire.next('broadcast')]);
		}
		void channel.track({ name: 'Ada' }).catch(nothing);
		void subscribed.track({ name: 'Ada' });
		await Promise.all([ourWire.next('presence'), theirWire.next('presence')]);
		void channel.untrack().catch(nothing);
		void subscribed.untrack();
		await Promise.all([ourWire.next('presence'), theirWire.next('presence')]);
		void channel.leave();
		void subscribed.unsubscribe();
		await Promise.all([ourWire.next('phx_leave'), theirWire.next('phx_leave')]);

		expect(ourWire.target).toBe(theirWire.target);
		expect(framesOf(ourWire)).toEqual(framesOf(theirWire));
		await client.disconnect();
	});
});

function broadcastOf(payload: unknown) {
	return { type: 'broadcast', event: 'hello', payload } as const;
}

/** What was sent, byte for byte but for the numbers of messages, which each client counts for itself. */
function framesOf({ seen }: Wire): unknown[] {
	const join = seen.find(({ event }) => event === 'phx_join');
	return seen.map(({ event, topic, payload, joinRef, ref, isBinary, data }: Frame) => ({
		...{ event, topic, payload, isBinary, hasRef: Boolean(ref) },
		isOfJoin: joinRef === join?.ref,
		length: data.length - (ref ?? '').length - (joinRef ?? '').length,
	}));
}
