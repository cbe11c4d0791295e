import { Readable } from 'node:stream';

import { refusal, SupabaseApiError } from '../errors';
import { describeFault } from '../faults';
import type { ApiRequest, ApiResponse } from '../request';
import type { Send } from '../transport';
import { newPatience, type Patience } from './patience';
import { mayGoOn } from './resumable';

/** The bytes of an answer as the server numbers them; `end` is the last one. */
interface Span {
	readonly start: number;
	readonly end: number;
}

export interface DownloadContext {
	readonly send: Send;
	readonly signal?: AbortSignal;
	/** How long to go on while not a byte more comes, in milliseconds; minutes unless given. */
	readonly patience?: number;
}

/**
 * The content of a download that began, to its very end: where it breaks, the rest is asked for as
 * long as the object is the same, for minutes if it must.
 *
 * @param request that was sent, and its answer
 * @returns a stream that gives all that the answer promised, or fails with a `SupabaseApiError`; it
 * never just ends early
 * @throws SupabaseApiError when the answer is not the part that was asked for
 */
export function wholeDownload(
	context: DownloadContext,
	request: ApiRequest,
	answer: ApiResponse<Readable>,
): Readable {
	const body = quiet(answer.body);
	const { range } = request.headers ?? {};
	if (range && !isPart(range, answer)) {
		body.destroy();
		throw rangeIgnored(answer);
	}
	const content = Readable.from(chunksOf(context, request, answer), {
		objectMode: false,
		highWaterMark: 64 * 1024,
	});
	// Also when nobody has begun to read.
	return content.once('close', () => body.destroy());
}

async function* chunksOf(
	{ send, signal, patience: limit }: DownloadContext,
	request: ApiRequest,
	first: ApiResponse<Readable>,
): AsyncGenerator<Buffer> {
	const patience = newPatience(limit, signal);
	const span = spanOf(first);
	const { etag } = first.headers;
	let { body } = first;
	let got = 0;
	try {
		for (;;) {
			const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
			let next = await nextOf(chunks);
			for (; next.chunk; next = await nextOf(chunks)) {
				got += next.chunk.length;
				patience.renew();
				yield next.chunk;
			}
			signal?.throwIfAborted();
			if (!next.broken && (!span || span.start + got === span.end + 1)) return;
			const failure = cut(next.broken ?? new Error('The connection ended early'), got, span);
			if (!span || !etag) throw failure;
			const rest = { start: span.start + got, end: span.end };
			body = await theRest(send, request, rest, etag, patience, failure);
		}
	} finally {
		body.destroy();
	}
}

/** A fault of the body alone, not of who reads it. */
async function nextOf(
	chunks: AsyncIterator<Buffer>,
): Promise<{ chunk?: Buffer; broken?: unknown }> {
	try {
		const next = await chunks.next();
		return next.done ? {} : { chunk: next.value };
	} catch (broken) {
		return { broken };
	}
}

/** Asks for the bytes that are missing; only those of the same object will do. */
async function theRest(
	send: Send,
	request: ApiRequest,
	{ start, end }: Span,
	etag: string,
	patience: Patience,
	failure: SupabaseApiError,
): Promise<Readable> {
	const range = `bytes=${start}-${end}`;
	for (;;) {
		await patience.wait(failure);
		const headers = { ...request.headers, range };
		const answer = await send<Readable>({ ...request, headers }).catch(refusal);
		if (answer instanceof SupabaseApiError) {
			if (!mayGoOn(answer)) throw answer;
			continue;
		}
		const body = quiet(answer.body);
		if (answer.headers.etag === etag && isPart(range, answer)) return body;
		body.destroy();
		throw changed(answer.headers.etag === etag);
	}
}

/** Its faults are seen where it is read; nobody else waits for them. */
function quiet(body: Readable): Readable {
	return body.on('error', () => undefined);
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

/** Whether an answer is of the bytes that were asked for: a server or a proxy may not know ranges. */
function isPart(range: string, answer: ApiResponse): boolean {
	const span = answer.status === 206 ? spanOf(answer) : undefined;
	const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
	if (!span || from === undefined) return false;
	if (from === '') return span.end - span.start < Number(to);
	return span.start === Number(from) && (!to || span.end <= Number(to));
}

function rangeIgnored(answer: ApiResponse): SupabaseApiError {
	const { status } = answer;
	const span = status === 206 ? spanOf(answer) : undefined;
	const given = span ? `${span.start}-${span.end}` : 'it does not say which';
	return new SupabaseApiError('storage', 'refused', {
		status,
		message:
			status === 206
				? `The server gave other bytes than those asked for: ${given}`
				: 'The server gave the whole file instead of the bytes asked for',
		code: 'RANGE_IGNORED',
		hint: 'A proxy before Storage may not pass the Range header on. Without Byte Range the whole file is read.',
	});
}

function changed(isSame: boolean): SupabaseApiError {
	return new SupabaseApiError('storage', 'refused', {
		message: isSame
			? 'The download broke, and the server does not give the rest alone'
			: 'The download broke, and meanwhile the file has changed',
		code: 'DOWNLOAD_CHANGED',
		hint: 'Nothing of it was kept. Download it again.',
		ours: true,
	});
}

function cut(broken: unknown, got: number, span: Span | undefined): SupabaseApiError {
	const { parts } = describeFault(broken);
	const of = span ? ` of ${span.end - span.start + 1}` : '';
	return new SupabaseApiError('storage', 'refused', {
		...parts,
		message: `The download broke after ${got}${of} bytes: ${parts.message}`,
		hint: 'Nothing of it was kept. Download it again.',
		ours: true,
	});
}
