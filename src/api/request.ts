import type { Readable } from 'node:stream';

import { InvalidRequestError } from './errors';
import type { Service } from './service';
import { hasHalfCharacter } from './surrogates';

/** Names and values in order; a name may repeat, as PostgREST's filters do. */
export type Query = ReadonlyArray<readonly [name: string, value: string]>;

/**
 * Opens a body that is not held in memory. It is called for each attempt, when all that can be
 * refused beforehand is checked; `send` closes what it gives.
 */
export type OpenBody = () => Promise<Readable>;

/**
 * One request to a Supabase service, as plain data. Pure builders make it and `send` sends it.
 *
 * It says nothing of keys: the same request serves the service role, an anonymous caller and a
 * user, so the authority is given to `send` beside it.
 */
export interface ApiRequest {
	readonly service: Service;
	readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Segments below the service's address, not yet encoded. */
	readonly path: readonly string[];
	readonly query?: Query;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array | OpenBody;
	/**
	 * How a successful answer is read; JSON unless told otherwise. In `exactJson` numbers that
	 * JavaScript would round come as text.
	 */
	readonly expect?: 'json' | 'exactJson' | 'text' | 'stream';
	/** Whether sending it twice does no harm; by default so for what only reads. */
	readonly repeatable?: boolean;
	/**
	 * Whether it changes nothing that anybody could see; by default so for GET and HEAD alone. Auth
	 * sends a mail at a GET.
	 */
	readonly reads?: boolean;
	/**
	 * Of a database function: the answer tells how much it wrote, by its rows, as a number, or as
	 * whether it did. Otherwise a call is one thing that was done.
	 */
	readonly tellsAmount?: boolean;
}

/** Whether a request changes nothing. */
export function onlyReads({ method, reads }: ApiRequest): boolean {
	return reads ?? (method === 'GET' || method === 'HEAD');
}

/** A successful answer; `body` is what `expect` asked for. Header names are in lower case. */
export interface ApiResponse<Body = unknown> {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Body;
}

/**
 * Encodes path segments and joins them with slashes.
 *
 * @param segments as a person writes them, not encoded
 * @returns the path, with a leading slash
 * @throws InvalidRequestError for `.` and `..`, encoded or not: a server that resolves them would
 * carry the key to another service
 */
export function encodePath(segments: readonly string[]): string {
	return segments.map((segment) => `/${encodeSegment(segment)}`).join('');
}

function encodeSegment(segment: string): string {
	if (/^(\.|%2e){1,2}$/i.test(segment)) {
		throw new InvalidRequestError(
			`"${segment}" cannot be part of an address`,
			'Use the name itself: "." and ".." are not names.',
		);
	}
	if (hasHalfCharacter(segment)) {
		throw new InvalidRequestError(
			'A name holds half of a Unicode character',
			'Check the text for a character that was cut in two, for example an emoji.',
		);
	}
	return encodeURIComponent(segment).replace(LITERAL, decodeURIComponent);
}

/**
 * What may stand in a path as it is, stands so: Storage signs the path that it was asked by, and of
 * that it decodes all but these.
 */
const LITERAL = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

/** The request's path and query below the service's address, ready to be sent. */
export function requestTarget({ path, query = [] }: ApiRequest): string {
	const search = new URLSearchParams(
		query.map(([name, value]) => [name, value] as [string, string]),
	).toString();
	return encodePath(path) + (search && `?${search}`);
}
