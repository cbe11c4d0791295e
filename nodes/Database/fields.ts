import type { INodeProperties } from 'n8n-workflow';

import type { Table } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import type { ItemParameters } from '../../src/n8n/parameters';

/** A name chosen from a list, or typed. */
function locator(
	property: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
	searchListMethod: string,
	placeholder: string,
	value?: string,
): INodeProperties {
	return {
		...property,
		type: 'resourceLocator',
		default: value === undefined ? { mode: 'list', value: '' } : { mode: 'name', value },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder },
		],
	};
}

export const schema = locator(
	{
		displayName: 'Schema',
		name: 'schema',
		description: 'The database schema. The project has to expose it.',
	},
	'searchSchemas',
	'public',
	'public',
);

export const table = locator(
	{ displayName: 'Table', name: 'table', description: 'The table or view' },
	'searchTables',
	'countries',
);

export const databaseFunction = locator(
	{ displayName: 'Function', name: 'function', description: 'The function to call' },
	'searchFunctions',
	'hello_world',
);

/** A column to filter or order by, inside a fixed collection. */
export const column = locator(
	{
		displayName: 'Column',
		name: 'column',
		description:
			'A column of the table. By Name also takes a path into JSON (address->>city) or a column of a related table (countries.name).',
	},
	'searchColumns',
	'name',
);

/** Among the Options: keeps a node that a model steers to certain tables or functions. */
function allowList(what: string, name: string): INodeProperties {
	return {
		displayName: `Allowed ${what}`,
		name,
		type: 'string',
		default: '',
		placeholder: 'e.g. countries, cities',
		description:
			'Names with commas between. Any other is refused, for example when an AI agent fills it in.',
	};
}

export const allowedTables = allowList('Tables', 'allowedTables');
export const allowedFunctions = allowList('Functions', 'allowedFunctions');

/** The table that an item names. */
export function tableOf(get: ItemParameters): Table {
	return { schema: get.required('schema'), name: allowed(get, 'table', 'allowedTables') };
}

/**
 * A name that is among those that the option allows.
 *
 * @throws InvalidRequestError for one that is not
 */
export function allowed(get: ItemParameters, parameter: string, option: string): string {
	const name = get.required(parameter);
	const names = namesOf(get.object('options')[option]);
	if (names.length === 0 || names.includes(name)) return name;
	throw new InvalidRequestError(
		`The ${parameter} "${name}" is not among those that this node may use`,
		`Use one of ${names.join(', ')}, or change the allowed ones in Options.`,
	);
}

/** Names from a list of choices, or typed with commas between. */
export function namesOf(value: unknown): string[] {
	const names = typeof value === 'string' ? value.split(',') : value;
	if (!Array.isArray(names)) return [];
	return names.map((name) => String(name).trim()).filter(Boolean);
}
