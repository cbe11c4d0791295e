import type { SupabaseClient } from '@supabase/supabase-js';
import type { INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';

/** What the official client's `select()` gives, to filter and modify. */
export type OfficialRows = ReturnType<ReturnType<SupabaseClient['from']>['select']>;

/** A resource locator with a name that was typed. */
export function named(value: string): INodeParameters {
	return { __rl: true, mode: 'name', value };
}

/** Rows that are the items' own fields. */
const autoMapped = { mappingMode: 'autoMapInputData', value: null };

/** The node's parameters for an operation on the rows of a table. */
export function onRows(
	operation: string,
	table: string,
	parameters: INodeParameters = {},
): INodeParameters {
	return {
		resource: 'row',
		operation,
		table: named(table),
		columns: autoMapped,
		changes: autoMapped,
		...parameters,
	};
}

/** The node's parameters for `row: select` of a table. */
export function selecting(table: string, parameters: INodeParameters = {}): INodeParameters {
	return onRows('select', table, parameters);
}

/** The node's parameters for `function: call`. */
export function calling(name: string, parameters: INodeParameters = {}): INodeParameters {
	return { resource: 'function', operation: 'call', function: named(name), ...parameters };
}

/** A select expression that was typed. */
export function expression(columnExpression: string): INodeParameters {
	return { columnsMode: 'expression', columnExpression };
}

const VALUE_FIELDS: Readonly<Record<string, string>> = {
	is: 'truth',
	in: 'values',
	notIn: 'values',
	'like(all)': 'values',
	'like(any)': 'values',
	'ilike(all)': 'values',
	'ilike(any)': 'values',
	cs: 'elements',
	cd: 'elements',
	ov: 'elements',
	sr: 'rangeText',
	nxl: 'rangeText',
	sl: 'rangeText',
	nxr: 'rangeText',
	adj: 'rangeText',
	fts: 'query',
	plfts: 'query',
	phfts: 'query',
	wfts: 'query',
};

/** A filter as the form holds it: each operator has a field of its own for its value. */
export function condition(
	column: string,
	operator: string,
	value: string,
	rest: INodeParameters = {},
): INodeParameters {
	const field = VALUE_FIELDS[operator] ?? 'value';
	return {
		column: named(column),
		operator,
		...(field === 'rangeText' && { rangeForm: 'text' }),
		[field]: value,
		...rest,
	};
}

export function filtering(...conditions: INodeParameters[]): INodeParameters {
	return { filters: { filter: conditions } };
}

/** A read by both: every row that meets some conditions, the first 50 of them. */
export function reading(
	name: string,
	table: string,
	official: (rows: OfficialRows) => OfficialRows,
	parameters: INodeParameters,
	columns?: string,
): ContractCase {
	return {
		name: `row.select.${name}`,
		official: (client) => official(client.from(table).select(columns)).limit(50),
		ours: { parameters: selecting(table, { ...(columns && expression(columns)), ...parameters }) },
	};
}

/** What the official client takes for a query plan. */
export interface PlanOptions {
	readonly format?: 'text' | 'json';
	readonly analyze?: boolean;
	readonly verbose?: boolean;
	readonly settings?: boolean;
	readonly buffers?: boolean;
	readonly wal?: boolean;
}

/** The same as the node takes it: a list. */
export function planDetails({ format, ...chosen }: PlanOptions): string[] {
	return [...Object.keys(chosen), ...(format === 'json' ? ['json'] : [])];
}

/** The server of a project that allows dry runs says so to whom asks. */
export const allowsRollback = { headers: { 'preference-applied': 'tx=rollback' }, body: [] };

/** A modifier of the official client where its types do not offer it, though it is there. */
export function modified(
	request: object,
	modifier: 'explain' | 'maxAffected' | 'rollback',
	...args: readonly unknown[]
): PromiseLike<unknown> {
	const change = (request as Record<string, (...given: readonly unknown[]) => unknown>)[modifier];
	return change?.apply(request, args as unknown[]) as PromiseLike<unknown>;
}
