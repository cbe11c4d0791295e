import { parseColumn } from '../database/column';
import { arrayLiteral, isDate, quote, scalarText } from '../database/encoding';
import type { Filter } from '../database/filters';
import { listOf } from '../database/operators';
import { InvalidRequestError } from '../errors';

/** As many values as the server takes in one list. */
const MOST_VALUES = 100;

/** What the server compares by; each may stand behind `not.`. */
export const ROW_FILTER_OPERATORS = [
	...['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in'],
	...['like', 'ilike', 'match', 'imatch', 'is', 'isdistinct'],
] as const;

/**
 * Conditions on a row as the server reads them, `qty=gt.5,name=in.(a,"b,c")`; all of them have to
 * hold. What the server would refuse, and refuses only after the channel has joined, is refused here.
 *
 * @returns `undefined` for no conditions: the server takes no empty one
 * @throws InvalidRequestError for an operator, a column or a value that the server cannot take
 * @see https://supabase.com/docs/guides/realtime/postgres-changes#available-filters
 */
export function rowFilter(filters: readonly Filter[]): string | undefined {
	return filters.map(condition).join(',') || undefined;
}

function condition({ column, operator, value, negate }: Filter): string {
	if (!(ROW_FILTER_OPERATORS as readonly string[]).includes(operator)) {
		throw new InvalidRequestError(
			`Realtime cannot filter by "${operator}"`,
			`Use one of ${ROW_FILTER_OPERATORS.join(', ')}.`,
		);
	}
	const name = nameOf(column);
	const not = negate ? 'not.' : '';
	if (operator === 'is') return `${name}=${is(name, value, not)}`;
	const text = operator === 'in' ? list(name, value) : scalar(name, value, operator);
	return `${name}=${not}${operator}.${text}`;
}

/** The server takes a column's name as it is, without quotes, up to the first equals sign. */
function nameOf(column: string): string {
	const { name, relations, path } = parseColumn(column);
	if (relations.length > 0 || path.length > 0) {
		throw new InvalidRequestError(
			`Realtime can filter only by the table's own columns, which "${column.trim()}" is not`,
			'Choose another column, or filter with an If node behind the trigger.',
		);
	}
	if (/[=,()]/.test(name)) {
		throw new InvalidRequestError(
			`Realtime cannot filter by the column "${name}", whose name holds one of = , ( )`,
			'Filter with an If node behind the trigger.',
		);
	}
	return name;
}

function is(name: string, value: unknown, not: string): string {
	const text = String(value as string);
	if (text === 'not_null') return `${not ? '' : 'not.'}is.null`;
	if (typeof value === 'string' && ['null', 'true', 'false', 'unknown'].includes(text))
		return `${not}is.${text}`;
	throw new InvalidRequestError(
		`The filter on "${name}" asks whether it is "${text}"`,
		'Use one of null, not_null, true, false, unknown.',
	);
}

function list(name: string, value: unknown): string {
	const values = value === null || value === '' ? [] : listOf(value, name);
	if (values.length === 0) throw empty(name);
	for (const each of values) {
		if (each === null || each === undefined) throw empty(name);
		if (typeof each === 'object' && !isDate(each)) throw structured(name, each);
	}
	if (values.length > MOST_VALUES) {
		throw new InvalidRequestError(
			`The filter on "${name}" has ${values.length} values, more than the ${MOST_VALUES} that Realtime takes`,
			'Use fewer values, or filter with an If node behind the trigger.',
		);
	}
	// The server makes an array literal of what stands between the brackets.
	const elements = values.map((each) =>
		/[()]/.test(scalarText(each)) ? quote(scalarText(each)) : arrayLiteral([each]).slice(1, -1),
	);
	return `(${elements.join(',')})`;
}

function scalar(name: string, value: unknown, operator: string): string {
	if (value === undefined || value === null || value === '') throw empty(name);
	if (typeof value === 'object' && !isDate(value)) throw structured(name, value);
	// REST takes * for %, and the same filter has to mean the same there.
	const text = /like$/.test(operator) ? scalarText(value).replaceAll('*', '%') : scalarText(value);
	return /[,()"\\]|^\s|\s$/.test(text) ? quote(text) : text;
}

function structured(name: string, value: object): InvalidRequestError {
	return new InvalidRequestError(
		`The filter on "${name}" compares with ${Array.isArray(value) ? 'a list' : 'an object'}`,
		'Give one value. For several use Is in List.',
	);
}

function empty(name: string): InvalidRequestError {
	return new InvalidRequestError(
		`The filter on "${name}" has no value`,
		'Enter what to compare with. If it comes from an expression, check what that gives. For rows without a value use Is Null.',
	);
}
