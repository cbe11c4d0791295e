import { hash } from 'node:crypto';

import { orderOf } from './order';

/**
 * Tells whether two sources speak of the same: PostgREST and Realtime write some values differently.
 * Realtime has no NaN, no `\x` before bytes, of a `char(4)` or a `bit(4)` the first character alone (it
 * casts to the type without its length); times may come in another zone, and numbers as text where
 * the column's type says so.
 *
 * @param type by PostgreSQL's name, as Realtime has it (`_int8`) or the description (`bigint[]`)
 */
export function canonical(value: unknown, type = ''): unknown {
	if (typeof value === 'number') return `n${decimal(String(value))}`;
	if (typeof value === 'string') return canonicalText(value, type);
	if (Array.isArray(value)) {
		const of = type.replace(/^_|\[\]$/g, '');
		return value.map((each) => canonical(each, of));
	}
	if (typeof value !== 'object' || value === null) return value ?? null;
	return Object.entries(value)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, each]) => [name, canonical(each)]);
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function canonicalText(text: string, type: string): unknown {
	if (/^(NaN|-?Infinity)$/.test(text)) return null;
	if (CUT_SHORT.test(type)) return `s${text.slice(0, 1).trimEnd()}`;
	const same = numberOrTime(text, type);
	return same ?? `s${withoutBytesMark(text).trimEnd()}`;
}

/** `char(n)` and `bit(n)`, of any length. */
const CUT_SHORT = /^(bpchar|character|bit)(\(|$)/;

function withoutBytesMark(text: string): string {
	return text.replace(/^\\x(?=(?:[0-9a-f]{2})*$)/, '');
}

function numberOrTime(text: string, type: string): string | undefined {
	if (isNumberType(type) || (text.length > 15 && /^-?[\d.eE+-]+$/.test(text))) {
		if (NUMBER.test(text)) return `n${decimal(text)}`;
	}
	if (/^\d{4}-\d\d-\d\d[T ]/.test(text)) {
		const order = orderOf(text);
		if (order) return `t${order.kind === 'local' ? 'l' : ''}${order.at}`;
	}
	return undefined;
}

/** Rows whose keys differ by a blank are two, so that a text is taken as it is. */
function canonicalKey(value: unknown, type = ''): unknown {
	if (typeof value !== 'string') return canonical(value, type);
	if (/^(text|varchar|character varying|citext|name)\b/.test(type)) return `s${value}`;
	const text = type === 'bytea' ? withoutBytesMark(value) : value;
	return numberOrTime(text, type) ?? `s${CUT_SHORT.test(type) ? text.trimEnd() : text}`;
}

/** Whether a column's values may come as text and are numbers, by PostgreSQL's names of its type. */
export function isNumberType(type: string | undefined): boolean {
	return type !== undefined && /^(int8|bigint|numeric|decimal)(\(|$)/.test(type);
}

/** The same for the elements of a list. */
export function isNumberList(type: string | undefined): boolean {
	const of = type?.replace(/^_|\[\]$/g, '');
	return of !== type && isNumberType(of);
}

/** Digits alone, without an exponent and without noughts at either end. */
function decimal(text: string): string {
	const [, sign = '', whole = '', fraction = '', exponent = '0'] =
		/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
	const shift = Number(exponent);
	if (Math.abs(shift) > 1000) return text;
	const digits = whole + fraction;
	const point = whole.length + shift;
	const integer = digits.slice(0, Math.max(0, point)).padEnd(point, '0').replace(/^0+/, '');
	const rest = (point < 0 ? '0'.repeat(-point) + digits : digits.slice(point)).replace(/0+$/, '');
	const value = `${integer || '0'}${rest && `.${rest}`}`;
	return value === '0' ? value : sign + value;
}

/** A short fingerprint; two of a hundred thousand are the same by chance once in a trillion times. */
export function fingerprint(value: unknown): string {
	return hash('sha1', JSON.stringify(value), 'base64').slice(0, 12);
}

/**
 * The fingerprint of a row's key.
 *
 * @returns `undefined` where a part of it is missing
 */
export function rowPrint(
	row: Readonly<Record<string, unknown>> | undefined,
	key: readonly string[],
	types: Readonly<Record<string, string>>,
): string | undefined {
	if (!row || key.length === 0) return undefined;
	if (key.some((name) => row[name] === undefined || row[name] === null)) return undefined;
	return fingerprint(key.map((name) => canonicalKey(row[name], types[name])));
}

/** The fingerprint of what a row holds in columns of which both sources speak. */
export function contentPrint(
	row: Readonly<Record<string, unknown>>,
	types: Readonly<Record<string, string>>,
	columns: ReadonlySet<string> | undefined,
): string {
	const names = Object.keys(row).filter((name) => columns?.has(name) ?? true);
	return fingerprint(names.sort().map((name) => [name, canonical(row[name], types[name])]));
}
