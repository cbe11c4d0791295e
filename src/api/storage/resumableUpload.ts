import { refusal, SupabaseApiError } from '../errors';
import type { Send } from '../transport';
import type { Content } from '../content';
import type { Place } from './objects';
import { partsOf, type Parts } from './parts';
import { newPatience, type Patience } from './patience';
import {
	beginUpload,
	begunUpload,
	discardUpload,
	mayGoOn,
	offsetIn,
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
 * Stores an object in parts of 6 MiB, each read while it is sent and held in memory until it has arrived.
 * After a broken connection or a failing server it asks what has arrived and goes on from there, for
 * minutes if it must.
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
	const parts = partsOf(content);
	await sendParts(context, upload, parts, content.size)
		.catch(async (error: unknown) => {
			await context.sendAfterCancel(discardUpload(upload)).catch(refusal);
			throw error;
		})
		.finally(() => parts.close());
}

async function sendParts(
	{ send, signal, progress, patience: limit }: UploadContext,
	upload: ResumableUpload,
	parts: Parts,
	size: number,
): Promise<void> {
	const patience = newPatience(limit, signal);
	let most = 0;
	for (let offset = 0; offset < size;) {
		signal?.throwIfAborted();
		const answer = await send(sendPart(upload, offset, parts.from(offset), size)).catch(refusal);
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
