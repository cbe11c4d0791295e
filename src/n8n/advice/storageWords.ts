import type { ErrorContext, Word } from './advice';
import { textOf } from './texts';

/** The statements that let a role do what an operation does. */
const POLICIES: Readonly<Record<string, readonly string[]>> = {
	'file.upload': ['INSERT'],
	'file.replace': ['SELECT', 'INSERT', 'UPDATE'],
	'file.move': ['SELECT', 'UPDATE'],
	'file.copy': ['SELECT', 'INSERT'],
	'file.delete': ['SELECT', 'DELETE'],
	'file.createSignedUploadUrl': ['INSERT'],
};

/** The words of the texts about Storage that come from what was asked for. */
export const STORAGE_WORDS: Readonly<Record<string, Word>> = {
	role: (_, { role }) => role,
	rights: (_, { rights }) => rights,
	bucket: (_, context) => textOf(context, 'bucket'),
	/** Of a bucket that is made. */
	bucketName: (_, context) => textOf(context, 'bucketName') ?? textOf(context, 'bucket'),
	targetBucket: (_, context) => targetBucket(context),
	file: (_, context) => fileAt(textOf(context, 'bucket'), textOf(context, 'path')),
	/** The file that comes to be. */
	target: (_, context) =>
		fileAt(targetBucket(context), textOf(context, 'toPath') ?? textOf(context, 'path')),
	policySql(_, context) {
		const { operation = '', role } = context;
		const bucket = targetBucket(context);
		const commands = POLICIES[operation];
		if (!role || !bucket || !commands) return undefined;
		return commands.map((command) => policy(command, role, bucket)).join(' ');
	},
};

function targetBucket(context: ErrorContext): string | undefined {
	return textOf(context, 'toBucket') ?? textOf(context, 'bucket');
}

/** Behind a slash at the end comes the file's own name, which is not known here. */
function fileAt(bucket: string | undefined, path: string | undefined): string | undefined {
	if (!bucket || !path) return undefined;
	return `${bucket}/${path}${path.endsWith('/') ? '…' : ''}`;
}

function policy(command: string, role: string, bucket: string): string {
	const condition = `(bucket_id = '${bucket.replaceAll("'", "''")}')`;
	const clauses = [
		command !== 'INSERT' && `USING ${condition}`,
		command !== 'SELECT' && command !== 'DELETE' && `WITH CHECK ${condition}`,
	];
	const name = `"${role} ${command.toLowerCase()} ${bucket.replaceAll('"', '')}"`;
	return `CREATE POLICY ${name} ON storage.objects FOR ${command} TO ${role} ${clauses.filter(Boolean).join(' ')};`;
}
