import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../../src/n8n/parameters';

/** Among the Options. */
export const page: INodeProperties = {
	displayName: 'Page',
	name: 'page',
	type: 'number',
	displayOptions: { show: { '/returnAll': [false] } },
	typeOptions: { minValue: 1 },
	default: 1,
	description: 'Which page to return, where a page has as many as Limit says; the first one is 1',
};

/** Which page; `undefined` where none was chosen, or all are wanted. */
export function pageOf(get: ItemParameters): number | undefined {
	return get.boolean('returnAll') ? undefined : get.option('page').wholeNumber(1);
}
