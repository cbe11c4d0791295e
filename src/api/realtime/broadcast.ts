import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import { checkName } from './subscription';

/** A message to all who are in a room. */
export interface BroadcastMessage {
	/** The room's name, without `realtime:`. */
	readonly topic: string;
	readonly event: string;
	/** An object, or bytes, which only clients with serializer 2.0.0 get. */
	readonly payload: Readonly<Record<string, unknown>> | Uint8Array;
	/** A private room and a public one of the same name are two. */
	readonly private: boolean;
}

/** The most that a payload may have unless a project's plan says less, in bytes. */
const LARGEST = 3_000_000;

/**
 * Refuses what the server would refuse, or would drop without a word.
 *
 * @throws InvalidRequestError for names that are too long or empty, and for a payload that is no
 * object or too large
 */
export function checkMessage({ topic, event, payload }: BroadcastMessage): void {
	checkName('topic', topic);
	checkName('event', event);
	const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
	if (!isObject) {
		throw new InvalidRequestError(
			'The message is not an object',
			'Realtime takes objects: put the value under a name, such as {"value": 5}.',
		);
	}
	const size =
		payload instanceof Uint8Array ? payload.length : Buffer.byteLength(JSON.stringify(payload));
	if (size > LARGEST) {
		throw new InvalidRequestError(
			`The message has ${size} bytes, more than ${LARGEST}`,
			'Put what is large into Storage or a table, and send where it is.',
		);
	}
}

/** Sends one message; the answer tells whether the sender had the right to. */
export function broadcastRequest(message: BroadcastMessage): ApiRequest {
	checkMessage(message);
	const { topic, event, payload, private: isPrivate } = message;
	const isBytes = payload instanceof Uint8Array;
	return {
		service: 'realtime',
		method: 'POST',
		path: ['api', 'broadcast', topic, 'events', event],
		query: isPrivate ? [['private', 'true']] : [],
		headers: { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' },
		body: isBytes ? payload : JSON.stringify(payload),
		expect: 'text',
	};
}

/**
 * Sends several messages, all or none of them where one is malformed. A private one for which the
 * sender has no right is dropped without a word.
 *
 * @throws InvalidRequestError as `checkMessage`, and for bytes
 */
export function broadcastBatch(messages: readonly BroadcastMessage[]): ApiRequest {
	for (const message of messages) {
		checkMessage(message);
		if (message.payload instanceof Uint8Array) {
			throw new InvalidRequestError(
				'Bytes cannot be sent in a batch',
				'Choose another way in Send By.',
			);
		}
	}
	return {
		service: 'realtime',
		method: 'POST',
		path: ['api', 'broadcast'],
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			messages: messages.map(({ topic, event, payload, private: isPrivate }) => ({
				topic,
				event,
				payload,
				private: isPrivate,
			})),
		}),
		expect: 'text',
	};
}
