import { objectOf } from '../json';
import { readBroadcast } from './broadcasts';
import { bindingIds, readChange, type BindingIds } from './changes';
import type { Broadcast, Change, SystemMessage } from './events';
import { ownFault, refusalFault, systemFault, type Fault } from './faults';
import type { ReceivedMessage } from './message';
import type { Reply, Socket } from './socket';
import type { Subscription } from './subscription';
import type { Timings } from './timings';

/** One join of one subscription on one socket, until it ends. */
export interface Join {
	readonly socket: Socket;
	readonly topic: string;
	/** The `ref` of its message, which all that belongs to it carries. */
	readonly ref: string;
	/** `joining` until it is answered, `joined` until all that was asked for flows, then `live`. */
	readonly phase: 'joining' | 'joined' | 'live' | 'over';
	receive(message: ReceivedMessage): void;
	/** Gives the server a new access token. */
	renew(accessToken: string): void;
	/** Ends it, and tells the server so unless it need not know. Its owner is told nothing. */
	end(tellServer: boolean): void;
}

/** What a join tells. */
export interface JoinOwner {
	onJoined(join: Join): void;
	/** All that was asked for flows; said again each time the server says so. */
	onLive(join: Join): void;
	/** It is over; `refused` where it never was live by the server's own word. */
	onOver(join: Join, kind: 'refused' | 'lost', fault: Fault): void;
	onChange(join: Join, change: Change): void;
	onBroadcast(join: Join, broadcast: Broadcast): void;
	/** `presence_state` or `presence_diff`. */
	onPresence(join: Join, event: string, payload: unknown): void;
	onSystem(message: SystemMessage): void;
}

export interface JoinOptions {
	readonly socket: Socket;
	readonly topic: string;
	readonly subscription: Subscription;
	/** A user's; the connection's key decides without one. */
	readonly accessToken?: string;
	readonly timings: Timings;
}

/**
 * The payload of a join. What is not asked for is left out or false, never null.
 *
 * @param accessToken a user's access token
 */
export function joinPayload(
	{ broadcast = {}, presence, changes = [], private: isPrivate = false }: Subscription,
	accessToken: string | undefined,
): unknown {
	const { self = false, ack = false, replay, replicationReady } = broadcast;
	return {
		config: {
			broadcast: {
				ack,
				self,
				...(replay && { replay: withoutMissing(replay) }),
				...(replicationReady && { replication_ready: true }),
			},
			presence: { key: presence?.key ?? '', enabled: presence?.enabled ?? false },
			postgres_changes: changes.map(({ event, schema, table, filter, select }) =>
				withoutMissing({ event, schema, table, filter, select }),
			),
			private: isPrivate,
		},
		...(accessToken !== undefined && { access_token: accessToken }),
	};
}

function withoutMissing(value: object): object {
	return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

/** Sends a join, and follows it until it is over. */
export function startJoin(options: JoinOptions, owner: JoinOwner): Join {
	const { socket, topic, subscription, timings, accessToken } = options;
	const wantsChanges = Boolean(subscription.changes?.length);
	const wantsReplication = Boolean(subscription.broadcast?.replicationReady);
	let token = accessToken;
	let phase: Join['phase'] = 'joining';
	let ids: BindingIds = new Map();
	let hasChanges = !wantsChanges;
	let hasReplication = !wantsReplication;
	let timer: NodeJS.Timeout | undefined;
	const heardBefore = socket.heard;
	const ref = socket.ask(
		{ topic, event: 'phx_join', payload: joinPayload(subscription, accessToken) },
		timings.join,
		answered,
	);
	const join: Join = {
		socket,
		topic,
		ref,
		get phase() {
			return phase;
		},
		receive,
		renew(fresh) {
			if (fresh === token || phase === 'joining' || phase === 'over') return;
			token = fresh;
			const payload = { access_token: fresh };
			socket.send({ topic, event: 'access_token', payload, joinRef: ref });
			// Only changes are confirmed, until when the old rights apply. What is waited for already has
			// its limit, which tokens that come meanwhile do not put off.
			if (wantsChanges && !timer) within(timings.subscribe, 'TOKEN_TIMEOUT');
		},
		end(tellServer) {
			if (phase === 'over') return;
			phase = 'over';
			clearTimeout(timer);
			if (tellServer) socket.send({ topic, event: 'phx_leave', payload: {}, joinRef: ref });
		},
	};
	return join;

	function answered(reply: Reply): void {
		if (phase !== 'joining') return;
		if (reply.status === 'none') {
			// A socket on which nothing came meanwhile is broken, or blocked for good.
			const isDeaf = socket.heard === heardBefore;
			over('lost', ownFault('JOIN_TIMEOUT'), !isDeaf);
			if (isDeaf) socket.fail(ownFault('SOCKET_SILENT'));
			return;
		}
		if (reply.status === 'error') {
			over('refused', refusalFault(reply.response), false);
			return;
		}
		const known = bindingIds(subscription.changes ?? [], reply.response);
		if (!known) {
			over('refused', ownFault('BINDING_MISMATCH', 'refused', true));
			return;
		}
		ids = known;
		phase = 'joined';
		if (wantsReplication) within(timings.replication, 'SUBSCRIBE_TIMEOUT');
		else if (wantsChanges) within(timings.subscribe, 'SUBSCRIBE_TIMEOUT');
		owner.onJoined(join);
		confirm();
	}

	/** Gives the server so long to confirm, or it is over. */
	function within(time: number, code: 'SUBSCRIBE_TIMEOUT' | 'TOKEN_TIMEOUT'): void {
		clearTimeout(timer);
		timer = setTimeout(() => over('lost', ownFault(code)), time);
	}

	function confirm(): void {
		if (phase === 'joining' || !hasChanges || !hasReplication) return;
		clearTimeout(timer);
		timer = undefined;
		phase = 'live';
		owner.onLive(join);
	}

	function over(kind: 'refused' | 'lost', fault: Fault, tellServer = true): void {
		join.end(tellServer);
		owner.onOver(join, kind, fault);
	}

	function receive(message: ReceivedMessage): void {
		if (phase === 'over') return;
		switch (message.event) {
			case 'postgres_changes': {
				const change = readChange(message, subscription, ids);
				if (change) owner.onChange(join, change);
				return;
			}
			case 'broadcast': {
				const broadcast = readBroadcast(message, subscription.numbers);
				if (broadcast) owner.onBroadcast(join, broadcast);
				return;
			}
			case 'presence_state':
			case 'presence_diff':
				owner.onPresence(join, message.event, message.payload);
				return;
			case 'system':
				system(message.payload);
				return;
			case 'phx_close':
				over('lost', ownFault('CHANNEL_CLOSED'), false);
				return;
			case 'phx_error':
				over('lost', refusalFault(message.payload), false);
		}
	}

	function system(payload: unknown): void {
		const { extension, status, message } = objectOf(payload) ?? {};
		const said: SystemMessage = {
			extension: String(extension),
			status: status === 'error' ? 'error' : 'ok',
			message: typeof message === 'string' ? message : '',
		};
		owner.onSystem(said);
		if (phase === 'over') return;
		if (said.status === 'error') {
			over(phase === 'live' ? 'lost' : 'refused', systemFault(said.extension, said.message));
		} else if (said.extension === 'postgres_changes') {
			hasChanges = true;
			confirm();
		} else if (said.message === REPLICATION_READY) {
			hasReplication = true;
			confirm();
		}
	}
}

/** What the server says when messages from the database can arrive. */
const REPLICATION_READY = 'Replication connection established';
