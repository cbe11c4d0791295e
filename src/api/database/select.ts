import { InvalidRequestError } from '../errors';
import type { ApiRequest, Query } from '../request';
import { columnExpression, columnName } from './encoding';
import { filterParameter, type Filter } from './filters';
import { schemaHeader, type Table } from './table';

export interface Order {
	/** A column's name, or an expression such as `data->>age` or `relation(column)`. */
	readonly column: string;
	readonly descending?: boolean;
	readonly nulls?: 'first' | 'last';
}

export interface SelectOptions {
	/** A select expression; `*` unless given. */
	readonly columns?: string;
	readonly filters?: readonly Filter[];
	readonly order?: readonly Order[];
	readonly limit?: number;
	readonly offset?: number;
	/** Further conditions, already as query parameters. */
	readonly conditions?: Query;
	/** Count the rows that match, exactly up to the server's row cap and estimated above. */
	readonly count?: 'estimated';
}

/**
 * Reads rows: `GET /<table>?select=…`.
 *
 * @throws InvalidRequestError for a filter, order or limit that cannot be right
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html
 */
export function select(table: Table, options: SelectOptions = {}): ApiRequest {
	const { filters = [], conditions = [], order = [], limit, offset, count } = options;
	return {
		service: 'rest',
		method: 'GET',
		path: [table.name],
		query: [
			['select', selectExpression(options.columns)],
			...filters.map(filterParameter),
			...conditions,
			...(order.length ? [['order', order.map(orderTerm).join(',')] as const] : []),
			...(offset === undefined ? [] : [['offset', wholeNumber('offset', offset)] as const]),
			...(limit === undefined ? [] : [['limit', wholeNumber('limit', limit)] as const]),
		],
		headers: {
			...schemaHeader('GET', table.schema),
			...(count && { prefer: `count=${count}` }),
		},
	};
}

/** A select expression of these columns, by their exact names. */
export function selectColumns(names: readonly string[]): string {
	return names.map(columnName).join(',');
}

/** White space outside quotes is dropped, so that an expression may be written on several lines. */
function selectExpression(text = '*'): string {
	return (
		text.replace(/"(?:\\.|[^"\\])*"|\s+/g, (part) => (part.startsWith('"') ? part : '')) || '*'
	);
}

function orderTerm({ column, descending, nulls }: Order): string {
	const name = column.trim();
	if (!name)
		throw new InvalidRequestError('An order has no column', 'Choose its column, or remove it.');
	return `${columnExpression(name)}.${descending ? 'desc' : 'asc'}${nulls ? `.nulls${nulls}` : ''}`;
}

/** The service ignores a limit that it cannot read, and would answer everything. */
function wholeNumber(name: string, value: number): string {
	if (!Number.isSafeInteger(value) || value < 0) {
		throw new InvalidRequestError(`The ${name} ${value} is not a whole number of 0 or more`);
	}
	return String(value);
}
