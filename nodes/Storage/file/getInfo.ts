import type { IDataObject } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { objectInfo } from '../../../src/api/storage/objects';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, path } from '../fields';
import { placeOf, told, type NamedPlace } from '../places';
import { explaining, type About } from '../refusals';

const options = optionsOf([makeNamesSafe, ...requestOptions]);

const rights = 'SELECT on storage.objects';

interface Plan {
	readonly about: About;
	readonly place: NamedPlace;
}

function planOf(get: ItemParameters): Plan {
	const place = placeOf(get);
	return { about: { ...place, runAs: runAsOf(get) }, place };
}

export const getInfo = operation<Plan>({
	name: 'Get Info',
	value: 'getInfo',
	action: 'Get info on a file',
	description: "Read a file's size, type, times and metadata, without the file",
	rights,
	parameters: [bucket, path, options],
	compile: planOf,
	execute: eachItem(
		explaining({}, async ({ plan: { place }, send }) => {
			const { body } = await send<IDataObject>(objectInfo(place));
			return { json: { ...told(place), ...body } };
		}),
	),
});

export const fileExists = operation<Plan>({
	name: 'Exists',
	value: 'exists',
	action: 'Check if a file exists',
	description: 'Tell whether there is a file that may be seen',
	rights,
	parameters: [bucket, path, options],
	compile: planOf,
	execute: eachItem(
		explaining({}, async ({ plan: { place }, send }) => {
			const answer = await send(objectInfo(place)).catch(refusal);
			if (!(answer instanceof SupabaseApiError)) return { json: { ...told(place), exists: true } };
			// Only this says that the file is missing: anything else, such as a wrong key, is an error.
			const isMissing = answer.code ? answer.code === 'NoSuchKey' : answer.status === 404;
			if (!isMissing) throw answer;
			return { json: { ...told(place), exists: false } };
		}),
	),
});
