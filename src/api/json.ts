/**
 * The value of a JSON text; `undefined`, which no JSON text has, where it is none.
 *
 * @param parse throws for what is no JSON
 */
export function parseJson(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
	try {
		return parse(text);
	} catch {
		return undefined;
	}
}

/** An object of names and values, from itself or from its JSON text; `undefined` for all else. */
export function objectOf(value: unknown): Record<string, unknown> | undefined {
	const found = typeof value === 'string' ? parseJson(value) : value;
	return typeof found === 'object' && found !== null && !Array.isArray(found)
		? (found as Record<string, unknown>)
		: undefined;
}

/** An object or a list where a text is the JSON of one, and the text as it is otherwise. */
export function dataOrText(text: string): unknown {
	const isStructured = /^\s*[[{]/.test(text);
	return (isStructured && parseJson(text)) || text;
}
