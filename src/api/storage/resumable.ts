import { SupabaseApiError } from '../errors';
import type { ApiRequest } from '../request';
import type { Place } from './objects';
import type { Body, UploadOptions } from './upload';

/** Every part but the last has exactly this size: the server's own store asks for it. */
export const PART_BYTES = 6 * 1024 * 1024;

export interface ResumableOptions extends UploadOptions {
	/** Replace what is there. */
	readonly upsert?: boolean;
	/** A signed upload's token, which stands for the right to it. */
	readonly token?: string;
}

/** An upload that was begun. */
export interface ResumableUpload {
	/** Its address as segments below that of Storage. */
	readonly path: readonly string[];
	/** Go with every request, not only with the one that begins it. */
	readonly headers: Readonly<Record<string, string>>;
}

/**
 * Begins a resumable upload: `POST /upload/resumable`. To send it twice does no harm; an upload that
 * was begun and is never sent is thrown away by the server.
 *
 * @see https://tus.io/protocols/resumable-upload
 */
export function beginUpload(place: Place, size: number, options: ResumableOptions): ApiRequest {
	const { contentType, cacheControl, metadata = {}, token } = options;
	return {
		service: 'storage',
		method: 'POST',
		path: token === undefined ? ['upload', 'resumable'] : ['upload', 'resumable', 'sign'],
		headers: {
			...standingHeaders(options),
			'upload-length': String(size),
			// Metadata always: without any, overwriting would keep the old one, as no other upload does.
			'upload-metadata': Object.entries({
				bucketName: place.bucket,
				objectName: place.key,
				contentType,
				cacheControl: String(cacheControl),
				metadata: JSON.stringify(metadata),
			})
				.map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
				.join(','),
		},
		expect: 'text',
		reads: true,
	};
}

function standingHeaders({ upsert, token }: ResumableOptions): Record<string, string> {
	return {
		'tus-resumable': '1.0.0',
		...(token !== undefined && { 'x-signature': token }),
		...(upsert && { 'x-upsert': 'true' }),
	};
}

/**
 * Reads where an upload lives from the answer to its beginning.
 *
 * Only the upload's own name is taken from it, and asked for below the project's address: what
 * carries keys goes nowhere else.
 *
 * @param address of Storage
 * @throws SupabaseApiError when it is on another server
 */
export function begunUpload(
	address: string,
	location: string | undefined,
	options: ResumableOptions,
): ResumableUpload {
	const base = `${address}/upload/resumable`;
	const url = location && URL.canParse(location, base) ? new URL(location, base) : undefined;
	const [, sign, encoded = ''] =
		/\/upload\/resumable\/(sign\/)?([\w.%-]+)$/.exec(url?.pathname ?? '') ?? [];
	const name = decoded(encoded);
	if (!url || !name || !isOwn(url, new URL(base))) {
		throw new SupabaseApiError('storage', 'refused', {
			// No more of it, as a server may put what it was sent into an address.
			message:
				url && !isOwn(url, new URL(base))
					? `The server places the upload at ${url.origin}, outside the project`
					: 'The server does not say where the upload is',
			code: 'UPLOAD_LOCATION',
			hint: 'Keys are sent to the project alone. A proxy before Storage may not pass on its own host and protocol (X-Forwarded-Host, X-Forwarded-Proto).',
		});
	}
	return {
		path: ['upload', 'resumable', ...(sign ? ['sign'] : []), name],
		headers: standingHeaders(options),
	};
}

/** A server cannot tell whether a proxy before it speaks TLS: the host alone counts. */
function isOwn(url: URL, own: URL): boolean {
	return /^https?:$/.test(url.protocol) && url.host === own.host;
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/**
 * Sends the bytes from an offset on: `PATCH <upload>`. The object is there once the last have arrived.
 *
 * @param size of the whole object
 */
export function sendPart(
	{ path, headers }: ResumableUpload,
	offset: number,
	part: Body,
	size: number,
): ApiRequest {
	return {
		service: 'storage',
		method: 'PATCH',
		path,
		headers: {
			...headers,
			'upload-offset': String(offset),
			'content-type': 'application/offset+octet-stream',
			'content-length': String(part.size),
		},
		body: part.body,
		expect: 'text',
		repeatable: false,
		...(offset + part.size < size && { reads: true }),
	};
}

/** Asks how many bytes have arrived: `HEAD <upload>`. */
export function uploadState({ path, headers }: ResumableUpload): ApiRequest {
	return { service: 'storage', method: 'HEAD', path, headers, expect: 'text' };
}

/** Throws away what has arrived: `DELETE <upload>`. */
export function discardUpload({ path, headers }: ResumableUpload): ApiRequest {
	return { service: 'storage', method: 'DELETE', path, headers, expect: 'text', reads: true };
}

/** The offset that an answer tells; `undefined` where it tells none. */
export function offsetIn(headers: Readonly<Record<string, string>>): number | undefined {
	const text = headers['upload-offset'];
	return text && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Whether going on from what has arrived may help: after a broken connection, when
 * the server could not take the part now, or when it is at another offset. The other refusal with
 * 409 says that the object exists, which no repetition changes.
 */
export function mayGoOn({ outcome, status = 0, message }: SupabaseApiError): boolean {
	if (outcome !== 'refused') return true;
	if (status === 409) return /offset/i.test(message);
	return status === 423 || status === 429 || status === 408 || status >= 500;
}
