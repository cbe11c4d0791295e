import { randomBytes } from 'node:crypto';

import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import { WebSocket } from 'ws';

import { letOfficialTimersGo } from '../officialTimers';
import { sharedStack } from './database-helpers';
import type { DrawnNode } from './engine';
import { openRealtimeBench, TRIGGER } from './realtime-helpers';

letOfficialTimersGo();

const bench = openRealtimeBench();
const { url, publishableKey, secretKey } = sharedStack;
const clients: SupabaseClient[] = [];

const room = () => `room-${randomBytes(4).toString('hex')}`;

function listening(parameters: object): DrawnNode {
	return { name: 'Trigger', type: TRIGGER, parameters: parameters as never };
}

function client(key = publishableKey) {
	const made = createClient(url, key, { realtime: { transport: WebSocket as never } });
	clients.push(made);
	return made;
}

async function joined(channel: RealtimeChannel): Promise<RealtimeChannel> {
	await new Promise<void>((resolve) =>
		channel.subscribe((status) => String(status) === 'SUBSCRIBED' && resolve()),
	);
	return channel;
}

afterEach(async () => {
	for (const each of clients.splice(0)) {
		await each.removeAllChannels();
		await each.realtime.disconnect();
	}
});

test('a message starts an execution with what was sent', async () => {
	const name = room();
	const workflow = await bench.activate(
		listening({ listenTo: ['broadcast'], broadcasts: { channel: [{ channel: name }] } }),
	);
	const sender = await joined(client().channel(name));
	await sender.send({ type: 'broadcast', event: 'order', payload: { id: 7, lines: [1, 2] } });
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.rows()).toEqual([
		{ kind: 'broadcast', channel: name, event: 'order', payload: { id: 7, lines: [1, 2] } },
	]);
});

test('bytes start an execution with a file', async () => {
	const name = room();
	const workflow = await bench.activate(
		listening({ listenTo: ['broadcast'], broadcasts: { channel: [{ channel: name }] } }),
	);
	const sender = await joined(client().channel(name));
	const bytes = Uint8Array.from([0, 1, 254, 255]);
	await sender.send({ type: 'broadcast', event: 'scan.png', payload: bytes.buffer as never });
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.rows()).toEqual([{ kind: 'broadcast', channel: name, event: 'scan.png' }]);
	const file = workflow.emissions[0]?.items[0]?.binary?.data;
	expect(file).toMatchObject({ fileName: 'scan.png', mimeType: 'image/png' });
	expect(file && [...(await bench.engine.readBinary(file))]).toEqual([...bytes]);
});

test('of one event only that comes', async () => {
	const name = room();
	const workflow = await bench.activate(
		listening({
			listenTo: ['broadcast'],
			broadcasts: { channel: [{ channel: name, which: 'event', event: 'order' }] },
		}),
	);
	const sender = await joined(client().channel(name));
	for (const event of ['other', 'orders', 'order']) {
		await sender.send({ type: 'broadcast', event, payload: { event } });
	}
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.rows().map(({ event }) => event)).toEqual(['order']);
});

test('a private channel brings what the database sends, and what it sent shortly before', async () => {
	const name = room();
	const send = async (text: string) =>
		await bench.sql`select realtime.send(${bench.sql.json({ text })}, 'note', ${name}, true)`;
	await send('before');
	const workflow = await bench.activate(
		listening({
			listenTo: ['broadcast'],
			broadcasts: { channel: [{ channel: name, private: true, replay: 5 }] },
		}),
	);
	await send('after');
	const rows = () => workflow.rows() as Array<{ payload: { text: string }; replayed?: true }>;
	const of = (text: string) => rows().filter(({ payload }) => payload.text === text);
	await workflow.until(() => of('after').length > 0);
	expect(of('before')[0]?.replayed).toBe(true);
	expect(of('after')).toMatchObject([{ kind: 'broadcast', channel: name, event: 'note' }]);
	const keys = workflow.emissions.map(({ deduplicationKey }) => deduplicationKey);
	expect(keys).not.toContain(undefined);
});

test('presence: who comes and who goes, and the messages of the same channel', async () => {
	const name = room();
	const workflow = await bench.activate(
		listening({
			listenTo: ['broadcast', 'presence'],
			broadcasts: { channel: [{ channel: name }] },
			presences: { channel: [{ channel: name, events: ['join', 'leave', 'sync'] }] },
		}),
	);
	const member = client();
	const channel = await joined(member.channel(name, { config: { presence: { key: 'ada' } } }));
	await channel.track({ status: 'here' });
	const of = (event: string) => workflow.rows().filter((row) => row.event === event);
	await workflow.until(() => of('join').length > 0);
	expect(of('join')).toMatchObject([
		{ kind: 'presence', channel: name, key: 'ada', presences: [{ status: 'here' }] },
	]);
	await channel.send({ type: 'broadcast', event: 'hello', payload: {} });
	await workflow.until(() => of('hello').length > 0);
	await member.removeChannel(channel);
	await workflow.until(() => of('leave').length > 0);
	expect(of('leave')).toMatchObject([{ key: 'ada' }]);
	expect(of('sync').length).toBeGreaterThan(0);
});

test('a private channel without a policy refuses the anonymous, and says what to do', async () => {
	const node = listening({
		listenTo: ['broadcast'],
		broadcasts: { channel: [{ channel: room(), private: true }] },
		runAs: 'anonymous',
	});
	const failure = bench.activate(node);
	await expect(failure).rejects.toThrow('There is no right to listen in the private channel');
});

test('a channel that is private to the service role needs no policy', async () => {
	const name = room();
	const workflow = await bench.activate(
		listening({
			listenTo: ['broadcast'],
			broadcasts: { channel: [{ channel: name, private: true }] },
		}),
	);
	const answer = await fetch(`${url}/realtime/v1/api/broadcast`, {
		method: 'POST',
		headers: { apikey: secretKey, 'content-type': 'application/json' },
		body: JSON.stringify({
			messages: [{ topic: name, event: 'a', payload: { n: 1 }, private: true }],
		}),
	});
	expect(answer.status).toBe(202);
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.rows()).toMatchObject([{ event: 'a', payload: { n: 1 } }]);
});
