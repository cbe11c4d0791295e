import type { FeedEvent, Watch } from '../../../../src/api/realtime/catchUp/watch';
import type { Happening } from '../../../../src/api/realtime/listening';
import { keysFor } from '../../../../src/n8n/trigger/deduplication';

const orders: Watch = {
	table: { schema: 'public', name: 'orders' },
	events: ['INSERT'],
	key: ['id'],
	cursor: 'updated_at',
};
const keys = () => keysFor(['workflow', 'node', 'epoch'], [orders]);
const change = (parts: Partial<FeedEvent> = {}): Happening => ({
	kind: 'postgres_changes',
	change: {
		event: 'INSERT',
		schema: 'public',
		table: 'orders',
		record: { id: 1, total: 5, updated_at: '2026-01-01T00:00:00Z' },
		key: { id: 1 },
		origin: 'live',
		...parts,
	},
});

test('the same row, read again after a restart, has the same key, in whatever order its columns come', () => {
	const record = { updated_at: '2026-01-01T00:00:00Z', total: 5, id: 1 };
	const again = change({ event: 'CHANGE', origin: 'catch-up', record });
	expect(keys()(again)).toBe(keys()(change()));
	expect(keys()(again)?.length).toBeLessThanOrEqual(255);
});

test('what came live twice is not the same', () => {
	const keyOf = keys();
	const found = [keyOf(change()), keyOf(change()), keyOf(change())];
	expect(new Set(found).size).toBe(3);
});

test.each<readonly [string, Partial<FeedEvent>]>([
	['another content', { record: { id: 1, total: 6, updated_at: '2026-01-01T00:00:00Z' } }],
	['another cursor value', { record: { id: 1, total: 5, updated_at: '2026-01-02T00:00:00Z' } }],
	['another key', { record: { id: 2, total: 5, updated_at: '2026-01-01T00:00:00Z' } }],
])('%s is another key', (_, parts) => {
	expect(keys()(change(parts))).not.toBe(keys()(change()));
});

test('another workflow, node or beginning has other keys', () => {
	const of = (...scope: string[]) => keysFor(scope, [orders])(change());
	const all = [of('a', 'n', '1'), of('b', 'n', '1'), of('a', 'm', '1'), of('a', 'n', '2')];
	expect(new Set(all).size).toBe(4);
});

test.each<readonly [string, Partial<FeedEvent>]>([
	['a table that is not caught up', { table: 'others' }],
	['a row without a cursor value', { record: { id: 1, updated_at: null } }],
	['a delete', { event: 'DELETE', record: undefined }],
	['a row whose key is not known', { record: { updated_at: '2026-01-01T00:00:00Z' } }],
])('%s has none', (_, parts) => {
	expect(keys()(change(parts))).toBeUndefined();
});

test('a message has one where it has an id', () => {
	const room = { name: 'room', private: true, broadcasts: [{}], presences: [] };
	const message = (id?: string): Happening => ({
		...{ kind: 'broadcast', room, event: 'order', payload: {}, replayed: false },
		...(id && { id }),
	});
	expect(keys()(message('1'))).toBe(keys()(message('1')));
	expect(keys()(message('1'))).not.toBe(keys()(message('2')));
	expect(keys()(message())).toBeUndefined();
});
