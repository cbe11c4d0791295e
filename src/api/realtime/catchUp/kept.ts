import type { Version } from './memory';
import type { Position, TableCursor } from './state';

/** What is kept of a table for the next start: all that was taken, and nothing else. */
export interface Kept {
	/** Notes that a version was taken. */
	taken(version: Version): void;
	/** Notes that a row is gone. */
	forget(row: string): void;
	/** Notes that all rows before a place were taken; of earlier ones nothing need be known any more. */
	moveTo(position: Position | undefined, floor: Position | undefined, forgetBefore?: bigint): void;
	/** `undefined` until the beginning is known. */
	state(): TableCursor | undefined;
}

/** @param most how many rows are kept */
export function newKept(by: string, known: TableCursor | undefined, most: number): Kept {
	const seen = new Map<string, readonly [at: string, content: string]>();
	for (const [row, at, content] of known?.seen ?? []) seen.set(row, [at, content]);
	let places = known && { position: known.position, floor: known.floor };
	return {
		taken({ row, order, content }) {
			seen.delete(row);
			seen.set(row, [order === undefined ? '' : String(order), content]);
			if (seen.size > most) seen.delete(seen.keys().next().value as string);
		},
		forget(row) {
			seen.delete(row);
		},
		moveTo(position, floor, forgetBefore) {
			places = { position, floor };
			if (forgetBefore === undefined) return;
			for (const [row, [at]] of seen) if (at && BigInt(at) < forgetBefore) seen.delete(row);
		},
		state() {
			if (!places) return undefined;
			const { position, floor } = places;
			return {
				by,
				...(position && { position }),
				...(floor && { floor }),
				seen: Array.from(seen, ([row, [at, content]]) => [row, at, content] as const),
			};
		},
	};
}
