import { InvalidRequestError } from '../errors';
import type { ApiRequest, Query } from '../request';
import { jsonText } from './encoding';
import { checkChoosesRows } from './everyRow';
import { filterParameters, type Condition } from './filters';
import { returningQuery, type Returning } from './insert';
import { expected, modifierHeaders, reading, type Modifiers } from './modifiers';
import type { Row, Table } from './table';

export interface ChangeOptions extends Returning, Modifiers {
	readonly filters: readonly Condition[];
	/** For the whole table: a column that is never null, by which it says so to the database. */
	readonly allRows?: { readonly column: string };
}

/**
 * Changes the rows that meet the filters: `PATCH /<table>?…`.
 *
 * @param row the columns to change, with their new values
 * @throws InvalidRequestError without a filter, unless all rows are meant, or without a column
 */
export function update(table: Table, row: Row, options: ChangeOptions): ApiRequest {
	if (Object.keys(row).length === 0) {
		throw new InvalidRequestError('Nothing is to be changed', 'Give at least one column a value.');
	}
	return updateText(table, jsonText(row), options);
}

/** The same for changes that are JSON text already. */
export function updateText(table: Table, body: string, options: ChangeOptions): ApiRequest {
	return change('PATCH', table, options, body);
}

/**
 * Deletes the rows that meet the filters: `DELETE /<table>?…`.
 *
 * @throws InvalidRequestError without a filter, unless all rows are meant
 */
export function deleteRows(table: Table, options: ChangeOptions): ApiRequest {
	return change('DELETE', table, options);
}

function change(
	method: 'PATCH' | 'DELETE',
	table: Table,
	options: ChangeOptions,
	body?: string,
): ApiRequest {
	return {
		service: 'rest',
		method,
		path: [table.name],
		query: [...conditions(options), ...returningQuery(options)],
		headers: headersOf(method, table, options),
		body,
		expect: expected(options),
		...reading(options),
	};
}

function headersOf(method: 'PATCH' | 'DELETE', { schema }: Table, options: ChangeOptions) {
	const headers = modifierHeaders(method, schema, options, [`return=${options.returning}`]);
	if (method === 'PATCH') headers['content-type'] = 'application/json';
	return headers;
}

/** Never all by accident: what leaves no row out would change every row. */
function conditions({ filters, allRows }: ChangeOptions): Query {
	const isForAll = allRows && filters.length === 0;
	const all: Condition[] = isForAll
		? [{ ...allRows, operator: 'is', value: 'null', negate: true }]
		: [...filters];
	checkChoosesRows(all);
	return filterParameters(all);
}
