/**
 * Reads PostgREST's `Content-Range`, such as `0-24/3573458`.
 *
 * @returns the total behind the slash, or `undefined` where it was not counted (`0-24/*`)
 */
export function totalCount(headers: Readonly<Record<string, string>>): number | undefined {
	const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
	return total === undefined ? undefined : Number(total);
}

/**
 * How many rows an answer has by its `Content-Range`: `0-24/*` has 25, `*` in its place none.
 *
 * @returns `undefined` where there is no such header
 */
export function rowsInRange(headers: Readonly<Record<string, string>>): number | undefined {
	const range = headers['content-range'];
	if (range === undefined) return undefined;
	const [, first, last] = /^(\d+)-(\d+)\//.exec(range) ?? [];
	return first === undefined || last === undefined ? 0 : Number(last) - Number(first) + 1;
}

/** The place of an answer's first row, by its `Content-Range`; `undefined` where none is there. */
export function firstInRange(headers: Readonly<Record<string, string>>): number | undefined {
	const first = /^(\d+)-/.exec(headers['content-range'] ?? '')?.[1];
	return first === undefined ? undefined : Number(first);
}
