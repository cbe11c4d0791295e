import type { INodeProperties } from 'n8n-workflow';

import type { Table } from '../../src/api/database/table';
import type { ItemParameters } from '../../src/n8n/parameters';

export const schema: INodeProperties = {
	displayName: 'Schema',
	name: 'schema',
	type: 'resourceLocator',
	default: { mode: 'name', value: 'public' },
	required: true,
	description: 'The database schema of the table. The project has to expose it.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchSchemas', searchable: true },
		},
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'public' },
	],
};

export const table: INodeProperties = {
	displayName: 'Table',
	name: 'table',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The table or view',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchTables', searchable: true },
		},
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'countries' },
	],
};

/** A column to filter or order by, inside a fixed collection. */
export const column: INodeProperties = {
	displayName: 'Column',
	name: 'column',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'A column of the table. By Name also takes a path into JSON (address->>city) or a column of a related table (countries.name).',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchColumns', searchable: true },
		},
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'name' },
	],
};

export const timeout: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description: 'How many seconds the server may be silent before the request fails',
};

/** The table that an item names. */
export function tableOf(get: ItemParameters): Table {
	return { schema: get.required('schema'), name: get.required('table') };
}
