import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { getBucket } from '../../../src/api/storage/buckets';
import { objectKey, originalName, safeName } from '../../../src/api/storage/key';
import type { Sort } from '../../../src/api/storage/list';
import { listFiles, type Entry, type ListingOptions } from '../../../src/api/storage/listing';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, bucketOf, makeNamesSafe } from '../fields';
import { limit, limitOf, returnAll } from '../limit';
import { rightsFor } from '../policies';
import { eachItem, planOf, type StoragePlan } from '../run';

const folder: INodeProperties = {
	displayName: 'Folder',
	name: 'folder',
	type: 'resourceLocator',
	default: { mode: 'path', value: '' },
	description: 'The folder to look into. The whole bucket where it is empty.',
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

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Include Folders',
			name: 'includeFolders',
			type: 'boolean',
			default: true,
			description: 'Whether to list folders beside files. A recursive list has files only.',
		},
		{ ...makeNamesSafe, description: 'Whether to add originalPath, which a safe name stands for' },
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
	readonly bucket: string;
	readonly list: ListingOptions;
	readonly includeFolders: boolean;
	readonly original: boolean;
}

export const getFiles = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many files',
	description: 'List files and folders',
	parameters: [bucket, folder, returnAll, limit, options],
	compile: (get) => ({
		...planOf(get),
		bucket: bucketOf(get),
		list: listOf(get),
		includeFolders: get.object('options').includeFolders !== false,
		original: get.object('options').makeNamesSafe === true,
	}),
	execute: eachItem('file.getAll', async ({ plan, send }, run) => {
		const wanted = plan.includeFolders ? plan.list : { ...plan.list, limit: undefined };
		const entries = await listFiles(send, plan.bucket, wanted);
		if (entries.length === 0) {
			// A bucket that is missing is answered with an empty list, as is one that may not be seen.
			const found = await send(getBucket(plan.bucket)).catch(refusal);
			if (found instanceof SupabaseApiError) {
				if (plan.runAs === 'serviceRole') throw found;
				run.hint(
					`Nothing was listed in "${plan.bucket}". Without a policy for ${rightsFor('file.getAll')} Storage lists nothing, and says no more.`,
				);
			}
		}
		return entries
			.filter(({ type }) => plan.includeFolders || type === 'file')
			.slice(0, plan.list.limit)
			.map((entry) => ({ json: shown(entry, plan) }));
	}),
});

function listOf(get: ItemParameters): ListingOptions {
	const { recursive, search, sortBy, sortOrder, makeNamesSafe: safe } = get.object('options');
	const wanted = get.text('folder').replace(/^\/+|\/+$/g, '');
	return {
		folder: wanted && objectKey(safe === true ? safeName(wanted) : wanted),
		recursive: recursive === true,
		sort: { column: sortBy ?? 'name', order: sortOrder ?? 'asc' } as Sort,
		search: typeof search === 'string' && search ? search : undefined,
		limit: limitOf(get),
	};
}

function shown({ name, path, type, ...rest }: Entry, { bucket: id, original }: Plan): IDataObject {
	const before = originalName(path);
	const originalPath = original && before !== path ? { originalPath: before } : {};
	return { name, bucket: id, path, ...originalPath, type, ...rest } as IDataObject;
}
