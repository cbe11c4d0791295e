import type postgres from 'postgres';

import type { Relation } from './pgoutput';

/** What is known of tables and types beside what the log says. */
export interface Catalog {
	typeOf(oid: number): { name: string; sql: string };
	tableOf(oid: number): TableInfo;
}

export interface TableInfo {
	/** Columns of the primary key. */
	key: string[];
	hasPolicies: boolean;
	/** Columns that a role may read. */
	readable: Record<string, string[]>;
	/** Roles that policies do not concern. */
	bypassing: string[];
}

const UNKNOWN_TABLE: TableInfo = { key: [], hasPolicies: false, readable: {}, bypassing: [] };

export async function readCatalog(
	sql: postgres.Sql,
	relations: Relation[],
	roles: string[],
): Promise<Catalog> {
	const typeOids = [
		...new Set(relations.flatMap(({ columns }) => columns.map(({ typeOid }) => typeOid))),
	];
	const oids = [...new Set(relations.map(({ oid }) => oid))];
	const [row] = await sql<[{ types: TypeRow[]; tables: Array<TableInfo & { oid: number }> }]>`
		select
			(select json_agg(json_build_object(
				'oid', t.oid::int8, 'name', t.typname, 'sql', format_type(t.oid, null)
			)) from pg_type t where t.oid = any (${typeOids}::oid[])) as types,
			(select json_agg(json_build_object(
				'oid', c.oid::int8,
				'hasPolicies', c.relrowsecurity,
				'key', coalesce((
					select json_agg(a.attname order by k.place)
					from pg_index i
					cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
					join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
					where i.indrelid = c.oid and i.indisprimary
				), '[]'),
				'readable', (
					select json_object_agg(r.rolname, coalesce((
						select json_agg(a.attname) from pg_attribute a
						where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
							and has_column_privilege(r.oid, c.oid, a.attnum, 'select')
					), '[]')) from pg_roles r where r.rolname = any (${roles})
				),
				'bypassing', (
					select coalesce(json_agg(r.rolname), '[]') from pg_roles r
					where r.rolname = any (${roles}) and (r.rolbypassrls or r.rolsuper)
				)
			)) from pg_class c where c.oid = any (${oids}::oid[])) as tables`;
	const types = new Map(row.types?.map((type) => [type.oid, type]));
	const tables = new Map(row.tables?.map((table) => [table.oid, table]));
	return {
		typeOf: (oid) => types.get(oid) ?? { name: 'text', sql: 'text' },
		tableOf: (oid) => tables.get(oid) ?? UNKNOWN_TABLE,
	};
}

interface TypeRow {
	oid: number;
	name: string;
	sql: string;
}
