/** The table that rows are written to and read from, and the rows. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Arena } from './arena';

export const TABLE = 'bench_rows';

export type BenchRow = IDataObject & { id: number };

const COLUMNS = {
	id: 'integer primary key',
	name: 'text',
	amount: 'double precision',
	note: 'text',
	active: 'boolean',
	at: 'timestamptz',
};

export async function makeTable({ define }: Arena): Promise<void> {
	const columns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
	await define(
		`drop table if exists public.${TABLE};
		create table public.${TABLE} (${columns.join(', ')});
		grant all on public.${TABLE} to service_role`,
	);
}

/** Puts rows 1 to `count` where nothing else is, as a table that is long in use has them. */
export async function fillTable({ sql }: Arena, count: number): Promise<void> {
	await sql(`truncate public.${TABLE}`);
	await sql(
		`insert into public.${TABLE} select n, 'Name ' || n, n / 7.0, repeat('x', 40), n % 2 = 0,
			'2026-01-01'::timestamptz + n * interval '1 second' from generate_series(1, $1) n`,
		[count],
	);
	await sql(`vacuum analyze public.${TABLE}`);
}

export async function emptyTable({ sql }: Arena): Promise<void> {
	await sql(`truncate public.${TABLE}`);
}

/** How many rows there are, of those that meet a condition. */
export async function countRows({ sql }: Arena, condition = 'true'): Promise<number> {
	const [row] = await sql(`select count(*)::int as n from public.${TABLE} where ${condition}`);
	return row?.n as number;
}

export function row(id: number, name = `Name ${id}`): BenchRow {
	return {
		id,
		name,
		amount: id / 7,
		note: 'x'.repeat(40),
		active: id % 2 === 0,
		at: new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString(),
	};
}

export const ourTable: INodeParameters = { table: { __rl: true, mode: 'name', value: TABLE } };

/** Our node writes the items' own fields. */
export const ourAutoMapped: INodeParameters = {
	columns: { mappingMode: 'autoMapInputData', value: null },
	changes: { mappingMode: 'autoMapInputData', value: null },
};

/** Our node writes what expressions give, for some of the columns that its list knows. */
export function ourMapped(value: Record<string, string>): INodeParameters {
	const schema = Object.keys(COLUMNS).map((id) => ({
		id,
		displayName: id,
		type: id === 'id' || id === 'amount' ? 'number' : 'string',
		required: false,
		display: true,
		defaultMatch: false,
		canBeUsedToMatch: false,
	}));
	return { columns: { mappingMode: 'defineBelow', value, schema } };
}
