import type { IDataObject } from 'n8n-workflow';

import { copyObject, type CopyOptions } from '../../../src/api/storage/objects';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, path, toBucket, toPath, upsert } from '../fields';
import { destinationOf, placeOf, spot, told, type NamedPlace } from '../places';
import { explaining, type About } from '../refusals';
import { cacheControl, contentType, metadata, metadataOf } from './content';

const NOT_TAKEN_OVER = 'With this nothing else of the original is taken over';

const options = optionsOf([
	upsert,
	{
		...contentType,
		description: `The MIME type of the copy. ${NOT_TAKEN_OVER}: neither cache control nor metadata.`,
	},
	{
		...cacheControl,
		description: `How many seconds browsers and the CDN may keep a copy. ${NOT_TAKEN_OVER}: neither content type nor metadata.`,
	},
	{
		...metadata,
		description: `An object of your own that is kept with the copy. ${NOT_TAKEN_OVER}: neither content type nor cache control.`,
	},
	makeNamesSafe,
	...requestOptions,
]);

const rights =
	'SELECT on storage.objects for the original and INSERT for the copy, and to overwrite UPDATE, too';

interface Plan {
	readonly about: About;
	readonly from: NamedPlace;
	readonly to: NamedPlace;
	readonly options: CopyOptions;
}

export const copyFile = operation<Plan>({
	name: 'Copy',
	value: 'copy',
	action: 'Copy a file',
	description: 'Copy a file to another path or bucket, without downloading it',
	writes: ['file', 'copied'],
	rights,
	parameters: [bucket, path, toBucket, toPath, options],
	compile(get) {
		const from = placeOf(get);
		const to = destinationOf(get, from);
		return { about: { ...to, from, runAs: runAsOf(get) }, from, to, options: wanted(get) };
	},
	execute: eachItem(
		explaining({ exists: 'switch on Overwrite' }, async ({ plan, send }) => {
			const { from, to } = plan;
			const { body } = await send<IDataObject>(copyObject(from, to, plan.options));
			const { Key: fullPath, Id: id, ...row } = body;
			return { json: { id, ...told(to), fullPath, from: spot(from), ...row } };
		}),
		{ targetsOf: ({ plan: { from, to } }) => [spot(from), spot(to)] },
	),
});

function wanted(get: ItemParameters): CopyOptions {
	return {
		upsert: get.option('upsert').boolean(),
		contentType: get.option('contentType').text() || undefined,
		cacheControl: get.option('cacheControl').wholeNumber(),
		metadata: metadataOf(get),
	};
}
