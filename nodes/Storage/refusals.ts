import { SupabaseApiError } from '../../src/api/errors';
import type { Job, Run } from '../../src/n8n/operation';
import type { RunAs } from '../../src/n8n/runAs';
import { spot } from './places';

/** What an item is about, for the words of a refusal. */
export interface About {
	readonly bucket: string;
	/** Of a file. */
	readonly key?: string;
	/** The bucket and path that a file comes from, where it is moved or copied. */
	readonly from?: { readonly bucket: string; readonly key: string };
	readonly runAs?: RunAs;
}

/** What an operation says beside. */
export interface Mends {
	/** How to go on where the file exists already. */
	readonly exists?: string;
}

/** The service's refusals in words that name the file or the bucket. */
const TITLES: ReadonlyArray<{
	/** A pattern for its code, or for its words where it has none. */
	readonly is: RegExp;
	title(about: About, mends: Mends): string;
}> = [
	{
		is: /^KeyAlreadyExists$|^ResourceAlreadyExists$|^The resource already exists$/,
		title: (about, { exists = 'choose another path' }) =>
			`${file(about)} exists already: ${exists}`,
	},
	{ is: /^NoSuchKey$/, title: ({ from, ...about }) => `${file(from ?? about)} not found` },
	{ is: /^NoSuchBucket$/, title: ({ from, bucket }) => missing(from?.bucket ?? bucket) },
	{ is: /^The related resource does not exist$/, title: ({ bucket }) => missing(bucket) },
	{ is: /^BucketAlreadyExists$/, title: ({ bucket }) => `Bucket "${bucket}" exists already` },
	{ is: /^ResourceNotEmpty$/, title: ({ bucket }) => `Bucket "${bucket}" is not empty` },
	{
		is: /^EntityTooLarge$|^Maximum size exceeded$/,
		title: (about) =>
			about.key === undefined
				? `The File Size Limit of bucket "${about.bucket}" is above the project's own`
				: `${file(about)} is larger than its bucket or the project allows`,
	},
];

const missing = (bucket: string) => `Bucket "${bucket}" not found`;

function file({ bucket, key = '' }: About): string {
	return spot({ bucket, key });
}

/** An operation's work on one item, with its refusals in words. */
export function explaining<Plan extends { readonly about: About }, Outcome>(
	mends: Mends,
	work: (job: Job<Plan>, run: Run) => Promise<Outcome>,
): (job: Job<Plan>, run: Run) => Promise<Outcome> {
	return async (job, run) =>
		await work(job, run).catch((error: unknown) => {
			throw explained(error, job.plan.about, mends);
		});
}

/**
 * Says of a refusal what it is about.
 *
 * @param error whatever was thrown; what is not Storage's refusal is given back as it is
 */
export function explained(error: unknown, about: About, mends: Mends = {}): unknown {
	if (!(error instanceof SupabaseApiError) || error.service !== 'storage') return error;
	const { code, message, status, details, hint, requestId, ours } = error;
	const found = TITLES.find(({ is }) => is.test(code ?? '') || is.test(message));
	if (!found || ours) return error;
	const parts = { message, code, status, details, hint, requestId };
	const title = found.title(about, mends);
	return new SupabaseApiError(
		'storage',
		error.outcome,
		{ ...parts, title },
		{ cause: error.cause },
	);
}
