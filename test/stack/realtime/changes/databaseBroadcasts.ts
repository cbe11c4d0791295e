import type { Hub } from '../hub';
import { broadcastToRoom, roomOf } from '../room';
import type { Change } from './pgoutput';

/** Sends what was written to `realtime.messages`, as `realtime.send` writes it. */
export function sendDatabaseBroadcasts(hub: Hub, changes: Change[]): void {
	if (hub.settings.loseDatabaseBroadcasts) return;
	for (const change of changes) {
		const value = (name: string) =>
			change.new?.[change.relation.columns.findIndex((column) => column.name === name)] ??
			undefined;
		const topic = value('topic');
		const event = value('event');
		const json = value('payload');
		const hex = value('binary_payload')?.slice(2);
		const payload = json ?? (hex === undefined ? undefined : Buffer.from(hex, 'hex'));
		if (topic === undefined || event === undefined || payload === undefined) continue;
		if (payload.length > hub.settings.maxPayloadBytes) continue;
		const room = roomOf(hub, value('private') === 't', topic);
		const meta = JSON.stringify({ id: value('id') });
		try {
			broadcastToRoom(room, { event, payload, isJson: json !== undefined, meta });
		} catch {
			// A name that does not fit into the frame: the message reaches nobody.
		}
	}
}
