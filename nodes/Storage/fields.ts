import type { INodeProperties } from 'n8n-workflow';

export const bucket: INodeProperties = {
	displayName: 'Bucket',
	name: 'bucket',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The bucket that the file is in',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchBuckets', searchable: true },
		},
		{ displayName: 'By ID', name: 'name', type: 'string', placeholder: 'avatars' },
	],
};

/** The path of a file that is there. */
export const path: INodeProperties = {
	displayName: 'Path',
	name: 'path',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The path of the file in the bucket, with its folders',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchFiles', searchable: true },
		},
		{ displayName: 'By Path', name: 'path', type: 'string', placeholder: 'folder/photo.png' },
	],
};

/** Where a file comes to. */
export const newPath: INodeProperties = {
	...path,
	default: { mode: 'path', value: '' },
	hint: "After a slash at the end the file's own name is added: invoices/",
	description: 'Where the file comes to in the bucket, with its folders',
};

/** One or several files: what deleting and signing in bulk have in common. */
export const paths: INodeProperties = {
	displayName: 'Paths',
	name: 'paths',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'folder/photo.png, folder/notes.txt',
	hint: 'On one line with commas between, or one on each line: then a comma belongs to the path',
	description:
		'What an expression gives is taken as it is: a list, or a text with one path on each line. The paths of many items go together in one request.',
};

export const toBucket: INodeProperties = {
	...bucket,
	displayName: 'To Bucket',
	name: 'toBucket',
	required: false,
	hint: 'Empty: the same bucket',
	description: 'Where the file comes to. The same bucket where it is empty.',
};

export const toPath: INodeProperties = {
	...path,
	displayName: 'To Path',
	name: 'toPath',
	default: { mode: 'path', value: '' },
	hint: 'After a slash at the end the file keeps its name: archive/',
	description: 'The new path in the bucket, with its folders',
	modes: path.modes?.map((mode) =>
		mode.type === 'list'
			? { ...mode, typeOptions: { searchListMethod: 'searchFilesThere', searchable: true } }
			: mode,
	),
};

/** Members of Options. */
export const makeNamesSafe: INodeProperties = {
	displayName: 'Make Names Safe',
	name: 'makeNamesSafe',
	type: 'boolean',
	default: false,
	description:
		'Whether to write characters that Storage does not allow, such as ü or #, and those that some addresses cannot hold, as ! and two hexadecimal digits for each of their bytes. Choose the same wherever the path is used; Get Many turns it back.',
};

export const upsert: INodeProperties = {
	displayName: 'Overwrite',
	name: 'upsert',
	type: 'boolean',
	default: false,
	description: 'Whether to replace a file that is there already',
};
