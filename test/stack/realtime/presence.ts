import { randomBytes } from 'node:crypto';

import type { Channel } from './channel';
import type { Hub } from './hub';
import { forgetRoom, roomOf, sendToRoom, type Presence, type Room } from './room';

const NO_MAP = 'Presence track payload must be a map';

/** Answers `track` and `untrack`, which any case and no event at all may mean. */
export async function presence(
	channel: Channel,
	ref: string | null,
	payload: unknown,
): Promise<void> {
	const { event, payload: tracked } = (payload ?? {}) as { event?: unknown; payload?: unknown };
	if (event !== undefined && event !== null && typeof event !== 'string')
		throw new Error('An event that is no text ends the channel');
	const { settings } = channel.connection.hub;
	const now = Date.now();
	channel.presenceCalls = channel.presenceCalls.filter(
		(at) => at > now - settings.presenceWindowMs,
	);
	channel.presenceCalls.push(now);
	if (channel.presenceCalls.length > settings.presenceCalls)
		return await channel.refuse('Client presence rate limit exceeded');

	const what = event?.toLowerCase();
	const room = roomOf(channel.connection.hub, channel.isPrivate, channel.name);
	if (what === undefined) return channel.reply(ref, 'ok');
	if (what === 'untrack') {
		leavePresence(room, channel);
		return channel.reply(ref, 'ok');
	}
	if (what !== 'track') return channel.reply(ref, 'error');
	if (JSON.stringify(tracked ?? {}).length > settings.maxPayloadBytes)
		return await channel.refuse('Track message size exceeded');
	if (!(await channel.mayWrite('presence'))) return channel.reply(ref, 'error');
	if (Array.isArray(tracked) || typeof (tracked ?? {}) !== 'object')
		return channel.reply(ref, 'error', { reason: NO_MAP });
	channel.reply(ref, 'ok');
	track(room, channel, (tracked ?? {}) as Record<string, unknown>);
}

function track(room: Room, channel: Channel, payload: Record<string, unknown>): void {
	const key = channel.presenceKey;
	const others = (room.present.get(key) ?? []).filter((entry) => entry.channel !== channel);
	const before = room.present.get(key)?.find((entry) => entry.channel === channel);
	if (before && isSame(before.meta, payload)) return;
	const meta: Presence['meta'] = {
		...payload,
		phx_ref: randomBytes(12).toString('base64'),
		...(before ? { phx_ref_prev: before.meta.phx_ref } : {}),
	};
	room.present.set(key, [...others, { channel, meta }]);
	sendDiff(room, { [key]: { metas: [meta] } }, before ? { [key]: { metas: [before.meta] } } : {});
}

function isSame(meta: Presence['meta'], payload: Record<string, unknown>): boolean {
	const own = new Set(['phx_ref', 'phx_ref_prev']);
	const rest = Object.entries(meta).filter(([name]) => !own.has(name));
	return JSON.stringify(Object.fromEntries(rest)) === JSON.stringify(payload);
}

/** Takes a channel out of its room, and says so to the others if it was present there. */
export function leaveRoom(hub: Hub, channel: Channel): void {
	const room = roomOf(hub, channel.isPrivate, channel.name);
	room.members.delete(channel);
	leavePresence(room, channel);
	if (room.members.size === 0) forgetRoom(hub, channel.isPrivate, channel.name);
}

function leavePresence(room: Room, channel: Channel): void {
	const key = channel.presenceKey;
	const gone = room.present.get(key)?.find((entry) => entry.channel === channel);
	if (!gone) return;
	const left = (room.present.get(key) ?? []).filter((entry) => entry !== gone);
	if (left.length > 0) room.present.set(key, left);
	else room.present.delete(key);
	sendDiff(room, {}, { [key]: { metas: [gone.meta] } });
}

/** Tells a channel that has just joined who is there. */
export function presenceState(channel: Channel): void {
	const room = roomOf(channel.connection.hub, channel.isPrivate, channel.name);
	const state = [...room.present].map(([key, entries]) => [
		key,
		{ metas: entries.map(({ meta }) => meta) },
	]);
	channel.send('presence_state', JSON.stringify(Object.fromEntries(state)));
}

function sendDiff(room: Room, joins: object, leaves: object): void {
	sendToRoom(room, 'presence_diff', JSON.stringify({ joins, leaves }));
}
