import type postgres from 'postgres';

import type { Reader } from './changes/reader';
import type { Channel } from './channel';
import type { Connection } from './connection';
import type { Rate } from './rate';
import type { Room } from './room';
import type { RealtimeSettings } from './settings';

/** What all parts of the service share. */
export interface Hub {
	/** PostgreSQL as its superuser. */
	sql: postgres.Sql;
	jwtSecret: string;
	settings: RealtimeSettings;
	connections: Set<Connection>;
	/** By `public:` or `private:` and the topic's name: two rooms. */
	rooms: Map<string, Room>;
	reader: Reader;
	/** Rows times subscriptions, and broadcasts. */
	events: Rate;
	joins: Rate;
	counts: Record<Count, number>;
}

/** What has happened since the service began. */
export type Count =
	| 'upgrades'
	| 'refusedUpgrades'
	| 'joins'
	| 'refusedJoins'
	| 'changesSent'
	| 'changesLost'
	| 'batchesLost';

export function channelsOf(hub: Hub): Channel[] {
	return [...hub.connections].flatMap(({ channels }) => [...channels.values()]);
}

/** Whether there are more events, or joins, a second than the project may have. */
export function isAboveLimit(hub: Hub, what: 'events' | 'joins'): boolean {
	const { eventsPerSecond, joinsPerSecond, rateWindowS, rateTickMs } = hub.settings;
	const limit = what === 'events' ? eventsPerSecond : joinsPerSecond;
	return limit !== null && hub[what].average(rateWindowS, rateTickMs) > limit;
}
