import type { INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { deleteBucket as builder } from '../../../src/api/storage/buckets';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket } from '../fields';
import { bucketOf } from '../places';
import { explaining, type About } from '../refusals';
import { emptied } from './emptying';
import { waitOf, waitUpTo } from './wait';

const emptyFirst: INodeProperties = {
	displayName: 'Empty First',
	name: 'emptyFirst',
	type: 'boolean',
	default: false,
	description:
		'Whether to delete every file in the bucket before, for good. Otherwise a bucket that holds files is left alone.',
};

const options = optionsOf([
	emptyFirst,
	{ ...waitUpTo, displayOptions: { show: { emptyFirst: [true] } } },
	...requestOptions,
]);

const rights = 'SELECT and DELETE on storage.buckets';

interface Plan {
	readonly about: About;
	/** How many seconds to wait until it is empty; it is not emptied without. */
	readonly emptyFirst?: number;
}

export const deleteBucket = operation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete a bucket',
	description: 'Delete a bucket for good, if it is empty or is to be emptied first',
	writes: ['bucket', 'deleted'],
	rights,
	parameters: [bucket, options],
	compile: (get) => ({
		about: { bucket: bucketOf(get), runAs: runAsOf(get) },
		...(get.option('emptyFirst').boolean() && { emptyFirst: waitOf(get) }),
	}),
	execute: eachItem(
		explaining({}, async ({ plan, send }, { signal }) => {
			const { bucket: id } = plan.about;
			if (plan.emptyFirst) await emptied(send, id, plan.emptyFirst, signal);
			const answer = await send(builder(id)).catch(refusal);
			// A file that came between emptying and deleting, or that the list does not show.
			if (answer instanceof SupabaseApiError) {
				if (!plan.emptyFirst || answer.code !== 'ResourceNotEmpty') throw answer;
				await emptied(send, id, plan.emptyFirst, signal);
				await send(builder(id));
			}
			return { json: { id, deleted: true } };
		}),
		{ targetsOf: ({ plan }) => [plan.about.bucket] },
	),
});
