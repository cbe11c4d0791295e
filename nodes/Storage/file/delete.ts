import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { getBucket } from '../../../src/api/storage/buckets';
import { MAX_KEYS, removeObjects } from '../../../src/api/storage/objects';
import type { Send } from '../../../src/api/transport';
import { groupBy } from '../../../src/n8n/each';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, bucketOf, keysOf, makeNamesSafe, paths } from '../fields';
import { rightsFor } from '../policies';
import { eachGroup, planOf, type StoragePlan } from '../run';
import { chunksOfKeys } from './chunks';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Fail if Missing',
			name: 'failIfMissing',
			type: 'boolean',
			default: false,
			description:
				'Whether a file that is not there, or that may not be deleted, is an error. Otherwise its deleted is false.',
		},
		makeNamesSafe,
		...requestOptions,
	],
};

interface Plan extends StoragePlan {
	readonly bucket: string;
	readonly keys: readonly string[];
	readonly failIfMissing: boolean;
}

type Group = [Job<Plan>, ...Array<Job<Plan>>];

export const deleteFiles = operation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete files',
	description: 'Delete files for good, up to 1,000 in one request',
	writes: ['file', 'deleted'],
	parameters: [bucket, paths, options],
	compile: (get) => ({
		...planOf(get),
		bucket: bucketOf(get),
		keys: keysOf(get),
		failIfMissing: get.object('options').failIfMissing === true,
	}),
	async execute(jobs, run) {
		const byBucket = await groupBy(jobs, ({ plan }) => `${plan.runAs} ${plan.bucket}`);
		const groups = [...byBucket.values()].flatMap((group) =>
			chunksOfKeys(group, ({ plan }) => plan.keys, MAX_KEYS),
		);
		// One after the other: a failure then tells which were deleted before.
		return await eachGroup(
			'file.delete',
			groups,
			run,
			1,
			async (group) => await remove(group, run),
		);
	},
});

async function remove(group: Group, run: Run): Promise<Result[]> {
	const [{ plan, send }] = group;
	const keys = [...new Set(group.flatMap((job) => job.plan.keys))];
	const deleted = new Map<string, IDataObject>();
	for (let from = 0; from < keys.length; from += MAX_KEYS) {
		const chunk = keys.slice(from, from + MAX_KEYS);
		const { body: rows } = await send<IDataObject[]>(removeObjects(plan.bucket, chunk));
		for (const row of rows) deleted.set(String(row.name as string), row);
	}
	if (deleted.size === 0) await checkBucket(send, plan);
	if (deleted.size < keys.length) run.hint(MISSING);
	return group.flatMap(({ item, plan: { bucket: id, keys: wanted, failIfMissing } }) =>
		wanted.map((key): Result => {
			const row = deleted.get(key);
			if (row || !failIfMissing) {
				return { items: [item], json: { bucket: id, path: key, deleted: !!row, ...row } };
			}
			const error = missing(id, key);
			if (run.continueOnFail) return { items: [item], error };
			throw error;
		}),
	);
}

const MISSING = `Some files were not deleted: they are not there, or there is no policy for ${rightsFor('file.delete')} that lets this role delete them. Their deleted is false.`;

function missing(id: string, key: string): SupabaseApiError {
	return new SupabaseApiError('storage', 'refused', {
		message: `"${key}" in "${id}" was not deleted`,
		status: 404,
		code: 'NoSuchKey',
	});
}

/** A bucket that is missing is answered as if there were no files to delete. */
async function checkBucket(send: Send, { bucket: id, runAs }: Plan): Promise<void> {
	if (runAs !== 'serviceRole') return;
	const found = await send(getBucket(id)).catch(refusal);
	if (found instanceof SupabaseApiError) throw found;
}
