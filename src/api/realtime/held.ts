import { randomUUID } from 'node:crypto';

import type { SupabaseApiError } from '../errors';
import { waitBefore } from './backoff';
import type { Channel, ChannelState, Listener } from './channel';
import { grantFault, ownFault, type Fault } from './faults';
import { startJoin, type Join, type JoinOwner } from './join';
import type { ReceivedMessage } from './message';
import { overlap } from './overlap';
import { presences } from './presences';
import { ask, voiceOf } from './voice';
import { recentIds } from './recentIds';
import type { Socket } from './socket';
import type { Subscription } from './subscription';
import type { Timings } from './timings';

/** What a channel needs of its connection. */
export interface ChannelHost {
	readonly timings: Timings;
	/** The socket to join on, while there is one. */
	socket(): Socket | undefined;
	/** The user's access token, or none; throws as `RealtimeOptions.authority`. */
	accessToken(): Promise<string | undefined>;
	/** Moves all channels to a new socket; throws SupabaseApiError. */
	replaceSocket(): Promise<void>;
	/** Calls what may throw, but must not. */
	call(listen: () => void): void;
	/** The channel is there no more. */
	onLeft(channel: HeldChannel): void;
}

/** A channel, and what its connection tells it. */
export interface HeldChannel extends Channel {
	receive(socket: Socket, message: ReceivedMessage): void;
	socketOpened(): void;
	socketEnded(socket: Socket, fault: Fault): void;
	/** Joins on the present socket; what the old join brings counts until the new one is live. */
	move(): Promise<void>;
	renew(accessToken: string): void;
}

/**
 * Holds a subscription up: joins when there is a socket, joins again when the join is lost, and
 * changes over to a new join without a gap.
 */
