import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import { idList, listOf, queueCall } from './call';
import type { MessageId } from './ids';
import { checkNewQueueName, checkQueueName } from './names';

/*
 * The functions of this pack's own SQL in the schema `public`, which the service role alone may call.
 * What a repetition could falsify is not repeatable: a message that is deleted twice is missing the
 * second time.
 */

/** The most that one call claims. */
export const MOST_CLAIMED = 1000;

export interface ClaimOptions {
	/** How many seconds nobody else gets them; 1 or more. 60 unless given. */
	readonly visibility?: number;
	/** How many at the most, 1 to 1,000. 10 unless given. */
	readonly size?: number;
	/** Nothing while anything of the queue is claimed, so that order is kept. So unless told otherwise. */
	readonly ordered?: boolean;
	/** The order is kept for each row alone, by the `rows` of a message. */
	readonly byRow?: boolean;
}

/**
 * Claims messages, sorted by ID: as one value, so that the project's row cap cuts none of them off.
 *
 * @throws InvalidRequestError for a size or a visibility that cannot be
 */
export function claim(
	queue: string,
	{ visibility, size, ordered, byRow }: ClaimOptions = {},
): ApiRequest {
	checkWhole('size', size, 1, MOST_CLAIMED);
	checkWhole('visibility', visibility, 1);
	return ofQueue('claim', queue, { visibility, size, ordered, by_row: byRow });
}

/**
 * Sends messages, all or none; gives their IDs in order.
 *
 * @param messages JSON texts, which go as they are: lists and null, too
 * @param delay seconds until they can be read
 */
export function send(queue: string, messages: readonly string[], delay?: number): ApiRequest {
	return ofQueue('send', queue, { messages: listOf(messages), delay }, { isSet: true });
}

/**
 * Deletes messages, or moves them to the queue's archive; gives the IDs of those that were there.
 *
 * @param keep whether to archive them
 */
export function acknowledge(queue: string, ids: readonly MessageId[], keep?: boolean): ApiRequest {
	return ofQueue('ack', queue, { msg_ids: idList(ids), keep }, { isSet: true });
}

/**
 * Sets when messages can be read again; gives the IDs of those that were there.
 *
 * @param delay seconds from now; 0 is at once
 * @param readCounts of each message, as it was claimed: one that was claimed again stays as it is
 */
export function setVisibility(
	queue: string,
	ids: readonly MessageId[],
	delay: number,
	readCounts?: readonly number[],
): ApiRequest {
	return ofQueue(
		'set_vt',
		queue,
		{ msg_ids: idList(ids), delay, read_cts: readCounts },
		// Without the counts a repetition could release what somebody else claimed meanwhile.
		{ isSet: true, repeatable: readCounts !== undefined },
	);
}

/**
 * Moves messages to the dead letter queue, `<queue>_dead`; gives the IDs of those that were there.
 *
 * @param readCounts as `setVisibility`
 */
export function park(
	queue: string,
	ids: readonly MessageId[],
	reason?: string,
	readCounts?: readonly number[],
): ApiRequest {
	return ofQueue(
		'park',
		queue,
		{ msg_ids: idList(ids), reason, read_cts: readCounts },
		{ isSet: true },
	);
}

/**
 * Makes a queue, with row level security switched on; gives whether it was not there before.
 *
 * @param unlogged faster, and emptied when PostgreSQL crashes
 * @throws InvalidRequestError for a name that a new queue may not have
 */
export function createQueue(queue: string, unlogged?: boolean): ApiRequest {
	return ofQueue('create', checkNewQueueName(queue), { unlogged });
}

/** Lists the queues: name, whether partitioned and unlogged, when they were made. */
export function listQueues(): ApiRequest {
	return wrapper('list', {}, { isSet: true, reads: true });
}

/** Counts of a queue, or of all of them. Which there are, depends on the version of pgmq. */
export function metrics(queue?: string): ApiRequest {
	const args = queue === undefined ? {} : { queue: checkQueueName(queue) };
	return wrapper('metrics', args, { isSet: true, reads: true });
}

/** Deletes every message of a queue; gives how many there were. */
export function purge(queue: string): ApiRequest {
	return ofQueue('purge', queue);
}

/**
 * Examines what a durable delivery through the queue stands on.
 *
 * @param tables those that are to be looked at, each with its cursor where it is swept
 */
export function doctor(
	queue: string,
	tables?: ReadonlyArray<{
		readonly schema: string;
		readonly table: string;
		readonly cursor?: string;
	}>,
): ApiRequest {
	return ofQueue('doctor', queue, { tables }, { reads: true });
}

type How = Parameters<typeof queueCall>[3];

function ofQueue(
	name: string,
	queue: string,
	args: Readonly<Record<string, unknown>> = {},
	how?: How,
): ApiRequest {
	return wrapper(name, { queue: checkQueueName(queue), ...args }, how);
}

function wrapper(name: string, args: Readonly<Record<string, unknown>>, how?: How): ApiRequest {
	return queueCall('public', `n8n_queue_${name}`, args, how);
}

function checkWhole(name: string, value: number | undefined, least: number, most = Infinity) {
	if (value === undefined) return;
	if (Number.isSafeInteger(value) && value >= least && value <= most) return;
	throw new InvalidRequestError(
		`The ${name} of a claim is ${String(value)}`,
		`Give a whole number of ${least} or more${most < Infinity ? `, up to ${most}` : ''}.`,
	);
}
