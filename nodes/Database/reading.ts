import type { INodeProperties } from 'n8n-workflow';

import type { Modifiers } from '../../src/api/database/modifiers';
import type { RelationOptions } from '../../src/api/database/select';
import { InvalidRequestError } from '../../src/api/errors';
import type { Field, Fields } from '../../src/n8n/field';
import { limit as anyLimit, returnAll as anyReturnAll } from '../../src/n8n/limit';
import type { ItemParameters } from '../../src/n8n/parameters';

/** The forms in which rows, or a function's result, come out of the node. */
export const RETURNS = {
	rows: { name: 'Rows', description: 'An item for each row' },
	rowsWithCount: { name: 'Rows With Count', description: 'One item with the rows and the count' },
	count: { name: 'Count', description: 'How many rows there are; no rows are read' },
	single: { name: 'One Row', description: 'Fails when there is none, or more than one' },
	maybeSingle: { name: 'One Row or None', description: 'Fails when there is more than one' },
	csv: { name: 'CSV', description: 'As text or as a file' },
	geojson: { name: 'GeoJSON', description: 'A feature collection; the database needs PostGIS' },
	plan: { name: 'Query Plan', description: 'What EXPLAIN says; it has to be switched on' },
} as const;

export type Return = keyof typeof RETURNS;

export const returns: INodeProperties = {
	displayName: 'Return',
	name: 'return',
	type: 'options',
	options: Object.entries(RETURNS).map(([value, option]) => ({ ...option, value })),
	default: 'rows',
	description: 'In which form the result comes out',
};

export function returnOf(get: ItemParameters): Return {
	const value = get.field('return').given ? get.text('return') : 'rows';
	if (Object.hasOwn(RETURNS, value)) return value as Return;
	throw new InvalidRequestError(
		`"${value}" is not a form to return`,
		`Use one of ${Object.keys(RETURNS).join(', ')}.`,
	);
}

/** Whether the limit applies: forms of many rows. */
export const MANY: Return[] = ['rows', 'rowsWithCount', 'csv', 'geojson'];

export const returnAll: INodeProperties = {
	...anyReturnAll,
	displayOptions: { show: { return: MANY } },
};

export const limit: INodeProperties = {
	...anyLimit,
	displayOptions: { show: { returnAll: [false], return: MANY } },
};

/** How many rows at the most; nothing where all are wanted. */
export function limitOf(get: ItemParameters, form: Return): number | undefined {
	const option = get.option('maxRows').wholeNumber(1);
	if (!MANY.includes(form) || get.boolean('returnAll')) return option;
	return get.field('limit').wholeNumber();
}

export const countMode: INodeProperties = {
	displayName: 'Count',
	name: 'countMode',
	type: 'options',
	options: [
		{ name: 'Exact', value: 'exact', description: 'Counted; slow for large tables' },
		{
			name: 'Planned',
			value: 'planned',
			description: "From the database's statistics; may be off",
		},
		{
			name: 'Estimated',
			value: 'estimated',
			description: 'Exact for few rows, from the statistics for many',
		},
	],
	default: 'exact',
	displayOptions: { show: { return: ['count', 'rowsWithCount'] } },
};

export function countModeOf(get: ItemParameters): Modifiers['count'] {
	return get.oneOf('countMode', ['exact', 'planned', 'estimated']) ?? 'exact';
}

export const noRow: INodeProperties = {
	displayName: 'If There Is None',
	name: 'noRow',
	type: 'options',
	options: [
		{
			name: 'Output an Item That Says So',
			value: 'item',
			description: 'An item with found: false',
		},
		{ name: 'Output Nothing', value: 'nothing' },
	],
	default: 'nothing',
	displayOptions: { show: { return: ['maybeSingle'] } },
};

export function saysNone(get: ItemParameters): boolean {
	return get.oneOf('noRow', ['item', 'nothing']) === 'item';
}

export const severalRows: INodeProperties = {
	displayName: 'If There Are Several',
	name: 'severalRows',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail' },
		{ name: 'Take the First', value: 'first', description: 'The first in the order that is given' },
	],
	default: 'fail',
	displayOptions: { show: { return: ['single', 'maybeSingle'] } },
};

export function takesFirst(get: ItemParameters): boolean {
	return get.oneOf('severalRows', ['fail', 'first']) === 'first';
}

