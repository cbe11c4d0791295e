import type { ErrorContext, Found, Word } from './advice';

/** How much of a value, or of a service's own text, is shown. */
const VALUE = 80;
const TEXT = 300;

/**
 * Puts words into a text.
 *
 * @param text with names in braces
 * @param found the words of this error
 * @param words how others are come by
 * @returns `undefined` where a word is not known
 */
export function fill(
	text: string,
	found: Found,
	words: Readonly<Record<string, Word>>,
	context: ErrorContext,
): string | undefined {
	let complete = true;
	const filled = text.replace(/\{([a-z]\w*)\}/gi, (_, name: string) => {
		const given = found[name];
		const word = given === undefined ? words[name]?.(found, context) : cut(given, VALUE);
		complete &&= word !== undefined;
		return word ?? '';
	});
	return complete ? filled : undefined;
}

/** A text of a service, as long as a person would read it. */
export function shown(text: string): string {
	return cut(text.trim(), TEXT);
}

/** With a full stop, unless it ends already. */
export function sentence(text: string): string {
	return !text || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Names with commas between: the first of them where they are many. */
export function listed(names: readonly string[], most = 15): string {
	const rest = names.length - most;
	return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** A parameter as text; `undefined` where it is empty. */
export function textOf(context: ErrorContext, parameter: string): string | undefined {
	const value = context.parameter?.(parameter);
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return text ? cut(text, VALUE) : undefined;
}

function cut(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length)}…` : text;
}
