import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { updateBucket as builder } from '../../../src/api/storage/buckets';
import type { ApiRequest } from '../../../src/api/request';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, bucketOf } from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';
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

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: requestOptions,
};

interface Plan extends StoragePlan {
	readonly bucket: string;
	readonly request: ApiRequest;
}

export const updateBucket = operation<Plan>({
	name: 'Update',
	value: 'update',
	action: 'Update a bucket',
	description: 'Change the settings of a bucket',
	writes: ['bucket', 'changed'],
	repeatable: true,
	parameters: [bucket, settings, options],
	compile(get) {
		const id = bucketOf(get);
		return { ...planOf(get), bucket: id, request: builder(id, settingsOf(get.object('settings'))) };
	},
	execute: eachItem('bucket.update', async ({ plan, send }) => {
		const { body } = await send<IDataObject>(plan.request);
		return { json: { id: plan.bucket, ...body } };
	}),
});
