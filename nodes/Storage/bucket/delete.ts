import type { INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { deleteBucket as builder } from '../../../src/api/storage/buckets';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, bucketOf } from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';
import { emptied } from './emptying';
import { waitOf, waitUpTo } from './wait';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Empty First',
			name: 'emptyFirst',
			type: 'boolean',
			default: false,
			description:
				'Whether to delete every file in the bucket before, for good. Otherwise a bucket that holds files is left alone.',
		},
		...requestOptions,
		waitUpTo,
	],
};

interface Plan extends StoragePlan {
	readonly bucket: string;
	/** How long to wait until it is empty; it is not emptied without. */
	readonly emptyFirst?: number;
}

export const deleteBucket = operation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete a bucket',
	description: 'Delete a bucket for good, if it is empty or is to be emptied first',
	writes: ['bucket', 'deleted'],
	parameters: [bucket, options],
	compile: (get) => ({
		...planOf(get),
		bucket: bucketOf(get),
		...(get.object('options').emptyFirst === true && { emptyFirst: waitOf(get) }),
	}),
	execute: eachItem('bucket.delete', async ({ plan, send }, { signal }) => {
		const { bucket: id, emptyFirst } = plan;
		if (emptyFirst) await emptied(send, id, emptyFirst, signal);
		const answer = await send(builder(id)).catch(refusal);
		// A file that came between emptying and deleting, or that the list does not show.
		if (answer instanceof SupabaseApiError) {
			if (!emptyFirst || answer.code !== 'ResourceNotEmpty') throw answer;
			await emptied(send, id, emptyFirst, signal);
			await send(builder(id));
		}
		return { json: { id, deleted: true } };
	}),
});
