import type { MessageId } from '../ids';

/** How long a message that failed waits before it comes again, in seconds: longer each time. */
export const DELAYS: readonly number[] = [10, 30, 60, 120, 300];

/** How many messages are remembered. */
const MOST = 10_000;

/**
 * Counts the attempts at messages that failed. It counts what was seen to fail, not claims: one that
 * was given back before it was begun, or whose reader died, is none the worse for it. So the count is
 * one reader's, and the next begins anew: rather an attempt too many than one too few.
 */
export interface Attempts {
	/** Whether it has failed before. */
	has(id: MessageId): boolean;
	/** @returns how long it is to wait, in seconds; `undefined` where that was the last attempt */
	failed(id: MessageId): number | undefined;
	forget(id: MessageId): void;
}

export function newAttempts(most: number): Attempts {
	const failures = new Map<MessageId, number>();
	return {
		has: (id) => failures.has(id),
		failed(id) {
			const times = (failures.get(id) ?? 0) + 1;
			failures.delete(id);
			if (times >= most) return undefined;
			failures.set(id, times);
			for (const oldest of failures.keys()) {
				if (failures.size <= MOST) break;
				failures.delete(oldest);
			}
			return DELAYS[Math.min(times, DELAYS.length) - 1];
		},
		forget: (id) => void failures.delete(id),
	};
}
