import type { INodeProperties } from 'n8n-workflow';

import { MAX_KEYS } from '../../../src/api/storage/objects';
import { signedAddress, signUrls, type DownloadAs } from '../../../src/api/storage/sign';
import { groupBy } from '../../../src/n8n/each';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import {
	bucket,
	bucketOf,
	downloadAs,
	downloadAsOf,
	expiresIn,
	expiresInOf,
	keysOf,
	makeNamesSafe,
	paths,
} from '../fields';
import { eachGroup, planOf, type StoragePlan } from '../run';
import { chunksOfKeys } from './chunks';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [downloadAs, makeNamesSafe, ...requestOptions],
};

interface Plan extends StoragePlan {
	readonly bucket: string;
	readonly keys: readonly string[];
	readonly expiresIn: number;
	readonly download?: DownloadAs;
}

/** What the server answers for a path. */
interface Signed {
	readonly path: string;
	readonly error: string | null;
	readonly signedURL: string | null;
}

export const createSignedUrls = operation<Plan>({
	name: 'Create Signed URLs',
	value: 'createSignedUrls',
	action: 'Create signed URLs',
	description: 'Make URLs for many files with few requests; each file has its own outcome',
	parameters: [bucket, paths, expiresIn, options],
	compile: (get) => ({
		...planOf(get),
		bucket: bucketOf(get),
		keys: keysOf(get),
		expiresIn: expiresInOf(get),
		download: downloadAsOf(get),
	}),
	async execute(jobs, run) {
		const alike = await groupBy(jobs, ({ plan }) => JSON.stringify([plan.bucket, plan.expiresIn]));
		const groups = [...alike.values()].flatMap((group) =>
			chunksOfKeys(group, ({ plan }) => plan.keys, MAX_KEYS),
		);
		return await eachGroup(
			'file.createSignedUrls',
			groups,
			run,
			4,
			async (group) => await sign(group, run),
		);
	},
});

async function sign(
	group: [Job<Plan>, ...Array<Job<Plan>>],
	{ addresses }: Run,
): Promise<Result[]> {
	const [{ plan, send }] = group;
	const keys = [...new Set(group.flatMap((job) => job.plan.keys))];
	const outcomes = new Map<string, Signed>();
	for (let from = 0; from < keys.length; from += MAX_KEYS) {
		const chunk = keys.slice(from, from + MAX_KEYS);
		const { body } = await send<Signed[]>(signUrls(plan.bucket, chunk, plan.expiresIn));
		for (const outcome of body) outcomes.set(outcome.path, outcome);
	}
	const expiresAt = new Date(Date.now() + plan.expiresIn * 1000).toISOString();
	return group.flatMap(({ item, plan: { bucket: id, keys: wanted, download } }) =>
		wanted.map((key): Result => {
			const { error = 'The server did not answer for this path', signedURL } =
				outcomes.get(key) ?? {};
			const json = signedURL
				? { signedUrl: signedAddress(addresses.storage, signedURL, download), expiresAt }
				: { signedUrl: null, expiresAt: null };
			return { items: [item], json: { bucket: id, path: key, ...json, error } };
		}),
	);
}
