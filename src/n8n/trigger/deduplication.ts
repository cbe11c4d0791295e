import { createHash } from 'node:crypto';

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
	const cursors = new Map(
		watches.map(({ table, cursor }) => [nameOf(table.schema, table.name), cursor]),
	);
	const live = new Map<string, number>();

	function changeKey(change: FeedEvent): string | undefined {
		const { schema, table, record, key, origin } = change;
		const cursor = cursors.get(nameOf(schema, table));
		const value = cursor === undefined ? undefined : record?.[cursor];
		if (value === undefined || value === null || !key) return undefined;
		const found = hash([
			...scope,
			schema,
			table,
			canonical(key),
			canonical(value),
			canonical(record),
		]);
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

/** n8n has room for 255 characters, and one set of keys for all workflows. */
function hash(parts: readonly string[]): string {
	return `supabase-${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

function nameOf(schema: string, table: string): string {
	return JSON.stringify([schema, table]);
}

/** JSON in which the order of an object's members does not matter. */
function canonical(value: unknown): string {
	return JSON.stringify(value, (_, each: unknown) =>
		typeof each === 'object' && each !== null && !Array.isArray(each)
			? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
			: each,
	);
}
