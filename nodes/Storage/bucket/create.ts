import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { createBucket as builder, type BucketSettings } from '../../../src/api/storage/buckets';
import { bucketName } from '../../../src/api/storage/key';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { explaining, type About } from '../refusals';
import { bucketSettings, settingsOf } from './settings';

const name: INodeProperties = {
	displayName: 'Name',
	name: 'bucketName',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. avatars',
	hint: 'Private, unless Public is switched on in Options',
	description: "The bucket's name, which is its ID, too. It cannot be changed later.",
};

const options = optionsOf([...bucketSettings, ...requestOptions]);

const rights = 'INSERT on storage.buckets';

interface Plan {
	readonly about: About;
	readonly settings: BucketSettings;
}

export const createBucket = operation<Plan>({
	name: 'Create',
	value: 'create',
	action: 'Create a bucket',
	description: 'Make a bucket, private unless told otherwise',
	writes: ['bucket', 'created'],
	rights,
	parameters: [name, options],
	compile: (get) => ({
		about: { bucket: bucketName(get.required('bucketName')), runAs: runAsOf(get) },
		settings: settingsOf(get.option),
	}),
	execute: eachItem(
		explaining({}, async ({ plan: { about, settings }, send }) => {
			const { body } = await send<IDataObject>(builder(about.bucket, settings));
			return { json: { id: about.bucket, ...body } };
		}),
		{ targetsOf: ({ plan }) => [plan.about.bucket] },
	),
});
