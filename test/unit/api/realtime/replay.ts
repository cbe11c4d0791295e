/* eslint-disable @typescript-eslint/no-explicit-any -- a recording holds anything */
import RealtimeSerializer from '@supabase/realtime-js/dist/main/lib/serializer';

import type { Subscription } from '../../../../src/api/realtime/subscription';
import { listen, named, open, type Heard, type OpenedRealtime } from './client';
import { startPhoenix, type Frame, type Wire } from './phoenix';
import type { RecordedFrame } from './recordings';

/** A message as it was recorded. */
export interface Recorded {
	readonly joinRef: string | null;
	readonly ref: string | null;
	readonly topic: string;
	readonly event: string;
	readonly payload: any;
}

/** A channel of ours, and what it was sent. */
export interface Played extends Heard {
	readonly subscription: Subscription;
	/** The recorded `ref` of its join. */
	readonly ref: string;
	/** From its join on: what came for its topic, and what ended it from our side. */
	readonly came: Array<Recorded | 'left' | 'closed'>;
}

/** Nothing is tried again while a session is played. */
const ONCE = { firstWait: 600_000, longestWait: 600_000, finalWait: 600_000, leave: 0 };

/**
 * Plays a recorded socket to our client: what the recorded client did, ours does, and what the server
 * sent then, it is sent.
 *
 * @returns the channels, and how many frames came that no request of ours could be found for
 */
export async function replay(
	frames: readonly RecordedFrame[],
): Promise<{ channels: Played[]; unplayed: number }> {
	const phoenix = await startPhoenix();
	const channels: Played[] = [];
	let realtime: OpenedRealtime | undefined;
	let wire: Wire | undefined;
	let vsn: string = '1.0.0';
	/** Recorded refs, and ours. */
	let refs = new Map<string, string>();
	let unplayed = 0;

	const current = (topic: string) => channels.filter((each) => topicOf(each) === topic).at(-1);

	for (const frame of frames) {
		if (frame.path) {
			vsn = new URL(frame.path, 'http://local').searchParams.get('vsn') ?? '1.0.0';
		}
		if (frame.dir === 'open') {
			for (const channel of channels) channel.came.push('left');
			await realtime?.close();
			const serializer = vsn === '2.0.0' ? '2.0.0' : '1.0.0';
			realtime = open(phoenix.project, { serializer, timings: ONCE });
			wire = await phoenix.next();
			await realtime.states.until(named('open'));
			refs = new Map();
		}
		if (!wire || !realtime) continue;
		if (frame.dir === 'close' && frame.by === 'server') {
			for (const channel of channels) channel.came.push('closed');
			if (frame.code === 1006) wire.kill();
			else wire.close(frame.code);
			await realtime.states.until(named('waiting'));
			wire = undefined;
			continue;
		}
		const message = frame.dir === 'send' || frame.dir === 'recv' ? read(frame, vsn) : undefined;
		if (!message) continue;
		if (frame.dir === 'recv') {
			for (const each of channels) if (topicOf(each) === message.topic) each.came.push(message);
			if (!pass(wire, frame, message, refs)) unplayed++;
			else await wire.read();
			continue;
		}
		const sent = await act(realtime, wire, message, channels, current(message.topic));
		if (sent?.ref && message.ref) refs.set(message.ref, sent.ref);
	}
	return { channels, unplayed };
}

function topicOf({ subscription }: Played): string {
	return `realtime:${subscription.name}`;
}

/** Lets our client do what the recorded one did; what it sent for that, unless it never would. */
async function act(
	realtime: OpenedRealtime,
	wire: Wire,
	message: Recorded,
	channels: Played[],
	channel: Played | undefined,
): Promise<Frame | undefined> {
	const { event, payload, topic, ref } = message;
	if (event === 'phx_join') {
		const subscription = subscriptionOf(topic, payload);
		if (!subscription || !ref) return undefined;
		const heard = listen(realtime, subscription);
		channels.push({ ...heard, subscription, ref, came: [] });
		return await wire.next('phx_join');
	}
	if (!channel || !['joined', 'subscribed'].includes(channel.channel.state.name)) return undefined;
	// What becomes of it is seen by what comes.
	const forget = (sent: Promise<unknown>) => void sent.catch(() => undefined);
	if (event === 'phx_leave') {
		channel.came.push('left');
		forget(channel.channel.leave());
		return await wire.next('phx_leave');
	}
	if (event === 'broadcast' && isBroadcast(payload)) {
		forget(channel.channel.broadcast(payload.event, payload.payload));
		return await wire.next('broadcast');
	}
	if (event === 'presence') {
		forget(channel.channel.push('presence', payload));
		return await wire.next('presence');
	}
	return undefined;
}

