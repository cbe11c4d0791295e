import { columnName } from '../../database/column';
import { SupabaseApiError } from '../../errors';
import type { OrderKind } from './order';
import { readFound, type FoundPage, type SweptWatch } from './pages';
import { behind, orderedOf } from './place';
import type { Position } from './state';
import type { WatchedTable } from './table';

/** A page of rows in the order of cursor and key. */
export interface OrderedPage extends FoundPage {
	/** What was noted in memory after this mark may be newer than the page. */
	readonly since: number;
	/** When it came, by `performance.now()`. */
	readonly cameAt: number;
}

/** Rows without a value in the cursor have no place, and are never read. */
export function hasCursor(watch: SweptWatch) {
	return [[columnName(watch.cursor), 'not.is.null']] as const;
}

/**
 * Reads rows from a place to the end. The end is where a page is shorter than another was: a page that
 * the server's row cap cut is as long as the longest. Rows that come meanwhile are the next sweep's.
 *
 * @param place where to begin; at the first row unless given
 * @throws what `send` throws
 */
export async function* pagesFrom(
	table: WatchedTable,
	watch: SweptWatch,
	place: Position | undefined,
): AsyncGenerator<OrderedPage, undefined> {
	const { send, columns, limits, memory, clock, floor, signal } = table;
	const { cursor, key } = watch;
	const order = [cursor, ...key].map((name) => ({ column: columnName(name) }));
	let conditions = [
		...(floor ? behind(cursor, key, floor) : []),
		...(place ? behind(cursor, key, place) : hasCursor(watch)),
	];
	let last: string | undefined;
	for (let longest = 0; !signal.aborted;) {
		const since = memory?.now() ?? 0;
		const page = await readFound(send, watch, columns, { conditions, order, limit: limits.page });
		clock.answered(page.time);
		const end = page.rows.at(-1)?.position;
		if (!end) return;
		if (JSON.stringify(end) === last) throw sameRowsAgain();
		last = JSON.stringify(end);
		yield { ...page, since, cameAt: performance.now() };
		if (page.rows.length < longest) return;
		longest = page.rows.length;
		conditions = [...behind(cursor, key, end)];
	}
}

function sameRowsAgain(): SupabaseApiError {
	return new SupabaseApiError('rest', 'refused', {
		message: 'The server gave the same rows again for another page',
		hint: 'Choose another cursor column: one whose values can be compared, such as a time or a number.',
	});
}

/** How far before its cursor a table is read again. */
export function graceOf({ limits }: WatchedTable): (kind: OrderKind) => bigint {
	return (kind) =>
		kind === 'number' ? BigInt(limits.graceValues) * MILLION : BigInt(limits.graceMs) * 1000n;
}

const MILLION = 1_000_000n;

/** What is before this needs no memory: no sweep reads it again. */
export function graceEnd(table: WatchedTable): bigint | undefined {
	const { position } = table;
	const ordered = position && orderedOf(position);
	if (!ordered) return undefined;
	const end = ordered.at - graceOf(table)(ordered.kind);
	// A column of dates takes a time for its whole day.
	const isDay = /^\d{4}-\d\d-\d\d$/.test(position.value);
	return isDay ? end - (((end % DAY) + DAY) % DAY) : end;
}

const DAY = 86_400n * MILLION;
