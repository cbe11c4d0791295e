import type { INodeProperties } from 'n8n-workflow';

const rowSource: INodeProperties = {
	displayName: 'Values From',
	name: 'rowSource',
	type: 'options',
	options: [
		{
			name: 'Input Fields or Columns',
			value: 'columns',
			description: "A value for each column, or the input item's own fields",
		},
		{ name: 'JSON', value: 'json', description: 'An object of columns and values' },
	],
	default: 'columns',
	description: 'Where the row that an item stands for comes from',
};

/** A field for each column, or the item's own fields. */
function columnFields(name: string, resourceMapperMethod: string): INodeProperties {
	return {
		displayName: 'Columns',
		name,
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		displayOptions: { show: { rowSource: ['columns'] } },
		typeOptions: {
			loadOptionsDependsOn: ['schema.value', 'table.value'],
			resourceMapper: {
				resourceMapperMethod,
				mode: 'add',
				fieldWords: { singular: 'column', plural: 'columns' },
				addAllFields: true,
				multiKeyMatch: false,
				supportAutoMap: true,
				// Columns may be added to the table later.
				refreshStaleSchemaOnOpen: true,
			},
		},
	};
}

const json: INodeProperties = {
	displayName: 'Row',
	name: 'rowJson',
	type: 'json',
	default: '={{ $json }}',
	displayOptions: { show: { rowSource: ['json'] } },
	description: 'An object of columns and values, as JSON text or from an expression',
};

/** Where a whole row comes from. */
export const rowFields: readonly INodeProperties[] = [
	rowSource,
	columnFields('columns', 'getColumnFields'),
	json,
];

/** A name of its own: n8n keeps a mapping with the columns that it required. */
export const CHANGES = 'changes';

/** Where changes of a row come from: no column has to be among them. */
export const changeFields: readonly INodeProperties[] = [
	rowSource,
	columnFields(CHANGES, 'getChangeFields'),
	json,
];
