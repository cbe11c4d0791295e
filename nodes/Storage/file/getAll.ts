import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { getBucket } from '../../../src/api/storage/buckets';
import { originalName } from '../../../src/api/storage/key';
import type { Sort } from '../../../src/api/storage/list';
import { listFiles, type Entry, type ListingOptions } from '../../../src/api/storage/listing';
import { eachItem } from '../../../src/n8n/each';
import { limit, limitOf, returnAll } from '../../../src/n8n/limit';
import { operation, type Job, type Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe } from '../fields';
import { offset, offsetOf, sortOrder } from '../listing';
import { bucketOf, keyOf } from '../places';
import { explaining, type About } from '../refusals';

const folder: INodeProperties = {
	displayName: 'Folder',
	name: 'folder',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	hint: 'Empty: the top of the bucket',
	description: 'The folder to look into',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchFolders', searchable: true },
		},
		{ displayName: 'By Path', name: 'path', type: 'string', placeholder: 'photos/2026' },
	],
};

const SORT_BY = ['name', 'created_at', 'updated_at', 'last_accessed_at'] as const;
const ORDER = ['asc', 'desc'] as const;

const members: INodeProperties[] = [
	{
		displayName: 'Recursive',
		name: 'recursive',
		type: 'boolean',
		default: false,
		description: 'Whether to list also what is in the folders of the folder',
	},
	{
		displayName: 'Search',
		name: 'search',
		type: 'string',
		default: '',
		description: 'What names begin with, in upper or lower case',
	},
	{
		displayName: 'Sort By',
		name: 'sortBy',
		type: 'options',
		options: [
			{ name: 'Created At', value: 'created_at' },
			{ name: 'Last Accessed At', value: 'last_accessed_at' },
			{ name: 'Name', value: 'name' },
			{ name: 'Updated At', value: 'updated_at' },
		],
		default: 'name',
	},
	{
		...sortOrder,
		description:
			'By name descending all of a folder is read first, whatever the limit, as Storage loses folders on that way. With Recursive it is not.',
	},
	{
		displayName: 'Include Folders',
		name: 'includeFolders',
		type: 'boolean',
		displayOptions: { hide: { recursive: [true] } },
		default: true,
		description: 'Whether to list folders beside files',
	},
	{ ...makeNamesSafe, description: 'Whether to add originalPath, which a safe name stands for' },
	...requestOptions,
];

const options = optionsOf(members);
const parameters = [bucket, folder, returnAll, limit, offset, options];

const rights = 'SELECT on storage.objects';

interface Plan {
	readonly about: About;
	readonly list: ListingOptions;
	readonly original: boolean;
}

export const getFiles = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many files',
	description: 'List files and folders',
	rights,
	parameters,
	compile: (get) => ({
		about: { bucket: bucketOf(get), runAs: runAsOf(get) },
		list: listOf(get),
		original: get.option('makeNamesSafe').boolean(),
	}),
	execute: eachItem(explaining({}, listed)),
});

async function listed({ plan, send }: Job<Plan>, run: Run) {
	const { bucket: id, runAs } = plan.about;
	const entries = await listFiles(send, id, plan.list);
	if (entries.length === 0) {
		// A bucket that is missing is answered with an empty list, as is one that may not be seen.
		const found = await send(getBucket(id)).catch(refusal);
		if (found instanceof SupabaseApiError) {
			if (runAs === 'serviceRole') throw found;
			run.hint(
				`Nothing was listed in "${id}". Without a policy for ${rights} Storage lists nothing, and says no more.`,
			);
		}
	}
	return entries.map((entry) => ({ json: shown(entry, plan) }));
}

function listOf(get: ItemParameters): ListingOptions {
	const folderPath = get
		.field('folder')
		.exact()
		.replace(/^\/+|\/+$/g, '');
	const isFile = ({ type }: Entry) => type === 'file';
	const sort: Sort = {
		column: get.option('sortBy').oneOf(SORT_BY) ?? 'name',
		order: get.option('sortOrder').oneOf(ORDER) ?? 'asc',
	};
	return {
		folder: folderPath && keyOf(get, folderPath).key,
		recursive: get.option('recursive').boolean(),
		sort,
		search: get.option('search').text() || undefined,
		keep: get.option('includeFolders').boolean(true) ? undefined : isFile,
		limit: limitOf(get),
		offset: offsetOf(get),
	};
}

function shown({ name, path, type, ...rest }: Entry, { about, original }: Plan): IDataObject {
	const before = originalName(path);
	const originalPath = original && before !== path ? { originalPath: before } : {};
	return { name, bucket: about.bucket, path, ...originalPath, type, ...rest } as IDataObject;
}
