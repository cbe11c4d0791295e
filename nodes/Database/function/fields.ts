import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { itemsAtOnce, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedFunctions } from '../fields';
import { filters, match } from '../filterFields';
import { order } from '../order';
import { MANY, maxRows, readingOptions, returnAll, RETURNS, skipEmptyFilters } from '../reading';
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
			? {
					name: 'Result',
					value,
					description: 'An item for each row or value of a set, or one with the result',
				}
			: { ...RETURNS[value], value },
	),
	default: 'rows',
	description: 'In which form the result comes out',
};

/** The forms in which rows come, which can be filtered and put in an order. */
const ofRows = { show: { return: FORMS.filter((form) => form !== 'plan') } };

export const filtersOfResult = byNameAlone({ ...filters, displayOptions: ofRows });
export const matchOfResult: INodeProperties = {
	...match,
	displayOptions: {
		...match.displayOptions,
		show: { ...match.displayOptions?.show, ...ofRows.show },
	},
};
export const orderOfResult = byNameAlone({
	...order,
	displayOptions: {
		show: { return: ['rows', 'rowsWithCount', 'single', 'maybeSingle', 'csv', 'geojson'] },
	},
});

/** The columns of a function's result are not described, so they are typed. */
function byNameAlone<Part>(part: Part): Part {
	if (typeof part !== 'object' || part === null) return part;
	if (Array.isArray(part)) return part.map(byNameAlone) as Part;
	const parts = Object.fromEntries(
		Object.entries(part).map(([name, each]: [string, unknown]) => [name, byNameAlone(each)]),
	);
	if (parts.type !== 'resourceLocator') return parts as Part;
	const modes = parts.modes as INodePropertyMode[];
	return {
		...parts,
		default: { mode: 'name', value: '' },
		modes: modes.filter(({ name }) => name === 'name'),
		description: "A column of the function's result, by its name",
	} as Part;
}

/** A function was called without a limit before there was one, so all rows are wanted unless told. */
export const returnAllOfResult: INodeProperties = {
	...returnAll,

	default: true,
};

export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Columns',
			name: 'columns',
			type: 'string',
			default: '',
			placeholder: 'e.g. name, country:countries(name)',
			description: 'What of the rows to return, as a select expression. All columns if empty.',
		},
		{
			displayName: 'List Is',
			name: 'listIs',
			type: 'options',
			options: [
				{ name: 'An Array', value: 'array', description: 'One item with the list' },
				{ name: 'A Set', value: 'set', description: 'An item for each row or value' },
				{
					name: 'Told by the Answer',
					value: 'auto',
					description: 'One value alone cannot be told: it is taken for an array',
				},
			],
			default: 'auto',
			displayOptions: { show: { '/return': ['rows', 'single', 'maybeSingle'] } },
			description: 'What a list stands for that the function gives',
		},
		{
			displayName: 'Exact Numbers',
			name: 'exactNumbers',
			type: 'boolean',
			default: false,
			displayOptions: { hide: { '/return': ['count', 'csv', 'plan'] } },
			description:
				'Whether to return numbers as text that JavaScript would round, wherever they stand',
		},
		...readingOptions,
		dryRun,
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
				'How many calls are made side by side. Those that may write are made one after the other, in the order of the items, unless it is set; those that only read ten at once.',
		},
		{
			displayName: 'Page Size',
			name: 'pageSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			displayOptions: { show: { '/callAs': ['GET'], '/return': MANY } },
			description: 'How many rows to ask for at once',
		},
		{ ...maxRows, displayOptions: { hide: { '/returnAll': [false] } } },
		skipEmptyFilters,
		{
			displayName: 'Variadic Arguments',
			name: 'variadic',
			type: 'string',
			default: '',
			displayOptions: { show: { '/callAs': ['GET'] } },
			description:
				'The names of arguments that take any number of values (VARIADIC), where the project does not tell',
		},
		allowedFunctions,
		...requestOptions,
	],
};
