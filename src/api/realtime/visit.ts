import type { Channel, Listener } from './channel';
import type { Realtime, RealtimeOptions } from './connection';
import { ownFault } from './faults';
import type { Subscription } from './subscription';

/** Opens a connection on behalf of somebody. */
export type Connect = (options?: Omit<RealtimeOptions, 'authority'>) => Realtime;

/** What a visit waits for, beside its own end. */
export interface VisitOptions {
	/** How long it may take until the channel is subscribed, in milliseconds. */
	readonly timeout: number;
	/** Ends it. */
	readonly signal?: AbortSignal;
}

/**
 * Joins a channel for a while. The first thing that stands in the way of that ends it; what happens
 * once it is subscribed is made good by itself.
 *
 * @param stay what is done in the channel
 * @returns what `stay` gives, once the channel is left and the connection closed
 * @throws SupabaseApiError where it was refused or not subscribed in time; the signal's reason; what
 * `stay` throws
 */
export async function visit<T>(
	connect: Connect,
	subscription: Subscription,
	listener: Listener,
	{ timeout, signal }: VisitOptions,
	stay: (channel: Channel) => Promise<T>,
): Promise<T> {
	signal?.throwIfAborted();
	let timer: NodeJS.Timeout | undefined;
	let cancel: (() => void) | undefined;
	let realtime: Realtime | undefined;
	try {
		const cancelled = new Promise<never>((_resolve, reject) => {
			cancel = () => reject(signal?.reason as Error);
			signal?.addEventListener('abort', cancel);
		});
		const subscribed = new Promise<Channel>((resolve, reject) => {
			timer = setTimeout(() => reject(ownFault('SUBSCRIBE_TIMEOUT').reason), timeout);
			const opened = connect({
				onState: (state) => state.name === 'waiting' && reject(state.reason),
			});
			realtime = opened;
			const channel = opened.join(subscription, {
				...listener,
				onState(state) {
					listener.onState?.(state);
					if (state.name === 'subscribed') queueMicrotask(() => resolve(channel));
					else if ('reason' in state) reject(state.reason);
				},
			});
		});
		const channel = await Promise.race([subscribed, cancelled]);
		clearTimeout(timer);
		return await Promise.race([stay(channel), cancelled]);
	} finally {
		clearTimeout(timer);
		if (cancel) signal?.removeEventListener('abort', cancel);
		await realtime?.close();
	}
}

/** What a promise gives, or what `late` gives where it does not come in time. */
export async function within<T>(promise: Promise<T>, time: number, late: () => T): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, time)));
	try {
		return await Promise.race([promise, limit.then(late)]);
	} finally {
		clearTimeout(timer);
	}
}
