import { InvalidRequestError } from '../errors';
import type { ApiRequest, Query } from '../request';
import { jsonText } from './encoding';
import { filterParameters, type Condition } from './filters';
import { returningQuery, type Returning } from './insert';
import { expected, modifierHeaders, type Modifiers } from './modifiers';
import { listOf } from './operators';
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
	return { ...change('PATCH', table, options), body };
}

/**
 * Deletes the rows that meet the filters: `DELETE /<table>?…`.
 *
 * @throws InvalidRequestError without a filter, unless all rows are meant
 */
export function deleteRows(table: Table, options: ChangeOptions): ApiRequest {
	return change('DELETE', table, options);
}

function change(method: 'PATCH' | 'DELETE', table: Table, options: ChangeOptions): ApiRequest {
	return {
		service: 'rest',
		method,
		path: [table.name],
		query: [...conditions(options), ...returningQuery(options)],
		headers: {
			...modifierHeaders(method, table.schema, options, [`return=${options.returning}`]),
			...(method === 'PATCH' && { 'content-type': 'application/json' }),
		},
		expect: expected(options),
	};
}

/** Never none by accident: an unfiltered request would change every row. */
function conditions({ filters, allRows }: ChangeOptions): Query {
	const query = filterParameters(filters);
	if (query.length && !filters.every(isMetByAll)) return query;
	if (!query.length && allRows)
		return filterParameters([{ ...allRows, operator: 'is', value: 'null', negate: true }]);
	throw new InvalidRequestError(
		query.length
			? 'The filters leave no row out, since a list in them is empty: every row of the table would be changed'
			: 'There is no filter, so every row of the table would be changed',
		'Add a filter. If you do mean every row, remove all filters and switch on Apply to All Rows.',
	);
}

function isMetByAll(condition: Condition): boolean {
	return known(condition) === true;
}

/** What an empty list makes certain: nothing is in it, and all of its patterns match. */
const OF_EMPTY_LIST: Readonly<Record<string, boolean>> = {
	in: false,
	'like(any)': false,
	'ilike(any)': false,
	'like(all)': true,
	'ilike(all)': true,
};

/** Whether each row meets a condition, or none does; `undefined` where it depends on the row. */
function known(condition: Condition): boolean | undefined {
	if ('raw' in condition) return undefined;
	let met: boolean | undefined;
	if ('conditions' in condition) {
		const decisive = condition.match === 'any';
		const parts = condition.conditions.map(known);
		if (parts.includes(decisive)) met = decisive;
		else if (!parts.includes(undefined)) met = !decisive;
	} else {
		const { operator, value, column } = condition;
		const ofEmpty = OF_EMPTY_LIST[operator];
		if (ofEmpty !== undefined && listOf(value, column).length === 0) met = ofEmpty;
	}
	return met === undefined || !condition.negate ? met : !met;
}
