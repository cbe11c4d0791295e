import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { createBucket as builder, type BucketSettings } from '../../../src/api/storage/buckets';
import { bucketName } from '../../../src/api/storage/key';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { eachItem, planOf, type StoragePlan } from '../run';
import { bucketSettings, settingsOf } from './settings';

const name: INodeProperties = {
	displayName: 'Name',
	name: 'bucketName',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. avatars',
	description: "The bucket's name, which is its ID, too. It cannot be changed later.",
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...bucketSettings, ...requestOptions],
};

interface Plan extends StoragePlan {
	readonly bucket: string;
	readonly settings: BucketSettings;
}

export const createBucket = operation<Plan>({
	name: 'Create',
	value: 'create',
	action: 'Create a bucket',
	description: 'Make a bucket, private unless told otherwise',
	writes: ['bucket', 'created'],
	parameters: [name, options],
	compile: (get) => ({
		...planOf(get),
		bucket: bucketName(get.required('bucketName')),
		settings: settingsOf(get.object('options')),
	}),
	execute: eachItem('bucket.create', async ({ plan: { bucket, settings }, send }) => {
		const { body } = await send<IDataObject>(builder(bucket, settings));
		return { json: { id: bucket, ...body } };
	}),
});
