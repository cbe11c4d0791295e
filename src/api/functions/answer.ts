import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';

import { SupabaseApiError } from '../errors';
import { describeFault } from '../faults';
import type { ApiResponse } from '../request';
import { lastEvent, noEvents, readEvents, type ServerEvent } from './events';

/** What an answer can be read as. */
export const FORMS = ['json', 'text', 'file', 'events'] as const;

export type Form = (typeof FORMS)[number];

/** An answer that begins to come, and what its call was. */
export interface Begun {
	readonly answer: ApiResponse<Readable>;
	/** The call changes nothing. */
	readonly reads: boolean;
	readonly signal?: AbortSignal;
}

/** How many bytes of an answer are kept in memory at the most. */
const MOST_IN_MEMORY = 64 * 1024 * 1024;

/**
 * What an answer is, by its content type. What is not known to be text is a file. Deno gives a type
 * to every answer that is made of text, so that one without a type is made of bytes.
 */
export function formOf(contentType = ''): Form {
	const type = mediaType(contentType);
	if (type === 'text/event-stream') return 'events';
	if (/^(application|text)\/(json|[\w.-]+\+json)$/.test(type)) return 'json';
	return TEXT.test(type) ? 'text' : 'file';
}

const TEXT =
	/^(text\/.*|application\/(xml|[\w.-]+\+xml|javascript|x-ndjson|jsonl|yaml|sql|graphql|x-www-form-urlencoded))$/;

/** The type alone, in lower case, without its parameters. */
export function mediaType(contentType: string): string {
	return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/**
 * All of an answer as text, in the character set that it names.
 *
 * @throws SupabaseApiError when it breaks off, or is larger than may be kept in memory
 */
export async function readText(begun: Begun): Promise<string> {
	const decoder = decoderFor(begun.answer.headers['content-type']);
	let text = '';
	for await (const piece of inMemory(begun)) text += decoder.decode(piece, { stream: true });
	return text + decoder.decode();
}

/**
 * An answer as a stream of bytes that gives all of it or fails with a `SupabaseApiError`; it never
 * just ends early.
 */
export function readStream(begun: Begun): Readable {
	const { body } = begun.answer;
	const options = { objectMode: false, highWaterMark: 64 * 1024 };
	// Also where nobody begins to read it, nothing is left open.
	body.on('error', () => undefined);
	return Readable.from(piecesOf(begun), options).once('close', () => body.destroy());
}

/** Where reading events ends although more may come. */
export interface EventBounds {
	readonly most: number;
	readonly seconds: number;
}

/**
 * The events of an answer, up to a number of them or for a time. What is not read is cancelled, which
 * the function is told.
 *
 * @returns the events, and which bound ended it
 * @throws SupabaseApiError when the answer breaks off, or is larger than may be kept in memory
 */
export async function collectEvents(
	begun: Begun,
	{ most, seconds }: EventBounds,
): Promise<{ readonly events: ServerEvent[]; readonly endedBy?: keyof EventBounds }> {
	const events: ServerEvent[] = [];
	const { body } = begun.answer;
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		body.destroy();
	}, seconds * 1000);
	const read = async (): Promise<'most' | undefined> => {
		for await (const event of eventsOf(begun)) {
			events.push(event);
			if (events.length === most) return 'most';
		}
		return undefined;
	};
	try {
		const endedBy = await read().catch((error: unknown) => {
			if (!isLate) throw error;
		});
		return { events, endedBy: endedBy ?? (isLate ? 'seconds' : undefined) };
	} finally {
		clearTimeout(timer);
		body.destroy();
	}
}

async function* eventsOf(begun: Begun): AsyncGenerator<ServerEvent> {
	const decoder = new TextDecoder();
	let state = noEvents;
	for await (const piece of inMemory(begun)) {
		const { events, state: next } = readEvents(state, decoder.decode(piece, { stream: true }));
		state = next;
		yield* events;
	}
	yield* lastEvent(state);
}

async function* inMemory(begun: Begun): AsyncGenerator<Uint8Array> {
	let size = 0;
	for await (const piece of piecesOf(begun)) {
		size += piece.byteLength;
		if (size > MOST_IN_MEMORY) throw tooLarge(begun);
		yield piece;
	}
}

async function* piecesOf({ answer, reads, signal }: Begun): AsyncGenerator<Uint8Array> {
	const { body } = answer;
	// Whoever stops reading destroys the stream, which then reports that as an error to nobody.
	body.on('error', () => undefined);
	let broken: unknown;
	try {
		yield* body as AsyncIterable<Uint8Array>;
	} catch (error) {
		broken = error;
	} finally {
		body.destroy();
	}
	signal?.throwIfAborted();
	if (!broken) return;
	const { parts } = describeFault(broken);
	throw new SupabaseApiError('functions', reads ? 'refused' : 'done', {
		...parts,
		status: answer.status,
		ours: true,
	});
}

function tooLarge({ answer, reads }: Begun): SupabaseApiError {
	return new SupabaseApiError('functions', reads ? 'refused' : 'done', {
		message: `The answer is larger than ${MOST_IN_MEMORY / 1024 / 1024} MiB, too large to be kept in memory`,
		status: answer.status,
		code: 'ANSWER_TOO_LARGE',
		ours: true,
		hint: 'Choose File in Response: a file goes to the store of n8n as it comes.',
	});
}

/** UTF-8 where no character set is named, or one that nobody knows. */
function decoderFor(contentType = ''): TextDecoder {
	const [, label = 'utf-8'] = /;\s*charset="?([\w-]+)/i.exec(contentType) ?? [];
	try {
		return new TextDecoder(label);
	} catch {
		return new TextDecoder();
	}
}
