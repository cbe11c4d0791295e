import type { INodeParameters } from 'n8n-workflow';

import { autoMapped, named, NODE } from './database-helpers';
import type { DrawnNode } from './engine';

type Draw = (table: string, parameters?: INodeParameters, rest?: Partial<DrawnNode>) => DrawnNode;

function row(operation: string): Draw {
	return (table, parameters = {}, rest = {}) => ({
		name: 'Database',
		type: NODE,
		parameters: {
			resource: 'row',
			operation,
			table: named(table),
			...autoMapped,
			...parameters,
		},
		...rest,
	});
}

export const update = row('update');
export const upsert = row('upsert');
export const remove = row('delete');

/** Calls a function. */
export const call: Draw = (name, parameters = {}, rest = {}) => ({
	name: 'Database',
	type: NODE,
	parameters: { resource: 'function', operation: 'call', function: named(name), ...parameters },
	...rest,
});

/** Rows by their key; the primary key if no columns are given. */
export function byKey(...keyColumns: string[]): INodeParameters {
	return { matchBy: 'key', keyColumns };
}

/** A row from an expression, such as `={{ { name: $json.name } }}`. */
export function rowOf(expression: string): INodeParameters {
	return { rowSource: 'json', rowJson: expression };
}

/** Arguments of a function. */
export function args(value: unknown): INodeParameters {
	return { argumentsFrom: 'json', argumentJson: JSON.stringify(value) };
}

/** A row that changes nothing but this. */
export function setting(change: Record<string, unknown>): INodeParameters {
	return rowOf(JSON.stringify(change));
}
