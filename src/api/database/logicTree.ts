import { InvalidRequestError } from '../errors';

/** A condition on one column as it goes over the wire. */
export interface Term {
	/** As it stands before the operator. */
	readonly column: string;
	readonly operator: string;
	readonly value: string;
	readonly negate: boolean;
}

/** Terms of which all, or any, have to hold. */
export interface TermGroup {
	readonly match: 'all' | 'any';
	readonly terms: ReadonlyArray<Term | TermGroup>;
	readonly negate: boolean;
}

const QUOTED = String.raw`"(?:\\.|[^"\\])*"`;
const NAME = String.raw`(?:[ \t]*${QUOTED}[ \t]*|(?:[\p{L}0-9_$ \t]|-(?!>))+)`;
const KEY = String.raw`(?:${QUOTED}[ \t]*|(?:[^-(:.,>)]|-(?!>))+)`;
const CONDITION = new RegExp(
	String.raw`(${NAME}(?:->>?${KEY})*)\.(not\.)?([a-z]+(?:\([\w$ ]*\))?)\.`,
	'suy',
);
const GROUP = /(not\.)?(and|or)[ \t]*\([ \t]*/y;
/** Each place has one way of reading alone, so that no text takes long. */
const ELEMENT = String.raw`(?:${QUOTED}(?=[,)])|(?!${QUOTED}[,)])[^,)]*)`;
const LIST = new RegExp(String.raw`[ \t]*\(${ELEMENT}(?:,${ELEMENT})*\)[ \t]*`, 'sy');
const VALUE = new RegExp(String.raw`(${QUOTED})(?=[,)]|$)|\{[^{}]*\}|[^,)]*`, 'sy');
const COMMA = /[ \t]*,[ \t]*/y;
const CLOSE = /[ \t]*\)[ \t]*/y;

/**
 * Reads what stands inside `and=(…)` as PostgREST does: `id.gt.1,or(name.eq.a,name.is.null)`.
 *
 * @throws InvalidRequestError for what is not understood
 * @see https://docs.postgrest.org/en/stable/references/api/url_grammar.html
 */
export function parseLogic(text: string): Array<Term | TermGroup> {
	let place = 0;
	function take(pattern: RegExp): RegExpExecArray | undefined {
		pattern.lastIndex = place;
		const found = pattern.exec(text) ?? undefined;
		if (found) place = pattern.lastIndex;
		return found;
	}
	function terms(): Array<Term | TermGroup> {
		const found = [term()];
		while (take(COMMA)) found.push(term());
		return found;
	}
	function term(): Term | TermGroup {
		const [, column, negate, operator] = take(CONDITION) ?? [];
		if (column !== undefined && operator !== undefined) {
			const [value = '', quoted] = take(operator === 'in' ? LIST : VALUE) ?? [];
			const text = quoted?.slice(1, -1).replace(/\\(.)/gs, '$1') ?? value;
			return { column: column.trim(), operator, value: text, negate: Boolean(negate) };
		}
		const [start, not, word] = take(GROUP) ?? [];
		if (start === undefined) throw notUnderstood(text, place);
		const inner = terms();
		if (!take(CLOSE)) throw notUnderstood(text, place);
		return { match: word === 'or' ? 'any' : 'all', terms: inner, negate: Boolean(not) };
	}
	const all = terms();
	if (place < text.length) throw notUnderstood(text, place);
	return all;
}

function notUnderstood(text: string, place: number): InvalidRequestError {
	return new InvalidRequestError(
		'The PostgREST text is not understood, so it is not known which rows it leaves out',
		`It can be read up to "${text.slice(Math.max(0, place - 20), place)}". Write it like id.gt.1,or(name.eq.a,name.is.null), with odd values in double quotes.`,
	);
}
