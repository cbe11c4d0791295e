import { SupabaseApiError } from '../../src/api/errors';

/** What a role needs a policy for, by operation. */
const RIGHTS = {
	'bucket.create': 'INSERT on storage.buckets',
	'bucket.get': 'SELECT on storage.buckets',
	'bucket.getAll': 'SELECT on storage.buckets',
	'bucket.update': 'SELECT and UPDATE on storage.buckets',
	'bucket.empty': 'SELECT on storage.buckets, and SELECT and DELETE on storage.objects',
	'bucket.delete': 'SELECT and DELETE on storage.buckets',
	'file.upload': 'INSERT on storage.objects, and to overwrite SELECT and UPDATE, too',
	'file.replace': 'INSERT, SELECT and UPDATE on storage.objects',
	'file.download': 'SELECT on storage.objects',
	'file.getAll': 'SELECT on storage.objects',
	'file.move': 'SELECT and UPDATE on storage.objects, for the old path and the new one',
	'file.copy':
		'SELECT on storage.objects for the original and INSERT for the copy, and to overwrite UPDATE, too',
	'file.delete': 'SELECT and DELETE on storage.objects',
	'file.createSignedUrl': 'SELECT on storage.objects',
	'file.createSignedUrls': 'SELECT on storage.objects',
	'file.createSignedUploadUrl':
		'INSERT on storage.objects, and to overwrite SELECT and UPDATE, too',
	'file.uploadToSignedUrl': 'none: the signed URL is the right',
	'file.getPublicUrl': 'none: the bucket has to be public',
	'file.getInfo': 'SELECT on storage.objects',
	'file.exists': 'SELECT on storage.objects',
} as const;

export type Action = keyof typeof RIGHTS;

/** With a key that is wrong these are answered as if nobody had asked, so that the key seems right. */
const READ_AS_NOBODY = new Set<Action>(['file.download', 'file.getInfo', 'file.exists']);

const DISGUISE =
	'To a key or token that is wrong or has expired, Storage gives this same answer: if the bucket is there, check the credential or the access token.';

const NAMES: Readonly<Record<string, string>> = { anonymous: 'anon', user: 'authenticated' };

/** The policies that an operation needs, in words. */
export function rightsFor(action: Action): string {
	return RIGHTS[action];
}

/**
 * Says with a refusal which right is missing, where that may be the reason.
 *
 * @param error whatever was thrown; what is not Storage's refusal is given back as it is
 * @param runAs the value of Run As
 */
export function explained(error: unknown, action: Action, runAs: string): unknown {
	if (!(error instanceof SupabaseApiError) || error.service !== 'storage') return error;
	const hint = [error.hint, ...reasons(error, action, runAs)].filter(Boolean).join(' ');
	if (!hint) return error;
	const { message, code, status, details, requestId } = error;
	const parts = { message, code, status, details, requestId, hint };
	return new SupabaseApiError('storage', error.outcome, parts, { cause: error.cause });
}

function reasons({ status, code, message }: SupabaseApiError, action: Action, runAs: string) {
	const role = NAMES[runAs];
	const found: string[] = [];
	if (status === 403 && /Invalid role/.test(message)) {
		found.push('Only the service role may do this: choose Service Role in Run As.');
	} else if (status === 403 && role && /row-level security|Access denied/i.test(message)) {
		found.push(`The role ${role} needs a policy for ${RIGHTS[action]}.`);
	} else if (status === 404 && role) {
		found.push(
			`Either it does not exist, or the role ${role} may not see it: for that it needs a policy for ${RIGHTS[action]}.`,
		);
	}
	if (code === 'NoSuchBucket' && READ_AS_NOBODY.has(action)) found.push(DISGUISE);
	return found;
}
