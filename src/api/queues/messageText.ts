import { jsonText } from '../database/encoding';
import { InvalidRequestError } from '../errors';
import { parseJson } from '../json';
import { hasHalfCharacter } from '../surrogates';

/**
 * A message as the JSON text that is sent. A text is taken for JSON as it is, so that its numbers keep
 * all their digits.
 *
 * @param value JSON text, or any other value
 * @throws InvalidRequestError for what is no JSON, or what jsonb cannot hold
 */
export function messageText(value: unknown): string {
	if (value === undefined || value === null || value === '') {
		throw new InvalidRequestError(
			'The message is empty',
			'If it comes from an expression, check what that gives for this item. To send JSON null, write null as text.',
		);
	}
	const text = typeof value === 'string' ? value.trim() : textOf(value);
	if (typeof value === 'string' && parseJson(text) === undefined) {
		throw new InvalidRequestError(
			'The message is not valid JSON',
			'Check quotes and commas. A text stands in quotes: an expression gives them with {{ JSON.stringify($json.text) }}.',
		);
	}
	checkCharacters(text);
	return text;
}

function textOf(value: unknown): string {
	const text = jsonText(value) as string | undefined;
	if (text !== undefined) return text;
	throw new InvalidRequestError(
		'The message is not valid JSON',
		'A function cannot be sent: check what the expression gives for this item.',
	);
}

/** A pair of escapes that make one character, or an escaped backslash: neither stands for itself. */
const WHOLE = /\\\\|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/g;

/** PostgreSQL's jsonb has no place for a character with code 0, nor for half a character. */
function checkCharacters(text: string): void {
	const escapes = text.includes('\\u') ? text.replace(WHOLE, '') : '';
	if (escapes.includes('\\u0000')) {
		throw new InvalidRequestError(
			'The message holds a character that PostgreSQL cannot store (code 0)',
			'Remove the character with code 0 from its texts and names.',
		);
	}
	if (/\\u[dD][89a-fA-F]/.test(escapes) || hasHalfCharacter(text)) {
		throw new InvalidRequestError(
			'The message holds half of a Unicode character',
			'Check its texts for a character that was cut in two, for example an emoji.',
		);
	}
}

/** Whether `send_batch` of `pgmq_public` would not keep it: lists are taken apart, null becomes NULL. */
export function needsCare(message: string): boolean {
	return message.startsWith('[') || isNull(message);
}

export function isNull(message: string): boolean {
	return message === 'null';
}
