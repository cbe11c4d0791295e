import type { SupabaseApiError } from '../errors';
import type { Project } from '../project';
import type { Send } from '../transport';
import {
	openFeed,
	type Batch,
	type FeedLimits,
	type FeedNews,
	type FeedTimings,
} from './catchUp/feed';
import type { CatchUpState, Start } from './catchUp/state';
import type { FeedEvent, Watch } from './catchUp/watch';
import type { ChannelState, Listener } from './channel';
import { openRealtime } from './realtime';
import type { Grant, RealtimeState } from './connection';
import { roomQueue, type QueueNews } from './roomQueue';
import { roomSubscription, roomListener, type Room, type RoomEvent } from './rooms';
import type { ChangeBinding } from './subscription';
import type { Timings } from './timings';

/** What happened, in the order in which it is to be handled. */
export type Happening =
	| { readonly kind: 'postgres_changes'; readonly change: FeedEvent }
	| ({ readonly kind: 'broadcast' | 'presence' } & RoomEvent);

/**
 * Where all that is listened to stands, taken together.
 *
 * `waiting`: something of it is lost, and tried again by itself. `refused`: something of it is
 * refused for a reason that does not mend itself.
 */
export type ListeningState =
	| { readonly name: 'connecting' | 'subscribed' }
	| { readonly name: 'waiting' | 'refused'; readonly reason: SupabaseApiError };

export interface ListeningOptions {
	readonly project: Project;
	/** On whose behalf the socket and its channels are. */
	readonly authority: () => Promise<Grant>;
	/** For REST, with the same authority. */
	readonly send: Send;
	/** The tables, and how they are asked for; both empty for rooms alone. */
	readonly watches: readonly Watch[];
	readonly bindings: readonly ChangeBinding[];
	readonly rooms: readonly Room[];
	/** The name of the channel for changes; each join adds something unique. */
	readonly name: string;
	/** As `Batch.state` gave it earlier. */
	readonly state?: CatchUpState;
	readonly start?: Start;
	readonly numbers?: 'rounded' | 'text';
	/** Of changes, and of what happens in rooms. */
	readonly limits?: Partial<FeedLimits>;
	readonly timings?: Partial<Timings>;
	readonly feedTimings?: Partial<FeedTimings>;
	/**
	 * Takes what happened. The next comes when its promise is fulfilled; when it is rejected the same
	 * comes again. Rooms and changes come independently of one another.
	 */
	readonly emit: (happened: readonly Happening[], state?: Batch['state']) => Promise<void>;
	/** Told of each change, also of the reason. */
	readonly onState: (state: ListeningState) => void;
	readonly onNews: (news: ListeningNews) => void;
	/** Gets what `onState` or `onNews` threw, which stops nothing. */
	readonly onFault: (error: unknown) => void;
}

/** What a feed tells, and `roomOverflow`: so many messages of rooms were dropped, for good. */
export type ListeningNews = FeedNews | QueueNews;

export interface Listening {
	readonly state: ListeningState;
	/** Waits until everything is subscribed and where reading begins is known; for ever, where not. */
	readonly ready: () => Promise<void>;
	/** What to keep of a feed now; `undefined` for rooms alone. */
	readonly keep: () => CatchUpState | undefined;
	/** Leaves every channel and closes the socket. No timer stays. Never throws. */
	close(): Promise<void>;
}

/**
 * Listens to tables and rooms over one socket, until it is closed. It never throws for outages.
 *
 * @throws InvalidRequestError for what the server would refuse for its form
 */
export function openListening(options: ListeningOptions): Listening {
	const { project, authority, rooms, watches, bindings } = options;
	const channels = new Map<string, ChannelState>();
	let connection: RealtimeState = { name: 'connecting' };
	let subscribed = () => {};
	const isSubscribed = new Promise<void>((resolve) => (subscribed = resolve));
	let told = '';
	let closed = false;

	function tell(): void {
		const state = together(connection, [...channels.values()]);
		const text = 'reason' in state ? `${state.name} ${state.reason.message}` : state.name;
		if (state.name === 'subscribed') subscribed();
		if (closed || text === told) return;
		told = text;
		options.onState(state);
	}

	const realtime = openRealtime(project, {
		authority,
		timings: options.timings,
		onFault: options.onFault,
		onState: (state) => {
			connection = state;
			tell();
		},
	});

	/** Notes where a channel stands, beside what its owner wants to hear. */
	function noted(name: string, listener: Listener = {}): Listener {
		channels.set(name, { name: 'joining' });
		return {
			...listener,
			onState: (state) => {
				channels.set(name, state);
				tell();
			},
		};
	}

	const { limits = {} } = options;
	const onNews = (news: ListeningNews) => {
		try {
			options.onNews(news);
		} catch (error) {
			options.onFault(error);
		}
	};
	const queue = roomQueue<Happening>({ ...limits, emit: options.emit, onNews });

	let isOpen = false;
	try {
		const feed =
			bindings.length > 0
				? openFeed({
						realtime,
						send: options.send,
						subscription: { name: options.name, changes: bindings },
						watches,
						state: options.state,
						start: options.start,
						numbers: options.numbers,
						limits,
						timings: options.feedTimings,
						emit: async ({ events, state }) =>
							await options.emit(
								events.map((change) => ({ kind: 'postgres_changes', change })),
								state,
							),
						onNews,
						listener: noted('changes'),
					})
				: undefined;
		for (const room of rooms) {
			const name = JSON.stringify([room.name, room.private]);
			realtime.join(
				roomSubscription(room, options.numbers),
				noted(name, roomListener(room, queue.offer)),
			);
		}
		isOpen = true;
		return {
			get state() {
				return together(connection, [...channels.values()]);
			},
			ready: async () => {
				await isSubscribed;
				await feed?.ready();
			},
			keep: () => feed?.state(),
			async close() {
				closed = true;
				queue.close();
				await feed?.close();
				await realtime.close();
			},
		};
	} finally {
		if (!isOpen) {
			closed = true;
			queue.close();
			void realtime.close();
		}
	}
}

/** The worst of all counts: what is refused before what is lost, before what is not there yet. */
function together(connection: RealtimeState, channels: readonly ChannelState[]): ListeningState {
	const all = [connection, ...channels];
	for (const state of all) {
		if ('final' in state && state.final) return { name: 'refused', reason: state.reason };
	}
	for (const state of all) {
		if ('reason' in state) return { name: 'waiting', reason: state.reason };
	}
	const isThere = channels.every(({ name }) => name === 'subscribed');
	return { name: isThere && connection.name === 'open' ? 'subscribed' : 'connecting' };
}
