import { createHash } from 'node:crypto';

import { parseFilter, type Filter } from './filter';
import { inspect } from './inspect';

/** What a join lists under `postgres_changes`. */
export type Binding = Record<string, unknown>;

/** As the answer lists it: with its id, and its keys in order. */
export interface BindingWithId extends Binding {
	id: number;
}

export type EventName = 'INSERT' | 'UPDATE' | 'DELETE';

/** A binding as the server has understood it; `schema` and `table` are LIKE patterns. */
export interface Target {
	event: EventName | '*';
	schema: string;
	table: string;
	filters: Filter[];
	/** Names of columns; null for all. */
	select: string[] | null;
}

/** The id is a hash of the binding, so that twins share it, in every channel. */
export function bindingsWithId(bindings: Binding[]): BindingWithId[] {
	return bindings.map((binding) => {
		const sorted = Object.fromEntries(Object.entries(binding).sort(([a], [b]) => (a < b ? -1 : 1)));
		const hash = createHash('sha256').update(JSON.stringify(sorted)).digest();
		return { id: (hash.readUInt32BE(0) % 134_217_727) + 1, ...sorted };
	});
}

/** @throws Error with the server's words */
export function targetOf(binding: Binding): Target {
	const { schema, table, filter, select, event } = binding;
	const isText = (value: unknown) => typeof value === 'string';
	const hasTable = 'table' in binding && isText(table);
	const hasSchema = 'schema' in binding && isText(schema);
	const valid =
		(hasTable || (hasSchema && !('table' in binding) && !('filter' in binding))) &&
		(!('schema' in binding) || hasSchema) &&
		(!('filter' in binding) || isText(filter));
	if (!valid)
		throw new Error(
			`No subscription params provided. Please provide at least a \`schema\` or \`table\` to subscribe to: ${inspect(binding)}`,
		);
	const target = {
		event: eventOf(event),
		schema: hasSchema ? (schema as string) : 'public',
		table: hasTable ? (table as string) : '*',
		filters: filtersOf((filter as string | undefined) ?? ''),
		select: selectOf(select),
	};
	if (target.select && (target.schema === '*' || target.table === '*'))
		throw new Error(
			'Column selection is not supported for wildcard subscriptions. Provide an explicit schema and table name.',
		);
	return target;
}

function filtersOf(text: string): Filter[] {
	try {
		return parseFilter(text);
	} catch (error) {
		throw new Error(`Error parsing \`filter\` params: ${(error as Error).message}`);
	}
}

function selectOf(select: unknown): string[] | null {
	if (select === undefined || select === null) return null;
	const isList = Array.isArray(select) && select.every((entry) => typeof entry === 'string');
	if (!isList)
		throw new Error(
			'Error parsing `select` params: expected a list of column name strings, e.g. select: ["col1", "col2"]',
		);
	return select.length > 0 ? (select as string[]) : null;
}

/** In any case; what is no event means all of them. */
function eventOf(event: unknown): Target['event'] {
	const name = typeof event === 'string' ? event.toUpperCase() : '*';
	return name === 'INSERT' || name === 'UPDATE' || name === 'DELETE' ? name : '*';
}

/** As the server's own messages show it. */
export function shown({ event, schema, table, filters, select }: Target): string {
	const tuples = filters.map(shownFilter);
	const line = tuples.join(', ');
	const list = line.includes('\n') ? `[\n  ${line}\n]` : `[${line}]`;
	return `[event: ${event}, schema: ${schema}, table: ${table}, filters: ${list}, select: ${inspect(select)}]`;
}

/** What is longer than a line is broken into several. */
function shownFilter({ column, op, value, isNegated }: Filter): string {
	const [name, operator, text] = [column, op, value].map(inspect);
	const line = `{${name}, ${operator}, ${text}, ${isNegated}}`;
	return line.length <= 80 ? line : `{${name}, ${operator},\n   ${text},\n   ${isNegated}}`;
}
