import type { INodeProperties } from 'n8n-workflow';

import { replace } from '../../../src/api/storage/upload';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, path, newPlaceOf } from '../fields';
import { eachItem, FILES, planOf } from '../run';
import { contentOf, contentOptions, contentParameters, nameOf } from './content';
import { storeFile, type StorePlan } from './store';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...contentOptions, ...requestOptions],
};

export const replaceFile = operation<StorePlan>({
	name: 'Replace',
	value: 'replace',
	action: 'Replace a file',
	description: 'Store a file in place of another; one that is missing is made',
	writes: ['file', 'stored'],
	repeatable: true,
	parameters: [bucket, path, ...contentParameters, options],
	compile: (get) => ({
		...planOf(get),
		place: newPlaceOf(get, nameOf(get)),
		...contentOf(get),
		upsert: true,
	}),
	execute: eachItem(
		'file.replace',
		async (job, run) =>
			await storeFile(job, run, (body) => replace(job.plan.place, body, job.plan.options)),
		FILES,
	),
});
