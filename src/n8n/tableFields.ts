import type { INodeProperties } from 'n8n-workflow';

/** A name chosen from a list, or typed. */
export function locator(
	property: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
	searchListMethod: string,
	placeholder: string,
	value = '',
): INodeProperties {
	return {
		...property,
		type: 'resourceLocator',
		default: { mode: 'list', value },
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
