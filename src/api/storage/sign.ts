import { InvalidRequestError } from '../errors';
import { encodePath, type ApiRequest } from '../request';
import { hasHalfCharacter } from '../surrogates';
import { keySegments } from './key';
import { jsonRequest, placeSegments, type Place } from './objects';
import { transformQuery, type Transform } from './transform';

/** What a browser does with the file: save it under a name, or under its own with `true`. */
export type DownloadAs = string | true;

/**
 * `POST /object/sign/<bucket>/<key>`: the only way to sign a changed image; the transformation is a
 * part of what is signed.
 *
 * The service signs the path of the request, of which it decodes all but `;/?:@&=+$,#`. Those but `?`
 * may stand in a path as they are; a link with that one would lead nowhere.
 *
 * @throws InvalidRequestError for a name with `?`
 */
export function signImageUrl(place: Place, expiresIn: number, transform: Transform): ApiRequest {
	const path = placeSegments(place);
	if (path.some((segment) => segment.includes('?'))) {
		throw new InvalidRequestError(
			`Storage makes no working link to a changed image whose path holds "?": ${path.join('/')}`,
			'Move the file to a path without it, or remove Transform Image.',
		);
	}
	const body = { expiresIn, transform };
	return jsonRequest('POST', ['object', 'sign', ...path], body, { reads: true });
}

/** `POST /object/sign/<bucket>`: one or many at once, each with an outcome of its own. */
export function signUrls(bucket: string, keys: readonly string[], expiresIn: number): ApiRequest {
	const body = { expiresIn, paths: keys };
	return jsonRequest('POST', ['object', 'sign', bucket], body, { reads: true });
}

/** What the service answers for a path. */
export interface SignedPath {
	readonly path: string;
	readonly error: string | null;
	readonly signedURL: string | null;
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
	if (download === true) return '';
	if (!hasHalfCharacter(download)) return encodeURIComponent(download);
	throw new InvalidRequestError(
		'Download As holds half of a Unicode character',
		'Check the text for a character that was cut in two, for example an emoji.',
	);
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
	const [, path = '', token] =
		/\/object\/upload\/sign\/(.+)\?(?:.*&)?token=([\w.-]+)/.exec(signed) ?? [];
	const [bucket, ...key] = path.split('/').map(decodeSegment);
	if (!bucket || !key.length || !token) {
		throw new InvalidRequestError(
			'That is not the URL of a signed upload',
			'It is what Create Signed Upload URL gives: …/object/upload/sign/<bucket>/<path>?token=…',
		);
	}
	return { bucket, key: key.join('/'), token };
}

/** The service itself gives names that are not encoded. */
function decodeSegment(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
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
