import type { MessageId } from '../ids';

/** A message as a claim gives it. */
export interface QueueMessage {
	readonly id: MessageId;
	/** How often it was claimed, this time included; a claim counts also when nothing came of it. */
	readonly attempt: number;
	/** ISO 8601. */
	readonly enqueuedAt: string;
	readonly body: unknown;
}

/** What a write to a claimed message names: it holds only as long as nobody has claimed it since. */
export type Receipt = Pick<QueueMessage, 'id' | 'attempt'>;

/** What a reader does to one queue. Times are in seconds. All throw `SupabaseApiError`. */
export interface QueueCalls {
	/** Claims so many at the most, for so long; in the order of the ids. */
	claim(size: number, visibility: number): Promise<readonly QueueMessage[]>;
	/** Takes them out of the queue, whoever holds them. Those that are gone already do no harm. */
	acknowledge(ids: readonly MessageId[]): Promise<void>;
	/**
	 * Hides them for so long from now; with 0 they can be claimed at once.
	 *
	 * @returns the ids of those that were still ours
	 */
	hide(receipts: readonly Receipt[], delay: number): Promise<readonly MessageId[]>;
	/** Takes them to the dead letters, with the reason. Returns as `hide`. */
	park(receipts: readonly Receipt[], reason: string): Promise<readonly MessageId[]>;
}

/**
 * What became of messages that were handed out together.
 *
 * - `done`: they are acknowledged.
 * - `failed`: they come again later, or are parked.
 * - `unstarted`: nothing was begun with them: they come again after `delay` seconds, and this counts
 *   as no attempt.
 * - `left`: it cannot be known any more. They come again when their claim ends.
 */
export type Outcome =
	| { readonly name: 'done' | 'left' }
	| { readonly name: 'failed'; readonly reason: string }
	| { readonly name: 'unstarted'; readonly delay: number };
