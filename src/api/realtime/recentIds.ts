import type { Broadcast } from './events';

/** Messages of three days are stored, of which at most 25 are replayed: these are among the newest. */
const KEPT = 1_000;

/**
 * Tells messages that are replayed, though they have come before: each join of a subscription with
 * `replay` brings the newest again.
 */
export function recentIds(): (message: Broadcast) => boolean {
	const ids = new Set<string>();
	return ({ id, replayed }) => {
		if (id === undefined) return false;
		if (ids.has(id)) return replayed;
		ids.add(id);
		const [oldest] = ids;
		if (ids.size > KEPT && oldest !== undefined) ids.delete(oldest);
		return false;
	};
}