export const csvAs: INodeProperties = {
	displayName: 'CSV As',
	name: 'csvAs',
	type: 'options',
	options: [
		{ name: 'File', value: 'file' },
		{ name: 'Text', value: 'text' },
	],
	default: 'text',
	displayOptions: { show: { return: ['csv'] } },
};

export const csvField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	displayOptions: { show: { return: ['csv'], csvAs: ['file'] } },
	hint: 'The name of the output binary field to put the file in',
};

/** Among the Options: a limit where none stands in the form itself. */
export const maxRows: INodeProperties = {
	displayName: 'Max Rows',
	name: 'maxRows',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'How many rows at the most',
};

/** Among the Options of whatever reads rows. */
export const readingOptions: readonly INodeProperties[] = [
	{
		displayName: 'Offset',
		name: 'offset',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		displayOptions: { hide: { '/return': ['count'] } },
		description: 'How many rows to leave out at the beginning. Give an order with it.',
	},
	{
		displayName: 'Related Tables',
		name: 'relations',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Related Table',
		default: {},
		description: 'Order, limit and offset of the rows of related tables, inside each row',
		options: [
			{
				displayName: 'Related Table',
				name: 'relation',
				// In the order in which they are thought of.

				values: [
					{
						displayName: 'Name',
						name: 'relation',
						type: 'string',
						default: '',
						placeholder: 'e.g. instruments',
						description: 'The related table in Columns, or its alias there',
					},
					{
						displayName: 'Order By',
						name: 'column',
						type: 'string',
						default: '',
						description: 'A column of the related table',
					},
					{
						displayName: 'Descending',
						name: 'descending',
						type: 'boolean',
						default: false,
						description: 'Whether the largest comes first',
					},
					{
						displayName: 'Nulls',
						name: 'nulls',
						type: 'options',
						options: [
							{ name: 'As Largest Value', value: 'default' },
							{ name: 'First', value: 'first' },
							{ name: 'Last', value: 'last' },
						],
						default: 'default',
						description: 'Where rows without a value stand',
					},
					{
						displayName: 'Max Rows',
						name: 'limit',
						type: 'string',
						default: '',
						description: 'How many rows at the most. All if empty.',
					},
					{
						displayName: 'Offset',
						name: 'offset',
						type: 'string',
						default: '',
						description: 'How many rows to leave out at the beginning',
					},
				],
			},
		],
	},
	{
		displayName: 'Leave Out Nulls',
		name: 'stripNulls',
		type: 'boolean',
		default: false,
		displayOptions: { hide: { '/return': ['count', 'csv', 'geojson'] } },
		description: 'Whether to leave columns without a value out of the rows',
	},
	{
		displayName: 'Time Zone',
		name: 'timeZone',
		type: 'string',
		default: '',
		displayOptions: { hide: { '/return': ['count'] } },
		placeholder: 'e.g. Europe/Paris',
		description: 'In which times with a time zone are returned',
	},
];

/** Among the Options: leaves filters out. */
export const skipEmptyFilters: INodeProperties = {
	displayName: 'Skip Empty Filters',
	name: 'skipEmptyFilters',
	type: 'boolean',
	default: false,
	description: 'Whether to leave out a filter whose value is empty',
};

export function readingOptionsOf(get: ItemParameters): {
	readonly offset?: number;
	readonly relations: RelationOptions[];
} & Pick<Modifiers, 'stripNulls' | 'timeZone'> {
	return {
		// To begin at row 0 is to say nothing.
		offset: get.option('offset').wholeNumber() || undefined,
		relations: get.option('relations').collections('relation').map(relationOf),
		stripNulls: get.option('stripNulls').boolean(),
		timeZone: get.option('timeZone').text() || undefined,
	};
}

function relationOf(row: Fields): RelationOptions {
	const column = row('column').text();
	const nulls = row('nulls').oneOf(['default', 'first', 'last']);
	const order = {
		column,
		descending: row('descending').boolean(),
		nulls: nulls === 'default' ? undefined : nulls,
	};
	return {
		relation: row('relation').text(),
		order: column ? [order] : [],
		limit: numberIn(row('limit'), 1),
		offset: numberIn(row('offset'), 0) || undefined,
	};
}

/** A field of text: empty, it says nothing. */
function numberIn(field: Field, least: number): number | undefined {
	return field.text() ? field.wholeNumber(least) : undefined;
}
