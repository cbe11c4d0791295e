/**
 * What reading changes costs: the same frames, so many a second, to a bare websocket that parses
 * them, to realtime-js and to the pack's client, each in a process of its own. They take turns of a
 * second, so that what else the machine does falls on all of them alike.
 *
 *     npm run bench -- realtime-throughput [seconds for each] [changes a second] [rounds]
 *
 * It ends with an error when a client misses a change, takes more than 1.5 times the CPU of the bare
 * websocket, or more than realtime-js.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { RealtimeClient } from '@supabase/realtime-js';
import { WebSocket, WebSocketServer } from 'ws';

import { readProject } from '../src/api/project';
import { openRealtime } from '../src/api/realtime/realtime';

const KEY = 'sb_secret_bench';
const MOST = 1.5;
const TICK = 10;
const BINDING = { event: '*', schema: 'public', table: 'orders' } as const;
const PATH = '/realtime/v1/websocket';
const CLIENTS = ['bare', 'official', 'ours'] as const;

type Client = (typeof CLIENTS)[number];

/** What a client says when it has read the last change. */
interface Read {
	readonly changes: number;
	/** CPU time in milliseconds, from the first change to the last. */
	readonly cpu: number;
}

const [asClient, url = '', count = ''] = process.argv.slice(2);
if (CLIENTS.includes(asClient as Client)) listen(asClient as Client, url, Number(count));
else void measure();

async function measure(): Promise<void> {
	const [seconds = 60, rate = 2_000, rounds = 1] = process.argv.slice(2).map(Number);
	const total = seconds * rate;
	const cpu: Record<Client, number[]> = { bare: [], official: [], ours: [] };
	const server = await startServer(total, rate);
	for (let round = 0; round < rounds; round++) {
		const runs = CLIENTS.map(async (client) => {
			const read = await runClient(client, server.url, total);
			if (read.changes !== total) {
				process.exitCode = 1;
				console.log(`${client} read ${read.changes} of ${total} changes`);
			}
			cpu[client].push(read.cpu);
		});
		await Promise.all(runs);
	}
	await server.close();
	console.log(`${rate} changes a second for ${seconds} s, rounds: ${rounds}; CPU, median (spread)`);
	for (const client of CLIENTS) {
		const sorted = [...cpu[client]].sort((a, b) => a - b);
		const [least = NaN, most = NaN] = [sorted[0], sorted.at(-1)];
		const spread = `${least.toFixed(0)} to ${most.toFixed(0)}`;
		console.log(`${client.padEnd(8)} ${median(sorted).toFixed(0)} ms (${spread})`);
	}
	const toBare = median(cpu.ours) / median(cpu.bare);
	const toOfficial = median(cpu.ours) / median(cpu.official);
	console.log(`ours / bare:     ${toBare.toFixed(2)} (at most ${MOST})`);
	console.log(`ours / official: ${toOfficial.toFixed(2)} (below 1)`);
	if (toBare > MOST || toOfficial >= 1) process.exitCode = 1;
}

async function runClient(client: Client, address: string, total: number): Promise<Read> {
	const child = fork(__filename, [client, address, String(total)], {
		execArgv: ['--import', 'tsx'],
	});
	const [read] = (await once(child, 'message')) as [Read];
	child.kill();
	await once(child, 'exit');
	return read;
}

/** Accepts each join, and once all clients have joined sends each of them all changes. */
async function startServer(total: number, rate: number) {
	const joined: Joined[] = [];
	const http = createServer();
	const sockets = new WebSocketServer({ server: http });
	sockets.on('connection', (socket) => {
		socket.on('message', (data: Buffer) => {
			const [joinRef, ref, topic, event] = JSON.parse(data.toString()) as string[];
			const send = (...frame: unknown[]) => socket.send(JSON.stringify(frame));
			const answer = (response: object) =>
				send(joinRef, ref, topic, 'phx_reply', { status: 'ok', response });
			if (event !== 'phx_join') return answer({});
			answer({ postgres_changes: [{ id: 7, ...BINDING }] });
			const ok = { extension: 'postgres_changes', status: 'ok', message: 'ok', channel: topic };
			send(null, null, topic, 'system', ok);
			joined.push({ socket, topic: topic ?? '' });
			if (joined.length === CLIENTS.length) void sendInTurns(joined.splice(0), total, rate);
		});
	});
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		close: async () => {
			for (const socket of sockets.clients) socket.terminate();
			http.close();
			await once(http, 'close');
		},
	};
}