export function holdChannel(
	subscription: Subscription,
	listener: Listener,
	host: ChannelHost,
): HeldChannel {
	const { timings } = host;
	const { changes, broadcast, presence, name } = subscription;
	// Policies know a private room by its name, and others meet in it.
	const isAlone = Boolean(changes?.length) && !broadcast && !presence && !subscription.private;
	const known = presences(presence?.enabled ?? false);
	const isRepeated = recentIds();
	let state: ChannelState = { name: 'joining' };
	/** The join that counts, the one that is to take its place, and the one whose place it took. */
	let current: Join | undefined;
	let next: Join | undefined;
	let old: Join | undefined;
	let isNew: ReturnType<typeof overlap> | undefined;
	let isBeginning = false;
	let hasLeft = false;
	let failures = 0;
	let times = 0;
	let liveSince = 0;
	let retry: NodeJS.Timeout | undefined;
	let farewell: NodeJS.Timeout | undefined;
	let movers: Array<{ resolve(): void; reject(reason: SupabaseApiError): void }> = [];

	const tell = (told: ChannelState) => {
		state = told;
		host.call(() => listener.onState?.(told));
	};

	async function begin(): Promise<void> {
		clearTimeout(retry);
		retry = undefined;
		if (hasLeft || isBeginning || next || !host.socket()) return;
		isBeginning = true;
		if (!current) tell({ name: 'joining' });
		let accessToken: string | undefined;
		try {
			accessToken = await host.accessToken();
		} catch (error) {
			isBeginning = false;
			if (!hasLeft) failed('lost', grantFault(error));
			return;
		}
		isBeginning = false;
		const socket = host.socket();
		if (hasLeft || !socket) return;
		dropOld();
		const topic = `realtime:${name}${isAlone ? `:${randomUUID()}` : ''}`;
		if (current) isNew = overlap();
		next = startJoin({ socket, topic, subscription, accessToken, timings }, owner);
	}

	/** What was to be the next join is none. */
	function failed(kind: 'refused' | 'lost', { reason, final }: Fault): void {
		next = undefined;
		isNew = undefined;
		settleMovers(reason);
		if (!current) tryAgain(kind, reason, final);
	}

	function tryAgain(kind: 'refused' | 'lost', reason: SupabaseApiError, final: boolean): void {
		const wait = waitBefore(failures++, final, timings);
		retry = setTimeout(() => void begin(), wait);
		const until = Date.now() + wait;
		tell(kind === 'refused' ? { name: kind, reason, final, until } : { name: kind, reason, until });
	}

	function settleMovers(reason?: SupabaseApiError): void {
		const settled = movers;
		movers = [];
		for (const mover of settled) {
			if (reason) mover.reject(reason);
			else mover.resolve();
		}
	}

	function dropOld(): void {
		clearTimeout(farewell);
		old?.end(true);
		old = undefined;
		isNew = undefined;
	}

	const owner: JoinOwner = {
		onJoined(join) {
			known.restart();
			voice.trackAgain(join);
			if (join === next && !current) tell({ name: 'joined' });
		},
		onLive(join) {
			if (join === next) {
				old = current;
				current = next;
				next = undefined;
				liveSince = performance.now();
				if (old) farewell = setTimeout(dropOld, timings.overlap);
				settleMovers();
			}
			if (join === current) tell({ name: 'subscribed', times: ++times });
		},
		onOver(join, kind, fault) {
			if (join === next) failed(kind, fault);
			if (join === old) dropOld();
			if (join !== current) return;
			current = undefined;
			if (performance.now() - liveSince > timings.heartbeat) failures = 0;
			if (next) tell({ name: 'lost', reason: fault.reason });
			else tryAgain('lost', fault.reason, false);
		},
		onChange(join, change) {
			if (isNew && !isNew(join, change)) return;
			host.call(() => listener.onChange?.(change));
		},
		onBroadcast(join, message) {
			if (isRepeated(message) || (isNew && !isNew(join, message))) return;
			host.call(() => listener.onBroadcast?.(message));
		},
		onPresence(join, event, payload) {
			// A difference that both joins bring would be told twice.
			if (join !== newest()) return;
			for (const each of known.receive(event, payload)) {
				host.call(() => listener.onPresence?.(each));
			}
		},
		onSystem(message) {
			host.call(() => listener.onSystem?.(message));
		},
	};

	const voice = voiceOf(subscription, timings, newest);

	/** The newest join that was answered. */
	function newest(): Join | undefined {
		return next && next.phase !== 'joining' ? next : current;
	}

	async function move(): Promise<void> {
		if (hasLeft) throw ownFault('LEFT').reason;
		if (!host.socket()) throw ownFault('NOT_CONNECTED').reason;
		const moved = new Promise<void>((resolve, reject) => movers.push({ resolve, reject }));
		void begin();
		await moved;
	}

	const channel: HeldChannel = {
		get state() {
			return state;
		},
		get presence() {
			return known.state;
		},
		...voice.methods,
		rejoin: async () => await (isAlone ? move() : host.replaceSocket()),
		move,
		async leave() {
			if (hasLeft) return;
			hasLeft = true;
			clearTimeout(retry);
			dropOld();
			next?.end(true);
			const join = current;
			current = next = undefined;
			settleMovers(ownFault('LEFT').reason);
			tell({ name: 'left' });
			host.onLeft(channel);
			if (!join) return;
			const left = ask(join, 'phx_leave', {}, timings.leave);
			join.end(false);
			await left.catch(() => undefined);
		},
		receive(socket, message) {
			for (const join of [next, current, old]) {
				if (join?.socket !== socket || join.topic !== message.topic) continue;
				if (!isOf(message, join)) continue;
				join.receive(message);
				return;
			}
		},
		socketOpened() {
			// A refusal is waited out, whatever the socket.
			if (!retry || state.name !== 'refused') void begin();
		},
		socketEnded(socket, { reason }) {
			if (old?.socket === socket) dropOld();
			if (next?.socket === socket) {
				next.end(false);
				next = undefined;
				settleMovers(reason);
			}
			const wasCurrent = current?.socket === socket;
			if (wasCurrent) {
				current?.end(false);
				current = undefined;
				isNew = undefined;
			}
			if (wasCurrent || (!current && state.name !== 'lost' && state.name !== 'refused')) {
				tell({ name: 'lost', reason });
			}
			// The socket may have been replaced already.
			if (!current) this.socketOpened();
		},
		renew(accessToken) {
			for (const join of [current, next]) join?.renew(accessToken);
		},
	};
	return channel;
}

/** Ends carry the join's own `ref`, other messages may name it, changes and broadcasts do not. */
function isOf({ event, ref, joinRef }: ReceivedMessage, join: Join): boolean {
	if (event === 'phx_close' || event === 'phx_error') return ref === join.ref;
	return joinRef === null || joinRef === join.ref;
}
