/** A condition on a column, as PostgREST reads it. */
export type ReadTerm =
	| {
			readonly column: string;
			readonly operator: string;
			readonly negated: boolean;
			/** The value, or the values of `in`. */
			readonly operand: string | string[];
	  }
	| { readonly word: 'and' | 'or'; readonly negated: boolean; readonly terms: ReadTerm[] };

/**
 * Reads one filter parameter as PostgREST documents it: at its top a value runs to the end of the
 * parameter; in `in.(…)`, `or=(…)` and `and=(…)` it ends at a comma or bracket unless it stands
 * between double quotes, where a backslash takes the next character as it is.
 *
 * The local REST server reads quotes and backslashes inside `or=(…)` otherwise, so what goes there is
 * checked with this reader, and the reader with answers of the real server.
 *
 * @throws Error for what PostgREST refuses
 * @see https://docs.postgrest.org/en/stable/references/api/url_grammar.html
 */
export function readFilter(name: string, value: string): ReadTerm {
	const logic = /^(not\.)?(and|or)$/.exec(name);
	if (logic) {
		const at = { text: value, place: 0 };
		const terms = readGroup(at);
		if (at.place < value.length) throw new Error(`Something follows the group: ${value}`);
		return { word: logic[2] as 'and' | 'or', negated: Boolean(logic[1]), terms };
	}
	const [, not, operator = '', rest = ''] = /^(not\.)?([a-z]+)\.(.*)$/s.exec(value) ?? [];
	if (!operator) throw new Error(`There is no operator: ${value}`);
	const term = { column: name, operator, negated: Boolean(not) };
	if (operator !== 'in') return { ...term, operand: rest };
	const at = { text: rest, place: 0 };
	const operand = readList(at);
	if (at.place < rest.length) throw new Error(`Something follows the list: ${value}`);
	return { ...term, operand };
}

interface Place {
	readonly text: string;
	place: number;
}

function readGroup(at: Place): ReadTerm[] {
	take(at, '(');
	const terms = [readTerm(at)];
	while (at.text[at.place] === ',') {
		at.place += 1;
		terms.push(readTerm(at));
	}
	take(at, ')');
	return terms;
}

function readTerm(at: Place): ReadTerm {
	const logic = match(at, /(not\.)?(and|or)(?=\()/y);
	if (logic) {
		return { word: logic[2] as 'and' | 'or', negated: Boolean(logic[1]), terms: readGroup(at) };
	}
	const parts = match(at, /\s*([\p{L}\p{N}_]+)\.(not\.)?([a-z]+)\./uy);
	if (!parts) throw new Error(`No condition at ${at.place}: ${at.text}`);
	const [, column = '', not, operator = ''] = parts;
	const term = { column, operator, negated: Boolean(not) };
	if (operator === 'in') return { ...term, operand: readList(at) };
	return { ...term, operand: readElement(at, /[^,)]*/y) };
}

function readList(at: Place): string[] {
	take(at, '(');
	if (at.text[at.place] === ')') {
		at.place += 1;
		return [];
	}
	const elements = [readElement(at, /[^,)]*/y)];
	while (at.text[at.place] === ',') {
		at.place += 1;
		elements.push(readElement(at, /[^,)]*/y));
	}
	take(at, ')');
	return elements;
}

function readElement(at: Place, plain: RegExp): string {
	const quoted = match(at, /\s*"((?:\\.|[^"\\])*)"(?=[,)])/sy);
	if (quoted) return (quoted[1] ?? '').replace(/\\(.)/gs, '$1');
	return match(at, plain)?.[0] ?? '';
}

function take(at: Place, sign: string): void {
	if (at.text[at.place] !== sign) throw new Error(`No ${sign} at ${at.place}: ${at.text}`);
	at.place += 1;
}

function match(at: Place, pattern: RegExp): RegExpExecArray | null {
	pattern.lastIndex = at.place;
	const found = pattern.exec(at.text);
	if (found) at.place = pattern.lastIndex;
	return found;
}
