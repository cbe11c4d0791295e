import { replace } from '../../../src/api/storage/upload';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, newPath } from '../fields';
import { newPlaceOf } from '../places';
import { contentOf, contentOptions, contentParameters, nameOf } from './content';
import { storing, type StorePlan } from './store';

const options = optionsOf([...contentOptions, ...requestOptions]);

const rights = 'INSERT, SELECT and UPDATE on storage.objects';

export const replaceFile = operation<StorePlan>({
	name: 'Replace',
	value: 'replace',
	action: 'Replace a file',
	description: 'Store a file in place of another; one that is missing is made',
	writes: ['file', 'stored'],
	repeatable: true,
	rights,
	parameters: [bucket, newPath, ...contentParameters, options],
	compile(get) {
		const place = newPlaceOf(get, () => nameOf(get));
		const about = { ...place, runAs: runAsOf(get) };
		return { about, place, ...contentOf(get), upsert: true };
	},
	execute: storing(
		{},
		{ request: ({ place, options: about }, body) => replace(place, body, about) },
	),
});
