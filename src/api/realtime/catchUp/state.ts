import type { OrderKind } from './order';

/** A place in a table's order by cursor and key. */
export interface Position {
	/** The cursor's value, as the database writes it: exact, whatever its type. */
	readonly value: string;
	/** The key's values; without them the place is before all rows with that value. */
	readonly key?: readonly string[];
	/** The value in the order of its type (`Ordered`), where that is known. */
	readonly kind?: OrderKind;
	readonly at?: string;
}

/**
 * How far a table is read. All rows up to `position` were handed out in the version they had, but for
 * those that were committed later than their cursor's value says: so a sweep begins a grace window
 * before it, and drops what it has seen.
 */
export interface TableCursor {
	/** The columns of cursor and key, as JSON: with others it says nothing. */
	readonly by: string;
	/** Missing: nothing was read yet, and all rows that have a cursor value are new. */
	readonly position?: Position;
	/** What is before it is never read again: where reading began, or as far as memory reaches. */
	readonly floor?: Position;
	/**
	 * Of rows that were handed out and that a sweep would find again: a fingerprint of the key, the
	 * cursor in the order of its type, a fingerprint of the content. The newest last.
	 */
	readonly seen: ReadonlyArray<readonly [row: string, at: string, content: string]>;
}

/**
 * What a feed has to know when it is opened again; plain JSON. By table: `schema.name`, each part as
 * JSON has it.
 *
 * It is always behind what was handed out, never ahead: after a crash something comes twice, and
 * nothing is lost.
 */
export interface CatchUpState {
	readonly version: 1;
	readonly tables: Readonly<Record<string, TableCursor>>;
}

/**
 * Where a table without a cursor of its own begins: at what is there `now` (nothing of it is handed
 * out), at the beginning, or at a value of the cursor column, which belongs to it.
 */
export type Start = 'now' | 'beginning' | { readonly from: string };
