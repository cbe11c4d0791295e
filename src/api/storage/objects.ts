import type { ApiRequest } from '../request';
import { keySegments } from './key';

/** An object's place. */
export interface Place {
	readonly bucket: string;
	readonly key: string;
}

/** An object's place as the segments of an address. */
export function placeSegments({ bucket, key }: Place): string[] {
	return [bucket, ...keySegments(key)];
}

/** A request with a JSON body. */
export function jsonRequest(
	method: 'POST' | 'PUT' | 'DELETE',
	path: readonly string[],
	body: unknown,
	rest: Partial<ApiRequest> = {},
): ApiRequest {
	return {
		service: 'storage',
		method,
		path,
		body: JSON.stringify(body),
		...rest,
		headers: { 'content-type': 'application/json', ...rest.headers },
	};
}

/** An object's record: `GET /object/info/<bucket>/<key>`. */
export function objectInfo(place: Place): ApiRequest {
	return { service: 'storage', method: 'GET', path: ['object', 'info', ...placeSegments(place)] };
}

/** Renames an object or moves it to another bucket: `POST /object/move`. It never overwrites. */
export function moveObject(from: Place, to: Place): ApiRequest {
	return jsonRequest('POST', ['object', 'move'], places(from, to));
}

export interface CopyOptions {
	/** Replace what is there. */
	readonly upsert?: boolean;
	/** Instead of those of the original. */
	readonly contentType?: string;
	/** In seconds. */
	readonly cacheControl?: number;
	readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Copies an object, also to another bucket: `POST /object/copy`.
 *
 * The server takes content type, cache control and metadata from the original, or none of them.
 */
export function copyObject(from: Place, to: Place, options: CopyOptions = {}): ApiRequest {
	const { upsert, contentType, cacheControl, metadata } = options;
	const own = contentType !== undefined || cacheControl !== undefined || metadata !== undefined;
	return jsonRequest(
		'POST',
		['object', 'copy'],
		{
			...places(from, to),
			...(own && {
				copyMetadata: false,
				metadata: {
					...(cacheControl !== undefined && { cacheControl: `max-age=${cacheControl}` }),
					...(contentType !== undefined && { mimetype: contentType }),
				},
			}),
		},
		{
			headers: {
				...(upsert && { 'x-upsert': 'true' }),
				...(metadata && { 'x-metadata': metadataHeader(metadata) }),
			},
			repeatable: upsert,
		},
	);
}

function places(from: Place, to: Place): Record<string, unknown> {
	return {
		bucketId: from.bucket,
		sourceKey: from.key,
		destinationKey: to.key,
		...(to.bucket !== from.bucket && { destinationBucket: to.bucket }),
	};
}

/** How a person's metadata goes into a header. */
export function metadataHeader(metadata: Readonly<Record<string, unknown>>): string {
	return Buffer.from(JSON.stringify(metadata)).toString('base64');
}

/** How many keys one request may name. */
export const MAX_KEYS = 1000;

/**
 * Deletes objects: `DELETE /object/<bucket>`. The answer lists those that it deleted; a key that is
 * missing, or that the caller may not delete, is just not among them. So it is not sent twice: after a
 * lost answer the second one would call missing what the first request deleted.
 */
export function removeObjects(bucket: string, keys: readonly string[]): ApiRequest {
	return jsonRequest('DELETE', ['object', bucket], { prefixes: keys });
}
