import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	negateField,
	operatorField,
	truthField,
	valueField,
	valuesField,
} from '../../src/n8n/conditionFields';
import { FORM_OPERATORS, operatorsThatTake } from '../../src/n8n/filterOperators';
import { column } from '../../src/n8n/tableFields';

const bothRangeForms = { show: { operator: operatorsThatTake('range'), rangeForm: ['bounds'] } };

/** One condition on a column: each operator has the value field that suits it. */
const filterFields: INodeProperties[] = [
	column,
	operatorField(FORM_OPERATORS),
	valueField,
	valuesField,
	truthField,
	{
		displayName: 'Elements',
		name: 'elements',
		type: 'string',
		default: '',
		placeholder: 'e.g. ["urgent", "open"] or {"city": "Rome"}',
		displayOptions: { show: { operator: operatorsThatTake('collection') } },
		description:
			'For an array column a list in JSON, for a JSON column JSON. For a range column a range such as [1,10], with Elements Are set to A Range. A list or object from an expression works too.',
	},
	{
		displayName: 'Elements Are',
		name: 'elementsAre',
		type: 'options',
		options: [
			{ name: 'An Array', value: 'array', description: 'For a column such as text[]' },
			{
				name: 'A Range',
				value: 'range',
				description: 'Such as [1,10] or [1,10), for a range column',
			},
			{ name: 'JSON', value: 'json', description: 'For a column of type JSON or jsonb' },
			{ name: 'PostgreSQL Text', value: 'text', description: 'Such as {a,b} or [1,10), as it is' },
		],
		default: 'array',
		displayOptions: { show: { operator: operatorsThatTake('collection') } },
		description: 'What a list stands for',
	},
	{
		displayName: 'Range',
		name: 'rangeForm',
		type: 'options',
		options: [
			{ name: 'Lower and Upper Bound', value: 'bounds' },
			{ name: 'Text', value: 'text' },
		],
		default: 'bounds',
		displayOptions: { show: { operator: operatorsThatTake('range') } },
	},
	{
		displayName: 'Lower Bound',
		name: 'lower',
		type: 'string',
		default: '',
		displayOptions: bothRangeForms,
		description: 'Open to below if empty',
	},
	{
		displayName: 'Upper Bound',
		name: 'upper',
		type: 'string',
		default: '',
		displayOptions: bothRangeForms,
		description: 'Open to above if empty',
	},
	{
		displayName: 'Bounds Included',
		name: 'bounds',
		type: 'options',
		options: [
			{ name: 'Lower Only: [ )', value: '[)' },
			{ name: 'Both: [ ]', value: '[]' },
			{ name: 'Upper Only: ( ]', value: '(]' },
			{ name: 'Neither: ( )', value: '()' },
		],
		default: '[)',
		displayOptions: bothRangeForms,
	},
	{
		displayName: 'Range Text',
		name: 'rangeText',
		type: 'string',
		default: '',
		placeholder: 'e.g. [2000-01-01,2000-02-01)',
		displayOptions: { show: { operator: operatorsThatTake('range'), rangeForm: ['text'] } },
	},
	{
		displayName: 'Query',
		name: 'query',
		type: 'string',
		default: '',
		displayOptions: { show: { operator: operatorsThatTake('search') } },
		description: 'What to search for',
	},
	{
		displayName: 'Configuration',
		name: 'config',
		type: 'string',
		default: '',
		placeholder: 'english',
		displayOptions: { show: { operator: operatorsThatTake('search') } },
		description: "The text search configuration. The database's default if empty.",
	},
	negateField,
];

const MATCH_OPTIONS: INodePropertyOptions[] = [
	{ name: 'All Filters', value: 'all' },
	{ name: 'Any Filter', value: 'any' },
];

export const match: INodeProperties = {
	displayName: 'Must Match',
	name: 'match',
	type: 'options',
	options: MATCH_OPTIONS,
	default: 'all',
	description: 'How many of the filters a row has to meet',
};

export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Filter',
	default: {},
	description: 'Conditions on the rows. Several on one column all count.',
	options: [
		{ displayName: 'Filter', name: 'filter', values: filterFields },
		{
			displayName: 'Group',
			name: 'group',
			values: [
				{
					displayName: 'Must Match',
					name: 'match',
					type: 'options',
					options: MATCH_OPTIONS,
					default: 'any',
				},
				{
					displayName: 'Filters',
					name: 'filters',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true },
					placeholder: 'Add Filter',
					default: {},
					options: [{ displayName: 'Filter', name: 'filter', values: filterFields }],
				},
				{
					displayName: 'Related Table',
					name: 'relation',
					type: 'string',
					default: '',
					placeholder: 'e.g. instruments',
					description:
						"The related table in Columns whose rows the group is about. The table's own rows if empty.",
				},
				{
					displayName: 'Negate',
					name: 'negate',
					type: 'boolean',
					default: false,
					description: 'Whether to keep the rows that do not meet the group',
				},
			],
		},
		{
			displayName: 'Matches Object',
			name: 'object',
			values: [
				{
					displayName: 'Object',
					name: 'object',
					type: 'json',
					default: '{}',
					description:
						'Columns and values, each of which has to be equal. Null finds rows without a value.',
				},
			],
		},
		{
			displayName: 'PostgREST Text',
			name: 'raw',
			values: [
				{
					displayName: 'Condition',
					name: 'raw',
					type: 'string',
					default: '',
					placeholder: 'e.g. ID.gt.$1,or(name.eq.$2,name.is.null)',
					description:
						"What the form cannot say, in PostgREST's own words. Text from outside belongs into Values: here it could change the condition.",
				},
				{
					displayName: 'Must Match',
					name: 'rawMatch',
					type: 'options',
					options: [
						{ name: 'All Parts', value: 'all' },
						{ name: 'Any Part', value: 'any', description: "As in the clients' or()" },
					],
					default: 'all',
					description: 'How many of the parts, with commas between, a row has to meet',
				},
				{
					displayName: 'Values',
					name: 'values',
					type: 'json',
					default: '[]',
					description: 'A list with what $1, $2, … stand for',
				},
				{
					displayName: 'Related Table',
					name: 'relation',
					type: 'string',
					default: '',
					description: 'The related table in Columns whose rows the condition is about',
				},
			],
		},
	],
};
