import type postgres from 'postgres';

import { shown, type Target } from './binding';
import { conditionSql, literal, TEXT_OPERATORS, type Filter } from './filter';

/** Tables of the publication that a binding means, by oid. */
export async function tablesOf(sql: postgres.Sql, target: Target): Promise<number[]> {
	const like = (pattern: string) => (pattern === '*' ? '%' : pattern);
	const rows = await sql<Array<{ oid: number }>>`
		select c.oid::int8::int as oid
		from pg_publication_tables t
		join pg_namespace n on n.nspname = t.schemaname
		join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
		where t.pubname = 'supabase_realtime'
			and t.schemaname like ${like(target.schema)} and t.tablename like ${like(target.table)}`;
	return rows.map(({ oid }) => oid);
}

interface Column {
	name: string;
	type: string;
	category: string;
	isReadable: boolean;
}

const CODES: Record<string, string> = {
	P0001: 'raise_exception',
	'22P02': 'invalid_text_representation',
	'22007': 'invalid_datetime_format',
	'22008': 'datetime_field_overflow',
	'22003': 'numeric_value_out_of_range',
	'42704': 'undefined_object',
	'42883': 'undefined_function',
};

/**
 * Whether each table has the columns of filters and select, in a type that the filters' values fit.
 *
 * @throws Error with the server's words
 */
export async function checkTarget(
	sql: postgres.Sql,
	target: Target,
	entities: number[],
	role: string,
): Promise<void> {
	try {
		for (const entity of entities) await check(sql, target, entity, role);
	} catch (error) {
		const { code = 'P0001', message } = error as { code?: string; message: string };
		throw new Error(
			`Unable to subscribe to changes with given parameters. An exception happened so please check your connect parameters: ${shown(target)}. Exception: ERROR ${code} (${CODES[code] ?? code}) ${message}`,
		);
	}
}

async function check(
	sql: postgres.Sql,
	target: Target,
	entity: number,
	role: string,
): Promise<void> {
	await sql`select ${role}::regrole`;
	const columns = await sql<Column[]>`
		select a.attname as name, format_type(a.atttypid, null) as type, t.typcategory as category,
			has_column_privilege(${role}::name, a.attrelid, a.attnum, 'select') as "isReadable"
		from pg_attribute a join pg_type t on t.oid = a.atttypid
		where a.attrelid = ${entity}::int::oid and a.attnum > 0 and not a.attisdropped`;
	const readable = new Map(
		columns.filter(({ isReadable }) => isReadable).map((column) => [column.name, column]),
	);
	for (const filter of target.filters) await checkFilter(sql, filter, readable.get(filter.column));
	for (const name of target.select ?? [])
		if (!readable.has(name)) throw new Error(`invalid column for select ${name}`);
}

async function checkFilter(
	sql: postgres.Sql,
	filter: Filter,
	column: Column | undefined,
): Promise<void> {
	const { op, value } = filter;
	if (!column) throw new Error(`invalid column for filter ${filter.column}`);
	const { type, category } = column;
	if (TEXT_OPERATORS.has(op)) {
		if (category !== 'S')
			throw new Error(`operator ${op} requires a text-compatible column type, got ${type}`);
		if (op === 'match' || op === 'imatch')
			await sql.unsafe(`select '' ~ ${literal(value)}`).catch((error: Error) => {
				throw new Error(`invalid regular expression for ${op} filter: ${error.message}`);
			});
		return;
	}
	if (op === 'is') {
		if (!['null', 'true', 'false', 'unknown'].includes(value))
			throw new Error('invalid value for is filter: must be null, true, false, or unknown');
		if (value !== 'null' && type !== 'boolean')
			throw new Error(`is ${value} filter requires a boolean column, got ${type}`);
		return;
	}
	if (op === 'in') {
		const [row] = await sql.unsafe<[{ count: number }]>(
			`select cardinality(${literal(value)}::${type}[]) as count`,
		);
		if (row.count > 100) throw new Error('too many values for `in` filter. Maximum 100');
		return;
	}
	await sql.unsafe(`select ${conditionSql(filter, `null::${type}`, type)}`);
}
