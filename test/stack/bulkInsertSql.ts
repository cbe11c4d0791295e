import type { SelectItem } from './restGrammar';

/** A column as the catalog describes it. */
export interface TableColumn {
	name: string;
	type: string;
	/** SQL expression; for an identity column the next value of its sequence. */
	default: string | null;
}

export interface InsertStatement {
	schema: string;
	table: string;
	columns: string[];
	select: SelectItem[];
	known: TableColumn[];
	/** Give columns that a row lacks their default instead of null. */
	defaults: boolean;
	maxRows: number;
}

/**
 * One statement that inserts the rows of its only parameter, a JSON text, and gives the number of
 * rows (`total`) and what the `select` asks of them (`body`, a JSON text).
 */
export function insertStatement({
	schema,
	table,
	columns,
	select,
	known,
	defaults,
	maxRows,
}: InsertStatement): string {
	const into = columns
		.map((name) => known.find((column) => column.name === name))
		.filter((column) => column !== undefined);
	const names = into.map(({ name }) => identifier(name)).join(', ');
	const values = into.map(({ name }) => `_.${identifier(name)}`).join(', ');
	const recordset = into.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ');
	const items = select.flatMap((item) =>
		item.column === '*' ? known.map(({ name }) => ({ column: name })) : [item],
	);
	const returning =
		[...new Set(items.map(({ column }) => identifier(column)))].join(', ') || '1 as nothing';
	const expressions = items.map(expression).join(', ') || '1 as nothing';
	const ordered = `select value as pgrst_row from pg_catalog.${defaults ? 'jsonb' : 'json'}_array_elements(${payload(defaults)}) with ordinality as e (value, place) order by place`;
	return `
		with pgrst_source as (
			insert into ${identifier(schema)}.${identifier(table)} (${names})
			select ${values}
			from (${ordered}) as pgrst_rows,
				lateral pg_catalog.${defaults ? 'jsonb' : 'json'}_to_record(${defaults ? `${defaultsOf(into)} || ` : ''}pgrst_row) as _ (${recordset})
			returning ${returning}
		)
		select
			(select count(*) from pgrst_source)::int as total,
			(select coalesce(json_agg(r), '[]')::text from (select ${expressions} from pgrst_source limit ${maxRows}) as r) as body`;
}

/** A lone object counts as an array of one. */
function payload(jsonb: boolean): string {
	const type = jsonb ? 'jsonb' : 'json';
	return `case ${type}_typeof($1::text::${type}) when 'array' then $1::text::${type} else ${type}_build_array($1::text::${type}) end`;
}

function defaultsOf(columns: TableColumn[]): string {
	const pairs = columns
		.filter((column) => column.default !== null)
		.map((column) => `${literal(column.name)}, ${column.default}`);
	return `pg_catalog.jsonb_build_object(${pairs.join(', ')})`;
}

function expression({ column, alias, cast }: SelectItem): string {
	const value = cast ? `${identifier(column)}::${cast}` : identifier(column);
	return `${value} as ${identifier(alias ?? column)}`;
}

function identifier(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
