/** How long things may take, in milliseconds. */
export interface Timings {
	/** For a connection to be made. */
	readonly connect: number;
	/** From one heartbeat to the next; its answer has to be there by then. */
	readonly heartbeat: number;
	/** For a join to be answered: a refusal takes the server five seconds, a lame database twelve. */
	readonly join: number;
	/** From the answer to a join until changes flow: the first subscriber of a project waits longest. */
	readonly subscribe: number;
	/** The same for messages from the database, of which the server itself says no after a minute. */
	readonly replication: number;
	/** For any other message to be answered. */
	readonly push: number;
	/** For a leave to be answered, and for a socket to close in good order. */
	readonly leave: number;
	/** Before the first attempt after a loss; it doubles with each that fails. */
	readonly firstWait: number;
	/** The longest wait for what may mend itself. */
	readonly longestWait: number;
	/** The wait for what does not mend itself. */
	readonly finalWait: number;
	/** How long an old join goes on when a new one is subscribed. */
	readonly overlap: number;
	/** How old a socket gets before it is replaced; publishable keys are cut off after 24 hours. */
	readonly lifetime: number;
	/** How long before its end an access token is renewed. */
	readonly renewBefore: number;
}

export const TIMINGS: Timings = {
	connect: 15_000,
	heartbeat: 25_000,
	join: 20_000,
	subscribe: 30_000,
	replication: 75_000,
	push: 10_000,
	leave: 1_000,
	firstWait: 1_000,
	longestWait: 60_000,
	finalWait: 300_000,
	overlap: 2_000,
	lifetime: 23 * 3_600_000,
	renewBefore: 60_000,
};
