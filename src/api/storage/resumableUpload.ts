import type { Readable } from 'node:stream';

import { refusal, SupabaseApiError } from '../errors';
import type { Send } from '../transport';
import type { Content } from '../content';
import type { Place } from './objects';
import { newPatience, type Patience } from './patience';
import {
	beginUpload,
	begunUpload,
	discardUpload,
	mayGoOn,
	offsetIn,
	PART_BYTES,
	sendPart,
	uploadState,
	type ResumableOptions,
	type ResumableUpload,
} from './resumable';

export interface UploadContext {
	readonly send: Send;
	/** The same, but the cancellation does not stop it. */
	readonly sendAfterCancel: Send;
	/** Of Storage. */
	readonly address: string;
	readonly signal?: AbortSignal;
	/** Told after each part. */
	readonly progress?: (sent: number, size: number) => void;
	/** How long to go on while not a byte more arrives, in milliseconds; minutes unless given. */
	readonly patience?: number;
}

/**
 * Stores an object in parts of 6 MiB, each held in memory while it is sent. After a broken connection
 * or a failing server it asks what has arrived and goes on from there, for minutes if it must.
 *
 * @param content not empty
 * @throws SupabaseApiError when it cannot go on; what has arrived is thrown away, as it is when
 * the signal is aborted
 */
export async function uploadResumable(
	context: UploadContext,
	place: Place,
	content: Content,
	options: ResumableOptions,
): Promise<void> {
	const begun = await context.send(beginUpload(place, content.size, options));
	const upload = begunUpload(context.address, begun.headers.location, options);
	const source = new PartReader(content);
	await sendParts(context, upload, source, content.size)
		.catch(async (error: unknown) => {
			await context.sendAfterCancel(discardUpload(upload)).catch(refusal);
			throw error;
		})
		.finally(() => source.close());
}

async function sendParts(
	{ send, signal, progress, patience: limit }: UploadContext,
	upload: ResumableUpload,
	source: PartReader,
	size: number,
): Promise<void> {
	const patience = newPatience(limit, signal);
	let most = 0;
	for (let offset = 0; offset < size;) {
		signal?.throwIfAborted();
		const part = await source.partAt(offset);
		const answer = await send(sendPart(upload, offset, part, size)).catch(refusal);
		const failure = answer instanceof SupabaseApiError ? answer : undefined;
		if (failure && !mayGoOn(failure)) throw failure;
		if (failure) await patience.wait(failure);
		const told = answer instanceof SupabaseApiError ? undefined : offsetIn(answer.headers);
		const arrived = told ?? (await arrivedOffset(send, upload, patience, failure));
		if (arrived > size || (!failure && arrived <= offset)) throw failure ?? odd(arrived, size);
		if (arrived > most) {
			most = arrived;
			patience.renew();
		}
		offset = arrived;
		progress?.(offset, size);
	}
}

/** What the server has; where it cannot tell, the reason for asking is the one to report. */
async function arrivedOffset(
	send: Send,
	upload: ResumableUpload,
	patience: Patience,
	failure: SupabaseApiError | undefined,
): Promise<number> {
	for (;;) {
		const state = await send(uploadState(upload)).catch(refusal);
		if (!(state instanceof SupabaseApiError)) {
			const offset = offsetIn(state.headers);
			if (offset !== undefined) return offset;
			throw failure ?? odd(undefined, 0);
		}
		if (!mayGoOn(state)) throw failure ?? state;
		await patience.wait(failure ?? state);
	}
}

function odd(offset: number | undefined, size: number): SupabaseApiError {
	return new SupabaseApiError('storage', 'unknown', {
		message:
			offset === undefined
				? 'The server does not tell how much of the upload has arrived'
				: `The server has ${offset} bytes of an upload of ${size}`,
		code: 'UPLOAD_OFFSET',
	});
}

/** Reads content part by part. The last part is kept, so that going on inside it reads nothing twice. */
class PartReader {
	private stream: Readable | undefined;
	private chunks: AsyncIterator<Buffer> | undefined;
	private rest: Buffer = Buffer.alloc(0);
	private part: Buffer = Buffer.alloc(0);
	private start = 0;

	constructor(private readonly content: Content) {}

	/** The bytes from an offset on, up to the end of its part. */
	async partAt(offset: number): Promise<Uint8Array> {
		if ('bytes' in this.content) {
			return this.content.bytes.subarray(offset, partEnd(offset));
		}
		if (offset < this.start) await this.startAgain();
		while (offset >= this.start + this.part.length && offset < this.content.size) {
			await this.next();
		}
		return this.part.subarray(offset - this.start);
	}

	close(): void {
		this.stream?.destroy();
	}

	private async startAgain(): Promise<void> {
		this.close();
		this.stream = undefined;
		this.rest = Buffer.alloc(0);
		this.part = Buffer.alloc(0);
		this.start = 0;
	}

	private async next(): Promise<void> {
		if (!this.stream) {
			if (!('open' in this.content)) return;
			this.stream = await this.content.open();
			this.chunks = this.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
		}
		this.start += this.part.length;
		const part = Buffer.allocUnsafe(Math.min(PART_BYTES, this.content.size - this.start));
		let filled = this.take(part, 0);
		while (filled < part.length) {
			const chunk = await this.chunks?.next();
			if (!chunk || chunk.done) {
				throw new Error(
					`The file ended after ${this.start + filled} of ${this.content.size} bytes`,
				);
			}
			this.rest = chunk.value;
			filled = this.take(part, filled);
		}
		this.part = part;
	}

	/** Moves what is left of the last chunk into a part. */
	private take(part: Buffer, filled: number): number {
		const copied = this.rest.copy(part, filled);
		this.rest = this.rest.subarray(copied);
		return filled + copied;
	}
}

function partEnd(offset: number): number {
	return (Math.floor(offset / PART_BYTES) + 1) * PART_BYTES;
}
