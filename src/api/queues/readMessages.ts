import type { ApiResponse } from '../request';
import { keptBack, messagesIn, type QueueMessage } from './answers';
import { byId, type MessageId } from './ids';
import { MOST_CLAIMED } from './wrappers';

export interface ReadMessages {
	/** Sorted by ID. */
	readonly messages: QueueMessage[];
	/** How many were claimed, too, but cut off by the project's row cap. */
	readonly hidden: number;
	/** Why it ended before there were as many as wanted; what was read before is claimed. */
	readonly error?: unknown;
}

/**
 * Claims up to a number of messages, in parts that the row cap of Supabase's projects lets through.
 *
 * @param claim claims up to so many
 * @param most how many are wanted
 */
export async function readMessages(
	claim: (size: number) => Promise<ApiResponse>,
	most: number,
): Promise<ReadMessages> {
	// One that comes back before the end, as its time is short, comes once: as it was read last.
	const found = new Map<MessageId, QueueMessage>();
	let hidden = 0;
	let size = MOST_CLAIMED;
	let error: unknown;
	while (found.size < most) {
		const asked = Math.min(size, most - found.size);
		const before = found.size;
		let got = 0;
		try {
			const answer = await claim(asked);
			const messages = messagesIn(answer);
			for (const message of messages) found.set(message.msg_id, message);
			const cut = keptBack(answer);
			got = messages.length + cut;
			hidden += cut;
			if (cut > 0) size = Math.max(1, messages.length);
		} catch (failure) {
			error = failure;
			break;
		}
		if (got < asked || found.size === before) break;
	}
	const messages = [...found.values()].sort((a, b) => byId(a.msg_id, b.msg_id));
	return { messages, hidden, error };
}
