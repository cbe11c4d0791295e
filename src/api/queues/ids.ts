import { InvalidRequestError } from '../errors';

/** The ID of a message, PostgreSQL's bigint: a number, or its digits where a number would be rounded. */
export type MessageId = number | string;

const LARGEST = 2n ** 63n - 1n;

/**
 * An ID as it stands in JSON, exactly.
 *
 * @throws InvalidRequestError for what is no ID
 */
export function idText(id: MessageId): string {
	// A number beyond 2^53 may have been another one before it was rounded.
	const isSafe = typeof id === 'string' || Number.isSafeInteger(id);
	const text = isSafe ? String(id) : '';
	if (/^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST) return String(BigInt(text));
	throw new InvalidRequestError(
		`${JSON.stringify(id)?.slice(0, 60)} is not the ID of a message`,
		'Give the message_id that sending and reading give. One above 9007199254740991 has to be a text, as a number would be rounded.',
	);
}

/** An ID of an answer that was read exactly: numbers beyond 2^53 are texts, also where one holds it. */
export function exactId(id: MessageId): MessageId {
	return typeof id === 'number' && !Number.isSafeInteger(id) ? String(BigInt(id)) : id;
}

/** For `sort`: in the order of the messages. */
export function byId(a: MessageId, b: MessageId): number {
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	const difference = BigInt(a) - BigInt(b);
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
