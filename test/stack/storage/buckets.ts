import {
	accessDenied,
	bucketExists,
	bucketNotEmpty,
	invalidBucketName,
	noSuchBucket,
	StorageError,
} from './errors';
import type { Call } from './call';
import type { Database } from './database';
import { checkAllowedTypes, checkBucketName, parseSizeLimit } from './names';
import { validate, type Fields } from './schemas';

/** What uploads and downloads need to know of a bucket. */
export interface BucketRules {
	public: boolean;
	file_size_limit: number | null;
	allowed_mime_types: string[] | null;
}

interface BucketRow extends Omit<BucketRules, 'file_size_limit'> {
	id: string;
	name: string;
	owner: string | null;
	type: string;
	file_size_limit: string | null;
	created_at: Date;
	updated_at: Date;
}

/** Limits and visibility of a bucket, whoever asks; undefined for none of that id. */
export async function findRules(db: Database, id: string): Promise<BucketRules | undefined> {
	const [row] = await db.asService().run(
		async (tx) =>
			await tx<BucketRow[]>`
			select public, file_size_limit, allowed_mime_types from storage.buckets where id = ${id}`,
	);
	return row && { ...row, file_size_limit: number(row.file_size_limit) };
}

const CHANGEABLE: Fields = {
	public: { type: 'boolean' },
	file_size_limit: { type: 'size', nullable: true },
	allowed_mime_types: { type: 'strings', nullable: true },
};

function limits(call: Call, body: Record<string, unknown>) {
	const size = body.file_size_limit as number | string | null | undefined;
	const types = body.allowed_mime_types as string[] | null | undefined;
	if (types) checkAllowedTypes(types);
	return {
		...(body.public === undefined ? {} : { public: body.public as boolean }),
		...(size === undefined
			? {}
			: { file_size_limit: parseSizeLimit(size, call.service.settings.fileSizeLimit) }),
		...(types === undefined ? {} : { allowed_mime_types: types }),
	};
}

export async function createBucket(call: Call): Promise<void> {
	const body = await call.body({
		name: { type: 'string', required: true },
		id: { type: 'string' },
		type: { type: 'string', oneOf: ['STANDARD', 'ANALYTICS'] },
		...CHANGEABLE,
	});
	call.authenticate('key');
	const name = body.name as string;
	if (name.trim() !== name) throw invalidBucketName();
	checkBucketName(name);
	const row = {
		id: (body.id as string) || name,
		name,
		owner: isUuid(call.owner) ? call.owner : null,
		owner_id: call.owner ?? null,
		public: false,
		...limits(call, body),
	};
	await call.db
		.run(async (tx) => await tx`insert into storage.buckets ${tx(row)}`)
		.catch((error: unknown) => {
			throw isDuplicate(error) ? bucketExists() : error;
		});
	call.send(200, { name });
}

export async function getBucket(call: Call): Promise<void> {
	call.authenticate('key');
	const [row] = await call.db.run(
		async (tx) => await tx<BucketRow[]>`select * from storage.buckets where id = ${call.bucket}`,
	);
	if (!row) throw noSuchBucket();
	call.send(200, { ...present(row), type: undefined });
}

export async function listBuckets(call: Call): Promise<void> {
	const query = validate(
		Object.fromEntries(call.query),
		{
			limit: { type: 'integer', min: 1 },
			offset: { type: 'integer', min: 0 },
			sortColumn: { type: 'string', oneOf: ['id', 'name', 'created_at', 'updated_at'] },
			sortOrder: { type: 'string', oneOf: ['asc', 'desc'] },
			search: { type: 'string' },
		},
		'querystring',
	);
	call.authenticate('key');
	const search = query.search as string | undefined;
	const rows = await call.db.run(
		async (tx) =>
			await tx<BucketRow[]>`
			select * from storage.buckets
			${search ? tx`where strpos(lower(name), ${search.toLowerCase()}) > 0` : tx``}
			order by ${tx((query.sortColumn as string | undefined) ?? 'created_at')} ${query.sortOrder === 'desc' ? tx`desc` : tx`asc`}
			limit ${(query.limit as number | undefined) ?? null} offset ${(query.offset as number | undefined) ?? 0}`,
	);
	call.send(200, rows.map(present));
}

const NOTHING_TO_CHANGE = [
	...Object.keys(CHANGEABLE).map((name) => `body must have required property '${name}'`),
	'body must match a schema in anyOf',
].join(', ');

export async function updateBucket(call: Call): Promise<void> {
	const body = await call.body(CHANGEABLE);
	if (Object.keys(body).length === 0)
		throw new StorageError({
			statusCode: 400,
			code: 'InvalidRequest',
			error: 'Error',
			message: NOTHING_TO_CHANGE,
		});
	call.authenticate('key');
	checkBucketName(call.bucket);
	const changes = limits(call, body);
	const { count } = await call.db.run(
		async (tx) => await tx`update storage.buckets set ${tx(changes)} where id = ${call.bucket}`,
	);
	if (count === 0) throw noSuchBucket();
	call.send(200, { message: 'Successfully updated' });
}

export async function deleteBucket(call: Call): Promise<void> {
	await call.json(true);
	call.authenticate('key');
	const id = call.bucket;
	if (!(await findRules(call.db, id))) throw noSuchBucket();
	const [object] = await call.db
		.asService()
		.run(async (tx) => await tx`select from storage.objects where bucket_id = ${id} limit 1`);
	if (object) throw bucketNotEmpty();
	const { count } = await call.db.run(
		async (tx) => await tx`delete from storage.buckets where id = ${id}`,
	);
	if (count === 0) throw noSuchBucket();
	call.send(200, { message: 'Successfully deleted' });
}

/** Answers at once; the objects go after `emptyDelayMs`, as the service leaves them to a queue. */
export async function emptyBucket(call: Call): Promise<void> {
	await call.json(true);
	call.authenticate('key');
	if (call.claims?.role !== 'service_role') throw accessDenied('Access denied: Invalid role', 403);
	if (!(await findRules(call.db, call.bucket))) throw noSuchBucket();
	const { files, settings } = call.service;
	// The database's clock, to the microsecond: its rows are dated by it.
	const [start] = await call.db
		.asService()
		.run(async (tx) => await tx<Array<{ now: string }>>`select now()::text as now`);
	const empty = async () => {
		const rows = await call.db.asService().run(
			async (tx) =>
				await tx<Array<{ version: string | null }>>`
				delete from storage.objects
				where bucket_id = ${call.bucket} and created_at <= ${start?.now ?? ''}::timestamptz returning version`,
		);
		await files.remove(...rows.map(({ version }) => version));
	};
	if (settings.emptyDelayMs > 0)
		setTimeout(() => void empty().catch(() => {}), settings.emptyDelayMs).unref();
	else await empty();
	call.send(200, {
		message: 'Empty bucket has been queued. Completion may take up to an hour.',
	});
}

function present(row: BucketRow) {
	return {
		id: row.id,
		name: row.name,
		owner: row.owner ?? '',
		public: row.public,
		type: row.type,
		file_size_limit: number(row.file_size_limit),
		allowed_mime_types: row.allowed_mime_types,
		created_at: row.created_at,
		updated_at: row.updated_at,
	};
}

function number(value: string | null): number | null {
	return value === null ? null : Number(value);
}

export function isUuid(value: string | undefined): value is string {
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value ?? '');
}

function isDuplicate(error: unknown): boolean {
	return error instanceof StorageError && error.code === 'ResourceAlreadyExists';
}
