import { createHash } from 'node:crypto';

import type { MessageId } from '../../api/queues/ids';
import { contentPrint, rowPrint } from '../../api/realtime/catchUp/content';
import type { FeedEvent, Watch } from '../../api/realtime/catchUp/watch';
import type { Happening } from '../../api/realtime/listening';

/** Keys that are remembered, to tell apart what came live twice with the same content. */
const REMEMBERED = 1_000;

/** The key by which n8n starts no second execution for the same; `undefined` where nothing tells. */
export type KeyOf = (happened: Happening) => string | undefined;

/**
 * Keys for executions of one event. The same row with the same cursor value and content, read again
 * after a crash, has the same key; what came live twice is never the same, as two updates in one
 * transaction may be alike.
 *
 * @param scope what makes the key this trigger's own
 */
export function keysFor(scope: readonly string[], watches: readonly Watch[]): KeyOf {
	const watched = new Map(
		watches.map((watch) => [nameOf(watch.table.schema, watch.table.name), watch]),
	);
	const live = new Map<string, number>();

	function changeKey({ schema, table, record, origin }: FeedEvent): string | undefined {
		const { cursor, key = [], types = {} } = watched.get(nameOf(schema, table)) ?? {};
		if (cursor === undefined || !record) return undefined;
		const value = record[cursor];
		const row = rowPrint(record, key, types);
		if (value === undefined || value === null || row === undefined) return undefined;
		const found = hash([...scope, schema, table, row, contentPrint(record, types, undefined)]);
		if (origin !== 'live') return found;
		const times = live.get(found) ?? 0;
		live.set(found, times + 1);
		for (const oldest of live.keys()) {
			if (live.size <= REMEMBERED) break;
			live.delete(oldest);
		}
		return times === 0 ? found : hash([found, String(times)]);
	}

	return (happened) => {
		if (happened.kind === 'postgres_changes') return changeKey(happened.change);
		if (happened.kind === 'presence' || happened.id === undefined) return undefined;
		return hash([...scope, happened.room.name, String(happened.room.private), happened.id]);
	};
}

/**
 * The key of a message, the same for each time that it comes.
 *
 * @param scope what makes the key this trigger's and this queue's own: a queue that was dropped and
 * made again counts its ids from 1
 */
export function messageKey(scope: readonly string[], id: MessageId): string {
	return hash([...scope, String(id)]);
}

/** n8n has room for 255 characters, and one set of keys for all workflows. */
function hash(parts: readonly string[]): string {
	return `supabase-${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

function nameOf(schema: string, table: string): string {
	return JSON.stringify([schema, table]);
}
