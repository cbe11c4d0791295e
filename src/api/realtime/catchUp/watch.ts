import type { Filter } from '../../database/filters';
import type { Row, Table } from '../../database/table';

/** A table of which a feed hands out the changes. */
export interface Watch {
	/** By its exact names, no patterns. */
	readonly table: Table;
	/** Which changes are wanted. A table that is watched for `DELETE` alone is never swept. */
	readonly events: ReadonlyArray<'INSERT' | 'UPDATE' | 'DELETE'>;
	/**
	 * The conditions of the bindings on this table, a list each: a row has to meet all of one list at
	 * least. All rows unless given, and also where one of the lists is empty.
	 */
	readonly filters?: ReadonlyArray<readonly Filter[]>;
	/** The columns of the events; all unless given. Key and cursor are asked for besides. */
	readonly columns?: readonly string[];
	/** The columns that tell rows apart, the primary key's as a rule. Without them nothing is repaired. */
	readonly key?: readonly string[];
	/**
	 * The column that moves with every insert and update, such as `updated_at` or a serial number.
	 * Without it the table is not swept: what Realtime loses is lost. Needs `key`.
	 */
	readonly cursor?: string;
	/**
	 * PostgreSQL's types by column name, such as `bigint`, where they are known: by them numbers are
	 * given as text where that is asked for. They are learned from what comes live, too.
	 */
	readonly types?: Readonly<Record<string, string>>;
}

/** One change, as it is handed out. */
export interface FeedEvent {
	/**
	 * `CHANGE` is an insert or an update, of which a sweep cannot tell one from the other: the record is
	 * the row's latest version.
	 */
	readonly event: 'INSERT' | 'UPDATE' | 'DELETE' | 'CHANGE';
	readonly schema: string;
	readonly table: string;
	/** ISO 8601 with milliseconds; of what came live. */
	readonly commitTimestamp?: string;
	/** The row as it is now; `undefined` for a DELETE. */
	readonly record?: Row;
	/** The row as it was, as far as the server tells; of what came live. */
	readonly oldRecord?: Row;
	/** The values of the key by column, where they are known; numbers beyond 2^53 as text. */
	readonly key?: Row;
	/** Where it comes from: the websocket, or a sweep through REST. */
	readonly origin: 'live' | 'catch-up';
	/** The server left values out, and the row was read again: `record` is its latest version. */
	readonly repaired?: true;
	/** The server left values out, and the row could not be read again, for this reason. */
	readonly incomplete?: string;
	/** What the server said of the values it left out. */
	readonly errors?: readonly string[];
	/** For which of the subscription's bindings it came live, by their index. */
	readonly bindings?: readonly number[];
	/** Places in which a number was rounded, such as `record.id`. */
	readonly rounded?: readonly string[];
}

/** The columns that a binding of a watched table has to select; `undefined` for all of them. */
export function askedColumns({ columns, key = [], cursor }: Watch): readonly string[] | undefined {
	if (!columns) return undefined;
	return [...new Set([...columns, ...key, ...(cursor === undefined ? [] : [cursor])])];
}
