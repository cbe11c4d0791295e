import { SupabaseApiError, type ErrorParts } from '../../../../src/api/errors';
import type { ErrorContext } from '../../../../src/n8n/advice/advice';
import { explain } from '../../../../src/n8n/advice/lookup';

const errorOf = (parts: Partial<ErrorParts>) =>
	new SupabaseApiError('storage', 'refused', { message: 'm', ...parts });

const on = (operation: string, more: Partial<ErrorContext> = {}): ErrorContext => {
	const parameters: Record<string, unknown> = { bucket: "o'hara", path: 'reports/File.csv' };
	return {
		operation,
		role: 'anon',
		rights: 'SELECT on storage.objects',
		parameter: (name) => parameters[name],
		...more,
	};
};

const exists = { code: 'KeyAlreadyExists', status: 409, message: 'The resource already exists' };
const violation = { status: 403, message: 'new row violates row-level security policy' };

type Case = [what: string, Partial<ErrorParts>, ErrorContext, title: string, mend: string];

it.each<Case>([
	[
		'a file that is there, for Upload',
		exists,
		on('file.upload'),
		"o'hara/reports/File.csv exists already: switch on Overwrite",
		'Options',
	],
	[
		'a file that is there, for Move',
		exists,
		on('file.move'),
		"o'hara/reports/File.csv exists already",
		'Move never overwrites',
	],
	[
		'a policy that is missing: the line of SQL has the bucket and the role, quoted',
		violation,
		on('file.upload', { rights: 'INSERT on storage.objects' }),
		"No policy lets the role anon do this in o'hara",
		`CREATE POLICY "anon insert o'hara" ON storage.objects FOR INSERT TO anon WITH CHECK (bucket_id = 'o''hara');`,
	],
	[
		'policies that are missing for several commands',
		violation,
		on('file.replace', { role: 'authenticated' }),
		"No policy lets the role authenticated do this in o'hara",
		"FOR UPDATE TO authenticated USING (bucket_id = 'o''hara') WITH CHECK (bucket_id = 'o''hara');",
	],
	[
		'a policy on buckets',
		violation,
		on('bucket.create', { rights: 'INSERT on storage.buckets' }),
		'No policy lets the role anon do this',
		'The role anon needs a policy for INSERT on storage.buckets.',
	],
	[
		'a file that is missing, or hidden',
		{ code: 'NoSuchKey', status: 404, message: 'Object not found' },
		on('file.download'),
		"There is no file o'hara/reports/File.csv",
		'the role anon may not see it: for that it needs a policy for SELECT on storage.objects.',
	],
	[
		'a file that is missing, where nothing is hidden',
		{ code: 'NoSuchKey', status: 404, message: 'Object not found' },
		on('file.download', { role: 'service_role' }),
		"There is no file o'hara/reports/File.csv",
		'A folder is no file.',
	],
	[
		'a bucket that is missing, where a wrong key says the same',
		{ code: 'NoSuchBucket', status: 404, message: 'Bucket not found' },
		on('file.exists', { role: 'service_role' }),
		"There is no bucket o'hara",
		'check the credential or the access token',
	],
	[
		'a limit above the project’s',
		{ code: 'EntityTooLarge', status: 413 },
		on('bucket.create'),
		'File Size Limit is above what the project allows',
		'Lower it',
	],
	[
		'a file that is too large',
		{ code: 'EntityTooLarge', status: 413 },
		on('file.upload'),
		'The file is too large',
		'File Size Limit',
	],
])('%s', (_, parts, context, title, mend) => {
	const explained = explain(errorOf(parts), context);
	expect(explained.title).toBe(title);
	expect(explained.mend).toContain(mend);
});
