import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listBuckets, type BucketListOptions } from '../../../src/api/storage/buckets';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { limit, limitOf, returnAll } from '../limit';
import { eachItem, planOf, type StoragePlan } from '../run';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Offset',
			name: 'offset',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'How many to leave out before the first one',
		},
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			description: 'A text that the name contains',
		},
		{
			displayName: 'Sort By',
			name: 'sortColumn',
			type: 'options',
			options: [
				{ name: 'Created At', value: 'created_at' },
				{ name: 'ID', value: 'id' },
				{ name: 'Name', value: 'name' },
				{ name: 'Updated At', value: 'updated_at' },
			],
			default: 'name',
		},
		{
			displayName: 'Sort Order',
			name: 'sortOrder',
			type: 'options',
			options: [
				{ name: 'Ascending', value: 'asc' },
				{ name: 'Descending', value: 'desc' },
			],
			default: 'asc',
		},
		...requestOptions,
	],
};

interface Plan extends StoragePlan {
	readonly list: BucketListOptions;
}

export const getBuckets = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many buckets',
	description: 'List the buckets of the project',
	parameters: [returnAll, limit, options],
	compile: (get) => ({ ...planOf(get), list: listOf(get) }),
	execute: eachItem('bucket.getAll', async ({ plan: { list }, send }) => {
		const { body } = await send<IDataObject[]>(listBuckets(list));
		// Older servers give all of them, whatever they are asked.
		return body.slice(0, list.limit).map((json) => ({ json }));
	}),
});

function listOf(get: ItemParameters): BucketListOptions {
	const { offset, search, sortColumn, sortOrder } = get.object('options') as BucketListOptions;
	return { limit: limitOf(get), offset: offset || undefined, search, sortColumn, sortOrder };
}
