import {
	eventOf,
	FILE_EVENTS,
	USER_EVENTS,
	type Wanted,
} from '../../../../src/n8n/trigger/captured';

const all: Wanted = { users: USER_EVENTS, files: FILE_EVENTS };
const change = (type: string, table: string, record: object | null, old: object | null) => ({
	...{ v: 1, type, schema: table.split('.')[0], table: table.split('.')[1] },
	...{ record, old_record: old, key: { id: 7 }, rows: [`${table}:[7]`] },
	...{ occurred_at: '2026-01-31T12:00:00Z', txid: '1' },
});
const message = (body: unknown) => ({
	id: 12,
	attempt: 2,
	enqueuedAt: '2026-01-31T12:00:01Z',
	body,
});
const shown = (body: unknown, wanted: Wanted | undefined = all) =>
	eventOf('n8n_orders', message(body), wanted);

test('a change of a row', () => {
	expect(shown(change('UPDATE', 'public.orders', { id: 7, a: 1 }, { id: 7, a: 0 }))).toEqual({
		kind: 'postgres_changes',
		event: 'UPDATE',
		schema: 'public',
		table: 'orders',
		occurred_at: '2026-01-31T12:00:00Z',
		record: { id: 7, a: 1 },
		old_record: { id: 7, a: 0 },
		key: { id: 7 },
		origin: 'durable',
		queue: 'n8n_orders',
		message_id: 12,
		attempt: 2,
	});
	expect(shown({ ...change('TRUNCATE', 'public.orders', null, null), key: null })).toMatchObject({
		event: 'TRUNCATE',
	});
});

test.each([
	['signedUp', 'INSERT', { email_confirmed_at: null }, null],
	['signedUp', 'INSERT', { email_confirmed_at: 'now' }, null],
	['confirmed', 'UPDATE', { email_confirmed_at: 'now' }, { email_confirmed_at: null }],
	['confirmed', 'UPDATE', { phone_confirmed_at: 'now' }, { phone_confirmed_at: null }],
	['changed', 'UPDATE', { email_confirmed_at: 'now' }, { email_confirmed_at: 'then' }],
	['removed', 'UPDATE', { deleted_at: 'now' }, { deleted_at: null }],
	['removed', 'DELETE', null, { deleted_at: null }],
	[undefined, 'DELETE', null, { deleted_at: 'then' }],
])('of a user: %s', (event, type, record, old) => {
	expect(shown(change(type, 'auth.users', record, old))?.event).toBe(event);
});

test('of a user only what is wanted, and the next best of it', () => {
	const wanted = { ...all, users: ['confirmed', 'changed'] as const };
	const made = change('INSERT', 'auth.users', { email_confirmed_at: 'now' }, null);
	expect(shown(made, wanted)?.event).toBe('confirmed');
	expect(shown(change('INSERT', 'auth.users', {}, null), wanted)).toBeUndefined();
	expect(shown(change('DELETE', 'auth.users', null, {}), wanted)).toBeUndefined();
	const soft = change('UPDATE', 'auth.users', { deleted_at: 'now' }, { deleted_at: null });
	expect(shown(soft, wanted)?.event).toBe('changed');
});

const file = (name: string, version: string, more = {}) => ({
	...{ bucket_id: 'a', name, version, metadata: { size: 1 } },
	...more,
});

test.each([
	['stored', 'INSERT', file('x', '1'), null],
	['stored', 'UPDATE', file('x', '2'), file('x', '1')],
	['stored', 'UPDATE', file('x', '1', { metadata: { size: 2 } }), file('x', '1')],
	['moved', 'UPDATE', file('y', '2'), file('x', '1')],
	['moved', 'UPDATE', file('x', '1', { bucket_id: 'b' }), file('x', '1')],
	['removed', 'DELETE', null, file('x', '1')],
	[undefined, 'UPDATE', file('x', '1', { owner_id: 'u' }), file('x', '1')],
])('of a file: %s', (event, type, record, old) => {
	const found = shown(change(type, 'storage.objects', record, old));
	expect(found?.event).toBe(event);
	if (found) expect(found).toMatchObject({ kind: 'file', name: (record ?? old)?.name });
});

test('of files only those in the buckets, or moved into or out of them', () => {
	const wanted = { ...all, buckets: ['b'] };
	const moved = (to: string, from: string) =>
		shown(
			change(
				'UPDATE',
				'storage.objects',
				file('x', '1', { bucket_id: to }),
				file('x', '1', { bucket_id: from }),
			),
			wanted,
		)?.event;
	expect([moved('b', 'a'), moved('a', 'b'), moved('c', 'a')]).toEqual([
		'moved',
		'moved',
		undefined,
	]);
	expect(shown(change('INSERT', 'storage.objects', file('x', '1'), null), wanted)).toBeUndefined();
});

test.each([null, 7, 'text', [1, 2], { a: 1 }, { v: 1, type: 'UPDATE' }])(
	'what is no change is a message: %j',
	(body) => {
		const expected = { kind: 'queue_message', queue: 'n8n_orders', message_id: 12, message: body };
		expect(shown(body)).toMatchObject(expected);
	},
);

test('in a queue of one’s own everything is a message', () => {
	const body = change('INSERT', 'auth.users', {}, null);
	expect(eventOf('jobs', message(body), undefined)).toEqual({
		kind: 'queue_message',
		queue: 'jobs',
		message_id: 12,
		attempt: 2,
		enqueued_at: '2026-01-31T12:00:01Z',
		message: body,
	});
});
