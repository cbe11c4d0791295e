import type { ApiRequest } from '../request';
import { quote } from './encoding';
import { schemaHeader, type Table } from './table';

export interface InsertOptions {
	/** Every column that any of the rows names. */
	readonly columns: readonly string[];
	/** A column that a row leaves out takes its default, not NULL. */
	readonly missingDefault?: boolean;
	/** Answer with the rows as they were written, or with nothing. */
	readonly returning: 'representation' | 'minimal';
	/** A select expression of what to return; all columns unless given. */
	readonly returnColumns?: string;
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
	const { columns, missingDefault, returning, returnColumns } = options;
	return {
		service: 'rest',
		method: 'POST',
		path: [table.name],
		query: [
			['columns', columns.map(quote).join(',')],
			...(returning === 'representation' ? [['select', returnColumns ?? '*'] as const] : []),
		],
		headers: {
			...schemaHeader('POST', table.schema),
			'content-type': 'application/json',
			prefer: [
				`return=${returning}`,
				...(returning === 'representation' ? ['count=exact'] : []),
				...(missingDefault ? ['missing=default'] : []),
			].join(','),
		},
		body,
	};
}
