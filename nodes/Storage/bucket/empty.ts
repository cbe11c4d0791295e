import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, bucketOf } from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';
import { emptied } from './emptying';
import { waitOf, waitUpTo } from './wait';

const notice: INodeProperties = {
	displayName: 'This deletes every file in the bucket, for good',
	name: 'emptyNotice',
	type: 'notice',
	default: '',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...requestOptions,
		{
			displayName: 'Wait Until Empty',
			name: 'waitUntilEmpty',
			type: 'boolean',
			default: true,
			description:
				'Whether to go on only when the bucket is empty. Otherwise the server empties it some time later, within an hour.',
		},
		waitUpTo,
	],
};

interface Plan extends StoragePlan {
	readonly bucket: string;
	readonly seconds: number;
}

export const emptyBucket = operation<Plan>({
	name: 'Empty',
	value: 'empty',
	action: 'Empty a bucket',
	description: 'Delete every file in a bucket',
	writes: ['bucket', 'emptied'],
	repeatable: true,
	parameters: [notice, bucket, options],
	compile: (get) => ({
		...planOf(get),
		bucket: bucketOf(get),
		seconds: get.object('options').waitUntilEmpty === true ? waitOf(get) : 0,
	}),
	execute: eachItem('bucket.empty', async ({ plan: { bucket: id, seconds }, send }, { signal }) => {
		await emptied(send, id, seconds, signal);
		return { json: { id, empty: seconds > 0, queued: true } };
	}),
});
