import type { Channel } from './channel';
import { encode, encodeBroadcast, type Broadcast } from './frames';
import type { Hub } from './hub';

/** Who is in a room, and what each of them tracks. */
export interface Room {
	members: Set<Channel>;
	/** By presence key; a key may be there several times. */
	present: Map<string, Presence[]>;
}

export interface Presence {
	channel: Channel;
	meta: Record<string, unknown> & { phx_ref: string };
}

/** The room of a name; an empty one, which nobody else sees, when nobody is there. */
export function roomOf(hub: Hub, isPrivate: boolean, name: string): Room {
	return hub.rooms.get(keyOf(isPrivate, name)) ?? { members: new Set(), present: new Map() };
}

export function enterRoom(hub: Hub, channel: Channel): void {
	const room = roomOf(hub, channel.isPrivate, channel.name);
	room.members.add(channel);
	hub.rooms.set(keyOf(channel.isPrivate, channel.name), room);
}

export function forgetRoom(hub: Hub, isPrivate: boolean, name: string): void {
	hub.rooms.delete(keyOf(isPrivate, name));
}

function keyOf(isPrivate: boolean, name: string): string {
	return `${isPrivate ? 'private' : 'public'}:${name}`;
}

/** Sends one text message to every member, except perhaps one; `payload` is JSON. */
export function sendToRoom(room: Room, event: string, payload: string, except?: Channel): void {
	for (const member of room.members) {
		if (member === except) continue;
		const { version } = member.connection;
		member.connection.send(encode(version, { topic: member.topic, event, payload }));
	}
}

/** @throws RangeError as `encodeBroadcast` does, before anybody has got anything */
export function broadcastToRoom(room: Room, broadcast: Broadcast, except?: Channel): void {
	const frames = [...room.members]
		.filter((member) => member !== except)
		.map((member) => ({
			member,
			frame: encodeBroadcast(member.connection.version, member.topic, broadcast),
		}));
	for (const { member, frame } of frames) if (frame !== undefined) member.connection.send(frame);
}
