import type { ExecutionStatus } from 'n8n-workflow';

import type { Outcome } from '../../api/queues/reader/message';
import type { Ending } from './executions';

/** When a message counts as done; the names are those of n8n's Kafka Trigger. */
export const ACKNOWLEDGE = ['onSuccess', 'onCompletion', 'onStatus', 'immediately'] as const;

/** How an execution can end, as far as n8n tells it to who started it. */
export const STATUSES = ['success', 'error', 'canceled', 'crashed', 'waiting', 'unknown'] as const;

export interface Acknowledge {
	readonly when: (typeof ACKNOWLEDGE)[number];
	/** With `onStatus` alone. */
	readonly statuses: readonly ExecutionStatus[];
}

/** Until a message comes again whose execution n8n could not start, in seconds. */
export const NOT_STARTED = 10;

/**
 * What became of the messages of an execution.
 *
 * An execution that waits, for a time or for a person, is n8n's: it is kept in n8n's database and goes
 * on from there, and starting another would do everything before the wait twice. So it is done unless
 * the statuses say otherwise.
 *
 * @param limit how long it was waited for, in milliseconds
 */
export function outcomeOf(ending: Ending, { when, statuses }: Acknowledge, limit: number): Outcome {
	if (ending.name === 'closed') return { name: 'left' };
	if (ending.name === 'late') {
		return failed(`The execution did not end within ${Math.round(limit / 1000)} seconds`);
	}
	if (ending.name === 'broken') {
		const { reason, message } = Object(ending.error) as { reason?: unknown; message?: unknown };
		// n8n stops, and with it the execution, half done.
		if (reason === 'shutdown') return { name: 'left' };
		if (typeof reason !== 'string') return { name: 'unstarted', delay: NOT_STARTED };
		return accepted('canceled') ? { name: 'done' } : failed(String(message));
	}
	const status = ending.run?.status ?? 'unknown';
	if (accepted(status)) return { name: 'done' };
	const said = ending.run?.data?.resultData?.error?.message;
	return failed(`The execution ended with the status ${status}${said ? `: ${said}` : ''}`);

	function accepted(found: ExecutionStatus): boolean {
		switch (when) {
			case 'onStatus':
				return statuses.includes(found);
			case 'onSuccess':
				return found === 'success' || found === 'waiting';
			case 'onCompletion':
			case 'immediately':
				return true;
		}
	}
}

/** What is kept with a parked message, which a person reads. */
const LONGEST_REASON = 1_000;

function failed(reason: string): Outcome {
	return { name: 'failed', reason: reason.slice(0, LONGEST_REASON) };
}
