import { isExact, mayHoldRounded, replaceNumbers } from '../numbers';
import type { ReceivedMessage } from './message';

/** What stands before a number that is carried through parsing as text; no text of PostgreSQL has it. */
const MARK = '\0';

/** Whether a message may hold numbers that JavaScript rounds: a quick look that errs to yes. */
export function mayBeRounded({ text }: ReceivedMessage): boolean {
	return mayHoldRounded(text);
}

/** Given a number as it is written and the path to it, which changes afterwards, gives its value. */
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

/** Puts the values of marked numbers in their places. */
function resolve(value: unknown, path: string[], read: ReadNumber): unknown {
	if (typeof value === 'string') {
		return value.startsWith(MARK) ? read(value.slice(1), path) : value;
	}
	if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
	if (Array.isArray(value)) {
		for (let index = 0; index < value.length; index++) {
			value[index] = resolve(value[index], path, read);
		}
		return value;
	}
	const members = value as Record<string, unknown>;
	for (const name of Object.keys(members)) {
		path.push(name);
		members[name] = resolve(members[name], path, read);
		path.pop();
	}
	return members;
}
