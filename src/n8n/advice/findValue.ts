/** How many members are looked at: an error is no reason to hold up n8n. */
const MOST = 20_000;

/** Where a value stands, in words, and in which item. */
export interface Place {
	readonly item: number;
	readonly where: string;
}

/**
 * Looks for a value that a service complains of among what the items were compiled to.
 *
 * @param plans of the items at fault
 * @param value as the service shows it
 * @returns the first place: a filter, a column or an argument
 */
export function findValue(
	plans: ReadonlyArray<{ readonly item: number; readonly plan: unknown }>,
	value: string,
): Place | undefined {
	let left = MOST;

	/** `column` is that of the filter around it, `key` the name that a member has. */
	function search(at: unknown, path: readonly string[], column?: string): string | undefined {
		if (left-- <= 0) return undefined;
		if (typeof at !== 'object' || at === null) {
			return isIt(at) ? where(path, column) : undefined;
		}
		const own = (at as { column?: unknown }).column;
		const within = typeof own === 'string' && 'operator' in at ? own : column;
		for (const [key, member] of Object.entries(at)) {
			const found = search(member, Array.isArray(at) ? path : [...path, key], within);
			if (found) return found;
		}
		return undefined;
	}

	const isIt = (at: unknown) =>
		(typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') &&
		String(at) === value;

	for (const { item, plan } of plans) {
		const found = search(plan, []);
		if (found) return { item, where: found };
	}
	return undefined;
}

/** Only what stands in filters, rows and arguments is a person's value. */
function where(path: readonly string[], column: string | undefined): string | undefined {
	const key = path.at(-1);
	if (column !== undefined)
		return key === 'column' || key === 'operator' ? undefined : `filter on ${column}`;
	const [holder, name] = path;
	if (name === undefined) return undefined;
	if (holder === 'row') return `column ${name}`;
	if (holder === 'args') return `argument ${name}`;
	return undefined;
}
