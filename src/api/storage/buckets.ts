import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import { jsonRequest } from './objects';

/** What is set for a bucket; what is left out stays as it is, and `null` takes a limit away. */
export interface BucketSettings {
	readonly public?: boolean;
	/** Bytes, or text such as `20MB`. */
	readonly fileSizeLimit?: number | string | null;
	/** `image/*` stands for all images. */
	readonly allowedMimeTypes?: readonly string[] | null;
}

/** `POST /bucket` */
export function createBucket(bucket: string, settings: BucketSettings): ApiRequest {
	return jsonRequest('POST', ['bucket'], {
		id: bucket,
		name: bucket,
		public: false,
		...wireSettings(settings),
	});
}

/** `GET /bucket/<id>` */
export function getBucket(bucket: string): ApiRequest {
	return { service: 'storage', method: 'GET', path: ['bucket', bucket] };
}

export interface BucketListOptions {
	readonly limit?: number;
	readonly offset?: number;
	/** Text that the name contains. */
	readonly search?: string;
	readonly sortColumn?: string;
	readonly sortOrder?: string;
}

/** `GET /bucket`: all buckets, unless told otherwise. Older servers know none of the options. */
export function listBuckets(options: BucketListOptions = {}): ApiRequest {
	const { limit, offset, search, sortColumn, sortOrder } = options;
	const query = Object.entries({ limit, offset, search, sortColumn, sortOrder })
		.filter(([, value]) => value !== undefined && value !== '')
		.map(([name, value]) => [name, String(value)] as const);
	return { service: 'storage', method: 'GET', path: ['bucket'], query };
}

/**
 * `PUT /bucket/<id>`
 *
 * @throws InvalidRequestError when nothing is to change, which the server refuses
 */
export function updateBucket(bucket: string, settings: BucketSettings): ApiRequest {
	const changes = wireSettings(settings);
	if (Object.keys(changes).length === 0) {
		throw new InvalidRequestError('Nothing is to change', 'Add at least one of the settings.');
	}
	const body = { id: bucket, name: bucket, ...changes };
	return jsonRequest('PUT', ['bucket', bucket], body, { repeatable: true });
}

function wireSettings({ fileSizeLimit, allowedMimeTypes, ...settings }: BucketSettings) {
	return {
		...(settings.public !== undefined && { public: settings.public }),
		...(fileSizeLimit !== undefined && { file_size_limit: fileSizeLimit }),
		...(allowedMimeTypes !== undefined && { allowed_mime_types: allowedMimeTypes }),
	};
}

/** `DELETE /bucket/<id>`: an empty one only. */
export function deleteBucket(bucket: string): ApiRequest {
	return jsonRequest('DELETE', ['bucket', bucket], {});
}

/** `POST /bucket/<id>/empty`: the server puts it on its list and does it later. */
export function emptyBucket(bucket: string): ApiRequest {
	return jsonRequest('POST', ['bucket', bucket, 'empty'], {}, { repeatable: true });
}
