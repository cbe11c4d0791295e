import { columnName } from '../../database/column';
import { quote } from '../../database/encoding';
import { rowsAfter } from '../../database/rowsAfter';
import type { Query } from '../../request';
import { valueAt, type Ordered } from './order';
import type { Position } from './state';

/** A place in the order of a column, before all rows that have its value. */
export function placeAt(ordered: Ordered): Position | undefined {
	const value = valueAt(ordered);
	return value === undefined ? undefined : { value, kind: ordered.kind, at: String(ordered.at) };
}

export function orderedOf({ kind, at }: Position): Ordered | undefined {
	return kind === undefined || at === undefined ? undefined : { kind, at: BigInt(at) };
}

/**
 * Where a sweep has to begin that is to find what was committed late: a grace window before the
 * place, or at the place itself for values whose order only the database knows.
 *
 * @param grace by kind of order, in its steps
 */
export function graceStart(position: Position, grace: (kind: Ordered['kind']) => bigint): Position {
	const ordered = orderedOf(position);
	const start = ordered && placeAt({ ...ordered, at: ordered.at - grace(ordered.kind) });
	return start ?? position;
}

/**
 * The condition for all rows behind a place, for those that have its value, too, where it names no key.
 */
export function behind(cursor: string, key: readonly string[], position: Position): Query {
	// Beside the condition by both, which no index serves, the one that an index does serve.
	const from: Query = [['and', `(${columnName(cursor)}.gte.${quote(position.value)})`]];
	if (!position.key) return from;
	return [...from, ...rowsAfter([cursor, ...key], [position.value, ...position.key])];
}
