import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
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

/** How many an item asks for; no limit with Return All. */
export function limitOf(get: ItemParameters): number | undefined {
	if (get.boolean('returnAll')) return undefined;
	const wanted = get.wholeNumber('limit');
	if (wanted >= 1) return wanted;
	throw new InvalidRequestError('Limit is 0', 'Ask for at least one.');
}
