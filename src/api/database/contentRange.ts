/**
 * Reads PostgREST's `Content-Range`, such as `0-24/3573458`.
 *
 * @returns the total behind the slash, or `undefined` where it was not counted (`0-24/*`)
 */
export function totalCount(headers: Readonly<Record<string, string>>): number | undefined {
	const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
	return total === undefined ? undefined : Number(total);
}
