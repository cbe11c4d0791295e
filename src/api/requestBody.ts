import { Readable } from 'node:stream';

import type { ApiRequest } from './request';

/** What is longer goes to the socket in such pieces, each of which is seen to move. */
const PIECE = 64 * 1024;

/** The body of one attempt, and the watch over its way out. */
export interface SentBody {
	/** For undici. */
	readonly options: {
		readonly body?: string | Uint8Array | Readable;
		readonly headersTimeout: number;
		readonly signal?: AbortSignal;
	};
	/** Its length, where undici cannot see it. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Why its source could not be read to its end. */
	failure(): Error | undefined;
	/** Ends the watch: the answer has begun. */
	answered(): void;
	/** Lets go of all that is open. */
	close(): void;
}

/**
 * Opens the body of a request and watches that it moves.
 *
 * undici counts the time to an answer from the beginning of a request whose body is in one piece,
 * which ends every upload that takes longer; and while a stream gives nothing it does not count at all.
 * Here the time begins again with each piece that the socket takes.
 *
 * @param silence how long nothing may move, in milliseconds
 * @throws what opening its source throws; nothing has been sent then
 */
export async function openBody(
	body: ApiRequest['body'],
	silence: number,
	signal?: AbortSignal,
): Promise<SentBody> {
	if (typeof body === 'function') {
		signal?.throwIfAborted();
		return watched(await body(), {}, silence, signal);
	}
	const bytes = typeof body === 'string' ? Buffer.from(body) : body;
	if (bytes && bytes.length > PIECE) {
		const headers = { 'content-length': String(bytes.length) };
		return watched(Readable.from([bytes]), headers, silence, signal);
	}
	const nothing = () => undefined;
	const options = { body: bytes, headersTimeout: silence, signal };
	return { options, failure: nothing, answered: nothing, close: nothing };
}

function watched(
	source: Readable,
	headers: Readonly<Record<string, string>>,
	silence: number,
	signal: AbortSignal | undefined,
): SentBody {
	let failure: Error | undefined;
	source.on('error', (error) => {
		// Ending the body early is no failure of its source, though Node.js makes it one.
		if (!body.destroyed) failure = error;
	});
	const ended = new AbortController();
	const cancel = () => ended.abort(signal?.reason);
	signal?.addEventListener('abort', cancel);
	if (signal?.aborted) cancel();
	let timer: NodeJS.Timeout | undefined;
	let isAnswered = false;
	const moved = () => {
		if (isAnswered) return;
		timer = timer?.refresh() ?? setTimeout(() => ended.abort(new SilenceError()), silence);
	};
	const answered = () => {
		isAnswered = true;
		clearTimeout(timer);
	};
	async function* pieces(): AsyncGenerator<unknown> {
		moved();
		for await (const given of source as AsyncIterable<Uint8Array | string>) {
			const chunk = typeof given === 'string' ? Buffer.from(given) : given;
			for (let at = 0; at < chunk.length; at += PIECE) {
				moved();
				yield chunk.subarray(at, at + PIECE);
			}
		}
		moved();
	}
	const body = Readable.from(pieces(), { objectMode: false, highWaterMark: PIECE });
	return {
		options: { body, headersTimeout: 0, signal: ended.signal },
		headers,
		failure: () => failure,
		answered,
		close() {
			answered();
			signal?.removeEventListener('abort', cancel);
			body.on('error', () => undefined).destroy();
			source.destroy();
		},
	};
}

/** The code is that of undici for the same. */
class SilenceError extends Error {
	readonly code = 'UND_ERR_HEADERS_TIMEOUT';
}
