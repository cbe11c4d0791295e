import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { getBucket } from '../../../src/api/storage/buckets';
import { MAX_KEYS, removeObjects } from '../../../src/api/storage/objects';
import type { Send } from '../../../src/api/transport';
import { carryOut, groupBy, type Group } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import { operation, type Result, type Run } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, paths } from '../fields';
import { bucketOf, keysOf, spot } from '../places';
import { explained, type About } from '../refusals';
import { chunksOfKeys } from './chunks';

const failIfMissing: INodeProperties = {
	displayName: 'Fail if Missing',
	name: 'failIfMissing',
	type: 'boolean',
	default: false,
	description:
		'Whether a file that is not there, or that may not be deleted, is an error. Otherwise its deleted is false.',
};

const options = optionsOf([failIfMissing, makeNamesSafe, ...requestOptions]);

const rights = 'SELECT and DELETE on storage.objects';

interface Plan {
	readonly about: About;
	readonly bucket: string;
	readonly keys: readonly string[];
	readonly failIfMissing: boolean;
}

export const deleteFiles = operation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete files',
	description: 'Delete files for good, up to 1,000 in one request',
	writes: ['file', 'deleted'],
	rights,
	parameters: [bucket, paths, options],
	compile(get) {
		const id = bucketOf(get);
		return {
			about: { bucket: id, runAs: runAsOf(get) },
			bucket: id,
			keys: keysOf(get),
			failIfMissing: get.option('failIfMissing').boolean(),
		};
	},
	async execute(jobs, run) {
		const byBucket = await groupBy(jobs, ({ plan }) => plan.bucket);
		const groups = [...byBucket.values()].flatMap((group) =>
			chunksOfKeys(group, ({ plan }) => plan.keys, MAX_KEYS),
		);
		// One after the other: a failure then tells which were deleted before.
		return await carryOut(groups, run, async (group) => await remove(group, run), { width: 1 });
	},
});

async function remove(group: Group<Plan>, run: Run): Promise<Result[]> {
	const [{ plan, send }] = group;
	const keys = [...new Set(group.flatMap((job) => job.plan.keys))];
	const deleted = await deletedOf(send, plan.bucket, keys).catch((error: unknown) => {
		throw explained(error, plan.about);
	});
	if (deleted.size === 0) await checkBucket(send, plan.about);
	if (deleted.size < keys.length) run.hint(MISSING);
	const results = group.flatMap(
		({ item, plan: { bucket: id, keys: wanted, failIfMissing: fail } }) =>
			wanted.map((key): Result => {
				const row = deleted.get(key);
				if (!row && fail) return { items: [item], error: missing({ bucket: id, key }) };
				return { items: [item], json: { bucket: id, path: key, deleted: !!row, ...row } };
			}),
	);
	for (const result of results) {
		if ('error' in result && !run.continueOnFail) throw failed(result.items, result.error);
	}
	return results;
}

/** The rows that were deleted, by their keys. */
async function deletedOf(
	send: Send,
	id: string,
	keys: readonly string[],
): Promise<Map<string, IDataObject>> {
	const deleted = new Map<string, IDataObject>();
	for (let from = 0; from < keys.length; from += MAX_KEYS) {
		const request = removeObjects(id, keys.slice(from, from + MAX_KEYS));
		for (const row of (await send<IDataObject[]>(request)).body) {
			deleted.set(String(row.name as string), row);
		}
	}
	return deleted;
}

const MISSING = `Some files were not deleted: they are not there, or there is no policy for ${rights} that lets this role delete them. Their deleted is false.`;

function missing(place: { bucket: string; key: string }): SupabaseApiError {
	return new SupabaseApiError('storage', 'refused', {
		message: `${spot(place)} was not deleted`,
		status: 404,
		code: 'NoSuchKey',
		hint: `It is not there, or there is no policy for ${rights} that lets this role delete it.`,
		ours: true,
	});
}

/** A bucket that is missing is answered as if there were no files to delete. */
async function checkBucket(send: Send, about: About): Promise<void> {
	if (about.runAs !== 'serviceRole') return;
	const found = await send(getBucket(about.bucket)).catch(refusal);
	if (found instanceof SupabaseApiError) throw explained(found, about);
}
