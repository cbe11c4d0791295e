import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../../src/n8n/parameters';

export const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	displayOptions: { show: { returnAll: [false] } },
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
};

export const offset: INodeProperties = {
	displayName: 'Offset',
	name: 'offset',
	type: 'number',
	displayOptions: { show: { returnAll: [false] } },
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'How many to leave out before the first one',
};

/** Among the Options. */
export const sortOrder: INodeProperties = {
	displayName: 'Sort Order',
	name: 'sortOrder',
	type: 'options',
	options: [
		{ name: 'Ascending', value: 'asc' },
		{ name: 'Descending', value: 'desc' },
	],
	default: 'asc',
};

/** How many an item leaves out; none with Return All. */
export function offsetOf(get: ItemParameters): number {
	return get.field('offset').wholeNumber() ?? 0;
}

/** How many an item asks for; no limit with Return All. */
export function limitOf(get: ItemParameters): number | undefined {
	return get.boolean('returnAll') ? undefined : (get.field('limit').wholeNumber(1) ?? 50);
}
