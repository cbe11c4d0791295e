import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { updateBucket as builder } from '../../../src/api/storage/buckets';
import type { ApiRequest } from '../../../src/api/request';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket } from '../fields';
import { bucketOf } from '../places';
import { explaining, type About } from '../refusals';
import { bucketSettings, settingsOf } from './settings';

const settings: INodeProperties = {
	displayName: 'Settings',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add Setting',
	default: {},
	description: 'What to change. What is left out stays as it is; an empty limit is taken away.',
	options: bucketSettings,
};

const options = optionsOf(requestOptions);

const rights = 'SELECT and UPDATE on storage.buckets';

interface Plan {
	readonly about: About;
	readonly request: ApiRequest;
}

export const updateBucket = operation<Plan>({
	name: 'Update',
	value: 'update',
	action: 'Update a bucket',
	description: 'Change the settings of a bucket',
	writes: ['bucket', 'changed'],
	repeatable: true,
	rights,
	parameters: [bucket, settings, options],
	compile(get) {
		const id = bucketOf(get);
		const request = builder(id, settingsOf(get.field('settings').collection()));
		return { about: { bucket: id, runAs: runAsOf(get) }, request };
	},
	execute: eachItem(
		explaining({}, async ({ plan, send }) => {
			const { body } = await send<IDataObject>(plan.request);
			return { json: { id: plan.about.bucket, ...body } };
		}),
		{ targetsOf: ({ plan }) => [plan.about.bucket] },
	),
});