interface Joined {
	readonly socket: WebSocket;
	readonly topic: string;
}

/** A second's changes to one client, then a second's to the next, and so on. */
async function sendInTurns(clients: readonly Joined[], total: number, rate: number) {
	await sleep(500);
	for (let sent = 0; sent < total; sent += rate) {
		const ids = Array.from(
			{ length: Math.min(rate, total - sent) },
			(_, index) => sent + index + 1,
		);
		for (const client of clients) await sendChanges(client, ids, rate);
	}
}

/** Sends changes at an even pace. */
async function sendChanges({ socket, topic }: Joined, ids: readonly number[], rate: number) {
	const begun = performance.now();
	for (let sent = 0; sent < ids.length;) {
		await sleep(TICK);
		const due = Math.floor(((performance.now() - begun) / 1000) * rate);
		for (const id of ids.slice(sent, due)) socket.send(change(topic, id));
		sent = due;
	}
}

function change(topic: string, id: number): string {
	const data = {
		schema: 'public',
		table: 'orders',
		commit_timestamp: '2026-01-01T00:00:00.000Z',
		type: 'INSERT',
		columns: [
			{ name: 'id', type: 'int8' },
			{ name: 'customer', type: 'text' },
			{ name: 'total', type: 'numeric' },
			{ name: 'lines', type: 'jsonb' },
			{ name: 'updated_at', type: 'timestamptz' },
		],
		record: {
			id,
			customer: `Customer ${id}`,
			total: 12.5,
			lines: [{ article: 'A-1', quantity: 2 }],
			updated_at: '2026-01-01T00:00:00+00:00',
		},
		errors: null,
	};
	return JSON.stringify([null, null, topic, 'postgres_changes', { ids: [7], data }]);
}

/** In a process of its own: reads changes until the last one, and tells its parent. */
function listen(client: Client, address: string, total: number): void {
	let changes = 0;
	let before = process.cpuUsage();
	const take = (record: unknown) => {
		if (changes++ === 0) before = process.cpuUsage();
		if ((record as { id?: unknown }).id !== total) return;
		const { user, system } = process.cpuUsage(before);
		process.send?.({ changes, cpu: (user + system) / 1000 } satisfies Read);
	};
	const listening = { bare, official, ours };
	listening[client](address, take);
}

function bare(address: string, take: (record: unknown) => void): void {
	const socket = new WebSocket(`${address}${PATH}?apikey=${KEY}&vsn=2.0.0`);
	socket.on('open', () => socket.send(JSON.stringify(['1', '1', 'realtime:bare', 'phx_join', {}])));
	socket.on('message', (data: Buffer) => {
		const frame = JSON.parse(data.toString()) as unknown[];
		const payload = frame[4] as { data: { record: unknown } };
		if (frame[3] === 'postgres_changes') take(payload.data.record);
	});
}

function official(address: string, take: (record: unknown) => void): void {
	const client = new RealtimeClient(`${address}/realtime/v1`, {
		params: { apikey: KEY },
		transport: WebSocket as never,
		vsn: '2.0.0',
	});
	client
		.channel('official')
		.on('postgres_changes', BINDING, (payload) => take(payload.new))
		.subscribe();
}

function ours(address: string, take: (record: unknown) => void): void {
	const project = readProject({ url: address, secretKey: KEY });
	const realtime = openRealtime(project, {
		authority: async () => ({ authority: { role: 'service_role' } }),
	});
	realtime.join({ name: 'ours', changes: [BINDING] }, { onChange: ({ record }) => take(record) });
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[sorted.length >> 1] ?? NaN;
}
