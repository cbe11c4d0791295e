import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocketServer, type WebSocket } from 'ws';

import { projectAt } from '../../server';

/** A message of the protocol as a server has it, whatever its form on the wire. */
export interface Frame {
	readonly joinRef: string | null;
	readonly ref: string | null;
	readonly topic: string;
	readonly event: string;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it expects
	readonly payload: any;
	/** As it came. */
	readonly data: Buffer;
	readonly isBinary: boolean;
}

/** One socket, as the server has it. */
export interface Wire {
	/** Path and query. */
	readonly target: string;
	readonly headers: IncomingHttpHeaders;
	readonly vsn: string;
	readonly seen: Frame[];
	/** The next message of that event which was not asked for before. */
	next(event: string): Promise<Frame>;
	send(
		topic: string,
		event: string,
		payload: unknown,
		refs?: { joinRef?: string | null; ref?: string | null },
	): void;
	reply(to: Frame, status: 'ok' | 'error', response?: unknown): void;
	/** Answers a join as the server does, with an id for each binding, and confirms changes. */
	accept(join: Frame, confirm?: boolean): void;
	/** Sends what has no form. */
	raw(data: string | Buffer): void;
	/** Once the client has read all that was sent. */
	read(): Promise<void>;
	close(code?: number, reason?: string): void;
	/** Breaks the connection. */
	kill(): void;
	readonly closed: Promise<number>;
}

export interface Phoenix {
	readonly url: string;
	readonly project: ReturnType<typeof projectAt>;
	readonly wires: Wire[];
	/** The next socket which was not asked for before. */
	next(): Promise<Wire>;
}

interface Refusal {
	readonly status: number;
	readonly body: string;
}

const stops: Array<() => Promise<void>> = [];

/** Ends all servers; for `afterEach`. */
export async function closePhoenix(): Promise<void> {
	await Promise.all(stops.splice(0).map(async (stop) => await stop()));
}

/**
 * A server of websockets that does nothing by itself.
 *
 * @param refuse the answer to the nth upgrade, where it is not to be made
 */
export async function startPhoenix(
	refuse: (count: number) => Refusal | undefined = () => undefined,
): Promise<Phoenix> {
	const wires: Wire[] = [];
	const queue = queueOf<Wire>();
	const server = createServer();
	const sockets = new WebSocketServer({ noServer: true });
	let count = 0;
	server.on('upgrade', (request, socket, head) => {
		const refusal = refuse(count++);
		if (refusal) {
			const { status, body } = refusal;
			const type = 'content-type: application/json';
			socket.end(
				`HTTP/1.1 ${status} No\r\n${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
			);
			return;
		}
		sockets.handleUpgrade(request, socket, head, (websocket) => {
			const wire = wireOf(websocket, request.url ?? '', request.headers);
			wires.push(wire);
			queue.put(wire);
		});
	});
	stops.push(async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeAllConnections();
		for (const socket of sockets.clients) socket.terminate();
		await closed;
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { url, project: projectAt(url), wires, next: queue.take };
}

function wireOf(websocket: WebSocket, target: string, headers: IncomingHttpHeaders): Wire {
	const vsn = new URL(target, 'http://local').searchParams.get('vsn') ?? '';
	const queues = new Map<string, ReturnType<typeof queueOf<Frame>>>();
	const queueFor = (event: string) => {
		const queue = queues.get(event) ?? queueOf<Frame>();
		queues.set(event, queue);
		return queue;
	};
	const seen: Frame[] = [];
	websocket.on('message', (data: Buffer, isBinary) => {
		const frame = readFrame(data, isBinary, vsn);
		seen.push(frame);
		queueFor(frame.event).put(frame);
	});
	const closed = new Promise<number>((resolve) => websocket.once('close', resolve));
	const send: Wire['send'] = (topic, event, payload, { joinRef = null, ref = null } = {}) => {
		websocket.send(
			vsn === '2.0.0'
				? JSON.stringify([joinRef, ref, topic, event, payload])
				: JSON.stringify({ ref, event, topic, payload }),
		);
	};
	const wire: Wire = {
		target,
		headers,
		vsn,
		seen,
		next: async (event) => await queueFor(event).take(),
		send,
		reply({ topic, ref, joinRef }, status, response = {}) {
			send(topic, 'phx_reply', { status, response }, { ref, joinRef });
		},
		accept(join, confirm = true) {
			const asked = join.payload.config.postgres_changes as object[];
			const answered = asked.map((binding, index) => ({ id: 100 + index, ...binding }));
			wire.reply(join, 'ok', { postgres_changes: answered });
			if (asked.length && confirm) system(wire, join);
		},
		raw: (data) => websocket.send(data),
		async read() {
			websocket.ping();
			await once(websocket, 'pong');
		},
		close: (code, reason) => websocket.close(code, reason),
		kill: () => websocket.terminate(),
		closed,
	};
	return wire;
}

/** What the server says of a subscription to changes. */
export function system(
	wire: Wire,
	{ topic, ref }: Frame,
	status: 'ok' | 'error' = 'ok',
	message = 'Subscribed to PostgreSQL',
	extension = 'postgres_changes',
): void {
	const channel = topic.replace('realtime:', '');
	wire.send(topic, 'system', { message, status, extension, channel }, { joinRef: ref });
}

/** The payload of an INSERT. */
export function inserted(record: object, ids = [100], table = 'orders'): unknown {
	const columns = Object.keys(record).map((name) => ({ name, type: 'int4' }));
	const commit_timestamp = '2026-01-01T00:00:00.000Z';
	const data = { type: 'INSERT', schema: 'public', table, commit_timestamp, columns, record };
	return { ids, data: { ...data, errors: null } };
}

function readFrame(data: Buffer, isBinary: boolean, vsn: string): Frame {
	if (isBinary) return { ...readPush(data), data, isBinary };
	const parsed = JSON.parse(data.toString());
	if (vsn !== '2.0.0') {
		const { join_ref: joinRef, ref, topic, event, payload } = parsed;
		return { joinRef, ref, topic, event, payload, data, isBinary };
	}
	const [joinRef, ref, topic, event, payload] = parsed;
	return { joinRef, ref, topic, event, payload, data, isBinary };
}

/** Kind 3: lengths of join_ref, ref, topic, event and metadata, the encoding, these, the payload. */
function readPush(data: Buffer): Omit<Frame, 'data' | 'isBinary'> {
	let at = 7;
	const [joinRef = '', ref = '', topic = '', event = ''] = [1, 2, 3, 4, 5].map((index) => {
		const from = at;
		at += data[index] ?? 0;
		return data.toString('utf8', from, at);
	});
	const rest = data.subarray(at);
	const payload = data[6] === 1 ? JSON.parse(rest.toString()) : new Uint8Array(rest);
	return {
		joinRef,
		ref,
		topic,
		event: 'broadcast',
		payload: { type: 'broadcast', event, payload },
	};
}

/** Things that come, and who waits for them, in order. */
function queueOf<T>() {
	const things: T[] = [];
	const takers: Array<(thing: T) => void> = [];
	return {
		put(thing: T) {
			const taker = takers.shift();
			if (taker) taker(thing);
			else things.push(thing);
		},
		take: async (): Promise<T> =>
			things.length
				? (things.shift() as T)
				: await new Promise<T>((resolve) => takers.push(resolve)),
	};
}
