/** What is known of the database's clock, which may be another than ours, and may run back. */
export interface DatabaseClock {
	/**
	 * Takes the commit time of a change.
	 *
	 * @param milliseconds since 1970
	 * @returns whether the clock has run back since the last one
	 */
	commit(milliseconds: number): boolean;
	/** Takes the time of an answer by the gateway's clock, which counts until a commit was seen. */
	answered(milliseconds: number): void;
	/** About what it shows now; a second more at the most until a commit was seen, ours until anything is known. */
	now(): number;
}

/**
 * @param tolerance by how much the times of commits may go back, in milliseconds
 * @param latest a time that was before now when it was kept
 */
export function newClock(tolerance: number, latest = -Infinity): DatabaseClock {
	let highest = latest;
	let known: { time: number; at: number; isCommit: boolean } | undefined;
	return {
		commit(time) {
			const hasRunBack = time < highest - tolerance;
			highest = hasRunBack ? time : Math.max(highest, time);
			known = { time, at: performance.now(), isCommit: true };
			return hasRunBack;
		},
		answered(time) {
			// It comes in whole seconds: with less, what was written in this one would be in the future.
			if (!known?.isCommit) known = { time: time + 999, at: performance.now(), isCommit: false };
		},
		now: () => (known ? known.time + (performance.now() - known.at) : Date.now()),
	};
}
