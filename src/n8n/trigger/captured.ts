import type { IDataObject } from 'n8n-workflow';

import type { QueueMessage } from '../../api/queues/reader/message';

export const USER_EVENTS = ['signedUp', 'confirmed', 'changed', 'removed'] as const;
export const FILE_EVENTS = ['stored', 'moved', 'removed'] as const;

export type UserEvent = (typeof USER_EVENTS)[number];
export type FileEvent = (typeof FILE_EVENTS)[number];

/** Which events of what a queue captures are wanted; of tables all that are captured. */
export interface Wanted {
	readonly users: readonly UserEvent[];
	readonly files: readonly FileEvent[];
	/** All unless given. */
	readonly buckets?: readonly string[];
}

/** A change as the triggers of this pack's SQL send it. */
interface Change {
	readonly type: 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';
	readonly schema: string;
	readonly table: string;
	readonly partition?: string;
	readonly record: IDataObject | null;
	readonly old_record: IDataObject | null;
	readonly key: IDataObject | null;
	readonly occurred_at: string;
	readonly txid: string;
}

/**
 * What a message is about, as an item; `undefined` for an event that is not wanted.
 *
 * @param wanted of what the queue captures; `undefined` for a queue of one's own
 */
export function eventOf(
	queue: string,
	{ id, attempt, enqueuedAt, body }: QueueMessage,
	wanted: Wanted | undefined,
): IDataObject | undefined {
	const about = { queue, message_id: id, attempt };
	const change = wanted && changeIn(body);
	if (!wanted || !change) {
		const message = body as IDataObject;
		return { kind: 'queue_message', ...about, enqueued_at: enqueuedAt, message };
	}
	const { schema, table, partition, key, record, old_record, occurred_at } = change;
	const rows = { occurred_at, ...(record && { record }), ...(old_record && { old_record }) };
	if (schema === 'auth' && table === 'users') {
		const event = userEvent(change, wanted.users);
		return event && { kind: 'user', event, ...rows, ...about };
	}
	if (schema === 'storage' && table === 'objects') {
		const event = fileEvent(change, wanted);
		const { bucket_id: bucket, name } = record ?? old_record ?? {};
		return event && { kind: 'file', event, bucket, name, ...rows, ...about };
	}
	return {
		kind: 'postgres_changes',
		event: change.type,
		schema,
		table,
		...(partition !== undefined && { partition }),
		...rows,
		...(key && { key }),
		origin: 'durable',
		...about,
	};
}

/** Anything may be sent to a queue, so it is looked at before it is taken for a change. */
function changeIn(body: unknown): Change | undefined {
	const { v, type, schema, table } = Object(body) as Partial<Record<string, unknown>>;
	const isChange = v === 1 && [type, schema, table].every((each) => typeof each === 'string');
	return isChange ? (body as Change) : undefined;
}

/**
 * The first of these that fits. Who is confirmed from the beginning, as with *Auto Confirm*, is
 * signed up, and confirmed where only that is wanted.
 */
function userEvent(change: Change, wanted: readonly UserEvent[]): UserEvent | undefined {
	const { type, record, old_record: old } = change;
	const isNew = (column: string) => isSet(record?.[column]) && !isSet(old?.[column]);
	const isConfirmed = isNew('email_confirmed_at') || isNew('phone_confirmed_at');
	const fits: Record<UserEvent, boolean> = {
		signedUp: type === 'INSERT',
		confirmed: isConfirmed,
		// Auth may keep who is deleted, and mark the row.
		removed: (type === 'DELETE' && !isSet(old?.deleted_at)) || isNew('deleted_at'),
		changed: type === 'UPDATE',
	};
	return (['signedUp', 'confirmed', 'removed', 'changed'] as const).find(
		(event) => fits[event] && wanted.includes(event),
	);
}

function fileEvent(change: Change, { files, buckets }: Wanted): FileEvent | undefined {
	const { type, record, old_record: old } = change;
	const isWanted = (row: IDataObject | null) =>
		!buckets || buckets.includes(String(row?.bucket_id as string));
	if (!isWanted(record) && !isWanted(old)) return undefined;
	const differs = (column: string) =>
		JSON.stringify(record?.[column]) !== JSON.stringify(old?.[column]);
	const isMoved = type === 'UPDATE' && (differs('name') || differs('bucket_id'));
	const isStored = type === 'INSERT' || (!isMoved && (differs('version') || differs('metadata')));
	const event = type === 'DELETE' ? 'removed' : isMoved ? 'moved' : isStored && 'stored';
	return event && files.includes(event) ? event : undefined;
}

function isSet(value: unknown): boolean {
	return value !== undefined && value !== null;
}
