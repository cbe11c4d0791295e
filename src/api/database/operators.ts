import { InvalidRequestError } from '../errors';
import { parseJson } from '../json';
import {
	arrayLiteral,
	isDate,
	listElement,
	rangeLiteral,
	scalarText,
	type Range,
} from './encoding';

/** Where a value stands, for messages. */
interface Place {
	readonly column: string;
	readonly operator: string;
}

/** What is to be known of an operator. */
export interface Operator {
	/** The value as it goes over the wire at the end of a parameter. */
	readonly encode: (value: unknown, place: Place) => string;
	readonly takesConfig?: boolean;
}

const scalar: Operator = { encode: scalarValue };
const collection: Operator = { encode: collectionValue };
const range: Operator = { encode: rangeValue };
const patterns: Operator = { encode: patternList };
const search: Operator = { encode: scalarValue, takesConfig: true };

/**
 * The operators, by PostgREST's names, each with how its value goes over the wire.
 *
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html#operators
 */
export const OPERATORS = {
	/** Comparisons, for any type that can be compared. */
	eq: scalar,
	neq: scalar,
	gt: scalar,
	gte: scalar,
	lt: scalar,
	lte: scalar,
	/** `IS DISTINCT FROM`: as `neq`, but a row without a value differs from any value. */
	isdistinct: scalar,
	/** Patterns, for text: `%` or `*` is any text, `_` one character. */
	like: scalar,
	ilike: scalar,
	'like(all)': patterns,
	'like(any)': patterns,
	'ilike(all)': patterns,
	'ilike(any)': patterns,
	/** POSIX regular expressions, for text. */
	match: scalar,
	imatch: scalar,
	/** `IS`, for null and booleans. */
	is: { encode: truth },
	in: { encode: list },
	/** Contains, is contained by, overlaps: for arrays, ranges and (but for overlaps) JSON. */
	cs: collection,
	cd: collection,
	ov: collection,
	/** Ranges: right of, not left of, left of, not right of, adjacent to. */
	sr: range,
	nxl: range,
	sl: range,
	nxr: range,
	adj: range,
	/** Full text search: with operators, of words, of a phrase, as in web search. */
	fts: search,
	plfts: search,
	phfts: search,
	wfts: search,
} as const satisfies Record<string, Operator>;

export type FilterOperator = keyof typeof OPERATORS;

function scalarValue(value: unknown, { column, operator }: Place): string {
	if (value === null || value === undefined) {
		throw new InvalidRequestError(
			`The filter on "${column}" compares with ${operator}, but its value is null`,
			'Nothing equals null in SQL. Use the operator "is" with null, or give a value.',
		);
	}
	if (Array.isArray(value)) {
		throw new InvalidRequestError(
			`The filter on "${column}" compares with ${operator}, but its value is a list`,
			'Use the operator "in" for a list of values.',
		);
	}
	return scalarText(value);
}

const TRUTHS = ['null', 'not_null', 'true', 'false', 'unknown'];

function truth(value: unknown, { column }: Place): string {
	const text = String(value as string | boolean | null)
		.trim()
		.toLowerCase();
	if (!TRUTHS.includes(text)) {
		throw new InvalidRequestError(
			`The filter on "${column}" tests with is, which does not take "${text}"`,
			`It takes ${TRUTHS.join(', ')}. To compare with a value use "eq".`,
		);
	}
	return text;
}

function list(value: unknown, { column }: Place): string {
	const elements = listOf(value, column);
	if (elements.some((element) => element === null || element === undefined)) {
		throw new InvalidRequestError(
			`The list of the filter on "${column}" holds null`,
			'Nothing is found by null in a list. Remove it, or use the operator "is" with null.',
		);
	}
	const texts = [...new Set(elements.map(listElement))];
	// The server takes one empty text for a list without elements.
	if (texts.length === 1 && texts[0] === '""') texts.push('""');
	return `(${texts.join(',')})`;
}

function patternList(value: unknown, { column }: Place): string {
	return arrayLiteral(listOf(value, column));
}

/** A list becomes an array literal, an object JSON; text is taken as PostgreSQL writes it. */
function collectionValue(value: unknown, place: Place): string {
	if (Array.isArray(value)) {
		const holdsObjects = value.some(
			(each) => typeof each === 'object' && each !== null && !Array.isArray(each) && !isDate(each),
		);
		return holdsObjects ? JSON.stringify(value) : arrayLiteral(value);
	}
	return isRange(value) ? rangeLiteral(value) : scalarValue(value, place);
}

function rangeValue(value: unknown, place: Place): string {
	if (isRange(value)) return rangeLiteral(value);
	const text = scalarValue(value, place).trim();
	if (/^[[(].*,.*[\])]$/s.test(text) || text === 'empty') return text;
	throw new InvalidRequestError(
		`The filter on "${place.column}" compares with a range, which "${text}" is not`,
		'Write it like [1,10) or [2000-01-01,2000-02-01).',
	);
}

function isRange(value: unknown): value is Range {
	return typeof value === 'object' && value !== null && 'bounds' in value;
}

/**
 * A list from an array, from JSON text, or from values with commas between, `(a,"b,c")` among them:
 * a value with commas stands between double quotes there.
 */
export function listOf(value: unknown, column: string): readonly unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return value === undefined ? [] : [value];
	const text = value.trim();
	if (!text.startsWith('[')) return splitList(withoutBrackets(text));
	const elements = parseJson(text);
	if (Array.isArray(elements)) return elements;
	throw new InvalidRequestError(
		`The list of the filter on "${column}" is not valid JSON`,
		'Write it like ["a", "b"], or with commas between the values.',
	);
}

/** `(a,b)` as PostgREST writes a list; `(a),(b)` has brackets of its own. */
function withoutBrackets(text: string): string {
	const [, inner] = /^\(((?:"(?:\\.|[^"\\])*"|[^()])*)\)$/s.exec(text) ?? [];
	return inner ?? text;
}

function splitList(text: string): string[] {
	if (!text.trim()) return [];
	const element = /\s*(?:"((?:\\.|[^"\\])*)"\s*(?=,|$)|([^,]*))(,?)/sy;
	const elements: string[] = [];
	for (let more: string | undefined = ','; more;) {
		const [, quoted, bare = '', comma] = element.exec(text) ?? [];
		elements.push(quoted?.replace(/\\(.)/gs, '$1') ?? bare.trim());
		more = comma;
	}
	return elements;
}
