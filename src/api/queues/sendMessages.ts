import { writeChunks, type Written } from '../database/written';
import { SupabaseApiError } from '../errors';
import { partsOf } from '../parts';
import type { ApiResponse } from '../request';
import type { Send } from '../transport';
import { idsIn, keptBack } from './answers';
import { isNull, needsCare } from './messageText';
import * as publicQueues from './publicQueues';
import { isMissing, type Through } from './ways';
import * as wrappers from './wrappers';

/** Of one request: the row cap of Supabase's projects, and well below what gateways take. */
const PART = { count: 1000, size: 4 * 1024 * 1024 };

export interface Sending {
	readonly queue: string;
	/** Seconds until they can be read. */
	readonly delay?: number;
	/** Whether this pack's SQL may be used, which is for the service role alone. */
	readonly mayUsePack: boolean;
	/** Find the messages that cannot be sent and send the others, instead of stopping. */
	readonly isolate: boolean;
	readonly through: Through;
}

interface Entry {
	readonly from: number;
	readonly message: string;
}

/**
 * Sends many messages to a queue in few requests, in their order, each request all or nothing.
 *
 * Lists and null are sent by this pack's SQL where that is there, as `send_batch` would change them;
 * otherwise lists by themselves.
 *
 * @param messages JSON texts, as `messageText` gives them
 * @returns what became of each, in the order of the messages; the row is its `msg_id`, `undefined`
 * where the project's row cap cut the answer
 * @throws BulkWriteError at the first failure, without `isolate`
 */
export async function sendMessages(
	send: Send,
	messages: readonly string[],
	{ queue, delay, mayUsePack, isolate, through }: Sending,
): Promise<Written[]> {
	const isCareful = messages.some(needsCare);
	const byPack = mayUsePack && isCareful && (await isInstalled(send, queue));
	const entries = messages.map((message, from) => ({ from, message }));
	const parts = partsOf(
		entries,
		({ message }) => Buffer.byteLength(message) + 1,
		PART,
		(before, entry) => byPack || !(needsCare(before.message) || needsCare(entry.message)),
	);
	return await writeChunks<Entry>(parts, write, { isolate });

	async function write(part: readonly Entry[]): Promise<readonly Written[]> {
		const answer = await answerTo(part.map(({ message }) => message));
		const ids = idsIn(answer);
		if (ids.length + keptBack(answer) !== part.length) throw unpaired(answer);
		return part.map(({ from }, index) => {
			const id = ids[index];
			return { from: [from], row: id === undefined ? undefined : { msg_id: id } };
		});
	}

	async function answerTo(texts: readonly string[]): Promise<ApiResponse> {
		const pack = async () => await send(wrappers.send(queue, texts, delay));
		const [only = ''] = texts;
		if (byPack) return await pack();
		if (isNull(only)) throw noNull();
		if (needsCare(only)) return await send(publicQueues.send(queue, only, delay));
		const own = async () => await send(publicQueues.sendBatch(queue, texts, delay));
		return await through(
			mayUsePack
				? [
						['public', own],
						['pack', pack],
					]
				: [['public', own]],
		);
	}
}

/** Whether this pack's SQL is there: no messages are sent by it, which changes nothing. */
async function isInstalled(send: Send, queue: string): Promise<boolean> {
	try {
		await send({ ...wrappers.send(queue, []), reads: true });
	} catch (error) {
		return !isMissing(error);
	}
	return true;
}

function noNull(): SupabaseApiError {
	return new SupabaseApiError('rest', 'notSent', {
		message: 'JSON null cannot be sent by Supabase’s own functions',
		code: 'JSON_NULL',
		hint: 'They would send no value at all. Send an object, or install this pack’s SQL in the project, which the Supabase Realtime node gives (Setup: Get SQL), and run as Service Role.',
		ours: true,
	});
}

function unpaired({ status }: ApiResponse): SupabaseApiError {
	return new SupabaseApiError('rest', 'done', {
		message: 'The queue did not give an ID for each message',
		status,
		code: 'UNEXPECTED_ANSWER',
		hint: 'They were sent. Look at the queue in the dashboard before you send them again.',
		ours: true,
	});
}
