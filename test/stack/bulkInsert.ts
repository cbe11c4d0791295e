import type postgres from 'postgres';

import { insertStatement, type TableColumn } from './bulkInsertSql';
import { JSON_TYPE, notOneRow, OBJECT_TYPE, refusal, type RestAnswer } from './restAnswer';
import { actAs, answerAs, Undone, type Claims } from './restTransaction';
import { parseColumns, parseSelect } from './restGrammar';

/** An insert of the form that bulk writers send: JSON rows and the columns that they may hold. */
export interface BulkInsert {
	schema: string;
	table: string;
	/** The `columns` parameter. */
	columns: string;
	/** The `select` parameter. */
	select: string | null;
	/** JSON text of an object or of an array of objects. */
	body: string;
	/** Preferences by name, as in `Prefer`. */
	prefer: Map<string, string>;
	/** Exactly one row was asked for. */
	single: boolean;
	claims: Claims;
	maxRows: number;
}

const KNOWN = new Set(['return', 'missing', 'count', 'resolution', 'tx']);

/**
 * Inserts rows as PostgREST does with `columns=`: a key that a row lacks is null, or with
 * `missing=default` the column's default.
 *
 * lite is not asked because it takes the default in both cases and then reports a null; the rows
 * go to PostgreSQL as JSON text, so that numbers beyond 2^53 and JSON strings stay what they are.
 *
 * @returns undefined for what is not of this form or not well-formed: that is lite's to answer
 */
export async function bulkInsert(
	sql: postgres.Sql,
	insert: BulkInsert,
): Promise<RestAnswer | undefined> {
	const columns = parseColumns(insert.columns);
	const returning = insert.prefer.get('return') === 'representation';
	const select = returning || insert.single ? parseSelect(insert.select) : [];
	const supported = [...insert.prefer.keys()].every((name) => KNOWN.has(name));
	if (!columns || !select || !supported || insert.prefer.has('resolution')) return undefined;
	if (!['minimal', 'representation', undefined].includes(insert.prefer.get('return')))
		return undefined;
	if (!holdsRows(insert.body)) return undefined;

	return await answerAs(sql, insert.claims, async (tx) => {
		const known = await tableColumns(tx, insert);
		if (known.length === 0) return undefined;
		const unknown = columns.find((name) => !known.some((column) => column.name === name));
		if (unknown !== undefined) return unknownColumn(unknown, insert.table);
		await actAs(tx, insert.claims);
		const statement = insertStatement({
			...insert,
			columns,
			select,
			known,
			defaults: insert.prefer.get('missing') === 'default',
		});
		const [row] = await tx.unsafe<[{ total: number; body: string }]>(statement, [insert.body]);
		if (insert.single && row.total !== 1) throw new Undone(notOneRow(row.total));
		const inserted = answer(insert, row.total, returning ? row.body : '');
		if (insert.prefer.get('tx') === 'rollback') throw new Undone(inserted);
		return inserted;
	});
}

function holdsRows(body: string): boolean {
	try {
		const rows = [JSON.parse(body) as unknown].flat();
		return (
			rows.length > 0 &&
			rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
		);
	} catch {
		return false;
	}
}

async function tableColumns(
	tx: postgres.TransactionSql,
	{ schema, table }: BulkInsert,
): Promise<TableColumn[]> {
	return await tx<TableColumn[]>`
		select
			a.attname as name,
			format_type(a.atttypid, a.atttypmod) as type,
			case
				when a.attidentity <> '' then format('nextval(%L)', pg_get_serial_sequence(c.oid::regclass::text, a.attname))
				when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid)
			end as default
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
		where c.relname = ${table} and c.relnamespace = to_regnamespace(quote_ident(${schema}))
			and c.relkind in ('r', 'p', 'v', 'f')
		order by a.attnum`;
}

function answer({ prefer, single }: BulkInsert, total: number, body: string): RestAnswer {
	const applied = ['missing', 'return', 'count', 'tx'].filter((name) => prefer.has(name));
	return {
		status: 201,
		headers: {
			'content-range': `*/${prefer.get('count') === 'exact' ? total : '*'}`,
			...(applied.length === 0
				? {}
				: {
						'preference-applied': applied.map((name) => `${name}=${prefer.get(name)}`).join(', '),
					}),
			...(body === ''
				? {}
				: {
						'content-type': single ? OBJECT_TYPE : JSON_TYPE,
					}),
		},
		// One row is asked for without its brackets.
		body: single ? body.slice(1, -1) : body,
	};
}

function unknownColumn(column: string, table: string): RestAnswer {
	return refusal(
		400,
		'PGRST204',
		`Could not find the '${column}' column of '${table}' in the schema cache`,
	);
}
