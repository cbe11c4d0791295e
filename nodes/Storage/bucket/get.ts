import type { IDataObject } from 'n8n-workflow';

import { getBucket as builder } from '../../../src/api/storage/buckets';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket } from '../fields';
import { bucketOf } from '../places';
import { explaining, type About } from '../refusals';

const options = optionsOf(requestOptions);

const rights = 'SELECT on storage.buckets';

interface Plan {
	readonly about: About;
}

export const getBucket = operation<Plan>({
	name: 'Get',
	value: 'get',
	action: 'Get a bucket',
	description: 'Read the settings of a bucket',
	rights,
	parameters: [bucket, options],
	compile: (get) => ({ about: { bucket: bucketOf(get), runAs: runAsOf(get) } }),
	execute: eachItem(
		explaining({}, async ({ plan, send }) => ({
			json: (await send<IDataObject>(builder(plan.about.bucket))).body,
		})),
	),
});
