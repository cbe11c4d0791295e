import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import { copyObject, type CopyOptions } from '../../../src/api/storage/objects';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { requestOptions } from '../../../src/n8n/requestOptions';
import {
	bucket,
	destinationOf,
	jsonOption,
	makeNamesSafe,
	path,
	placeOf,
	toBucket,
	told,
	toPath,
	upsert,
} from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Cache Control',
			name: 'cacheControl',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 3600,
			description:
				'How many seconds browsers and the CDN may keep a copy. With this the content type and metadata of the original are not taken over.',
		},
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'string',
			default: '',
			placeholder: 'e.g. image/png',
			description:
				'The MIME type of the copy. With this the cache control and metadata of the original are not taken over.',
		},
		makeNamesSafe,
		{
			displayName: 'Metadata',
			name: 'metadata',
			type: 'json',
			default: '{}',
			description:
				'An object of your own that is kept with the copy. With this the content type and cache control of the original are not taken over.',
		},
		upsert,
		...requestOptions,
	],
};

interface Plan extends StoragePlan {
	readonly from: ReturnType<typeof placeOf>;
	readonly to: ReturnType<typeof destinationOf>;
	readonly options: CopyOptions;
}

export const copyFile = operation<Plan>({
	name: 'Copy',
	value: 'copy',
	action: 'Copy a file',
	description: 'Copy a file to another path or bucket, without downloading it',
	writes: ['file', 'copied'],
	parameters: [bucket, path, toBucket, toPath, options],
	compile: (get) => ({
		...planOf(get),
		from: placeOf(get),
		to: destinationOf(get),
		options: optionsOf(get),
	}),
	execute: eachItem('file.copy', async ({ plan: { from, to, options: wanted }, send }) => {
		const { body } = await send<IDataObject>(copyObject(from, to, wanted));
		const { Key: fullPath, Id: id, ...row } = body;
		const origin = `${from.bucket}/${from.key}`;
		return { json: { id, ...told(to), fullPath, from: origin, ...row } };
	}),
});

function optionsOf(get: ItemParameters): CopyOptions {
	const { cacheControl, contentType, upsert: overwrite } = get.object('options');
	if (
		cacheControl !== undefined &&
		!(Number.isInteger(cacheControl) && Number(cacheControl) >= 0)
	) {
		throw new InvalidRequestError('Cache Control is not a whole number of 0 or more');
	}
	return {
		upsert: overwrite === true,
		contentType: typeof contentType === 'string' && contentType ? contentType : undefined,
		cacheControl: cacheControl as number | undefined,
		metadata: jsonOption(get, 'metadata', 'Metadata'),
	};
}
