import type { Order } from './hand';
import type { Outcome, QueueCalls, QueueMessage } from './message';

/** Tells when something was sent to the queue. It may be silent, and ring for nothing. */
export type Bell = (listener: {
	readonly ring: () => void;
	/** Told whether a ring would be heard from now on. */
	readonly heard: (isHeard: boolean) => void;
}) => { close(): Promise<void> };

export type ReaderState =
	| { readonly name: 'reading' }
	/** It is tried again by itself. */
	| { readonly name: 'waiting'; readonly reason: Error }
	/** It does not mend itself: the reader has stopped, and is to be closed. */
	| { readonly name: 'refused'; readonly reason: Error };

export type ReaderNews =
	/** They come again after so many seconds. */
	| {
			readonly name: 'retrying';
			readonly messages: readonly QueueMessage[];
			readonly reason: string;
			readonly delay: number;
	  }
	| {
			readonly name: 'parked';
			readonly messages: readonly QueueMessage[];
			readonly reason: string;
	  }
	/** The claim of so many has ended before they were begun; they come again. */
	| { readonly name: 'lost'; readonly messages: number };

export interface ReaderOptions {
	/** Whatever is under way when the signal is aborted is given up. */
	readonly connect: (signal: AbortSignal) => QueueCalls;
	readonly order: Order;
	/** Messages in hand at the most, 1 to 1,000; 100 unless given. */
	readonly size?: number;
	/** For how long a claim hides a message from others, in seconds; 60 unless given. */
	readonly visibility?: number;
	/** Failed attempts until a message is parked; 5 unless given. */
	readonly attempts?: number;
	/** How many executions may run at the same time. */
	readonly width: number;
	/**
	 * Several messages an execution, each waiting for others so long (milliseconds) at the most. Those
	 * that failed together are tried again one by one.
	 */
	readonly batch?: { readonly events: number; readonly wait: number };
	/** How often to look, in milliseconds, while a ring would be heard and while it would not. */
	readonly poll?: { readonly slow: number; readonly quick: number };
	readonly bell?: Bell;
	/**
	 * Does what is to be done with messages, and tells what became of them. Never rejected.
	 *
	 * @param isOurs to be asked right before it is begun: whether the claim still holds
	 */
	readonly run: (messages: readonly QueueMessage[], isOurs: () => boolean) => Promise<Outcome>;
	/** Told of each change. */
	readonly onState: (state: ReaderState) => void;
	readonly onNews: (news: ReaderNews) => void;
}

export interface Reader {
	/** Fulfilled when the first claim was answered. */
	readonly ready: Promise<void>;
	/**
	 * Claims nothing any more, gives back what was not begun, and writes the outcomes that are known.
	 * What runs has to end, by `left`, at the same time. No timer and no socket stays. Never throws.
	 */
	close(): Promise<void>;
}
