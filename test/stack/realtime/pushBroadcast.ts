import type { Channel } from './channel';
import type { Incoming } from './frames';
import { isAboveLimit } from './hub';
import { broadcastToRoom, roomOf, sendToRoom } from './room';

/** A broadcast over the socket. Only `ack` tells anything, and of a missing right not even that. */
export async function pushBroadcast(
	channel: Channel,
	ref: string | null,
	payload: unknown,
	binary: Incoming['binary'],
): Promise<void> {
	const { hub } = channel.connection;
	const { ack, self } = channel.config.broadcast;
	if (!(await channel.mayWrite('broadcast'))) return;
	const text = binary ? '' : JSON.stringify(payload ?? {});
	const bytes = binary ? binary.payload.length : Buffer.byteLength(text);
	if (bytes > hub.settings.maxPayloadBytes) {
		if (ack) channel.reply(ref, 'error', 'payload_size_exceeded');
		return;
	}
	hub.events.add();
	if (isAboveLimit(hub, 'events')) return await channel.refuse('Too many messages per second');
	const room = roomOf(hub, channel.isPrivate, channel.name);
	const except = self ? undefined : channel;
	if (binary) broadcastToRoom(room, binary, except);
	else sendToRoom(room, 'broadcast', text, except);
	if (ack) channel.reply(ref, 'ok');
}
