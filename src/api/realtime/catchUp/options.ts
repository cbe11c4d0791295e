import type { SupabaseApiError } from '../../errors';
import type { Table } from '../../database/table';
import type { Send } from '../../transport';
import type { Listener } from '../channel';
import type { Realtime } from '../realtime';
import type { Subscription } from '../subscription';
import type { CatchUpState, Start } from './state';
import type { FeedEvent, Watch } from './watch';

/** Some changes in the order in which they are to be handled. */
export interface Batch {
	/** At least one. */
	readonly events: readonly FeedEvent[];
	/**
	 * What to keep in case this batch is lost: everything before it is handed out, nothing of it.
	 * Made when it is asked for, before `emit` returns.
	 */
	readonly state: () => CatchUpState;
}

/** How long things take in a feed, in milliseconds. */
export interface FeedTimings {
	/** Between two sweeps while all is well. */
	readonly sweep: number;
	/** After an event with errors, or what else asks for a sweep, until it begins. */
	readonly soon: number;
	/** Between two joins of the channel, at least and at the most. */
	readonly rejoin: readonly [least: number, most: number];
	/** The shortest time between two joins that a sweep asked for; it doubles while they do not help. */
	readonly rejoinSoon: number;
	/** What a sweep finds may still come live: so long it is waited for. */
	readonly settle: number;
	/** Until a sweep that failed is tried again; it doubles up to `sweep`. */
	readonly retry: number;
}

export const FEED_TIMINGS: FeedTimings = {
	sweep: 180_000,
	soon: 1_000,
	rejoin: [600_000, 900_000],
	rejoinSoon: 60_000,
	settle: 3_000,
	retry: 2_000,
};

/** How much is kept in memory, read at once, or kept for the next start. */
export interface FeedLimits {
	/** Events that wait to be handed out; above it nothing is read live until a sweep. */
	readonly queue: number;
	/** Events handed out at once. */
	readonly batch: number;
	/** How long an event waits for others to be handed out with it, in milliseconds. */
	readonly batchWait: number;
	/** Rows of a page of a sweep. */
	readonly page: number;
	/** Rows that a sweep hands out; the next one goes on where it stopped. */
	readonly sweepRows: number;
	/** How far before the cursor a sweep begins, for rows that are committed late: of times, in milliseconds. */
	readonly graceMs: number;
	/** The same for numbers, in values. */
	readonly graceValues: number;
	/** Rows of a table that are remembered, so that they are not handed out again. */
	readonly remembered: number;
	/** Rows of a table that are remembered in the state that is kept. */
	readonly kept: number;
}

export const FEED_LIMITS: FeedLimits = {
	queue: 1_000,
	batch: 1,
	batchWait: 0,
	page: 1_000,
	sweepRows: 100_000,
	graceMs: 60_000,
	graceValues: 1_000,
	remembered: 100_000,
	kept: 2_000,
};

/**
 * What happens in a feed, for a log or a person.
 *
 * - `sweeping`, `swept`: a sweep of a table; `found` rows were handed out, of those `missed` should
 *   have come live, `more` are left for the next sweep.
 * - `sweepFailed`: it is tried again after `retryIn` milliseconds; nothing is lost by that.
 * - `overflow`, `resumed`: more came than was taken, and what came meanwhile was dropped. Where all
 *   tables are swept (`isSwept`) it is found again, but no deletes; otherwise it is lost.
 * - `rejoining`, `rejoinFailed`: the channel is joined anew, as planned or since rows were missed.
 * - `narrowed`: so much changed that rows committed late may be overlooked before this place.
 * - `clockBack`: the database's clock, or what fills the cursor, ran back; sweeps begin earlier now.
 * - `emitFailed`: `emit` threw; the same batch is handed out again.
 */
export type FeedNews =
	| { readonly name: 'sweeping'; readonly table: Table; readonly why: SweepReason }
	| {
			readonly name: 'swept';
			readonly table: Table;
			readonly found: number;
			readonly missed: number;
			readonly more: boolean;
	  }
	| {
			readonly name: 'sweepFailed';
			readonly table: Table;
			readonly error: unknown;
			readonly retryIn: number;
	  }
	| { readonly name: 'overflow'; readonly isSwept: boolean }
	| { readonly name: 'resumed'; readonly dropped: number; readonly isSwept: boolean }
	| { readonly name: 'rejoining'; readonly why: 'planned' | 'missed' }
	| { readonly name: 'rejoinFailed'; readonly error: SupabaseApiError }
	| { readonly name: 'narrowed'; readonly table: Table }
	| { readonly name: 'clockBack'; readonly table: Table }
	| { readonly name: 'emitFailed'; readonly error: unknown };

/** `more`: the last sweep stopped at its limit of rows; `clock`: the database's clock ran back. */
export type SweepReason =
	| 'subscribed'
	| 'errors'
	| 'planned'
	| 'overflow'
	| 'begin'
	| 'asked'
	| 'more'
	| 'memory'
	| 'clock';

export interface FeedOptions {
	readonly realtime: Realtime;
	/** For REST, with the same authority as `realtime`; its own `signal` ends what is under way at a close. */
	readonly send: Send;
	/**
	 * What to join. Where a binding of a watched table selects columns, they have to be
	 * `askedColumns(watch)`: by key and cursor rows are told apart.
	 */
	readonly subscription: Omit<Subscription, 'numbers'>;
	/** The tables that are repaired and swept. What comes of others is handed out as it is. */
	readonly watches: readonly Watch[];
	/** As kept from an earlier feed. A table that is not in it begins at `start`. */
	readonly state?: CatchUpState;
	/** `now` unless given. */
	readonly start?: Start;
	/** As in `Subscription`; the events' numbers, of both origins. `rounded` unless given. */
	readonly numbers?: 'rounded' | 'text';
	readonly timings?: Partial<FeedTimings>;
	readonly limits?: Partial<FeedLimits>;
	/**
	 * Takes changes; the next come when its promise is fulfilled, one call at a time. While it is
	 * pending the queue fills. When it is rejected the same batch comes again.
	 */
	readonly emit: (batch: Batch) => Promise<void>;
	readonly onNews?: (news: FeedNews) => void;
	/** Is told what the channel tells, all of it but changes. */
	readonly listener?: Omit<Listener, 'onChange'>;
}

/** A subscription with sweeps, held up until it is closed. */
export interface Feed {
	/** What to keep now: everything that `emit` has taken, and nothing else. */
	state(): CatchUpState;
	/**
	 * Waits until the beginning of every table is known and the server has said that changes flow: what
	 * is written from then on is handed out. For ever, where that never comes; until it is closed.
	 */
	ready(): Promise<void>;
	/** Sweeps all tables as soon as may be. */
	sweep(): void;
	/**
	 * Leaves the channel and stops. A batch that `emit` has is waited for, what is queued is dropped.
	 * No timer stays. Never throws.
	 */
	close(): Promise<void>;
}
