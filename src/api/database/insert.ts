import type { ApiRequest } from '../request';
import { columnName } from './column';
import { quote } from './encoding';
import { filterParameters, type Condition } from './filters';
import { expected, modifierHeaders, reading, type Modifiers } from './modifiers';
import { selectExpression } from './select';
import type { Table } from './table';

/** What a write answers. */
export interface Returning {
	/** The rows as they were written, or nothing. */
	readonly returning: 'representation' | 'minimal';
	/** A select expression of what to return; all columns unless given. */
	readonly returnColumns?: string;
}

/** What happens to a row whose key exists. */
export interface Conflict {
	/** The columns of the key or of another unique constraint; the primary key unless given. */
	readonly columns?: readonly string[];
	/** Change the existing row, or leave it as it is. */
	readonly resolution: 'merge-duplicates' | 'ignore-duplicates';
}

export interface InsertOptions extends Returning, Modifiers {
	/** Every column that any of the rows names. */
	readonly columns: readonly string[];
	/** A column that a row leaves out takes its default, not NULL. */
	readonly missingDefault?: boolean;
	/** Kept for an upsert, where the official clients take them as well. */
	readonly filters?: readonly Condition[];
	/** Makes it an upsert. */
	readonly conflict?: Conflict;
}

/**
 * Writes rows in one transaction: `POST /<table>?columns=…`.
 *
 * With `columns` rows may have different keys. The answer's `Content-Range` tells how many rows were
 * written, since a row cap cuts what it returns, and a trigger may drop rows.
 *
 * @param body the rows as the text of a JSON array
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html
 */
export function insert(table: Table, body: string, options: InsertOptions): ApiRequest {
	const { columns, missingDefault, conflict, filters = [], returning } = options;
	return {
		service: 'rest',
		method: 'POST',
		path: [table.name],
		query: [
			...(conflict?.columns?.length
				? [['on_conflict', conflict.columns.map(columnName).join(',')] as const]
				: []),
			['columns', columns.map(quote).join(',')],
			...filterParameters(filters),
			...returningQuery(options),
		],
		headers: {
			...modifierHeaders('POST', table.schema, options, [
				...(conflict ? [`resolution=${conflict.resolution}`] : []),
				`return=${returning}`,
				...(missingDefault ? ['missing=default'] : []),
			]),
			'content-type': 'application/json',
		},
		body,
		expect: expected(options),
		...reading(options),
	};
}

/** A write that answers with rows says which of their columns. */
export function returningQuery({ returning, returnColumns }: Returning): Array<[string, string]> {
	return returning === 'representation' ? [['select', selectExpression(returnColumns)]] : [];
}
