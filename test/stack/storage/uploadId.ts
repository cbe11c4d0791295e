import { randomUUID } from 'node:crypto';

import { invalidRequest, StorageError } from './errors';
import { checkBucketName, checkKey } from './names';

type Metadata = Record<string, string | null>;

/** What a resumable upload's address says: the object, and the version that it will be. */
export interface UploadId {
	bucket: string;
	key: string;
	version: string;
	/** What came with the request that made it. */
	metadata?: Metadata;
}

/**
 * The id of a new upload.
 *
 * @throws StorageError when its metadata does not name a bucket and a key that may be
 */
export function newUploadId(metadata: Metadata | undefined): UploadId {
	if (!metadata) throw invalidRequest('Metadata header is required', 'InvalidRequest');
	const id = {
		bucket: metadata.bucketName ?? '',
		key: metadata.objectName ?? '',
		version: randomUUID(),
		metadata,
	};
	checkBucketName(id.bucket);
	checkKey(id.key);
	return id;
}

export function formatUploadId({ bucket, key, version }: UploadId): string {
	return Buffer.from(`${bucket}/${key}/${version}`).toString('base64url');
}

/** @throws StorageError for what is no upload's id */
export function parseUploadId(text: string): UploadId {
	const match = /^([^/]+)\/(.+)\/([0-9a-f-]{36})$/.exec(
		Buffer.from(text, 'base64url').toString('utf8'),
	);
	const [, bucket, key, version] = match ?? [];
	if (!bucket || !key || !version) {
		const message = 'Invalid upload id';
		throw new StorageError({ statusCode: 400, code: 'InvalidUploadId', message });
	}
	return { bucket, key, version };
}
