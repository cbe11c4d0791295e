import type { ApiRequest } from '../request';
import { idText, type MessageId } from './ids';
import { checkQueueName } from './names';
import { Json, listOf, queueCall } from './call';

/**
 * The functions of the schema `pgmq_public`, which "Expose Queues via PostgREST" in the dashboard
 * brings. They run with the rights of whoever calls.
 *
 * @see https://supabase.com/docs/guides/queues/api
 */
export const PUBLIC_SCHEMA = 'pgmq_public';

/**
 * Sends a message; gives its ID. JSON null becomes SQL NULL: such a message is none.
 *
 * @param message JSON text, which goes as it is
 * @param delay seconds until it can be read
 */
export function send(queue: string, message: string, delay?: number): ApiRequest {
	return call('send', queue, { message: new Json(message), sleep_seconds: delay }, true);
}

/**
 * Sends messages, all or none; gives their IDs, of which the row cap may cut some.
 *
 * @param messages JSON texts. Lists among them are taken apart by PostgreSQL, and null becomes NULL.
 */
export function sendBatch(queue: string, messages: readonly string[], delay?: number): ApiRequest {
	return call('send_batch', queue, { messages: listOf(messages), sleep_seconds: delay }, true);
}

/**
 * Claims messages: nobody else gets them for so many seconds.
 *
 * @param most how many; the row cap cuts the answer, not the claim
 */
export function read(queue: string, visibility: number, most: number): ApiRequest {
	return call('read', queue, { sleep_seconds: visibility, n: most }, true);
}

/** Takes the first message out; if the answer is lost, so is the message. */
export function pop(queue: string): ApiRequest {
	return call('pop', queue, {}, true);
}

/** Moves a message to the queue's archive; gives whether it was there. */
export function archive(queue: string, id: MessageId): ApiRequest {
	return call('archive', queue, { message_id: new Json(idText(id)) });
}

/** Deletes a message; gives whether it was there. */
export function remove(queue: string, id: MessageId): ApiRequest {
	return call('delete', queue, { message_id: new Json(idText(id)) });
}

function call(
	name: string,
	queue: string,
	args: Readonly<Record<string, unknown>>,
	isSet = false,
): ApiRequest {
	return queueCall(PUBLIC_SCHEMA, name, { queue_name: checkQueueName(queue), ...args }, { isSet });
}
