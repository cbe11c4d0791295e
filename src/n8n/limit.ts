import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from './parameters';

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

/** How many an item asks for; no limit with Return All. */
export function limitOf(get: ItemParameters): number | undefined {
	return get.boolean('returnAll') ? undefined : (get.field('limit').wholeNumber(1) ?? 50);
}
