import { once, EventEmitter } from 'node:events';

import type { Channel, ChannelState } from '../../../../src/api/realtime/channel';
import type {
	Broadcast,
	Change,
	PresenceEvent,
	SystemMessage,
} from '../../../../src/api/realtime/events';
import {
	openRealtime,
	type Realtime,
	type RealtimeOptions,
	type RealtimeState,
} from '../../../../src/api/realtime/realtime';
import type { Subscription } from '../../../../src/api/realtime/subscription';
import type { Timings } from '../../../../src/api/realtime/timings';
import type { Project } from '../../../../src/api/project';

/** Waits that a test can bear. */
export const QUICK = {
	leave: 50,
	firstWait: 20,
	longestWait: 50,
	overlap: 50,
} satisfies Partial<Timings>;

/**
 * Holds all timers, and nothing else: what goes over sockets goes on. `jest.advanceTimersByTime` lets
 * time pass, `jest.useRealTimers` ends it.
 */
export function holdTimers(): void {
	jest.useFakeTimers({
		doNotFake: ['Date', 'performance', 'hrtime', 'nextTick', 'setImmediate', 'queueMicrotask'],
	});
}

/** What is told, as it is told. */
export interface Told<T> {
	readonly all: T[];
	/** Resolves with the first that fits, past ones included, from `from` on. */
	until(fits: (told: T) => boolean, from?: number): Promise<T>;
}

export function teller<T>(): Told<T> & { readonly tell: (told: T) => void } {
	const all: T[] = [];
	const events = new EventEmitter().setMaxListeners(0);
	return {
		all,
		tell(told) {
			all.push(told);
			events.emit('told');
		},
		async until(fits, from = 0) {
			for (;;) {
				const found = all.slice(from).find(fits);
				if (found !== undefined) return found;
				await once(events, 'told');
			}
		},
	};
}

export interface OpenedRealtime extends Realtime {
	readonly states: Told<RealtimeState>;
}

const opened: Realtime[] = [];

/** Closes all clients; for `afterEach`. */
export async function closeClients(): Promise<void> {
	await Promise.all(opened.splice(0).map(async (each) => await each.close()));
}

export function open(project: Project, options: Partial<RealtimeOptions> = {}): OpenedRealtime {
	const states = teller<RealtimeState>();
	const realtime = openRealtime(project, {
		authority: async () => ({ authority: { role: 'anon' } }),
		onState: states.tell,
		onFault(error) {
			throw error;
		},
		...options,
		timings: { ...QUICK, ...options.timings },
	});
	opened.push(realtime);
	return Object.assign(Object.create(realtime) as Realtime, { states });
}

export interface Heard {
	readonly channel: Channel;
	readonly states: Told<ChannelState>;
	readonly changes: Told<Change>;
	readonly broadcasts: Told<Broadcast>;
	readonly presences: Told<PresenceEvent>;
	readonly systems: Told<SystemMessage>;
	/** The names of its states so far. */
	names(): string[];
}

export function listen(realtime: Realtime, subscription: Subscription): Heard {
	const states = teller<ChannelState>();
	const changes = teller<Change>();
	const broadcasts = teller<Broadcast>();
	const presences = teller<PresenceEvent>();
	const systems = teller<SystemMessage>();
	const channel = realtime.join(subscription, {
		onState: states.tell,
		onChange: changes.tell,
		onBroadcast: broadcasts.tell,
		onPresence: presences.tell,
		onSystem: systems.tell,
	});
	const names = () => states.all.map(({ name }) => name);
	return { channel, states, changes, broadcasts, presences, systems, names };
}

/** A subscription to all changes of a table. */
export const ORDERS: Subscription = {
	name: 'orders',
	changes: [{ event: '*', schema: 'public', table: 'orders' }],
};

export const named =
	(name: string) =>
	(state: { readonly name: string }): boolean =>
		state.name === name;
