import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import { placeSegments, type Place } from './objects';
import { hasTransform } from './sign';
import { transformQuery, type Transform } from './transform';

export interface DownloadOptions {
	readonly transform?: Transform;
	/** Some of the bytes, such as `0-499`, `500-` or `-500`. */
	readonly range?: string;
	/** Nothing, if the object still has this ETag. */
	readonly ifNoneMatch?: string;
}

/**
 * Reads an object: `GET /object/<bucket>/<key>`, or its transformed image below
 * `/render/image/authenticated`.
 *
 * @throws InvalidRequestError for a range that is none
 */
export function download(place: Place, options: DownloadOptions = {}): ApiRequest {
	const { transform, range, ifNoneMatch } = options;
	const changed = hasTransform(transform);
	return {
		service: 'storage',
		method: 'GET',
		path: [
			...(changed ? ['render', 'image', 'authenticated'] : ['object']),
			...placeSegments(place),
		],
		query: transformQuery(transform),
		headers: {
			...(range && { range: `bytes=${checkedRange(range)}` }),
			...(ifNoneMatch && { 'if-none-match': quotedTag(ifNoneMatch) }),
		},
		expect: 'stream',
	};
}

function checkedRange(range: string): string {
	const text = range.replace(/^bytes=/i, '').replace(/\s/g, '');
	const [, from, to] = /^(\d*)-(\d*)$/.exec(text) ?? [];
	if (from === undefined || (!from && !to) || (from && to && Number(from) > Number(to))) {
		throw new InvalidRequestError(
			`"${range}" is not a byte range`,
			'Write 0-499 for the first 500 bytes, 500- for all after them, or -500 for the last 500.',
		);
	}
	return text;
}

/** People copy an ETag without its quotes. */
function quotedTag(tag: string): string {
	return /^(W\/)?"/.test(tag) || tag === '*' ? tag : `"${tag}"`;
}
