/** An outage that lasts so long, in milliseconds, is told of. */
const LONG = 300_000;

export interface Outages {
	/** Something is not reached; told again while it is out, it changes nothing. */
	begin(what: string, reason: Error): void;
	end(what: string): void;
	/** Ends all of them; no timer stays. */
	close(): void;
}

/**
 * Tells of outages that last, once each.
 *
 * @param tell what is not reached, and why it was not at first
 */
export function lastingOutages(tell: (what: string, reason: Error) => void): Outages {
	const timers = new Map<string, NodeJS.Timeout>();

	function end(what: string): void {
		clearTimeout(timers.get(what));
		timers.delete(what);
	}

	return {
		begin(what, reason) {
			if (!timers.has(what)) timers.set(what, setTimeout(tell, LONG, what, reason));
		},
		end,
		close() {
			for (const what of [...timers.keys()]) end(what);
		},
	};
}
