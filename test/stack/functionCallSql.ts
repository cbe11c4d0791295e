import type postgres from 'postgres';

import type { SelectItem } from './restGrammar';

/** A function as its call needs it. */
export interface CalledFunction {
	/** Names and types of what it takes, in order. */
	parameters: Array<{ name: string; type: string; variadic: boolean }>;
	isSet: boolean;
	/** It gives rows with columns, and not one value. */
	isComposite: boolean;
	isVoid: boolean;
	/** `v`, `s` or `i`, as in `pg_proc`. */
	volatility: string;
}

export interface NamedFunction extends CalledFunction {
	/** Parameters without a default. */
	required: string[];
	/** All parameters have names and only go in, and the columns of what it gives are known. */
	isPlain: boolean;
}

/** Which of the rows and columns are shown: the function does all of its work anyway. */
export interface Shape {
	select: SelectItem[];
	order: Array<{ column: string; direction: string }>;
	limit?: number;
	offset: number;
}

/** Functions of a name. */
export async function functionsNamed(
	sql: postgres.TransactionSql,
	{ schema, name }: { schema: string; name: string },
): Promise<NamedFunction[]> {
	return await sql<NamedFunction[]>`
		select
			p.proretset as "isSet",
			p.prorettype = 'void'::regtype as "isVoid",
			p.provolatile as volatility,
			columns.given or coalesce(nullif(t.typbasetype, 0), t.oid) in (select oid from pg_type where typtype = 'c')
				as "isComposite",
			(
				select coalesce(json_agg(json_build_object(
					'name', p.proargnames[i], 'type', format_type(p.proargtypes[i - 1], null),
					'variadic', p.provariadic <> 0 and i = p.pronargs
				) order by i), '[]')
				from generate_series(1, p.pronargs) as i
			) as parameters,
			coalesce(p.proargnames[1:p.pronargs - p.pronargdefaults], '{}') as required,
			(p.pronargs = 0 or '' <> all (p.proargnames[1:p.pronargs]))
				and (p.proargmodes is null or p.proargmodes[1:p.pronargs] <@ array['i', 'v']::"char"[])
				and (p.prorettype <> 'record'::regtype or columns.given) as "isPlain"
		from pg_proc p
		join pg_type t on t.oid = p.prorettype
		cross join lateral (
			select coalesce(p.proargmodes && array['o', 'b', 't']::"char"[], false) as given
		) as columns
		where p.pronamespace = to_regnamespace(quote_ident(${schema})) and p.proname = ${name} and p.prokind = 'f'`;
}

/** Those that take exactly these arguments, or have defaults for others. */
export function taking(functions: NamedFunction[], given: string[]): NamedFunction[] {
	return functions.filter(
		({ required, parameters }) =>
			required.every((each) => given.includes(each)) &&
			given.every((each) => parameters.some(({ name }) => name === each)),
	);
}

/** A statement whose only parameter is the body, and which gives what the function gives. */
export function callStatement(
	{ schema, name, body }: { schema: string; name: string; body: string },
	{ parameters, isComposite }: CalledFunction,
	given: string[],
): string {
	const asked = parameters.filter((each) => given.includes(each.name));
	const values = asked.map((each) => identifier(each.name)).join(', ');
	const types = asked.map((each) => `${identifier(each.name)} ${each.type}`).join(', ');
	const named = asked
		.map(
			({ name: argument, variadic }) =>
				`${variadic ? 'variadic ' : ''}${identifier(argument)} := pgrst_body.${identifier(argument)}`,
		)
		.join(', ');
	const json = body.trimStart().startsWith('[') ? '($1::text::json -> 0)' : '$1::text::json';
	const from =
		asked.length === 0
			? ''
			: `(select ${values} from pg_catalog.json_to_record(${json}) as _ (${types})) as pgrst_body, lateral `;
	const call = `${identifier(schema)}.${identifier(name)}(${named}) as pgrst_call`;
	// Asked for no arguments the body is not looked at, yet it is given.
	const nothing = asked.length === 0 ? ' where $1::text is not null' : '';
	return `select ${isComposite ? 'pgrst_call.*' : 'pgrst_call as pgrst_scalar'} from ${from}${call}${nothing}`;
}

/** Number of all rows (`total`) and of those shown (`page`), the latter as JSON text (`body`). */
export function rowsStatement(
	source: string,
	{ isSet, isComposite }: CalledFunction,
	shape: Shape & { maxRows: number; single: boolean },
): string {
	const columns = shape.select
		.map(({ column, alias, cast }) => {
			if (column === '*') return 'pgrst_call.*';
			const value = `pgrst_call.${identifier(column)}`;
			return `${cast ? `${value}::${cast}` : value} as ${identifier(alias ?? column)}`;
		})
		.join(', ');
	const order = shape.order
		.map(({ column, direction }) => `pgrst_call.${identifier(column)} ${direction}`)
		.join(', ');
	const limit = Math.min(shape.maxRows, shape.limit ?? Infinity);
	const shown = `select ${isComposite ? columns : 'pgrst_call.*'} from pgrst_source as pgrst_call${order ? ` order by ${order}` : ''}${isSet ? ` limit ${limit} offset ${shape.offset}` : ''}`;
	const values =
		isComposite || (isSet && shape.single)
			? 'pg_catalog.json_agg(t)'
			: 'pg_catalog.json_agg(t.pgrst_scalar)';
	const list = isSet && !shape.single;
	return `
		with pgrst_source as materialized (${source}), pgrst_shown as (${shown})
		select
			(select count(*) from pgrst_source)::int as total,
			(select count(*) from pgrst_shown)::int as page,
			(select ${list ? `coalesce(${values}, '[]')` : `${values} -> 0`} from pgrst_shown as t)::text as body,
			pg_catalog.current_setting('response.status', true) as status,
			pg_catalog.current_setting('response.headers', true) as headers`;
}

function identifier(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
