import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { parseJson } from '../../src/api/json';
import {
	bucketName,
	newObjectKey,
	objectKey,
	originalName,
	safeName,
} from '../../src/api/storage/key';
import type { Place } from '../../src/api/storage/objects';
import type { ItemParameters } from '../../src/n8n/parameters';

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
	default: { mode: 'path', value: '' },
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
	description:
		"Where the file comes to in the bucket, with its folders. After a slash at the end the file's own name is added.",
};

/** One or several files: what deleting and signing in bulk have in common. */
export const paths: INodeProperties = {
	displayName: 'Paths',
	name: 'paths',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'folder/photo.png',
	description:
		'One path on each line, or an expression that gives a list. The paths of many items go together in one request.',
};

export const toBucket: INodeProperties = {
	...bucket,
	displayName: 'To Bucket',
	name: 'toBucket',
	default: { mode: 'name', value: '' },
	required: false,
	description: 'Where the file comes to. The same bucket where it is empty.',
};

export const toPath: INodeProperties = {
	...path,
	displayName: 'To Path',
	name: 'toPath',
	description: 'The new path in the bucket, with its folders',
	modes: path.modes?.map((mode) =>
		mode.type === 'list'
			? { ...mode, typeOptions: { searchListMethod: 'searchFilesThere', searchable: true } }
			: mode,
	),
};

export const expiresIn: INodeProperties = {
	displayName: 'Expires In (Seconds)',
	name: 'expiresIn',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 3600,
	description: 'How many seconds the URL is good for',
};

/** Members of Options. */
export const makeNamesSafe: INodeProperties = {
	displayName: 'Make Names Safe',
	name: 'makeNamesSafe',
	type: 'boolean',
	default: false,
	description:
		'Whether to write characters that Storage does not allow, such as ü or #, as = and two hexadecimal digits for each of their bytes. Choose the same wherever the path is used; Get Many turns it back.',
};

export const upsert: INodeProperties = {
	displayName: 'Overwrite',
	name: 'upsert',
	type: 'boolean',
	default: false,
	description: 'Whether to replace a file that is there already',
};

export const downloadAs: INodeProperties = {
	displayName: 'Download As',
	name: 'downloadAs',
	type: 'string',
	default: '',
	placeholder: 'e.g. report.pdf',
	description:
		'Lets a browser save the file under this name instead of showing it. A * stands for the name that it has.',
};

/** The bucket that an item names. */
export function bucketOf(get: ItemParameters): string {
	return bucketName(get.required('bucket'));
}

/** The file that an item names, and what its path was where that became a safe one. */
export function placeOf(get: ItemParameters): Place & { readonly original?: string } {
	return { bucket: bucketOf(get), ...safeKey(get, get.required('path'), objectKey) };
}

/** The path that an item's file comes to. */
export function newPlaceOf(
	get: ItemParameters,
	fileName?: string,
): Place & { readonly original?: string } {
	const wanted = get.required('path');
	if (wanted.endsWith('/') && !fileName) {
		throw new InvalidRequestError(
			'Path ends with a slash, and the content has no name of its own',
			'Give the whole path.',
		);
	}
	const whole = wanted.endsWith('/') ? wanted + fileName : wanted;
	return { bucket: bucketOf(get), ...safeKey(get, whole, newObjectKey) };
}

/** Where a file is moved or copied to. */
export function destinationOf(get: ItemParameters): Place & { readonly original?: string } {
	return {
		bucket: bucketName(get.text('toBucket') || get.required('bucket')),
		...safeKey(get, get.required('toPath'), newObjectKey),
	};
}

/** The keys that an item names, in order, each once. */
export function keysOf(get: ItemParameters): string[] {
	const found = get.value('paths');
	const wanted = Array.isArray(found) ? found : get.required('paths').split('\n');
	const keys = wanted
		.map((each: unknown) => {
			if (typeof each === 'string') return each.trim();
			throw new InvalidRequestError('Paths holds something that is not a text');
		})
		.filter(Boolean)
		.map((each) => safeKey(get, each, objectKey).key);
	if (keys.length) return [...new Set(keys)];
	throw new InvalidRequestError('Paths is empty', 'Enter at least one path.');
}

function safeKey(get: ItemParameters, wanted: string, key: (path: string) => string) {
	const safe = get.object('options').makeNamesSafe === true;
	const made = key(safe ? safeName(wanted) : wanted);
	const original = safe ? originalName(made) : made;
	return { key: made, ...(original !== made && { original }) };
}

/** A file's place as it is told in the output. */
export function told({ bucket: id, key, original }: Place & { original?: string }): IDataObject {
	return { bucket: id, path: key, ...(original !== undefined && { originalPath: original }) };
}

/** What Download As means: nothing, a name, or the name that it has. */
export function downloadAsOf(get: ItemParameters): string | true | undefined {
	const { downloadAs: name } = get.object('options');
	if (typeof name !== 'string' || !name.trim()) return undefined;
	return name.trim() === '*' ? true : name.trim();
}

/** A number of seconds that a URL is good for. */
export function expiresInOf(get: ItemParameters): number {
	const seconds = get.wholeNumber('expiresIn');
	if (seconds >= 1) return seconds;
	throw new InvalidRequestError('Expires In is 0', 'A URL is good for at least one second.');
}

/** An object in an option, from JSON or from an expression. */
export function jsonOption(get: ItemParameters, name: string, label: string) {
	const found = get.object('options')[name];
	const value = typeof found === 'string' ? parsed(found, label) : found;
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'object' && !Array.isArray(value)) return value as IDataObject;
	throw new InvalidRequestError(`${label} is not an object`, 'Write it as {"name": "value"}.');
}

function parsed(text: string, label: string): unknown {
	if (!text.trim()) return undefined;
	const value = parseJson(text);
	if (value !== undefined) return value;
	throw new InvalidRequestError(`${label} is not JSON`, 'Write it as {"name": "value"}.');
}
