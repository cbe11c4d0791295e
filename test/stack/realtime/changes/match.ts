import type postgres from 'postgres';

import type { Claims } from '../tokens';
import type { Catalog } from './catalog';
import { conditionSql, identifier, type Filter } from './filter';
import type { JsonChange } from './jsonRows';
import type { Change } from './pgoutput';

/** Places of the rows of one table that pass all filters; deletes are judged by their old values. */
export async function passesFilters(
	sql: postgres.Sql,
	rows: JsonChange[],
	filters: Filter[],
	catalog: Catalog,
): Promise<Set<number>> {
	const relation = rows[0]?.change.relation;
	const conditions = filters.map((filter, index) => {
		const column = relation?.columns.find(({ name }) => name === filter.column);
		const { sql: type } = catalog.typeOf(column?.typeOid ?? 0);
		return `(v ? '${index}') and ${conditionSql(filter, `(v ->> '${index}')::${type}`, type)}`;
	});
	const values = rows.map(({ change }) =>
		Object.fromEntries(
			filters.flatMap(({ column }, index) => {
				const value = valueOf(change, column);
				return value === undefined ? [] : [[String(index), value]];
			}),
		),
	);
	return await places(sql, values, conditions.join(' and '));
}

/**
 * Places of the rows of one table that somebody's policies show.
 *
 * @throws what a policy raises
 */
export async function visibleTo(
	sql: postgres.Sql,
	rows: JsonChange[],
	claims: Claims,
	catalog: Catalog,
): Promise<Set<number>> {
	const relation = rows[0]?.change.relation;
	if (!relation) return new Set();
	const { key } = catalog.tableOf(relation.oid);
	const same = key.map((name, index) => {
		const column = relation.columns.find((entry) => entry.name === name);
		const { sql: type } = catalog.typeOf(column?.typeOid ?? 0);
		return `t.${identifier(name)} = (v ->> '${index}')::${type}`;
	});
	const values = rows.map(({ change }) =>
		Object.fromEntries(key.map((name, index) => [String(index), valueOf(change, name) ?? null])),
	);
	const table = `${identifier(relation.schema)}.${identifier(relation.table)}`;
	return (await sql.begin(async (transaction) => {
		await transaction`
			select set_config('role', ${claims.role}, true),
				set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
				set_config('request.jwt.claim.sub', ${typeof claims.sub === 'string' ? claims.sub : ''}, true),
				set_config('request.jwt.claim.role', ${claims.role}, true)`;
		return await places(
			transaction,
			values,
			`exists (select from ${table} as t where ${same.join(' and ')})`,
		);
	})) as Set<number>;
}

async function places(
	sql: postgres.Sql | postgres.TransactionSql,
	values: object[],
	condition: string,
): Promise<Set<number>> {
	const rows = await sql.unsafe<Array<{ i: number }>>(
		`select (i - 1)::int as i from jsonb_array_elements($1::text::jsonb) with ordinality as e(v, i) where ${condition}`,
		[JSON.stringify(values)],
	);
	return new Set(rows.map(({ i }) => i));
}

function valueOf({ relation, new: after, old, oldIsKey }: Change, column: string) {
	const index = relation.columns.findIndex(({ name }) => name === column);
	if (after) return after[index];
	return oldIsKey && !relation.columns[index]?.isKey ? undefined : old?.[index];
}
