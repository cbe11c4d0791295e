import type { Listener } from './channel';
import type { Broadcast, Presence, PresenceState } from './events';
import type { Subscription } from './subscription';

/** A channel for messages and presence, and what of it is wanted. */
export interface Room {
	/** Without `realtime:`. */
	readonly name: string;
	readonly private: boolean;
	/** Each is met by the messages of one event, or by all. None: no messages are wanted. */
	readonly broadcasts: ReadonlyArray<{
		readonly event?: string;
		/** Of what the database sent so long before the join, in milliseconds, the newest 25. */
		readonly replay?: number;
	}>;
	/** None: nobody's presence is wanted. */
	readonly presences: ReadonlyArray<'sync' | 'join' | 'leave'>;
}

/** What happened in a room. */
export type RoomEvent =
	| ({ readonly kind: 'broadcast'; readonly room: Room } & Broadcast)
	| {
			readonly kind: 'presence';
			readonly room: Room;
			readonly event: 'sync';
			readonly state: PresenceState;
	  }
	| {
			readonly kind: 'presence';
			readonly room: Room;
			readonly event: 'join' | 'leave';
			readonly key: string;
			readonly presences: readonly Presence[];
			readonly current: readonly Presence[];
	  };

/** How a room is joined. */
export function roomSubscription(room: Room, numbers?: Subscription['numbers']): Subscription {
	const replay = room.broadcasts.reduce((most, each) => Math.max(most, each.replay ?? 0), 0);
	return {
		name: room.name,
		private: room.private,
		numbers,
		...(room.broadcasts.length > 0 && {
			broadcast: {
				// Without it messages from the database can stay away for minutes, and nothing tells.
				replicationReady: true,
				...(replay > 0 && { replay: { since: Date.now() - replay } }),
			},
		}),
		...(room.presences.length > 0 && { presence: { enabled: true } }),
	};
}

/** Hands on what is wanted of a room. */
export function roomListener(room: Room, offer: (event: RoomEvent) => void): Listener {
	return {
		onBroadcast(broadcast) {
			const isWanted = room.broadcasts.some(
				({ event }) => event === undefined || event === broadcast.event,
			);
			if (isWanted) offer({ kind: 'broadcast', room, ...broadcast });
		},
		onPresence(event) {
			if (room.presences.includes(event.event)) offer({ kind: 'presence', room, ...event });
		},
	};
}
