import type { Broadcast } from './events';

/** Messages of three days are stored, of which at most 25 are replayed: these are among the newest. */
const KEPT = 1_000;

/**
 * Tells messages that come replayed and live, whichever is first: each join of a subscription with
 * `replay` brings the newest again. Two that come live are two, as senders may choose ids.
 */
export function recentIds(): (message: Pick<Broadcast, 'id' | 'replayed'>) => boolean {
	/** For each id whether it first came replayed. */
	const known = new Map<string, boolean>();
	return ({ id, replayed }) => {
		if (id === undefined) return false;
		const wasReplayed = known.get(id);
		if (wasReplayed !== undefined) return replayed || wasReplayed;
		known.set(id, replayed);
		const [oldest] = known.keys();
		if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
		return false;
	};
}
