import type { INodeProperties } from 'n8n-workflow';

import { operatorsThatTake, type FormOperator } from './filterOperators';

/** By what a column is compared. */
export function operatorField(operators: readonly FormOperator[]): INodeProperties {
	return {
		displayName: 'Operator',
		name: 'operator',
		type: 'options',
		options: operators.map(({ name, value, description }) => ({ name, value, description })),
		default: 'eq',
	};
}

export const valueField: INodeProperties = {
	displayName: 'Value',
	name: 'value',
	type: 'string',
	default: '',
	displayOptions: { show: { operator: operatorsThatTake('value') } },
	description: 'What to compare with. Text is taken as it is, without quotes.',
};

export const valuesField: INodeProperties = {
	displayName: 'Values',
	name: 'values',
	type: 'string',
	default: '',
	placeholder: 'e.g. Earth, Mars',
	displayOptions: { show: { operator: operatorsThatTake('list') } },
	description:
		'Values with commas between; one that holds commas in double quotes: "a,b", c. JSON, or a list from an expression, works too.',
};

export const truthField: INodeProperties = {
	displayName: 'Is',
	name: 'truth',
	type: 'options',
	options: [
		{ name: 'Null', value: 'null' },
		{ name: 'Not Null', value: 'not_null' },
		{ name: 'True', value: 'true' },
		{ name: 'False', value: 'false' },
		{ name: 'Unknown', value: 'unknown' },
	],
	default: 'null',
	displayOptions: { show: { operator: operatorsThatTake('truth') } },
};

export const negateField: INodeProperties = {
	displayName: 'Negate',
	name: 'negate',
	type: 'boolean',
	default: false,
	description: 'Whether to keep the rows that do not meet the condition',
};
