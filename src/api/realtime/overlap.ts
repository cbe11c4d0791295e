/**
 * Puts two sources of the same events together, such as an old join and the new one that takes its
 * place: what both bring is handed out once.
 *
 * Equal events are counted, since two of one source are two: a row that is updated twice in one
 * transaction gives two events that may not differ in anything.
 *
 * @returns for each event whether it is to be handed out
 */
export function overlap(): (source: object, event: unknown) => boolean {
	const seen = new Map<object, Map<string, number>>();
	const handedOut = new Map<string, number>();
	return (source, event) => {
		const key = JSON.stringify(event);
		const counts = seen.get(source) ?? new Map<string, number>();
		seen.set(source, counts);
		const count = (counts.get(key) ?? 0) + 1;
		counts.set(key, count);
		if (count <= (handedOut.get(key) ?? 0)) return false;
		handedOut.set(key, count);
		return true;
	};
}
