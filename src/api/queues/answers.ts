import { rowsInRange, totalCount } from '../database/contentRange';
import { SupabaseApiError } from '../errors';
import type { ApiResponse } from '../request';
import { byId, exactId, type MessageId } from './ids';

/** A message as it is read; newer versions of pgmq give more fields. */
export interface QueueMessage {
	readonly msg_id: MessageId;
	/** How often it was read, this time included. */
	readonly read_ct: number;
	readonly enqueued_at: string;
	/** Until when nobody else gets it. */
	readonly vt: string;
	readonly message: unknown;
	readonly [more: string]: unknown;
}

/** The messages of an answer, sorted by ID: pgmq gives them in any order. */
export function messagesIn(answer: ApiResponse): QueueMessage[] {
	const messages = listIn<QueueMessage>(answer).map((each) => ({
		...each,
		msg_id: exactId(each.msg_id),
	}));
	return messages.sort((a, b) => byId(a.msg_id, b.msg_id));
}

/** The IDs of an answer, in its order. */
export function idsIn(answer: ApiResponse): MessageId[] {
	return listIn<MessageId>(answer).map(exactId);
}

/**
 * What an answer lists.
 *
 * @throws SupabaseApiError where it is no list: another function of this name may have answered
 */
export function listIn<Element>(answer: ApiResponse): Element[] {
	if (Array.isArray(answer.body)) return answer.body as Element[];
	throw unexpected('a list', answer);
}

/**
 * What an answer says with true or false.
 *
 * @throws as `listIn`
 */
export function truthIn(answer: ApiResponse): boolean {
	if (typeof answer.body === 'boolean') return answer.body;
	throw unexpected('true or false', answer);
}

/**
 * What an answer counts; a text where a number would be rounded.
 *
 * @throws as `listIn`
 */
export function countIn(answer: ApiResponse): number | string {
	const { body } = answer;
	if (typeof body === 'number' || (typeof body === 'string' && /^\d+$/.test(body))) return body;
	throw unexpected('a number', answer);
}

/** How many elements of its list the project's row cap kept back; what was done to them is done. */
export function keptBack({ headers }: ApiResponse): number {
	const total = totalCount(headers);
	return total === undefined ? 0 : Math.max(0, total - (rowsInRange(headers) ?? 0));
}

function unexpected(wanted: string, { status, body }: ApiResponse): SupabaseApiError {
	return new SupabaseApiError('rest', 'done', {
		message: `The answer is not ${wanted}`,
		status,
		code: 'UNEXPECTED_ANSWER',
		details: JSON.stringify(body)?.slice(0, 200),
		hint: 'Another function of this name may have answered. Install the SQL for queues again.',
		ours: true,
	});
}
