import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { SupabaseApiError, type Outcome, type ErrorParts } from '../errors';
import { describeFault } from '../faults';
import type { ApiRequest, ApiResponse } from '../request';
import { repeatDelay } from '../retry';
import type { Send } from '../transport';

/** How often a broken download goes on when not a byte more has come. */
const MAX_TRIES = 5;

/** The bytes of an answer as the server numbers them; `end` is the last one. */
interface Span {
	readonly start: number;
	readonly end: number;
}

/**
 * The content of a download that began, to its very end: where it breaks, the rest is asked for as
 * long as the object is the same.
 *
 * @param request that was sent, and its answer
 * @returns a stream that gives all that the answer promised, or fails with a `SupabaseApiError`; it
 * never just ends early
 */
export function wholeDownload(
	send: Send,
	request: ApiRequest,
	answer: ApiResponse<Readable>,
	signal?: AbortSignal,
): Readable {
	return Readable.from(chunksOf(send, request, answer, signal), {
		objectMode: false,
		highWaterMark: 64 * 1024,
	});
}

async function* chunksOf(
	send: Send,
	request: ApiRequest,
	first: ApiResponse<Readable>,
	signal?: AbortSignal,
): AsyncGenerator<Buffer> {
	const span = spanOf(first);
	const { etag } = first.headers;
	let body = first.body;
	let got = 0;
	let tries = 0;
	for (;;) {
		const before = got;
		let broken: unknown;
		try {
			for await (const chunk of body as AsyncIterable<Buffer>) {
				got += chunk.length;
				yield chunk;
			}
		} catch (error) {
			broken = error;
		}
		signal?.throwIfAborted();
		if (!broken && (!span || span.start + got === span.end + 1)) return;
		tries = got > before ? 1 : tries + 1;
		const fault = describeFault(broken ?? new Error('The connection ended early'));
		if (!span || !etag || tries > MAX_TRIES) throw cut(fault, got, span);
		await sleep(repeatDelay(tries - 1, undefined), undefined, { signal });
		body = await theRest(send, request, { start: span.start + got, end: span.end }, etag);
	}
}

/** Asks for the bytes that are missing; only those of the same object will do. */
async function theRest(
	send: Send,
	request: ApiRequest,
	span: Span,
	etag: string,
): Promise<Readable> {
	const range = `bytes=${span.start}-${span.end}`;
	const answer = await send<Readable>({ ...request, headers: { ...request.headers, range } });
	const given = spanOf(answer);
	if (answer.headers.etag === etag && answer.status === 206 && given?.start === span.start) {
		return answer.body;
	}
	answer.body.destroy();
	throw new SupabaseApiError('storage', 'refused', {
		message:
			answer.headers.etag === etag
				? 'The download broke, and the server does not give the rest alone'
				: 'The download broke, and meanwhile the file has changed',
		code: 'DOWNLOAD_CHANGED',
		hint: 'Nothing of it was kept. Download it again.',
	});
}

/** What an answer promises; `undefined` where it does not tell its length. */
function spanOf({ status, headers }: ApiResponse): Span | undefined {
	if (status === 206) {
		const [, start, end] = /^bytes (\d+)-(\d+)\//.exec(headers['content-range'] ?? '') ?? [];
		return start && end ? { start: Number(start), end: Number(end) } : undefined;
	}
	const length = headers['content-length'];
	return length === undefined ? undefined : { start: 0, end: Number(length) - 1 };
}

function cut(
	{ parts }: { outcome: Outcome; parts: ErrorParts },
	got: number,
	span: Span | undefined,
): SupabaseApiError {
	const of = span ? ` of ${span.end - span.start + 1}` : '';
	return new SupabaseApiError('storage', 'refused', {
		...parts,
		message: `The download broke after ${got}${of} bytes: ${parts.message}`,
		hint: 'Nothing of it was kept. Download it again.',
	});
}
