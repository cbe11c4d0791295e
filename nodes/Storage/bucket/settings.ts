import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import type { BucketSettings } from '../../../src/api/storage/buckets';

/** What can be set for a bucket, as members of a collection. */
export const bucketSettings: INodeProperties[] = [
	{
		displayName: 'Allowed MIME Types',
		name: 'allowedMimeTypes',
		type: 'string',
		default: '',
		placeholder: 'e.g. image/*, application/pdf',
		description: 'What may be stored, with commas between. All types where it is empty.',
	},
	{
		displayName: 'File Size Limit',
		name: 'fileSizeLimit',
		type: 'string',
		default: '',
		placeholder: 'e.g. 20MB',
		description:
			"The most that a file may have: a number of bytes, or with KB, MB or GB (1KB is 1000 bytes). The project's own limit where it is empty.",
	},
	{
		displayName: 'Public',
		name: 'public',
		type: 'boolean',
		default: false,
		description: 'Whether everybody who knows the URL of a file can read it, without any key',
	},
];

/** The settings that a collection holds. */
export function settingsOf(collection: IDataObject): BucketSettings {
	const { allowedMimeTypes, fileSizeLimit } = collection;
	return {
		...(collection.public !== undefined && { public: truth(collection.public) }),
		...(fileSizeLimit !== undefined && { fileSizeLimit: size(fileSizeLimit) }),
		...(allowedMimeTypes !== undefined && { allowedMimeTypes: types(allowedMimeTypes) }),
	};
}

function truth(value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	throw new InvalidRequestError('Public is not true or false');
}

function size(value: unknown): number | string | null {
	const text = typeof value === 'number' ? String(value) : value;
	if (text === '' || text === null) return null;
	if (typeof text === 'string') {
		const found = text.replace(/\s/g, '').toUpperCase();
		if (/^\d+$/.test(found)) return Number(found);
		if (/^\d+(\.\d+)?(KB|MB|GB)$/.test(found)) return found;
	}
	throw new InvalidRequestError(
		`File Size Limit is not a size: ${JSON.stringify(value)}`,
		'Write a number of bytes, or a number with KB, MB or GB.',
	);
}

function types(value: unknown): string[] | null {
	const list = Array.isArray(value) ? (value as unknown[]) : text(value).split(',');
	const found = list.map((each) => text(each).trim()).filter(Boolean);
	return found.length ? found : null;
}

function text(value: unknown): string {
	if (typeof value === 'string') return value;
	throw new InvalidRequestError(
		'Allowed MIME Types is not a text or a list of texts',
		'Write them with commas between, for example image/*, application/pdf.',
	);
}
