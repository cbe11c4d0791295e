import { upload } from '../../../src/api/storage/upload';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, newPath, upsert } from '../fields';
import { newPlaceOf } from '../places';
import { contentOf, contentOptions, contentParameters, nameOf } from './content';
import { storing, type StorePlan } from './store';

const options = optionsOf([upsert, ...contentOptions, ...requestOptions]);

const rights = 'INSERT on storage.objects, and to overwrite SELECT and UPDATE, too';

export const uploadFile = operation<StorePlan>({
	name: 'Upload',
	value: 'upload',
	action: 'Upload a file',
	description: 'Store a file, a text or JSON under a new path',
	writes: ['file', 'stored'],
	rights,
	parameters: [bucket, newPath, ...contentParameters, options],
	compile(get) {
		const place = newPlaceOf(get, () => nameOf(get));
		const about = { ...place, runAs: runAsOf(get) };
		return { about, place, ...contentOf(get), upsert: get.option('upsert').boolean() };
	},
	execute: storing(
		{ exists: 'switch on Overwrite' },
		{
			request: ({ place, options: about, upsert: overwrite }, body) =>
				upload(place, body, { ...about, upsert: overwrite }),
		},
	),
});
