import type { INodeProperties } from 'n8n-workflow';

import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket } from '../fields';
import { bucketOf } from '../places';
import { explaining, type About } from '../refusals';
import { emptied } from './emptying';
import { waitOf, waitUpTo } from './wait';

const notice: INodeProperties = {
	displayName: 'This deletes every file in the bucket, for good',
	name: 'emptyNotice',
	type: 'notice',
	default: '',
};

const waitUntilEmpty: INodeProperties = {
	displayName: 'Wait Until Empty',
	name: 'waitUntilEmpty',
	type: 'boolean',
	default: true,
	description:
		'Whether to go on only when the bucket is empty, which is so unless this is switched off. Otherwise the server empties it some time later, within an hour.',
};

const options = optionsOf([
	waitUntilEmpty,
	{ ...waitUpTo, displayOptions: { hide: { waitUntilEmpty: [false] } } },
	...requestOptions,
]);

const rights = 'SELECT on storage.buckets, and SELECT and DELETE on storage.objects';

interface Plan {
	readonly about: About;
	/** 0 does not wait. */
	readonly seconds: number;
}

export const emptyBucket = operation<Plan>({
	name: 'Empty',
	value: 'empty',
	action: 'Empty a bucket',
	description: 'Delete every file in a bucket',
	writes: ['bucket', 'emptied'],
	repeatable: true,
	rights,
	parameters: [notice, bucket, options],
	compile: (get) => ({
		about: { bucket: bucketOf(get), runAs: runAsOf(get) },
		seconds: get.option('waitUntilEmpty').boolean(true) ? waitOf(get) : 0,
	}),
	execute: eachItem(
		explaining({}, async ({ plan: { about, seconds }, send }, { signal }) => {
			await emptied(send, about.bucket, seconds, signal);
			return { json: { id: about.bucket, empty: seconds > 0, queued: true } };
		}),
		{ targetsOf: ({ plan }) => [plan.about.bucket] },
	),
});
