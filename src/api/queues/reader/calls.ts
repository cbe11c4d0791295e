import type { Send } from '../../transport';
import { idsIn, keptBack, messagesIn } from '../answers';
import type { MessageId } from '../ids';
import * as wrappers from '../wrappers';
import type { Order } from './hand';
import type { QueueCalls, Receipt } from './message';

/**
 * What a reader does to a queue, by the functions of this pack's SQL.
 *
 * @param send with the authority of the service role
 */
export function queueCalls(send: Send, queue: string, order: Order): QueueCalls {
	const ordered = { ordered: order !== 'none', byRow: order === 'row' };

	/** The project's row cap may cut an answer, not what was done: the rest is asked for again. */
	async function forAll(
		receipts: readonly Receipt[],
		request: (ids: MessageId[], readCounts: number[]) => Parameters<Send>[0],
	): Promise<MessageId[]> {
		const found = new Set<MessageId>();
		for (let rest = receipts; rest.length > 0;) {
			const ids = rest.map(({ id }) => id);
			const answer = await send(
				request(
					ids,
					rest.map(({ attempt }) => attempt),
				),
			);
			const before = found.size;
			for (const id of idsIn(answer)) found.add(id);
			if (keptBack(answer) === 0 || found.size === before) break;
			rest = rest.filter(({ id }) => !found.has(id));
		}
		return [...found];
	}

	return {
		async claim(size, visibility) {
			const answer = await send(wrappers.claim(queue, { size, visibility, ...ordered }));
			return messagesIn(answer).map((message) => ({
				id: message.msg_id,
				attempt: message.read_ct,
				enqueuedAt: message.enqueued_at,
				body: message.message,
			}));
		},
		async acknowledge(ids) {
			await send(wrappers.acknowledge(queue, ids));
		},
		hide: async (receipts, delay) =>
			await forAll(receipts, (ids, counts) => wrappers.setVisibility(queue, ids, delay, counts)),
		async park(receipts, reason) {
			const ids = receipts.map(({ id }) => id);
			const counts = receipts.map(({ attempt }) => attempt);
			return idsIn(await send(wrappers.park(queue, ids, reason, counts)));
		},
	};
}
