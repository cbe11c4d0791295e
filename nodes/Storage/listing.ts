import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../../src/n8n/parameters';

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
