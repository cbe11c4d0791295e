import type { Column } from '../../src/api/database/column';

type Field = Pick<Column, 'name' | 'path'>;

/** Names of a query parameter, or ends of one behind a dot, that make it something else. */
const RESERVED = ['order', 'limit', 'offset', 'and', 'or'];

/**
 * Reads the name of a query parameter as PostgREST reads a filter's column: names with dots between,
 * the last with keys into JSON. PostgREST ignores what follows, this reader does not.
 *
 * @throws Error for what PostgREST refuses, takes for no filter, or reads in part
 * @see https://docs.postgrest.org/en/stable/references/api/url_grammar.html
 */
export function readTreePath(text: string): Column {
	const lastWord = text.split('.').at(-1) ?? '';
	if (RESERVED.includes(lastWord) || ['select', 'columns', 'on_conflict'].includes(text)) {
		throw new Error(`No filter: ${text}`);
	}
	const at = { text, place: 0 };
	const names = [readName(at)];
	while (skip(at, '.')) names.push(readName(at));
	const path = readPath(at);
	if (at.place < text.length) throw new Error(`Read in part: ${text}`);
	return { relations: names.slice(0, -1), name: names.at(-1) ?? '', path };
}

/** Reads a column as it stands inside `or=(…)`, or in an order. */
export function readField(text: string): Field {
	const at = { text, place: 0 };
	const field = { name: readName(at), path: readPath(at) };
	if (at.place < text.length) throw new Error(`Read in part: ${text}`);
	return field;
}

interface Place {
	readonly text: string;
	place: number;
}

/** Between quotes anything, else letters, ASCII digits, `_`, `$`, blanks, and dashes between. */
function readName(at: Place): string {
	return readQuoted(at) ?? readDashed(at, /[\p{L}0-9_$ ]+/uy);
}

function readDashed(at: Place, part: RegExp): string {
	const parts = [need(at, part).trim()];
	while (at.text[at.place] === '-' && at.text[at.place + 1] !== '>') {
		at.place += 1;
		parts.push(need(at, part).trim());
	}
	return parts.join('-');
}

function readPath(at: Place): Column['path'] {
	const path: Array<Column['path'][number]> = [];
	for (;;) {
		const arrow = skip(at, '->>') ?? skip(at, '->');
		if (!arrow) return path;
		const index = match(at, /-?[0-9]+(?=->|::|\.|,|$)/y);
		const key = index ?? readQuoted(at) ?? readDashed(at, /[^(\-:.,>)]+/y);
		path.push({ arrow: arrow as '->' | '->>', key, isIndex: index !== undefined });
	}
}

function readQuoted(at: Place): string | undefined {
	if (at.text[at.place] !== '"') return undefined;
	const quoted = need(at, /"(?:\\.|[^"\\])*"/sy);
	return quoted.slice(1, -1).replace(/\\(.)/gs, '$1');
}

function skip(at: Place, text: string): string | undefined {
	if (!at.text.startsWith(text, at.place)) return undefined;
	at.place += text.length;
	return text;
}

function need(at: Place, pattern: RegExp): string {
	const found = match(at, pattern);
	if (found === undefined) throw new Error(`Nothing fits at ${at.place}: ${at.text}`);
	return found;
}

function match(at: Place, pattern: RegExp): string | undefined {
	pattern.lastIndex = at.place;
	const found = pattern.exec(at.text)?.[0];
	if (found !== undefined) at.place = pattern.lastIndex;
	return found;
}
