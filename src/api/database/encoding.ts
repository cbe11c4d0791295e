import { InvalidRequestError } from '../errors';

/** Characters that would end an element of a list, or that PostgREST reads as quoting. */
const RESERVED_IN_LIST = /[,()"\\]|^\s|\s$|^$/;

/** Puts a text between double quotes, as PostgREST reads it: `"` and `\` behind a backslash. */
export function quote(text: string): string {
	return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A date as JavaScript has it, or as Luxon does, whose dates n8n's expressions give. */
type AnyDate = Date | { toISO(): string | null };

export function isDate(value: unknown): value is AnyDate {
	if (value instanceof Date) return true;
	return typeof value === 'object' && value !== null && 'toISO' in value
		? typeof value.toISO === 'function'
		: false;
}

/**
 * A value as the text that PostgreSQL parses: dates as ISO 8601, JSON for objects and arrays.
 *
 * @throws InvalidRequestError for a date that is none
 */
export function scalarText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (isDate(value)) return dateText(value);
	return typeof value === 'object' ? JSON.stringify(value) : String(value as number | boolean);
}

function dateText(date: AnyDate): string {
	const isValid = !(date instanceof Date) || !Number.isNaN(date.getTime());
	const text = isValid && (date instanceof Date ? date.toISOString() : date.toISO());
	if (text) return text;
	throw new InvalidRequestError(
		'A value is a date that does not exist',
		'Check what the expression gives that makes the date.',
	);
}

/**
 * A value inside `in.(…)`: quoted when it holds what would end it.
 *
 * A value at the end of a parameter (`column=eq.value`) needs no such thing: it runs to its end, and
 * quotes would be compared.
 */
export function listElement(value: unknown): string {
	const text = scalarText(value);
	return RESERVED_IN_LIST.test(text) ? quote(text) : text;
}

/** A value inside `or=(…)` and `and=(…)`, where braces open an array literal besides. */
export function logicElement(value: unknown): string {
	const text = scalarText(value);
	return RESERVED_IN_LIST.test(text) || /[{}]/.test(text) ? quote(text) : text;
}

/** Elements that PostgreSQL would read as something else inside `{…}`. */
const RESERVED_IN_ARRAY = /[{},"\\]|\s|^$|^null$/i;

/**
 * A list as PostgreSQL's array literal, `{a,"b c"}`, lists within lists included. Null stays NULL.
 */
export function arrayLiteral(values: readonly unknown[]): string {
	const elements = values.map((value) => {
		if (Array.isArray(value)) return arrayLiteral(value);
		if (value === null || value === undefined) return 'NULL';
		const text = scalarText(value);
		return RESERVED_IN_ARRAY.test(text) ? quote(text) : text;
	});
	return `{${elements.join(',')}}`;
}

export interface Range {
	/** Open at this end when empty. */
	readonly lower?: unknown;
	readonly upper?: unknown;
	/** Which ends belong to it, as PostgreSQL writes them. */
	readonly bounds?: '[)' | '[]' | '(]' | '()';
}

/** A range as PostgreSQL writes it: `[2000-01-01,2000-02-01)`. */
export function rangeLiteral({ lower, upper, bounds = '[)' }: Range): string {
	const [open, close] = bounds;
	return `${open}${rangeEnd(lower)},${rangeEnd(upper)}${close}`;
}

function rangeEnd(value: unknown): string {
	if (value === undefined || value === null || value === '') return '';
	const text = scalarText(value);
	return /[,()[\]"\\]/.test(text) ? quote(text) : text;
}

/**
 * JSON text. Integers beyond 2^53 go as text, which PostgreSQL reads as the number: as JSON numbers
 * JavaScript could not have held them.
 *
 * @throws InvalidRequestError for a date that is none, which JSON would have as null
 */
export function jsonText(value: unknown): string {
	if (isFlat(value)) return JSON.stringify(value);
	return JSON.stringify(value, function (this: Record<string, unknown>, key, each: unknown) {
		if (typeof each === 'bigint') return each.toString();
		return each === null && isDate(this[key]) ? scalarText(this[key]) : each;
	});
}

/** Whether it is an object of nothing but texts, numbers, truths and nulls, as most rows are. */
function isFlat(value: unknown): boolean {
	if (typeof value !== 'object' || value === null || Array.isArray(value) || isDate(value))
		return false;
	// Without a list of the values: rows are many.
	for (const name in value) {
		const part: unknown = value[name as keyof typeof value];
		const isText = typeof part === 'string';
		if (!isText && typeof part !== 'number' && typeof part !== 'boolean' && part !== null) {
			return false;
		}
	}
	return true;
}
