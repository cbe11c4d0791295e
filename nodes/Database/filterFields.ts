import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { column } from './fields';

/** The operators as a person reads them, the usual ones first. */
const OPERATOR_OPTIONS: INodePropertyOptions[] = [
	{ name: 'Equals', value: 'eq' },
	{ name: 'Does Not Equal', value: 'neq' },
	{ name: 'Greater Than', value: 'gt' },
	{ name: 'Greater Than or Equal', value: 'gte' },
	{ name: 'Less Than', value: 'lt' },
	{ name: 'Less Than or Equal', value: 'lte' },
	{ name: 'Is in List', value: 'in', description: 'Equals one of several values' },
	{ name: 'Is', value: 'is', description: 'Null, not null, true, false or unknown' },
	{
		name: 'Is Distinct From',
		value: 'isdistinct',
		description: 'Does not equal; a row without a value differs from any value',
	},
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
	{ name: 'Matches All Patterns', value: 'like(all)' },
	{ name: 'Matches All Patterns (Ignoring Case)', value: 'ilike(all)' },
	{ name: 'Matches Any Pattern', value: 'like(any)' },
	{ name: 'Matches Any Pattern (Ignoring Case)', value: 'ilike(any)' },
	{ name: 'Matches Regular Expression', value: 'match' },
	{ name: 'Matches Regular Expression (Ignoring Case)', value: 'imatch' },
	{ name: 'Contains', value: 'cs', description: 'Every element: for arrays, ranges and JSON' },
	{ name: 'Is Contained By', value: 'cd', description: 'For arrays, ranges and JSON' },
	{ name: 'Overlaps', value: 'ov', description: 'A common element: for arrays and ranges' },
	{ name: 'Range Is Right Of', value: 'sr', description: 'Greater than every value of the range' },
	{ name: 'Range Is Not Left Of', value: 'nxl', description: 'Does not extend to its left' },
	{ name: 'Range Is Left Of', value: 'sl', description: 'Less than every value of the range' },
	{ name: 'Range Is Not Right Of', value: 'nxr', description: 'Does not extend to its right' },
	{ name: 'Range Is Adjacent To', value: 'adj' },
	{ name: 'Text Search', value: 'fts', description: "With operators: 'eggs' & 'ham'" },
	{ name: 'Text Search (Words)', value: 'plfts', description: 'Plain words, all of them' },
	{ name: 'Text Search (Phrase)', value: 'phfts', description: 'Words that follow each other' },
	{ name: 'Text Search (Web Style)', value: 'wfts', description: 'As in a search engine' },
];

/** Operators by the form of their value. */
export const LISTS = ['in', 'like(all)', 'like(any)', 'ilike(all)', 'ilike(any)'];
export const COLLECTIONS = ['cs', 'cd', 'ov'];
export const RANGES = ['sr', 'nxl', 'sl', 'nxr', 'adj'];
export const SEARCHES = ['fts', 'plfts', 'phfts', 'wfts'];

const bothRangeForms = { show: { operator: RANGES, rangeForm: ['bounds'] } };

/** One condition on a column: each operator has the value field that suits it. */
const filterFields: INodeProperties[] = [
	column,
	{
		displayName: 'Operator',
		name: 'operator',
		type: 'options',
		options: OPERATOR_OPTIONS,
		default: 'eq',
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		displayOptions: {
			hide: { operator: ['is', ...LISTS, ...COLLECTIONS, ...RANGES, ...SEARCHES] },
		},
		description: 'What to compare with. Text is taken as it is, without quotes.',
	},
	{
		displayName: 'Values',
		name: 'values',
		type: 'string',
		default: '',
		placeholder: 'e.g. Earth, Mars',
		displayOptions: { show: { operator: LISTS } },
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
	{
		displayName: 'Elements',
		name: 'elements',
		type: 'string',
		default: '',
		placeholder: 'e.g. ["urgent", "open"] or {"city": "Rome"} or [1,10)',
		displayOptions: { show: { operator: COLLECTIONS } },
		description:
			'For an array column a list in JSON, for a JSON column JSON, for a range column a range such as [1,10). A list or object from an expression works too.',
	},
	{
		displayName: 'Elements Are',
		name: 'elementsAre',
		type: 'options',
		options: [
			{ name: 'An Array', value: 'array', description: 'For a column such as text[]' },
			{ name: 'JSON', value: 'json', description: 'For a column of type JSON or jsonb' },
			{ name: 'PostgreSQL Text', value: 'text', description: 'Such as {a,b} or [1,10), as it is' },
		],
		default: 'array',
		displayOptions: { show: { operator: COLLECTIONS } },
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
		displayOptions: { show: { operator: RANGES } },
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
		displayOptions: { show: { operator: RANGES, rangeForm: ['text'] } },
	},
	{
		displayName: 'Query',
		name: 'query',
		type: 'string',
		default: '',
		displayOptions: { show: { operator: SEARCHES } },
		description: 'What to search for',
	},
	{
		displayName: 'Configuration',
		name: 'config',
		type: 'string',
		default: '',
		placeholder: 'english',
		displayOptions: { show: { operator: SEARCHES } },
		description: "The text search configuration. The database's default if empty.",
	},
	{
		displayName: 'Negate',
		name: 'negate',
		type: 'boolean',
		default: false,
		description: 'Whether to keep the rows that do not meet the condition',
	},
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
					displayName: 'Negate',
					name: 'negate',
					type: 'boolean',
					default: false,
					description: 'Whether to keep the rows that do not meet the group',
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
					displayName: 'Filters',
					name: 'filters',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true },
					placeholder: 'Add Filter',
					default: {},
					options: [{ displayName: 'Filter', name: 'filter', values: filterFields }],
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
						"What the form cannot say, in PostgREST's own words; all parts have to hold. Text from outside belongs into Values: here it could change the condition.",
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
