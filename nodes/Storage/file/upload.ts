import type { INodeProperties } from 'n8n-workflow';

import { upload } from '../../../src/api/storage/upload';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, newPath, newPlaceOf, upsert } from '../fields';
import { eachItem, FILES, planOf } from '../run';
import { contentOf, contentOptions, contentParameters, nameOf } from './content';
import { storeFile, type StorePlan } from './store';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...contentOptions, upsert, ...requestOptions],
};

export const uploadFile = operation<StorePlan>({
	name: 'Upload',
	value: 'upload',
	action: 'Upload a file',
	description: 'Store a file, a text or JSON under a new path',
	writes: ['file', 'stored'],
	parameters: [bucket, newPath, ...contentParameters, options],
	compile: (get) => ({
		...planOf(get),
		place: newPlaceOf(get, nameOf(get)),
		...contentOf(get),
		upsert: get.object('options').upsert === true,
	}),
	execute: eachItem(
		'file.upload',
		async (job, run) => {
			const { place, options: about, upsert: overwrite } = job.plan;
			return await storeFile(job, run, (body) =>
				upload(place, body, { ...about, upsert: overwrite }),
			);
		},
		FILES,
	),
});
