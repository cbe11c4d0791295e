import { MAX_KEYS } from '../../../src/api/storage/objects';
import {
	signedAddress,
	signUrls,
	type DownloadAs,
	type SignedPath,
} from '../../../src/api/storage/sign';
import { carryOut, groupBy, type Group } from '../../../src/n8n/each';
import { operation, type Result, type Run } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, paths } from '../fields';
import { downloadAsOf, expiresIn, expiresInOf, linkOptions } from '../links';
import { bucketOf, keysOf } from '../places';
import { explained, type About } from '../refusals';
import { chunksOfKeys } from './chunks';

const options = optionsOf([...linkOptions, makeNamesSafe, ...requestOptions]);

const rights = 'SELECT on storage.objects';

interface Plan {
	readonly about: About;
	readonly bucket: string;
	readonly keys: readonly string[];
	readonly expiresIn: number;
	readonly download?: DownloadAs;
}

export const createSignedUrls = operation<Plan>({
	name: 'Create Signed URLs',
	value: 'createSignedUrls',
	action: 'Create signed URLs',
	description: 'Make URLs for many files with few requests; each file has its own outcome',
	rights,
	parameters: [bucket, paths, expiresIn, options],
	compile(get) {
		const id = bucketOf(get);
		return {
			about: { bucket: id, runAs: runAsOf(get) },
			bucket: id,
			keys: keysOf(get),
			expiresIn: expiresInOf(get),
			download: downloadAsOf(get),
		};
	},
	async execute(jobs, run) {
		const alike = await groupBy(jobs, ({ plan }) => JSON.stringify([plan.bucket, plan.expiresIn]));
		const groups = [...alike.values()].flatMap((group) =>
			chunksOfKeys(group, ({ plan }) => plan.keys, MAX_KEYS),
		);
		return await carryOut(groups, run, async (group) => await sign(group, run), { width: 4 });
	},
});

async function sign(group: Group<Plan>, { addresses }: Run): Promise<Result[]> {
	const [{ plan, send }] = group;
	const keys = [...new Set(group.flatMap((job) => job.plan.keys))];
	const outcomes = new Map<string, SignedPath>();
	for (let from = 0; from < keys.length; from += MAX_KEYS) {
		const request = signUrls(plan.bucket, keys.slice(from, from + MAX_KEYS), plan.expiresIn);
		const { body } = await send<SignedPath[]>(request).catch((error: unknown) => {
			throw explained(error, plan.about);
		});
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
