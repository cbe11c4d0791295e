/** A page of CSV, as PostgREST writes it: a line of names, then the rows, with line feeds between. */
export interface CsvPage {
	readonly names: string;
	readonly lines: readonly string[];
}

/**
 * Parts a page into its lines; a line feed within quotes belongs to a value.
 *
 * @param rows how many there are, since an empty line is a row of one column without a value
 */
export function csvPage(text: string, rows: number): CsvPage {
	const lines: string[] = [];
	let start = 0;
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const sign = text.charCodeAt(at);
		if (sign === QUOTE) quoted = !quoted;
		else if (sign === LINE_FEED && !quoted) {
			lines.push(text.slice(start, at));
			start = at + 1;
		}
	}
	lines.push(text.slice(start));
	return { names: lines[0] ?? '', lines: lines.slice(1, rows + 1) };
}

const QUOTE = 34;
const LINE_FEED = 10;
const COMMA = 44;

/** Takes the last value off a line; `undefined` where it is null, which has no quotes. */
export function takeLastValue(line: string): { rest: string; value: string | undefined } {
	let quoted = false;
	let at = line.length - 1;
	for (; at >= 0; at--) {
		const sign = line.charCodeAt(at);
		if (sign === QUOTE) quoted = !quoted;
		else if (sign === COMMA && !quoted) break;
	}
	return { rest: line.slice(0, Math.max(at, 0)), value: unquote(line.slice(at + 1)) };
}

/** PostgreSQL writes quotes and backslashes of a quoted value twice. */
function unquote(text: string): string | undefined {
	if (!text.startsWith('"')) return text || undefined;
	return text.slice(1, -1).replace(/(["\\])\1/g, '$1');
}