function isBroadcast({ event, payload }: any): boolean {
	return (
		typeof event === 'string' && event !== '' && typeof payload === 'object' && payload !== null
	);
}

/** Sends our client what was received, under our refs; not an answer to what ours did not ask. */
function pass(
	wire: Wire,
	{ text, base64 }: RecordedFrame,
	{ topic, event, payload, ref, joinRef }: Recorded,
	refs: ReadonlyMap<string, string>,
): boolean {
	if (base64 !== undefined) {
		wire.raw(Buffer.from(base64, 'base64'));
		return true;
	}
	if (ref !== null && !refs.has(ref)) return false;
	if (joinRef !== null && !refs.has(joinRef)) return false;
	const own = (recorded: string | null) =>
		recorded === null ? null : (refs.get(recorded) ?? null);
	// Numbers would not survive being parsed and written again.
	const from = /"payload":|"(?:postgres_changes|broadcast)",/.exec(text ?? '');
	const isLong = /\d{16}/.test(text ?? '') && from !== null;
	if (!isLong) {
		wire.send(topic, event, payload, { ref: own(ref), joinRef: own(joinRef) });
		return true;
	}
	if (ref !== null || joinRef !== null) return false;
	wire.raw(text ?? '');
	return true;
}

/** Reads a recorded message, binary ones as realtime-js does; `undefined` for what is none. */
export function read({ text, base64, dir }: RecordedFrame, vsn: string): Recorded | undefined {
	if (base64 !== undefined) {
		const bytes = Buffer.from(base64, 'base64');
		return dir === 'recv' ? readBroadcast(bytes) : readPush(bytes);
	}
	const parsed = parse(text ?? '');
	if (parsed === undefined) return undefined;
	if (vsn !== '2.0.0') {
		const { join_ref: joinRef = null, ref = null, topic, event, payload } = Object(parsed);
		return typeof event === 'string' ? { joinRef, ref, topic, event, payload } : undefined;
	}
	if (!Array.isArray(parsed) || parsed.length !== 5) return undefined;
	const [joinRef, ref, topic, event, payload] = parsed;
	return { joinRef, ref, topic, event, payload };
}

function parse(text: string): any {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function readBroadcast(bytes: Buffer): Recorded {
	const copy = new Uint8Array(bytes).buffer;
	let read: Recorded | undefined;
	new RealtimeSerializer().decode(copy, (message: Recorded & { join_ref: null }) => {
		read = { ...message, joinRef: null };
	});
	if (!read) throw new Error('realtime-js cannot read a recorded message');
	return read;
}

function readPush(bytes: Buffer): Recorded | undefined {
	if (bytes[0] !== 3) return undefined;
	let at = 7;
	const [joinRef = '', ref = '', topic = '', event = ''] = [1, 2, 3, 4, 5].map((index) => {
		const from = at;
		at += bytes[index] ?? 0;
		return bytes.toString('utf8', from, at);
	});
	const rest = bytes.subarray(at);
	const payload = bytes[6] === 1 ? parse(rest.toString()) : new Uint8Array(rest);
	return {
		joinRef,
		ref,
		topic,
		event: 'broadcast',
		payload: { type: 'broadcast', event, payload },
	};
}

/** What a recorded join asks for; `undefined` where our client would never ask so. */
export function subscriptionOf(topic: string, payload: any): Subscription | undefined {
	const {
		broadcast = {},
		presence,
		postgres_changes: changes = [],
		private: own,
	} = Object(payload?.config);
	const name = String(topic).replace(/^realtime:/, '');
	const isOdd =
		!name ||
		Buffer.byteLength(name) > 246 ||
		!String(topic).startsWith('realtime:') ||
		typeof payload?.config !== 'object' ||
		!Array.isArray(changes) ||
		changes.some((each) => !isBinding(each)) ||
		(broadcast.replay && (!own || typeof broadcast.replay.since !== 'number'));
	if (isOdd) return undefined;
	return {
		name,
		private: own === true,
		changes,
		broadcast: {
			self: broadcast.self,
			ack: broadcast.ack,
			replay: broadcast.replay,
			replicationReady: broadcast.replication_ready === true ? true : undefined,
		},
		presence: presence && { enabled: presence.enabled === true, key: presence.key || undefined },
	};
}

function isBinding(each: any): boolean {
	return (
		['*', 'INSERT', 'UPDATE', 'DELETE'].includes(each?.event) &&
		typeof each.schema === 'string' &&
		(each.table === undefined || typeof each.table === 'string') &&
		(each.filter === undefined ||
			(typeof each.filter === 'string' && each.filter !== '' && each.table)) &&
		(each.select === undefined || (Array.isArray(each.select) && each.table))
	);
}
