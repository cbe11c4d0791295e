/** What tests may change of the service while it runs. Times are milliseconds. */
export interface RealtimeSettings {
	/** Until a refused upgrade is answered (really 2 s). */
	refusalDelayMs: number;
	/** Until a refused join is answered; its whole socket waits (really 5 s). */
	joinRefusalDelayMs: number;
	/** From the answer to a join until its `system` message (really 3 to 20). */
	systemDelayMs: number;
	/** The same when nobody was subscribed (really 1,000 to 3,000). */
	coldSystemDelayMs: number;
	/** From a new token until the second `system` ok (really 1,000 to 3,000). */
	resubscribeDelayMs: number;
	/** Between two readings of the log (really 100, and 500 when idle). */
	pollMs: number;
	/** How often the publication is looked at (really 60,000). */
	publicationMs: number;
	/** A socket whose client says nothing for so long is closed with 1000 (really 60,000). */
	silenceMs: number;
	/** A socket whose channels were all left is killed after so long (really within 600,000). */
	emptySocketMs: number;
	/** How often a failed reader starts again before it gives up, and the wait between. */
	readerTries: number;
	readerRetryMs: number;
	/** How long the reader goes on when nobody listens any more. */
	readerLingerMs: number;
	/** Rows times subscriptions, and broadcasts, a second; null for any number (really 100). */
	eventsPerSecond: number | null;
	/** Seconds over which the rate is averaged (really up to 60). */
	rateWindowS: number;
	/** How often that average is looked at (really every 5,000). */
	rateTickMs: number;
	joinsPerSecond: number | null;
	maxUsers: number | null;
	maxChannels: number | null;
	/** Bytes of a broadcast or a presence payload. */
	maxPayloadBytes: number;
	/** Bytes of a row; larger ones come with error 413. */
	maxRecordBytes: number;
	presenceCalls: number;
	presenceWindowMs: number;
	/** Within which a replication connection must be there for `replication_ready`. */
	replicationReadyMs: number;
	privateOnly: boolean;
	suspended: boolean;

	/** Each new upgrade is answered so, at once; `times` counts down, without it all are. */
	refuseUpgrade: { status: number; body?: string; times?: number } | null;
	/** Each join is refused with this reason, after `joinRefusalDelayMs`. */
	refuseJoin: { reason: string; topic?: string; times?: number } | null;
	/** New connections are taken and never answered. */
	acceptNothing: boolean;
	/** Sockets that are open answer nothing and send nothing; what comes in is not read. */
	answerNothing: boolean;
	/** Heartbeats stay unanswered, all else goes on. */
	ignoreHeartbeats: boolean;
	/** Joins are taken and never answered. */
	ignoreJoins: boolean;
	/** What follows a join with database changes: the truth, nothing, or this error. */
	system: 'true' | 'none' | { error: string };
	/** How often each `system` ok is said. */
	systemTimes: number;
	/** How often each change is sent. */
	copies: number;
	/** Columns that updates leave out, as an unchanged large value is. */
	omitColumns: string[];
	/** So many changes to come, and so many whole readings of the log, are lost without a word. */
	loseChanges: number;
	loseBatches: number;
	/** Messages from the database are lost, and `replication_ready` is never fulfilled. */
	loseDatabaseBroadcasts: boolean;
}

export const DEFAULT_SETTINGS: RealtimeSettings = {
	refusalDelayMs: 2_000,
	joinRefusalDelayMs: 5_000,
	systemDelayMs: 5,
	coldSystemDelayMs: 5,
	resubscribeDelayMs: 100,
	pollMs: 20,
	publicationMs: 60_000,
	silenceMs: 60_000,
	emptySocketMs: 600_000,
	readerTries: 7,
	readerRetryMs: 3_000,
	readerLingerMs: 3_000,
	eventsPerSecond: null,
	rateWindowS: 60,
	rateTickMs: 5_000,
	joinsPerSecond: null,
	maxUsers: null,
	maxChannels: 100,
	maxPayloadBytes: 3_000_000,
	maxRecordBytes: 1024 * 1024,
	presenceCalls: 5,
	presenceWindowMs: 30_000,
	replicationReadyMs: 60_000,
	privateOnly: false,
	suspended: false,
	refuseUpgrade: null,
	refuseJoin: null,
	acceptNothing: false,
	answerNothing: false,
	ignoreHeartbeats: false,
	ignoreJoins: false,
	system: 'true',
	systemTimes: 1,
	copies: 1,
	omitColumns: [],
	loseChanges: 0,
	loseBatches: 0,
	loseDatabaseBroadcasts: false,
};
