import type { INodeExecutionData } from 'n8n-workflow';

import { queueCalls } from '../../api/queues/reader/calls';
import { isLasting } from '../../api/queues/reader/lasting';
import type { Send } from '../../api/transport';
import { itemsOf, type Source } from './durable';
import { pause } from './pause';

/** How often to look, in milliseconds. */
const OFTEN = 1_000;

/** For how long messages are held while they are looked at, in seconds. */
const SHORT = 10;

/** How many are looked through for one that is wanted. */
const MANY = 100;

/**
 * Waits for one event of the queues. What was claimed to be shown is given back at once, and nothing
 * is acknowledged: it comes again when the workflow is active.
 *
 * @returns the event; `undefined` when the signal is aborted
 * @throws SupabaseApiError for what does not mend itself
 */
export async function showOne(
	sources: readonly Source[],
	send: Send,
	signal: AbortSignal,
): Promise<INodeExecutionData | undefined> {
	while (!signal.aborted) {
		for (const { queue, order, captured } of sources) {
			const calls = queueCalls(send, queue, order);
			const messages = await calls.claim(MANY, SHORT).catch(orNothing);
			// What is not given back comes again in a moment all the same.
			if (messages.length > 0) await calls.hide(messages, 0).catch(orNothing);
			const [first] = itemsOf(queue, messages, captured?.wanted);
			if (first) return first;
		}
		await pause(OFTEN, signal);
	}
	return undefined;
}

/** An outage passes. */
function orNothing(error: unknown): never[] {
	if (isLasting(error)) throw error;
	return [];
}
