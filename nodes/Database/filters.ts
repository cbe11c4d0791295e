import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Filter } from '../../src/api/database/filters';
import type { Order } from '../../src/api/database/select';
import { locatorValue, type ItemParameters } from '../../src/n8n/parameters';
import { column } from './fields';

export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Filter',
	default: {},
	description: 'Conditions on the rows. A row has to meet all of them.',
	options: [
		{
			displayName: 'Filter',
			name: 'filter',
			values: [
				column,
				{
					displayName: 'Operator',
					name: 'operator',
					type: 'options',
					// eslint-disable-next-line n8n-nodes-base/node-param-options-type-unsorted-items
					options: [
						{ name: 'Equals', value: 'eq' },
						{ name: 'Does Not Equal', value: 'neq' },
						{ name: 'Greater Than', value: 'gt' },
						{ name: 'Greater Than or Equal', value: 'gte' },
						{ name: 'Less Than', value: 'lt' },
						{ name: 'Less Than or Equal', value: 'lte' },
						{
							name: 'Matches Pattern',
							value: 'like',
							description: 'LIKE: % or * stands for any text, _ for one character',
						},
						{
							name: 'Matches Pattern (Ignoring Case)',
							value: 'ilike',
							description: 'ILIKE: % or * stands for any text, _ for one character',
						},
						{
							name: 'Is',
							value: 'is',
							description: 'Tests for null, not_null, true, false or unknown',
						},
						{ name: 'Is in List', value: 'in', description: 'Equals one of several values' },
					],
					default: 'eq',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					displayOptions: { hide: { operator: ['is', 'in'] } },
					description: 'What to compare with. Text is taken as it is, without quotes.',
				},
				{
					displayName: 'Values',
					name: 'values',
					type: 'string',
					default: '',
					placeholder: 'e.g. Earth, Mars',
					displayOptions: { show: { operator: ['in'] } },
					description:
						'Values with commas between. For values that hold commas: an expression that gives a list, or JSON such as ["a,b", "c"].',
				},
				{
					displayName: 'Is',
					name: 'truth',
					type: 'options',
					// eslint-disable-next-line n8n-nodes-base/node-param-options-type-unsorted-items
					options: [
						{ name: 'Null', value: 'null' },
						{ name: 'Not Null', value: 'not_null' },
						{ name: 'True', value: 'true' },
						{ name: 'False', value: 'false' },
						{ name: 'Unknown', value: 'unknown' },
					],
					default: 'null',
					displayOptions: { show: { operator: ['is'] } },
				},
			],
		},
	],
};

/** Each operator has the field that suits it. */
const VALUE_FIELDS: Readonly<Record<string, string>> = { in: 'values', is: 'truth' };

export function filtersOf(get: ItemParameters): Filter[] {
	return get.rows('filters.filter').map((row) => {
		const operator = typeof row.operator === 'string' ? row.operator : 'eq';
		return {
			column: columnOf(row),
			operator,
			value: row[VALUE_FIELDS[operator] ?? 'value'],
		};
	});
}

export const order: INodeProperties = {
	displayName: 'Order',
	name: 'order',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Order',
	default: {},
	description: 'The first decides; the next ones break its ties',
	options: [
		{
			displayName: 'Column',
			name: 'by',
			values: [
				column,
				{
					displayName: 'Direction',
					name: 'direction',
					type: 'options',
					options: [
						{ name: 'Ascending', value: 'asc' },
						{ name: 'Descending', value: 'desc' },
					],
					default: 'asc',
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
			],
		},
	],
};

export function orderOf(get: ItemParameters): Order[] {
	return get.rows('order.by').map((row) => ({
		column: columnOf(row),
		descending: row.direction === 'desc',
		nulls: row.nulls === 'first' || row.nulls === 'last' ? row.nulls : undefined,
	}));
}

function columnOf(row: IDataObject): string {
	const name = locatorValue(row.column);
	return typeof name === 'string' ? name : '';
}
