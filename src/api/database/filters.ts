import { InvalidRequestError } from '../errors';
import { columnExpression, listElement, scalarText } from './encoding';

/** The operators, by PostgREST's names, each with how its value goes over the wire. */
const OPERATORS = {
	eq: scalar,
	neq: scalar,
	gt: scalar,
	gte: scalar,
	lt: scalar,
	lte: scalar,
	like: scalar,
	ilike: scalar,
	is: truth,
	in: list,
} as const;

export type FilterOperator = keyof typeof OPERATORS;

export interface Filter {
	/** A column's name, or an expression such as `address->>city` or `relation.column`. */
	readonly column: string;
	readonly operator: string;
	readonly value: unknown;
}

/**
 * One filter as a query parameter. Several of them are joined with AND, also on the same column.
 *
 * @returns name and value, not yet percent-encoded
 * @throws InvalidRequestError for an unknown operator, or a value that the operator cannot take
 */
export function filterParameter({ column, operator, value }: Filter): [string, string] {
	if (!Object.hasOwn(OPERATORS, operator)) {
		throw new InvalidRequestError(
			`"${operator}" is not a filter operator`,
			`Use one of ${Object.keys(OPERATORS).join(', ')}.`,
		);
	}
	const name = filterColumn(column);
	return [
		name,
		`${operator}.${OPERATORS[operator as FilterOperator](value, { column, operator })}`,
	];
}

function filterColumn(column: string): string {
	const name = column.trim();
	if (!name) {
		throw new InvalidRequestError(
			'A filter has no column',
			'Choose its column, or remove the filter.',
		);
	}
	if (name === 'apikey') {
		throw new InvalidRequestError(
			'A column named "apikey" cannot be filtered by',
			"Supabase's gateway takes this parameter for the project's key. Rename the column, or filter in a view or function.",
		);
	}
	return columnExpression(name);
}

interface Place {
	readonly column: string;
	readonly operator: string;
}

function scalar(value: unknown, { column, operator }: Place): string {
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
	return `(${[...new Set(elements.map(listElement))].join(',')})`;
}

/** A list from an array, from JSON text, or from values with commas between. */
function listOf(value: unknown, column: string): unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return value === undefined ? [] : [value];
	const text = value.trim();
	if (!text.startsWith('[')) {
		return text === '' ? [] : text.split(',').map((element) => element.trim());
	}
	const elements = parseList(text);
	if (elements) return elements;
	throw new InvalidRequestError(
		`The list of the filter on "${column}" is not valid JSON`,
		'Write it like ["a", "b"], or with commas between the values.',
	);
}

function parseList(json: string): unknown[] | undefined {
	try {
		return JSON.parse(json) as unknown[];
	} catch {
		return undefined;
	}
}
