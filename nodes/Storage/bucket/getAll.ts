import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listBuckets, type BucketListOptions } from '../../../src/api/storage/buckets';
import { eachItem } from '../../../src/n8n/each';
import { limit, limitOf, returnAll } from '../../../src/n8n/limit';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { sortOrder } from '../listing';

const SORT_BY = ['name', 'id', 'created_at', 'updated_at'] as const;
const ORDER = ['asc', 'desc'] as const;

const members: INodeProperties[] = [
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
	sortOrder,
	{
		displayName: 'Offset',
		name: 'offset',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'How many to leave out before the first one',
	},
	...requestOptions,
];

interface Plan {
	readonly list: BucketListOptions;
}

export const getBuckets = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many buckets',
	description: 'List the buckets of the project',
	rights: 'SELECT on storage.buckets',
	parameters: [returnAll, limit, optionsOf(members)],
	compile: (get) => ({ list: listOf(get) }),
	execute: eachItem(async ({ plan: { list }, send }) => {
		const { body } = await send<IDataObject[]>(listBuckets(list));
		// Older servers give all of them, whatever they are asked.
		return body.slice(0, list.limit).map((json) => ({ json }));
	}),
});

function listOf(get: ItemParameters): BucketListOptions {
	return {
		limit: limitOf(get),
		offset: get.option('offset').wholeNumber() || undefined,
		search: get.option('search').text(),
		sortColumn: get.option('sortColumn').oneOf(SORT_BY),
		sortOrder: get.option('sortOrder').oneOf(ORDER),
	};
}
