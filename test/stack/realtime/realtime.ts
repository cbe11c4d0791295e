import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';

import type { GatewayRoute } from '../gateway';
import { Reader } from './changes/reader';
import { subscribe } from './changes/subscribe';
import { encode } from './frames';
import { handleHttp } from './http';
import { channelsOf, type Hub } from './hub';
import { Rate } from './rate';
import { DEFAULT_SETTINGS, type RealtimeSettings } from './settings';
import { Upgrades } from './upgrade';

export const PREFIX = '/realtime/v1';

export interface RealtimeOptions {
	/** PostgreSQL as its superuser; policies are asked as the subscriber's role. */
	sql: postgres.Sql;
	databaseUrl: string;
	jwtSecret: string;
	/** The JWT that stands for an `sb_` key of the project; any other key as it is. */
	exchange: (key: string) => string;
	settings?: Partial<RealtimeSettings>;
}

/** What tests do to the service, once. `topic` (such as `realtime:room`) picks the sockets that have joined it. */
export type RealtimeAction =
	/** Ends sockets: 1006 as a killed server or a cut line, 1012 as a restart, 1000 as silence. */
	| { kind: 'close'; code: number; reason?: string; topic?: string }
	/** Half-open: these sockets hear and say nothing more, for good; new ones do. */
	| { kind: 'mute'; topic?: string }
	/** `Server requested disconnect`, then 1012, as at a reload of the project. */
	| { kind: 'disconnect' }
	/** Those who are subscribed get no more changes until they join again; new joins get none until `mend`. */
	| { kind: 'deafen' }
	| { kind: 'mend' }
	/** Subscribes every channel again, as after a change of the publication: another `system` ok, or an error. */
	| { kind: 'subscribeAgain' }
	/** Says this to channels with database changes, true or not. */
	| { kind: 'system'; status: 'ok' | 'error'; message: string; topic?: string }
	/** Ends channels as the passing of their token does. */
	| { kind: 'expire'; topic?: string }
	/** Counts so many events and joins as if others had made them: limits are reached at once. */
	| { kind: 'busy'; events?: number; joins?: number }
	/** `phx_error`; the socket stays. */
	| { kind: 'crash'; topic?: string }
	/** Back to the settings of the beginning, counts included; sockets stay. */
	| { kind: 'reset' };

/** What is there at the moment. */
export interface RealtimeState {
	connections: number;
	channels: Array<{ topic: string; role: string; isPrivate: boolean; bindings: number }>;
	isReading: boolean;
	isDeaf: boolean;
	counts: Hub['counts'];
}

/** Realtime as a service behind the gateway. */
export interface Realtime {
	route: GatewayRoute;
	/** May be changed while it runs. */
	settings: RealtimeSettings;
	act: (action: RealtimeAction) => Promise<void>;
	state: () => RealtimeState;
	/** Resolves when what was committed before is handed out. */
	settled: () => Promise<void>;
	close: () => Promise<void>;
}

/** Makes the realtime schema, unless it is there, and the service on it. */
export async function startRealtime(options: RealtimeOptions): Promise<Realtime> {
	const { sql, databaseUrl, jwtSecret } = options;
	await sql.unsafe(await readFile(join(__dirname, 'schema.sql'), 'utf8'));
	const reader = new Reader(databaseUrl);
	const initial = { ...DEFAULT_SETTINGS, ...options.settings };
	const hub: Hub = {
		sql,
		jwtSecret,
		settings: structuredClone(initial),
		connections: new Set(),
		rooms: new Map(),
		reader,
		events: new Rate(),
		joins: new Rate(),
		counts: noCounts(),
	};
	reader.attach(hub);
	const upgrades = new Upgrades(hub, options.exchange);
	return {
		settings: hub.settings,
		act: async (action) => await act(hub, action, initial),
		state: () => stateOf(hub),
		settled: async () => await reader.settled(),
		close: async () => {
			for (const { socket } of hub.connections) socket.terminate();
			upgrades.close();
			await reader.stop();
		},
		route: {
			prefix: PREFIX,
			keys: 'exchange',
			handle: async (request, response, { caller, url }) => {
				const path = (request.url ?? '').slice(PREFIX.length).split('?')[0] ?? '';
				await handleHttp(hub, request, response, path, url.searchParams, caller.authorization);
			},
			upgrade: (request, socket, head, { url }) => {
				if (url.pathname !== `${PREFIX}/websocket`) return void socket.destroy();
				void upgrades.handle(request, socket, head, url);
			},
		},
	};
}

function noCounts(): Hub['counts'] {
	return {
		upgrades: 0,
		refusedUpgrades: 0,
		joins: 0,
		refusedJoins: 0,
		changesSent: 0,
		changesLost: 0,
		batchesLost: 0,
	};
}

async function act(hub: Hub, action: RealtimeAction, initial: RealtimeSettings): Promise<void> {
	const topic = 'topic' in action ? action.topic : undefined;
	const channels = channelsOf(hub).filter((each) => topic === undefined || each.topic === topic);
	switch (action.kind) {
		case 'close':
			for (const connection of [...hub.connections])
				if (topic === undefined || connection.channels.has(topic))
					connection.close(action.code, action.reason);
			return;
		case 'mute':
			for (const connection of hub.connections)
				if (topic === undefined || connection.channels.has(topic)) connection.isMute = true;
			return;
		case 'disconnect': {
			const said = { extension: 'system', status: 'ok', message: 'Server requested disconnect' };
			for (const { connection, topic: joined } of channels)
				connection.send(
					encode(connection.version, {
						topic: joined,
						event: 'system',
						payload: JSON.stringify(said),
					}),
				);
			for (const connection of [...hub.connections]) connection.close(1012);
			return;
		}
		case 'deafen':
			return hub.reader.deafen();
		case 'mend':
			return hub.reader.mend();
		case 'subscribeAgain':
			for (const channel of channels)
				if (channel.bindings.length > 0) await subscribe(hub, channel);
			return;
		case 'system':
			for (const channel of channels)
				if (channel.bindings.length > 0)
					channel.system('postgres_changes', action.status, action.message);
			return;
		case 'expire':
			await Promise.all(channels.map(async (channel) => await channel.expire()));
			return;
		case 'busy':
			hub.events.add(action.events ?? 0);
			hub.joins.add(action.joins ?? 0);
			return;
		case 'crash':
			for (const channel of channels) channel.crash();
			return;
		case 'reset':
			Object.assign(hub.settings, structuredClone(initial));
			Object.assign(hub.counts, noCounts());
			hub.events.clear();
			hub.joins.clear();
			hub.reader.mend();
	}
}

function stateOf(hub: Hub): RealtimeState {
	return {
		connections: hub.connections.size,
		channels: channelsOf(hub).map(({ topic, claims, isPrivate, bindings }) => ({
			topic,
			role: claims.role,
			isPrivate,
			bindings: bindings.length,
		})),
		isReading: hub.reader.isReading,
		isDeaf: hub.reader.isDeaf,
		counts: hub.counts,
	};
}
