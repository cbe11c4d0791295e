import type { INodeProperties } from 'n8n-workflow';

import { locator } from '../../src/n8n/tableFields';

export const databaseFunction = locator(
	{ displayName: 'Function', name: 'function', description: 'The function to call' },
	'searchFunctions',
	'hello_world',
);

/** Among the Options: keeps a node that a model steers to certain tables or functions. */
function allowList(what: string, name: string): INodeProperties {
	return {
		displayName: `Allowed ${what}`,
		name,
		type: 'string',
		default: '',
		placeholder: 'e.g. countries, cities',
		description:
			'Names with commas between; one of another schema than public as schema.name. Any other is refused, for example when an AI agent fills it in.',
	};
}

export const allowedTables = allowList('Tables', 'allowedTables');
export const allowedFunctions = allowList('Functions', 'allowedFunctions');
