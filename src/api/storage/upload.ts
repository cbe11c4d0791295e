import type { ApiRequest, OpenBody } from '../request';
import { metadataHeader, placeSegments, type Place } from './objects';

/** What is told about a file when it is stored. */
export interface UploadOptions {
	readonly contentType: string;
	/** How long a copy may be kept, in seconds. */
	readonly cacheControl: number;
	readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The bytes, and how many they are. */
export interface Body {
	readonly body: Uint8Array | OpenBody;
	readonly size: number;
}

/**
 * Stores an object: `POST /object/<bucket>/<key>`, with its bytes as they are.
 *
 * The length is always told: without it the server does not look at the bucket's size limit.
 */
export function upload(
	place: Place,
	{ body, size }: Body,
	{ upsert = false, ...options }: UploadOptions & { readonly upsert?: boolean },
): ApiRequest {
	return {
		service: 'storage',
		method: 'POST',
		path: ['object', ...placeSegments(place)],
		headers: { 'x-upsert': String(upsert), ...uploadHeaders(size, options) },
		body,
		repeatable: upsert,
	};
}

/** Stores an object in place of one: `PUT /object/<bucket>/<key>`. The server makes it if it is missing. */
export function replace(place: Place, { body, size }: Body, options: UploadOptions): ApiRequest {
	return {
		service: 'storage',
		method: 'PUT',
		path: ['object', ...placeSegments(place)],
		headers: uploadHeaders(size, options),
		body,
		repeatable: true,
	};
}

/** Stores an object with a token: `PUT /object/upload/sign/<bucket>/<key>?token=…`. */
export function uploadSigned(
	place: Place,
	token: string,
	{ body, size }: Body,
	options: UploadOptions,
): ApiRequest {
	return {
		service: 'storage',
		method: 'PUT',
		path: ['object', 'upload', 'sign', ...placeSegments(place)],
		query: [['token', token]],
		headers: uploadHeaders(size, options),
		body,
	};
}

function uploadHeaders(size: number, { contentType, cacheControl, metadata }: UploadOptions) {
	return {
		'content-type': contentType,
		'content-length': String(size),
		'cache-control': `max-age=${cacheControl}`,
		...(metadata && { 'x-metadata': metadataHeader(metadata) }),
	};
}
