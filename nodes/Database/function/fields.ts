import type { INodeProperties } from 'n8n-workflow';

import { itemsAtOnce, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedFunctions } from '../fields';
import { readingOptions, RETURNS, skipEmptyFilters } from '../reading';
import { dryRun } from '../returning';

export const argumentsFrom: INodeProperties = {
	displayName: 'Arguments From',
	name: 'argumentsFrom',
	type: 'options',

	options: [
		{ name: 'Fields', value: 'fields', description: 'A field for each argument of the function' },
		{ name: 'JSON', value: 'json', description: 'An object of argument names and values' },
		{
			name: 'Single Unnamed Argument',
			value: 'single',
			description: 'For a function of one argument without a name',
		},
	],
	default: 'fields',
};

export const argumentFields: INodeProperties = {
	displayName: 'Arguments',
	name: 'arguments',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	displayOptions: { show: { argumentsFrom: ['fields'] } },
	typeOptions: {
		loadOptionsDependsOn: ['schema.value', 'function.value'],
		resourceMapper: {
			resourceMapperMethod: 'getArgumentFields',
			mode: 'add',
			fieldWords: { singular: 'argument', plural: 'arguments' },
			addAllFields: true,
			multiKeyMatch: false,
			supportAutoMap: false,
		},
	},
};

export const argumentJson: INodeProperties = {
	displayName: 'Arguments',
	name: 'argumentJson',
	type: 'json',
	default: '{}',
	displayOptions: { show: { argumentsFrom: ['json'] } },
	description: 'An object of argument names and values, as JSON text or from an expression',
};

export const singleType: INodeProperties = {
	displayName: 'Argument Is',
	name: 'singleType',
	type: 'options',
	options: [
		{ name: 'Binary (Base64)', value: 'binary', description: 'For an argument of type bytea' },
		{ name: 'JSON', value: 'json' },
		{ name: 'Text', value: 'text' },
		{ name: 'XML', value: 'xml' },
	],
	default: 'json',
	displayOptions: { show: { argumentsFrom: ['single'] } },
};

export const singleArgument: INodeProperties = {
	displayName: 'Argument',
	name: 'singleArgument',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	displayOptions: { show: { argumentsFrom: ['single'] } },
};

export const callAs: INodeProperties = {
	displayName: 'Call As',
	name: 'callAs',
	type: 'options',
	options: [
		{
			name: 'Read-Only (GET)',
			value: 'GET',
			description: 'In a transaction that cannot write; may be repeated when the connection fails',
		},
		{ name: 'Reading and Writing (POST)', value: 'POST' },
	],
	default: 'POST',
};

const FORMS = [
	'rows',
	'rowsWithCount',
	'count',
	'single',
	'maybeSingle',
	'csv',
	'geojson',
	'plan',
] as const;

export const callReturns: INodeProperties = {
	displayName: 'Return',
	name: 'return',
	type: 'options',
	options: FORMS.map((value) =>
		value === 'rows'
			? { name: 'Result', value, description: 'An item for each row, or one with the result' }
			: { ...RETURNS[value], value },
	),
	default: 'rows',
	description: 'In which form the result comes out',
};

export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		allowedFunctions,
		{
			displayName: 'Columns',
			name: 'columns',
			type: 'string',
			default: '',
			placeholder: 'e.g. name, country:countries(name)',
			description: 'What of the rows to return, as a select expression. All columns if empty.',
		},
		dryRun,
		{
			displayName: 'Max Rows',
			name: 'maxRows',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'How many rows to return at the most',
		},
		{
			displayName: 'Maximum Rows Changed',
			name: 'maxAffected',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			description:
				'If the function returns more rows, it is rolled back. For functions that return a set.',
		},
		{
			...itemsAtOnce,
			default: 1,
			description:
				'How many calls are made side by side. Those that may write are made one after the other, in the order of the items, unless it is set; those that only read eight at once.',
		},
		...readingOptions,
		skipEmptyFilters,
		...requestOptions,
	],
};
