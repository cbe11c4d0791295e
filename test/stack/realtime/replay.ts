import type { Channel } from './channel';
import type { Config } from './config';
import type { Hub } from './hub';

const MOST = 25;
const LAST_DATE_MS = 8.64e15;

/** Stored messages, oldest first. */
export type Replay = Array<{ id: string; event: string; payload: string }>;

/**
 * The newest messages since a time that the database has stored for a private room.
 *
 * @throws Error with the server's reason when what was asked for is not valid
 */
export async function readReplay(hub: Hub, config: Config, name: string): Promise<Replay> {
	if (!config.private)
		throw new Error('UnableToReplayMessages: Replay is not allowed for public channels');
	const { since, limit = MOST } = (config.broadcast.replay ?? {}) as Record<string, unknown>;
	if (!isWhole(since) || since > LAST_DATE_MS || !isWhole(limit))
		throw new Error('UnableToReplayMessages: Replay params are not valid');
	const rows = await hub.sql<Replay>`
		select id, event, payload::text from realtime.messages
		where topic = ${name} and private and extension = 'broadcast' and payload is not null
			and inserted_at >= to_timestamp(${since} / 1000.0) at time zone 'utc'
		order by inserted_at desc limit ${Math.min(limit, MOST)}`;
	return [...rows].reverse();
}

export function replay(channel: Channel, messages: Replay): void {
	for (const { id, event, payload } of messages) {
		const meta = JSON.stringify({ id, replayed: true });
		channel.send(
			'broadcast',
			`{"event":${JSON.stringify(event)},"meta":${meta},"payload":${payload},"type":"broadcast"}`,
		);
	}
}

function isWhole(value: unknown): value is number {
	return typeof value === 'number' && Number.isInteger(value);
}
