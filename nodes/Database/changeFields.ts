import type { INodeProperties } from 'n8n-workflow';

import { itemsAtOnce, requestOptions } from '../../src/n8n/requestOptions';
import { allowedTables } from './fields';
import { filters, match } from './filterFields';
import { keyColumnFields } from './keyColumns';
import { dryRun, returningOptions } from './returning';

/** How update and delete find the rows that they change. */
export const matchBy: INodeProperties = {
	displayName: 'Find Rows By',
	name: 'matchBy',
	type: 'options',
	options: [
		{
			name: 'Filters',
			value: 'filters',
			description: 'All rows that meet the filters, for each item',
		},
		{
			name: 'Key in Each Item',
			value: 'key',
			description: "The row with the item's key; many items in few requests",
		},
	],
	default: 'filters',
	description: 'How the rows are found that are to be changed',
};

const byKey: INodeProperties = {
	...keyColumnFields,
	displayOptions: { show: { matchBy: ['key'] } },
	description:
		'The columns that tell rows apart. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** The key columns of an update, whose values are among those of the row. */
export const updateKeyColumns: INodeProperties = {
	...byKey,
	hint: 'The columns by which a row is found. Empty: the primary key. Their values stand among the values below, and are not changed.',
};

/** The key columns of a delete, whose values are fields of the input item. */
export const deleteKeyColumns: INodeProperties = {
	...byKey,
	hint: 'The columns by which a row is found. Empty: the primary key. Their values come from the fields of the same names in each input item.',
};

const whenByFilters = { displayOptions: { show: { matchBy: ['filters'] } } };

export const byMatch: INodeProperties = { ...match, ...whenByFilters };
export const byFilters: INodeProperties = { ...filters, ...whenByFilters };

export const applyToAll: INodeProperties = {
	displayName: 'Apply to All Rows',
	name: 'applyToAll',
	type: 'boolean',
	default: false,
	...whenByFilters,
	description:
		'Whether to change every row of the table when there is no filter. Otherwise that is refused.',
};

export const applyToAllNotice: INodeProperties = {
	displayName:
		'Without a filter <b>every row of the table</b> is changed. Policies alone can keep rows out of it.',
	name: 'applyToAllNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { matchBy: ['filters'], applyToAll: [true] } },
};

export const changeOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Maximum Rows Changed',
			name: 'maxAffected',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			description:
				'If the filters, or the key of an item, meet more rows, nothing is changed and the item fails',
		},
		...returningOptions,
		dryRun,
		allowedTables,
		{
			displayName: 'Skip Empty Filters',
			name: 'skipEmptyFilters',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/matchBy': ['filters'] } },
			description:
				'Whether to leave out a filter whose value is empty. When none is left, nothing is changed and the item fails.',
		},
		{
			...itemsAtOnce,
			default: 1,
			displayOptions: { show: { '/matchBy': ['filters'] } },
			description:
				'How many items are carried out side by side. Unless it is set, items that may change the same row keep their order.',
		},
		{
			...itemsAtOnce,
			displayOptions: { show: { '/matchBy': ['key'] } },
			description:
				'How many requests are under way at once. Items that change alike go together in one; those that name the same row keep their order.',
		},
		...requestOptions,
	],
};
