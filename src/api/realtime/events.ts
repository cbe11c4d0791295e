/** A column of a changed row; the type is PostgreSQL's own short name, such as `int8` or `_text`. */
export interface ChangedColumn {
	readonly name: string;
	readonly type: string;
}

/**
 * A change of a row, as the server sent it.
 *
 * `columns` without a value in `record` are large values that the update did not touch, or that were
 * too long to be sent; then `errors` says so, or it does not. With the errors 400 and 401 there are
 * neither columns nor values nor a commit time.
 */
export interface Change {
	readonly type: 'INSERT' | 'UPDATE' | 'DELETE';
	readonly schema: string;
	readonly table: string;
	/** ISO 8601 with milliseconds; the same for all rows of a transaction. */
	readonly commitTimestamp?: string;
	/** The row as it is now; `undefined` for a DELETE. */
	readonly record?: Readonly<Record<string, unknown>>;
	/**
	 * The row as it was: its primary key, or all columns with REPLICA IDENTITY FULL; `undefined` for an
	 * INSERT.
	 */
	readonly oldRecord?: Readonly<Record<string, unknown>>;
	readonly columns: readonly ChangedColumn[];
	/** Why values are missing, such as `Error 413: Payload Too Large`. */
	readonly errors?: readonly string[];
	/** For which of the subscription's changes it came, by their index; never empty, each once, in order. */
	readonly bindings: readonly number[];
	/** Columns in which a number was rounded, such as `record.id`; never with `numbers: 'text'`. */
	readonly rounded?: readonly string[];
}

/** A message of a channel. */
export interface Broadcast {
	readonly event: string;
	/** What was sent: an object, or bytes where it was sent as such. */
	readonly payload: unknown;
	/** The message's id, where it has one. */
	readonly id?: string;
	/** It was sent before the channel joined. */
	readonly replayed: boolean;
	/** Parts of the payload in which a number was rounded. */
	readonly rounded?: readonly string[];
}

/** One member's presence: what it tracks, with `presence_ref` by which it is told apart. */
export type Presence = Readonly<Record<string, unknown>> & { readonly presence_ref: string };

/** Who is there: the presences under each key. */
export type PresenceState = Readonly<Record<string, readonly Presence[]>>;

/**
 * What happened to the presences of a channel: `sync` after each state and each difference, `join`
 * and `leave` for each key whose presences came or went.
 */
export type PresenceEvent =
	| { readonly event: 'sync'; readonly state: PresenceState }
	| {
			readonly event: 'join' | 'leave';
			readonly key: string;
			/** What came, or went. */
			readonly presences: readonly Presence[];
			/** What was there under that key before a join, and is left after a leave. */
			readonly current: readonly Presence[];
	  };

/** What the server says of a channel: of its subscription, or why it is about to close it. */
export interface SystemMessage {
	/** `postgres_changes` or `system`. */
	readonly extension: string;
	readonly status: 'ok' | 'error';
	readonly message: string;
}
