import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import type { BucketSettings } from '../../../src/api/storage/buckets';
import type { Field, Fields } from '../../../src/n8n/field';

/** What can be set for a bucket, as members of a collection. */
export const bucketSettings: INodeProperties[] = [
	{
		displayName: 'Public',
		name: 'public',
		type: 'boolean',
		default: false,
		description: 'Whether everybody who knows the URL of a file can read it, without any key',
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
		displayName: 'Allowed MIME Types',
		name: 'allowedMimeTypes',
		type: 'string',
		default: '',
		placeholder: 'e.g. image/*, application/pdf',
		description: 'What may be stored, with commas between. All types where it is empty.',
	},
];

/** The settings that a collection holds. Only an empty text takes a limit away. */
export function settingsOf(member: Fields): BucketSettings {
	const open = member('public');
	const limit = member('fileSizeLimit');
	const types = member('allowedMimeTypes');
	return {
		...(open.given && { public: open.boolean() }),
		...(limit.given && { fileSizeLimit: limit.value() === '' ? null : sizeOf(limit) }),
		...(types.given && { allowedMimeTypes: types.value() === '' ? null : typesOf(types) }),
	};
}

function sizeOf(field: Field): number | string {
	const found = field.exact().replace(/\s/g, '').toUpperCase();
	if (/^\d+$/.test(found)) return Number(found);
	if (/^\d+(\.\d+)?(KB|MB|GB)$/.test(found)) return found;
	throw new InvalidRequestError(
		`File Size Limit is not a size: ${JSON.stringify(field.value() ?? null)}`,
		'Write a number of bytes, or a number with KB, MB or GB.',
	);
}

function typesOf(field: Field): string[] {
	const found = field.names();
	if (found.length) return found;
	throw new InvalidRequestError(
		'Allowed MIME Types names none',
		'Write them with commas between, for example image/*, application/pdf. An empty field allows all.',
	);
}
