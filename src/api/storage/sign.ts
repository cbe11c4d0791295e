import { InvalidRequestError } from '../errors';
import { encodePath, type ApiRequest } from '../request';
import { keySegments } from './key';
import { jsonRequest, placeSegments, type Place } from './objects';
import { transformQuery, type Transform } from './transform';

/** What a browser does with the file: save it under a name, or under its own with `true`. */
export type DownloadAs = string | true;

/** `POST /object/sign/<bucket>/<key>`; the transformation is a part of what is signed. */
export function signUrl(place: Place, expiresIn: number, transform?: Transform): ApiRequest {
	const body = { expiresIn, ...(hasTransform(transform) && { transform }) };
	const path = ['object', 'sign', ...placeSegments(place)];
	return jsonRequest('POST', path, body, { reads: true });
}

/** `POST /object/sign/<bucket>`: many at once, each with an outcome of its own. */
export function signUrls(bucket: string, keys: readonly string[], expiresIn: number): ApiRequest {
	const body = { expiresIn, paths: keys };
	return jsonRequest('POST', ['object', 'sign', bucket], body, { reads: true });
}

/** `POST /object/upload/sign/<bucket>/<key>`; whether it may overwrite is decided here. */
export function signUploadUrl(place: Place, upsert = false): ApiRequest {
	const path = ['object', 'upload', 'sign', ...placeSegments(place)];
	return jsonRequest(
		'POST',
		path,
		{},
		{
			...(upsert && { headers: { 'x-upsert': 'true' } }),
			reads: true,
		},
	);
}

/**
 * The whole address of a signed URL. The server gives it without its own address and does not encode
 * it, so that a `?` in a name has to be told from the one before the token.
 *
 * @param address of Storage
 * @param signed as the server gives it
 * @throws InvalidRequestError when it is none
 */
export function signedAddress(address: string, signed: string, download?: DownloadAs): string {
	const at = signed.lastIndexOf('?token=');
	if (at < 0 || !signed.startsWith('/')) {
		throw new InvalidRequestError('The answer holds no signed URL', 'Is the server up to date?');
	}
	const name = download === undefined ? '' : `&download=${downloadName(download)}`;
	return address + encodePath(keySegments(signed.slice(1, at))) + signed.slice(at) + name;
}

function downloadName(download: DownloadAs): string {
	return download === true ? '' : encodeURIComponent(download);
}

/** A place and a token, read from the address of a signed upload. */
export interface UploadTicket extends Place {
	readonly token: string;
}

/**
 * Reads the address that `signUploadUrl` leads to, whole or without the server's own.
 *
 * @throws InvalidRequestError when it is none
 */
export function uploadTicket(signed: string): UploadTicket {
	const [, path, token] =
		/\/object\/upload\/sign\/([^?]+)\?(?:.*&)?token=([\w.-]+)/.exec(signed) ?? [];
	const [bucket, ...key] = (path ?? '').split('/').map(decodeSegment);
	if (!bucket || !key.length || !token) {
		throw new InvalidRequestError(
			'That is not the URL of a signed upload',
			'It is what Create Signed Upload URL gives: …/object/upload/sign/<bucket>/<path>?token=…',
		);
	}
	return { bucket, key: key.join('/'), token };
}

function decodeSegment(segment: string): string {
	return /%(?![0-9a-f]{2})/i.test(segment) ? segment : decodeURIComponent(segment);
}

/** What a download may be given besides its place. */
export interface PublicUrlOptions {
	readonly download?: DownloadAs;
	readonly transform?: Transform;
}

/** The address of an object in a public bucket. Nothing is asked: it may lead to nothing. */
export function publicAddress(
	address: string,
	place: Place,
	{ download, transform }: PublicUrlOptions = {},
): string {
	const kind = hasTransform(transform) ? ['render', 'image'] : ['object'];
	const query = [
		...(download === undefined ? [] : [`download=${downloadName(download)}`]),
		...transformQuery(transform).map(([name, value]) => `${name}=${value}`),
	].join('&');
	return (
		address + encodePath([...kind, 'public', ...placeSegments(place)]) + (query && `?${query}`)
	);
}

/** Whether an image is to be changed. */
export function hasTransform(transform?: Transform): transform is Transform {
	return transformQuery(transform).length > 0;
}
