import type { INodeProperties } from 'n8n-workflow';

import type { Order } from '../../src/api/database/select';
import type { ItemParameters } from '../../src/n8n/parameters';
import { column } from '../../src/n8n/tableFields';

export const order: INodeProperties = {
	displayName: 'Order',
	name: 'order',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Order',
	default: {},
	displayOptions: { hide: { return: ['count'] } },
	description: 'The first decides; the next ones break its ties',
	options: [
		{
			displayName: 'Column',
			name: 'by',
			values: [
				{
					...column,
					description:
						'A column of the table. By Name also takes a path into JSON (data->>age) or a column of a related table (countries(name)).',
				},
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
	return get
		.field('order')
		.collections('by')
		.map((row) => {
			const nulls = row('nulls').oneOf(['default', 'first', 'last']);
			return {
				column: row('column').text(),
				descending: row('direction').oneOf(['asc', 'desc']) === 'desc',
				nulls: nulls === 'default' ? undefined : nulls,
			};
		});
}
