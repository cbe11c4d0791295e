import { pause, repeatDelay } from '../retry';

/** How long a transfer is kept up while not a byte moves, in milliseconds. */
const PATIENCE = 5 * 60_000;

/** Pauses between tries double up to that of so many tries: 8 to 16 seconds. */
const LONGEST = 4;

/** Bounds the tries of a transfer by the time in which not a byte has moved. */
export interface Patience {
	/** A byte has moved: the time begins again. */
	renew(): void;
	/**
	 * Waits before another try, longer each time.
	 *
	 * @throws the failure when its time would be over, or the signal's reason
	 */
	wait(failure: unknown): Promise<void>;
}

/** Patience for one transfer, of five minutes unless told otherwise. */
export function newPatience(limit = PATIENCE, signal?: AbortSignal): Patience {
	let since = 0;
	let tries = 0;
	return {
		renew() {
			tries = 0;
		},
		async wait(failure) {
			// Until the first failure something may have moved.
			if (tries === 0) since = performance.now();
			const delay = repeatDelay(Math.min(tries, LONGEST), undefined) ?? 0;
			tries += 1;
			if (performance.now() - since + delay > limit) throw failure;
			await pause(delay, signal);
		},
	};
}
