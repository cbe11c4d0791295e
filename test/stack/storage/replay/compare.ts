import type { RecordedBody } from './exchange';
import type { Answer } from './send';

/** What differs from one run to the next, whoever answers. */
const VOLATILE = new Set([
	'Id',
	'id',
	'version',
	'created_at',
	'updated_at',
	'last_accessed_at',
	'lastModified',
	'last_modified',
	'eTag',
	'etag',
	'nextCursor',
	'token',
]);

const EXACT_HEADERS = [
	'accept-ranges',
	'cache-control',
	'content-disposition',
	'content-range',
	'content-type',
	'tus-complete',
	'tus-extension',
	'tus-max-size',
	'tus-resumable',
	'tus-version',
	'upload-defer-length',
	'upload-length',
	'upload-metadata',
	'upload-offset',
	'x-robots-tag',
];
const PRESENT_HEADERS = ['etag', 'expires', 'last-modified', 'location'];

/** What is compared of an answer, with what is volatile taken out. */
export interface Comparable {
	status: number;
	headers: Record<string, unknown>;
	body: unknown;
}

export function ofRecording(response: {
	status: number;
	headers: Record<string, string>;
	body: RecordedBody;
}): Comparable {
	const { body } = response;
	return {
		status: response.status,
		headers: comparableHeaders(response.headers),
		body: sizeOf(body) ?? withoutVolatile(body),
	};
}

/** @param like the recorded body, which says whether content or only its size is compared */
export function ofAnswer(answer: Answer, like: RecordedBody): Comparable {
	const text = answer.body.toString('utf8');
	const isJson = typeof like === 'object' && sizeOf(like) === undefined;
	return {
		status: answer.status,
		headers: comparableHeaders(answer.headers),
		body:
			sizeOf(like) === undefined
				? isJson
					? withoutVolatile(parse(text))
					: text
				: { bytes: answer.body.length },
	};
}

function comparableHeaders(headers: Record<string, string | string[] | undefined>) {
	const result: Record<string, unknown> = {};
	for (const name of EXACT_HEADERS) if (headers[name]) result[name] = headers[name];
	for (const name of PRESENT_HEADERS) if (headers[name]) result[name] = 'given';
	return result;
}

function sizeOf(body: RecordedBody): { bytes: number } | undefined {
	const { base64, bytes } = (body ?? {}) as { base64?: unknown; bytes?: unknown };
	if (typeof base64 === 'string') return { bytes: Buffer.from(base64, 'base64').length };
	return typeof bytes === 'number' ? { bytes } : undefined;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Volatile values become their kind; tokens in addresses and versions in messages go. */
function withoutVolatile(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutVolatile);
	if (typeof value === 'string')
		return value
			.replace(/([?&]token=)[\w.-]+/g, '$1…')
			.replace(/(\/upload\/resumable\/)[\w-]{20,}/g, '$1…')
			.replace(/stub\/stub\/|\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?= contains)/g, '');
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [
			key,
			VOLATILE.has(key) && entry !== null ? typeof entry : withoutVolatile(entry),
		]),
	);
}
