/** A number that a JavaScript one may not be equal to, where nothing follows it that makes it text. */
const LONG = String.raw`-?\d[\d.]{15,}`;
const ALONE = new RegExp(String.raw`^((?:not\.)?[a-z]+(?:\((?:any|all)\))?\.)(${LONG})$`);
const AMONG = new RegExp(String.raw`"(?:[^"\\]|\\.)*"|(?<=[.,(])${LONG}(?=[,)])`, 'g');
const NO_FILTER = new Set(['select', 'columns', 'order', 'limit', 'offset', 'on_conflict']);

/**
 * Asks lite so that it understands what PostgREST does: of several `or` it joins all conditions by
 * or, it rounds long numbers unless they are in quotes, and an order reads no names in quotes.
 *
 * @returns another address for the same rows
 */
export function understood(url: URL): URL {
	const pairs = [...url.searchParams].map(([name, value]): [string, string] => [
		name,
		NO_FILTER.has(name) ? unquoted(name, value) : quoteLong(name, value),
	]);
	const groups = pairs.filter(([name]) => name === 'or' || name === 'not.or');
	const others = pairs.filter((pair) => !groups.includes(pair));
	const every: [string, string] = ['and', `(${groups.map((group) => group.join('')).join()})`];
	const asked = new URL(url);
	asked.search = new URLSearchParams(groups.length > 1 ? [...others, every] : pairs).toString();
	return asked;
}

function quoteLong(name: string, value: string): string {
	if (!/(?:^|\.)(?:or|and)$/.test(name) && !/^(?:not\.)?in\./.test(value))
		return value.replace(ALONE, '$1"$2"');
	return value.replace(AMONG, (found) => (found.startsWith('"') ? found : `"${found}"`));
}

function unquoted(name: string, value: string): string {
	return name === 'order' ? value.replace(/"([^"\\,.:()]+)"/g, '$1') : value;
}
