import type postgres from 'postgres';

import { isUuid } from './buckets';
import type { Database } from './database';
import { keyExists, noSuchKey, StorageError } from './errors';
import type { FileFacts } from './files';

/** What the service notes of a file beside its name. */
export interface FileMetadata {
	eTag?: string;
	size?: number;
	mimetype?: string;
	cacheControl?: string;
	lastModified?: string;
	contentLength?: number;
	httpStatusCode?: number;
	xRobotsTag?: string;
}

export type UserMetadata = Record<string, unknown> | null;

/** A row of storage.objects. */
export interface ObjectRow {
	id: string;
	bucket_id: string;
	name: string;
	owner: string | null;
	owner_id: string | null;
	version: string;
	metadata: FileMetadata | null;
	user_metadata: UserMetadata;
	created_at: Date;
	updated_at: Date;
	last_accessed_at: Date;
}

export interface NewObject {
	bucket: string;
	key: string;
	version: string;
	owner?: string;
	metadata: FileMetadata;
	/** Left out keeps what is there, or leaves null. */
	userMetadata?: UserMetadata;
}

export function metadataOf(facts: FileFacts, mimetype: string, cacheControl: string): FileMetadata {
	return {
		eTag: facts.eTag,
		size: facts.size,
		mimetype,
		cacheControl,
		lastModified: facts.lastModified,
		contentLength: facts.size,
		httpStatusCode: 200,
	};
}

/**
 * The object of that name, as far as the caller may see it.
 *
 * @throws StorageError when there is none
 */
export async function findObject(db: Database, bucket: string, key: string): Promise<ObjectRow> {
	const [row] = await db.run(
		async (tx) =>
			await tx<ObjectRow[]>`
			select * from storage.objects where bucket_id = ${bucket} and name = ${key}`,
	);
	if (!row) throw noSuchKey();
	return row;
}

/**
 * Tries out whether the caller may write that object, without doing it.
 *
 * @throws StorageError with what policies or an existing object say against it
 */
export async function mayWrite(
	db: Database,
	object: Omit<NewObject, 'version'>,
	upsert: boolean,
): Promise<void> {
	const row = { ...object, version: '1' };
	try {
		await db.rehearse(async (tx) => {
			if (upsert) await upsertRow(tx, row);
			else await tx`insert into storage.objects ${tx(columns(tx, row))}`;
		});
	} catch (error) {
		if (error instanceof StorageError && error.code === 'ResourceAlreadyExists') throw keyExists();
		throw error;
	}
}

/**
 * Notes a written file under its name, as the service itself: what the caller may do was tried
 * before.
 *
 * @returns the row, and the version that it had before
 */
export async function record(
	db: Database,
	object: NewObject,
): Promise<{ row: ObjectRow; replaced: string | null }> {
	return await db.asService().run(async (tx) => {
		const [current] = await tx<ObjectRow[]>`
			select version from storage.objects
			where bucket_id = ${object.bucket} and name = ${object.key} for update`;
		const row = await upsertRow(tx, object);
		return { row, replaced: current?.version ?? null };
	});
}

async function upsertRow(tx: postgres.TransactionSql, object: NewObject): Promise<ObjectRow> {
	const values = columns(tx, object);
	const assignments = Object.keys(values).map((name) => `${name} = excluded.${name}`);
	const [row] = await tx<ObjectRow[]>`
		insert into storage.objects ${tx(values)}
		on conflict (name, bucket_id) do update set ${tx.unsafe(assignments.join(', '))}
		returning *`;
	if (!row) throw noSuchKey();
	return row;
}

function columns(tx: postgres.TransactionSql, object: NewObject) {
	return {
		name: object.key,
		bucket_id: object.bucket,
		version: object.version,
		metadata: tx.json(object.metadata as postgres.JSONValue),
		...(object.owner === undefined ? {} : { owner_id: object.owner }),
		...(isUuid(object.owner) ? { owner: object.owner } : {}),
		...(object.userMetadata === undefined
			? {}
			: { user_metadata: tx.json(object.userMetadata as postgres.JSONValue) }),
	};
}

/** A row as copy and remove answer with it. */
export function presentRow(row: ObjectRow) {
	return {
		name: row.name,
		bucket_id: row.bucket_id,
		owner: row.owner ?? '',
		owner_id: row.owner_id ?? '',
		version: row.version,
		id: row.id,
		updated_at: row.updated_at,
		created_at: row.created_at,
		last_accessed_at: row.last_accessed_at,
		metadata: row.metadata,
		user_metadata: row.user_metadata,
	};
}
