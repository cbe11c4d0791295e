import { isExact, replaceNumbers } from '../numbers';
import type { ReceivedMessage } from './message';

/** So many digits in a row, a point among them, stand in every number that JavaScript rounds. */
const LONG = /\d[\d.]{15}/;

/** What stands before a number that is carried through parsing as text; no text of PostgreSQL has it. */
const MARK = '\0';

/** Whether a message may hold numbers that JavaScript rounds: a quick look that errs to yes. */
export function mayBeRounded({ text }: ReceivedMessage): boolean {
	return LONG.test(text);
}

/** Given a number as it is written and the path to it, gives its value. */
export type ReadNumber = (number: string, path: readonly string[]) => unknown;

/**
 * Reads the payload of a message again, with a say in what its numbers become.
 *
 * @param read what numbers become
 * @param all whether it is asked for all numbers, or for those alone that would be rounded
 */
export function readNumbers(message: ReceivedMessage, read: ReadNumber, all: boolean): unknown {
	if (!message.text) return message.payload;
	const marked = replaceNumbers(message.text, (number) =>
		all || !isExact(number) ? `"\\u0000${number}"` : number,
	);
	return resolve(message.payloadOf(JSON.parse(marked)), [], read);
}

function resolve(value: unknown, path: readonly string[], read: ReadNumber): unknown {
	if (typeof value === 'string') {
		return value.startsWith(MARK) ? read(value.slice(1), path) : value;
	}
	if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
	if (Array.isArray(value)) return value.map((each) => resolve(each, path, read));
	return Object.fromEntries(
		Object.entries(value).map(([name, each]) => [name, resolve(each, [...path, name], read)]),
	);
}
