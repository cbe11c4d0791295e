import type { INodeProperties } from 'n8n-workflow';

import { METHODS, REGIONS, type Invocation } from '../../../src/api/functions/invoke';
import type { ItemParameters } from '../../../src/n8n/parameters';

export const functionName: INodeProperties = {
	displayName: 'Function',
	name: 'function',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. hello-world',
	hint: 'The name, as in the dashboard under Edge Functions. The keys of a project cannot list them.',
	description: 'The name of the function to call',
};

export const method: INodeProperties = {
	displayName: 'Method',
	name: 'method',
	type: 'options',
	options: METHODS.map((value) => ({ name: value, value })),
	default: 'POST',
	description: 'The HTTP method of the call. With GET nothing but the address is sent.',
};

export const path: INodeProperties = {
	displayName: 'Path',
	name: 'path',
	type: 'string',
	default: '',
	placeholder: 'e.g. orders/5',
	description: 'What comes behind the name of the function in its address, where it has paths',
};

export const query: INodeProperties = {
	displayName: 'Query Parameters',
	name: 'query',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Parameter',
	default: {},
	description: 'What comes behind the ? of the address. A name may come several times.',
	options: [
		{
			displayName: 'Parameter',
			name: 'parameter',
			values: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
};

/** Members of Options. */
export const region: INodeProperties = {
	displayName: 'Region',
	name: 'region',
	type: 'options',
	options: REGIONS.map((value) => ({ name: value, value })),
	default: 'eu-central-1',
	description:
		'Where the function runs, for example near the database. Without it, near where n8n runs.',
};

export const safeToRepeat: INodeProperties = {
	displayName: 'Safe to Repeat',
	name: 'safeToRepeat',
	type: 'boolean',
	default: false,
	description:
		'Whether calling it twice does no more than calling it once. A call that got no answer is then made again; calls with GET are anyway.',
};

/** The call that an item asks for, but for its body. */
export function invocationOf(get: ItemParameters): Invocation {
	const chosen = get.oneOf('method', METHODS) ?? 'POST';
	return {
		name: get.required('function'),
		method: chosen,
		path: get.text('path'),
		query: get
			.field('query')
			.collections('parameter')
			.map((row) => [row('name').required(), row('value').exact()]),
		region: get.option('region').oneOf(REGIONS),
		repeatable: get.option('safeToRepeat').boolean(chosen === 'GET'),
	};
}
