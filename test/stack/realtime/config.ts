import type { Binding } from './changes/binding';

/** What a join asks for. */
export interface Config {
	broadcast: { ack: boolean; self: boolean; replay: unknown; replicationReady: boolean };
	presence: { key: string; enabled: boolean };
	changes: Binding[];
	private: boolean;
	/** No `config` at all: the topic's name says which table, and changes come in the old form. */
	old: boolean;
}

/**
 * Reads the payload of a join.
 *
 * @throws Error with the server's words for a `broadcast` that is a list
 */
export function readConfig(payload: unknown, name: string): Config {
	const config = recordOf(recordOf(payload)?.config);
	const broadcast = recordOf(config?.broadcast);
	const presence = recordOf(config?.presence);
	if (Array.isArray(config?.broadcast)) throw new Error(NOT_A_LIST);
	const asked = config?.postgres_changes;
	return {
		broadcast: {
			ack: isTrue(broadcast?.ack),
			self: isTrue(broadcast?.self),
			replay: broadcast?.replay,
			replicationReady: isTrue(broadcast?.replication_ready),
		},
		presence: {
			key: typeof presence?.key === 'string' ? presence.key : '',
			enabled: isTrue(presence?.enabled),
		},
		changes: config ? listOf(asked) : [ofName(name)],
		private: isTrue(config?.private),
		old: !config,
	};
}

const NOT_A_LIST =
	'UnknownErrorOnChannel: the Access module supports only keyword lists (with atom keys), got: "replication_ready"\n\nIf you want to search lists of tuples, use List.keyfind/3';

function ofName(name: string): Binding {
	const [schema, table, ...filter] = name.split(':');
	return {
		schema,
		...(table === undefined ? {} : { table }),
		...(filter.length > 0 ? { filter: filter.join(':') } : {}),
	};
}

function listOf(value: unknown): Binding[] {
	return Array.isArray(value)
		? value.filter((entry): entry is Binding => recordOf(entry) !== undefined)
		: [];
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

function isTrue(value: unknown): boolean {
	return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
