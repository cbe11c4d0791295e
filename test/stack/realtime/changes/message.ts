import type { RealtimeSettings } from '../settings';
import type { Catalog } from './catalog';
import type { JsonChange, JsonRow } from './jsonRows';

const SMALL_BYTES = 64;

/** A change's `data` as JSON, as a role sees it who has chosen these columns, or all. */
export function changeMessage(
	{ change, record, oldRecord, size }: JsonChange,
	catalog: Catalog,
	role: string,
	select: string[] | null,
	settings: RealtimeSettings,
): string {
	const { relation, type, at } = change;
	const { key, readable, hasPolicies } = catalog.tableOf(relation.oid);
	const seen = new Set(readable[role]);
	const refusal = refusalOf(type, key, seen);
	const isTooLarge = size > settings.maxRecordBytes;
	const shows = (name: string) =>
		seen.has(name) && (!select || select.includes(name) || key.includes(name));
	const columns = relation.columns
		.filter(({ name }) => shows(name) && key.every((column) => seen.has(column)))
		.map(({ name, typeOid }) => ({ name, type: catalog.typeOf(typeOid).name }));
	const keep = (omitted: string[]) => (name: string, json: string) =>
		shows(name) &&
		!omitted.includes(name) &&
		(!isTooLarge || (json !== 'null' && Buffer.byteLength(json) <= SMALL_BYTES));
	const whole = keep(type === 'UPDATE' ? settings.omitColumns : []);
	// Without the right to ask the policies, a deleted row shows no more than its key.
	const ofDeleted = (name: string, json: string) =>
		keep([])(name, json) && (relation.identity === 'f' && !hasPolicies ? true : key.includes(name));
	const old = type === 'DELETE' ? ofDeleted : keep([]);
	const hidden = refusal !== null || columns.length === 0;
	const parts = [
		`"table":${JSON.stringify(relation.table)}`,
		`"type":"${type}"`,
		...(type === 'DELETE' ? [] : [`"record":${hidden ? '{}' : rowText(record, whole)}`]),
		`"columns":${JSON.stringify(refusal === null ? columns : [])}`,
		`"errors":${JSON.stringify(refusal ?? (isTooLarge ? ['Error 413: Payload Too Large'] : null))}`,
		`"schema":${JSON.stringify(relation.schema)}`,
		`"commit_timestamp":${refusal === null ? JSON.stringify(new Date(at).toISOString()) : 'null'}`,
		...(type === 'INSERT' ? [] : [`"old_record":${hidden ? '{}' : rowText(oldRecord, old)}`]),
	];
	return `{${parts.join(',')}}`;
}

function refusalOf(type: string, key: string[], seen: Set<string>): string[] | null {
	if (type === 'DELETE') return null;
	if (key.length === 0) return ['Error 400: Bad Request, no primary key'];
	return key.every((column) => seen.has(column)) ? null : ['Error 401: Unauthorized'];
}

function rowText(row: JsonRow, keep: (name: string, json: string) => boolean): string {
	const entries = [...row].filter(([name, json]) => keep(name, json));
	return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}
