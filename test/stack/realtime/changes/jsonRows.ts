import type postgres from 'postgres';

import type { Change, Tuple } from './pgoutput';
import type { Catalog } from './catalog';

/** A row's values as JSON text by column, so that no number is damaged; a column without a value is left out. */
export type JsonRow = Map<string, string>;

export interface JsonChange {
	change: Change;
	record: JsonRow;
	oldRecord: JsonRow;
	/** Bytes of all values. */
	size: number;
}

const BARE = new Set(['int2', 'int4', 'int8', 'numeric', 'oid']);
const TEXTS = new Set(['text', 'varchar', 'uuid', 'name']);
const UNLIKE_NUMBERS = new Set(['NaN', 'Infinity', '-Infinity']);

/** Values as JSON, as the real service writes them: what is no plain type, the database converts. */
export async function jsonChanges(
	sql: postgres.Sql,
	changes: Change[],
	catalog: Catalog,
): Promise<JsonChange[]> {
	const asked = new Map<string, Map<string, string>>();
	for (const change of changes)
		for (const tuple of [change.new, change.old])
			tuple?.forEach((value, index) => {
				const type = catalog.typeOf(change.relation.columns[index]?.typeOid ?? 0);
				if (value === null || value === undefined || plain(type.name, value) !== undefined) return;
				const values = asked.get(type.sql) ?? new Map<string, string>();
				asked.set(type.sql, values.set(value, ''));
			});
	for (const [type, values] of asked) {
		const texts = [...values.keys()];
		const rows = await sql.unsafe<Array<{ json: string }>>(
			`select to_jsonb(v::${type})::text as json from unnest($1::text[]) with ordinality as t(v, i) order by i`,
			[texts],
		);
		rows.forEach(({ json }, index) => values.set(texts[index] ?? '', json));
	}
	const rowOf = ({ relation }: Change, tuple: Tuple | undefined, keysOnly = false): JsonRow => {
		const row: JsonRow = new Map();
		relation.columns.forEach(({ name, typeOid, isKey }, index) => {
			const value = tuple?.[index];
			if (value === undefined || (keysOnly && !isKey)) return;
			const type = catalog.typeOf(typeOid);
			const json = value === null ? 'null' : plain(type.name, value);
			row.set(name, json ?? asked.get(type.sql)?.get(value ?? '') ?? 'null');
		});
		return row;
	};
	return changes.map((change) => {
		const merged = change.new?.map((value, index) =>
			value === undefined && !change.oldIsKey ? change.old?.[index] : value,
		);
		const record = rowOf(change, merged);
		const oldRecord = change.old
			? rowOf(change, change.old, change.oldIsKey)
			: change.type === 'UPDATE'
				? rowOf(change, change.new, true)
				: new Map<string, string>();
		return { change, record, oldRecord, size: sizeOf(change.new) + sizeOf(change.old) };
	});
}

function plain(type: string, value: string): string | undefined {
	if (BARE.has(type)) return UNLIKE_NUMBERS.has(value) ? 'null' : value;
	if (TEXTS.has(type)) return JSON.stringify(value);
	if (type === 'bool') return value === 't' ? 'true' : 'false';
	if (type === 'bytea') return JSON.stringify(value.slice(2));
	if (type.startsWith('float') && UNLIKE_NUMBERS.has(value)) return 'null';
	return undefined;
}

function sizeOf(tuple: Tuple | undefined): number {
	let size = 0;
	for (const value of tuple ?? []) size += value?.length ?? 0;
	return size;
}
