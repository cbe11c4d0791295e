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

/** Among the Options: keeps a node that a model steers to certain tables. */
export const allowedTables: INodeProperties = {
	displayName: 'Allowed Tables',
	name: 'allowedTables',
	type: 'string',
	default: '',
	placeholder: 'e.g. countries, cities',
	description:
		'Names of tables with commas between. Any other is refused, for example when an AI agent fills in Table.',
};

/** The table that an item names. */
export function tableOf(get: ItemParameters): Table {
	const name = get.required('table');
	const allowed = get.object('options').allowedTables;
	if (typeof allowed === 'string' && allowed.trim()) {
		const names = allowed.split(',').map((each) => each.trim());
		if (!names.includes(name)) {
			throw new InvalidRequestError(
				`The table "${name}" is not among the Allowed Tables`,
				`Use one of ${names.join(', ')}, or change Allowed Tables in Options.`,
			);
		}
	}
	return { schema: get.required('schema'), name };
}

/** Names from a list of choices, or typed with commas between. */
export function namesOf(value: unknown): string[] {
	const names = typeof value === 'string' ? value.split(',') : value;
	if (!Array.isArray(names)) return [];
	return names.map((name) => String(name).trim()).filter(Boolean);
}
