import type { INodeProperties } from 'n8n-workflow';

import type { Row } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import { objectOf } from '../../src/api/json';
import type { ItemParameters } from '../../src/n8n/parameters';

const rowSource: INodeProperties = {
	displayName: 'Row From',
	name: 'rowSource',
	type: 'options',
	options: [
		{
			name: 'Columns',
			value: 'columns',
			description: "The item's fields, or values for each column",
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
		default: { mappingMode: 'autoMapInputData', value: null },
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

/**
 * The row that an item stands for.
 *
 * @param mapper the parameter that maps columns
 * @throws InvalidRequestError for what is not an object, or has no columns
 */
export function rowOf(get: ItemParameters, mapper = 'columns'): Row {
	const row =
		get.text('rowSource') === 'json' ? jsonObject(get, 'rowJson', 'Row') : mappedRow(get, mapper);
	if (Object.keys(row).length === 0) {
		throw new InvalidRequestError(
			'The row has no columns',
			'Give the item at least one field that is a column of the table.',
		);
	}
	return row;
}

function mappedRow(get: ItemParameters, mapper: string): Row {
	const { mappingMode } = get.object(mapper);
	if (mappingMode !== 'defineBelow') return get.json;
	// The mapper gives null for what was left empty, which would override the column's default.
	return Object.fromEntries(
		Object.entries(get.object(`${mapper}.value`)).filter(([, value]) => value !== null),
	);
}

/** An object, from an expression or as JSON text. */
export function jsonObject(get: ItemParameters, name: string, label: string): Row {
	const value = get.value(name);
	const object = objectOf(value);
	if (object) return { ...object } as Row;
	throw new InvalidRequestError(
		`${label} is not an object`,
		'Give an object of names and values, such as {"name": "Pluto"}. A list has to be split into items first.',
	);
}
