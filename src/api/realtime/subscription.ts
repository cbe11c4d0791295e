import { InvalidRequestError } from '../errors';

/** Which kinds of change a binding is for. */
export type ChangeEvent = '*' | 'INSERT' | 'UPDATE' | 'DELETE';

/**
 * Which changes of the database a channel is to get (`config.postgres_changes` of a join).
 *
 * The server reads schema and table as LIKE patterns; what comes is compared with them exactly, so
 * that `order_items` is not also `order-items`.
 */
export interface ChangeBinding {
	readonly event: ChangeEvent;
	readonly schema: string;
	/** All tables of the schema unless given. */
	readonly table?: string;
	/** Conditions on columns as the server knows them: `qty=gt.5`, several divided by commas. */
	readonly filter?: string;
	/** The columns to send, beside the key; all unless given. Not with all tables of a schema. */
	readonly select?: readonly string[];
}

export interface BroadcastSettings {
	/** Whether what the channel sends comes back to itself. */
	readonly self?: boolean;
	/** Whether the server answers each message; `Channel.broadcast` then waits for that. */
	readonly ack?: boolean;
	/** Private channels only: of what was sent from the database since then, the newest. */
	readonly replay?: {
		/** Milliseconds since 1970. */
		readonly since: number;
		/** 25 unless given, and at the most. */
		readonly limit?: number;
	};
	/** Wait until messages sent from the database (`realtime.send`) can arrive. */
	readonly replicationReady?: boolean;
}

export interface PresenceSettings {
	/** Without it neither the state nor, in a private channel, anything comes. */
	readonly enabled: boolean;
	/** By what the channel's own presence is told apart; the server makes one unless given. */
	readonly key?: string;
}

/** What a channel is to get. What is left out is not asked for. */
export interface Subscription {
	/**
	 * The room's name, without `realtime:`. A channel for changes alone joins under this name with
	 * something unique behind it, a new one for each join.
	 */
	readonly name: string;
	/** Whether the policies of `realtime.messages` decide who may join; no unless given. */
	readonly private?: boolean;
	readonly changes?: readonly ChangeBinding[];
	readonly broadcast?: BroadcastSettings;
	readonly presence?: PresenceSettings;
	/**
	 * What becomes of numbers that JavaScript cannot hold: `rounded` (unless given) rounds them and
	 * says so in `rounded`; `text` gives all values of the types bigint and numeric as text, and other
	 * numbers only where they would be rounded.
	 */
	readonly numbers?: 'rounded' | 'text';
}

/**
 * Refuses what the server would refuse, or would take for something else.
 *
 * @throws InvalidRequestError
 */
export function checkSubscription({ name, changes = [], broadcast, ...rest }: Subscription): void {
	checkName('topic', name);
	if (broadcast?.replay && !rest.private) {
		throw new InvalidRequestError(
			'Replay is for private channels alone',
			'Make the channel private, or leave replay out.',
		);
	}
	for (const { schema, table, filter, select } of changes) {
		if (!schema) throw new InvalidRequestError('A binding of database changes has no schema');
		if (table === '') throw new InvalidRequestError('The table of a binding is empty');
		if (filter === '') throw new InvalidRequestError('The filter of a binding is empty');
		if (table === undefined && (filter !== undefined || select !== undefined)) {
			throw new InvalidRequestError(
				'A row filter and a choice of columns need a table',
				'Choose the table, or leave filter and columns out.',
			);
		}
	}
}

/**
 * Lengths are one byte in the messages that everybody with serializer 2.0.0 gets, and a topic begins
 * with `realtime:` there.
 */
const LONGEST = { topic: 255 - 'realtime:'.length, event: 255 };

/** @throws InvalidRequestError for a topic or an event that is too long, or empty */
export function checkName(what: 'topic' | 'event', name: string): void {
	const length = Buffer.byteLength(name);
	if (length > 0 && length <= LONGEST[what]) return;
	throw new InvalidRequestError(
		length ? `The ${what} is ${length} bytes long` : `The ${what} is empty`,
		`It may have 1 to ${LONGEST[what]} bytes; letters beyond ASCII have two to four.`,
	);
}
