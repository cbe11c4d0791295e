import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { getBucket as builder } from '../../../src/api/storage/buckets';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, bucketOf } from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';

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
}

export const getBucket = operation<Plan>({
	name: 'Get',
	value: 'get',
	action: 'Get a bucket',
	description: 'Read the settings of a bucket',
	parameters: [bucket, options],
	compile: (get) => ({ ...planOf(get), bucket: bucketOf(get) }),
	execute: eachItem('bucket.get', async ({ plan, send }) => ({
		json: (await send<IDataObject>(builder(plan.bucket))).body,
	})),
});
