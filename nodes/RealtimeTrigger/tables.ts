import type { INodeProperties } from 'n8n-workflow';

import {
	negateField,
	operatorField,
	truthField,
	valueField,
	valuesField,
} from '../../src/n8n/conditionFields';
import { FORM_OPERATORS } from '../../src/n8n/filterOperators';
import { column, locator, schema, table } from '../../src/n8n/tableFields';
import { whereListeningTo } from './listenTo';

/** Of the operators that the form has, those that Realtime knows. */
export const ROW_OPERATORS = FORM_OPERATORS.filter(
	({ value, takes = 'value' }) =>
		['value', 'list', 'truth', 'nothing'].includes(takes) && !/\((all|any)\)$/.test(value),
);

const whereDurable = { '/delivery': ['durable'] };

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Filter',
	default: {},
	displayOptions: { hide: whereDurable },
	description:
		'Conditions on the row as it is after the change; all have to be met. A deleted row can be filtered by its key alone, unless the table has REPLICA IDENTITY FULL.',
	options: [
		{
			displayName: 'Filter',
			name: 'filter',
			values: [
				{ ...column, description: 'A column of the table' },
				operatorField(ROW_OPERATORS),
				valueField,
				valuesField,
				truthField,
				negateField,
			],
		},
	],
};

const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: [
		{ name: 'Insert', value: 'insert' },
		{ name: 'Update', value: 'update' },
		{
			name: 'Delete',
			value: 'delete',
			description:
				'Of a deleted row only its key is known, unless it has REPLICA IDENTITY FULL or Delivery is Durable',
		},
	],
	default: ['insert', 'update', 'delete'],
	required: true,
	description: 'Which changes start the workflow',
};

const cursorColumn: INodeProperties = {
	...locator(
		{
			displayName: 'Cursor Column',
			name: 'cursorColumn',
			description:
				'By it the rows are found that have changed since. Give it an index, and see to it that every write sets it.',
		},
		'searchColumns',
		'updated_at',
	),
	hint: 'A column that grows with every change, such as updated_at. For new rows alone: id or created_at',
	displayOptions: { show: { '/delivery': ['catchUp'] } },
};

const more: INodeProperties = {
	displayName: 'Table Options',
	name: 'tableOptions',
	type: 'collection',
	placeholder: 'Add Table Option',
	default: {},
	options: [
		{
			displayName: 'Columns',
			name: 'columns',
			type: 'string',
			default: '',
			placeholder: 'e.g. ID, name',
			displayOptions: { hide: whereDurable },
			description: 'Names with commas between. Only these are sent, and the key. All if not set.',
		},
		{
			displayName: 'Key Columns',
			name: 'keyColumns',
			type: 'string',
			default: '',
			placeholder: 'e.g. ID',
			displayOptions: { hide: whereDurable },
			description:
				'The columns by which a row is told from all others, with commas between. The primary key if not set.',
		},
		{
			displayName: 'Canary Row',
			hint: 'The values of a row, as JSON',
			name: 'canaryRow',
			type: 'json',
			default: '',
			placeholder: 'e.g. { "customer": "canary" }',
			displayOptions: { hide: whereDurable },
			description:
				'Proves, whenever the workflow is activated by hand, that changes come: the row is written with the secret key, has to come, and is deleted. It starts no execution here, but all else that is told of the table sees it, its triggers too.',
		},
		{
			displayName: 'Leave Out Columns',
			name: 'omitColumns',
			type: 'string',
			default: '',
			placeholder: 'e.g. password_hash, notes',
			displayOptions: { show: whereDurable },
			description: 'Names with commas between. These never leave the database.',
		},
		{
			displayName: 'Many Rows at Once',
			name: 'bulk',
			type: 'boolean',
			default: false,
			displayOptions: { show: whereDurable },
			description:
				'Whether changes are captured once a statement: about three times as fast where one statement writes a thousand rows, slower for single rows. Not for partitioned tables.',
		},
	],
};

export const tables: INodeProperties = {
	displayName: 'Tables',
	name: 'tables',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Table',
	default: {
		table: [{ schema: schema.default, table: table.default, events: events.default, filters: {} }],
	},
	displayOptions: { show: whereListeningTo('postgresChanges') },
	description:
		'With Live and Catch Up, Realtime has to be on for each: alter publication supabase_realtime add table my_table',
	options: [
		{
			displayName: 'Table',
			name: 'table',
			values: [schema, table, events, filters, cursorColumn, more],
		},
	],
};

export const startFrom: INodeProperties[] = [
	{
		displayName: 'Start From',
		name: 'startFrom',
		type: 'options',
		displayOptions: { show: { ...whereListeningTo('postgresChanges'), delivery: ['catchUp'] } },
		options: [
			{
				name: 'Now',
				value: 'now',
				description: 'Rows that change after the workflow is activated',
			},
			{
				name: 'A Cursor Value',
				value: 'value',
				description: 'Rows whose cursor column is greater, such as a point in time',
			},
			{ name: 'The Beginning', value: 'beginning', description: 'All rows that there are, too' },
		],
		default: 'now',
		description:
			'Where to begin when the workflow is activated for the first time. Later it goes on where it was.',
	},
	{
		displayName: 'After',
		name: 'startValue',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 2026-01-31T00:00:00Z',
		displayOptions: {
			show: {
				...whereListeningTo('postgresChanges'),
				delivery: ['catchUp'],
				startFrom: ['value'],
			},
		},
		description: 'A value of the cursor column',
	},
];
