import { subscribe } from './changes/subscribe';
import { Channel, mayRead, unreadable } from './channel';
import { readConfig, type Config } from './config';
import type { Connection } from './connection';
import { encode, type Incoming } from './frames';
import { presenceState } from './presence';
import { isAboveLimit } from './hub';
import { readReplay, replay, type Replay } from './replay';
import { rightsOf } from './rights';
import { enterRoom } from './room';
import { isBad, readToken, type Claims } from './tokens';

/** Why a join is refused: the server's words. */
class Refusal extends Error {
	/** The whole socket is closed after it, with 1001. */
	constructor(
		reason: string,
		readonly closes = false,
	) {
		super(reason);
	}
}

/** Answers `phx_join`. A refusal takes its time, and the socket waits meanwhile. */
export async function join(connection: Connection, message: Incoming): Promise<void> {
	const { hub, version } = connection;
	const { topic, ref, joinRef } = message;
	if (hub.settings.ignoreJoins) return;
	const answer = (payload: unknown) =>
		encode(version, { joinRef, ref, topic, event: 'phx_reply', payload: JSON.stringify(payload) });
	hub.joins.add();
	let accepted: { channel: Channel; replayed: Replay | undefined };
	try {
		accepted = await accept(connection, message);
	} catch (error) {
		const reason = (error as Error).message;
		hub.counts.refusedJoins += 1;
		await connection.holdUp(hub.settings.joinRefusalDelayMs);
		connection.goOn(answer({ status: 'error', response: { reason } }));
		if (error instanceof Refusal && error.closes) connection.close(1001);
		return;
	}
	const { channel, replayed } = accepted;
	hub.counts.joins += 1;
	const before = connection.channels.get(topic);
	const response = { postgres_changes: channel.bindings };
	connection.send(answer({ status: 'ok', response }));
	await before?.end(() => before.close());
	connection.add(channel);
	enterRoom(hub, channel);
	if (replayed) replay(channel, replayed);
	if (channel.config.presence.enabled) presenceState(channel);
	hub.reader.start();
	if (channel.config.broadcast.replicationReady) sayReplicationReady(channel);
	if (channel.bindings.length > 0) void subscribe(hub, channel);
}

async function accept(
	connection: Connection,
	{ topic, payload, joinRef }: Incoming,
): Promise<{ channel: Channel; replayed: Replay | undefined }> {
	const { hub } = connection;
	const { settings } = hub;
	const name = topic.slice('realtime:'.length);
	refuseByOrder(connection, topic);
	if (!name) throw new Refusal('TopicNameRequired: You must provide a topic name');
	if (isAboveLimit(hub, 'joins'))
		throw new Refusal('ClientJoinRateLimitReached: Too many joins per second', true);
	const { channels } = connection;
	if (
		settings.maxChannels !== null &&
		channels.size >= settings.maxChannels &&
		!channels.has(topic)
	)
		throw new Refusal('ChannelRateLimitReached: Too many channels');
	const users = [...hub.connections].filter((other) => other.channels.size > 0);
	if (
		settings.maxUsers !== null &&
		users.length >= settings.maxUsers &&
		!users.includes(connection)
	)
		throw new Refusal('ConnectionRateLimitReached: Too many connected users');

	const { claims, token } = readJoinToken(connection, payload);
	const config = readConfig(payload, name);
	if (settings.privateOnly && !config.private)
		throw new Refusal('PrivateOnly: This project only allows private channels');
	if (config.private) await checkRights(connection, claims, config, name);
	const replayed =
		config.broadcast.replay === undefined ? undefined : await readReplay(hub, config, name);
	return {
		channel: new Channel(connection, topic, joinRef, config, claims, token),
		replayed,
	};
}

function refuseByOrder({ hub }: Connection, topic: string): void {
	const order = hub.settings.refuseJoin;
	if (!order || (order.topic !== undefined && order.topic !== topic)) return;
	if (order.times !== undefined) {
		order.times -= 1;
		if (order.times <= 0) hub.settings.refuseJoin = null;
	}
	throw new Refusal(order.reason);
}

function readJoinToken(
	{ hub, claims }: Connection,
	payload: unknown,
): { claims: Claims; token?: string } {
	const { access_token, user_token } = (payload ?? {}) as Record<string, unknown>;
	const token = access_token ?? user_token;
	if (typeof token !== 'string' || token.startsWith('sb_')) return { claims };
	const read = readToken(token, hub.jwtSecret);
	if (isBad(read)) throw new Refusal(read.join);
	return { claims: read, token };
}

async function checkRights(
	{ hub }: Connection,
	claims: Claims,
	config: Config,
	name: string,
): Promise<void> {
	const ask = async () => await rightsOf(hub, claims, name);
	const rights = await ask()
		.catch(async (error: unknown) => {
			// Partitions are made with the first connection to the database, which may be for this join.
			if (hub.reader.isReading || !isMissingPartition(error)) throw error;
			await hub.reader.ready();
			return await ask();
		})
		.catch((error: unknown) => {
			throw isMissingPartition(error)
				? new Refusal(
						'MissingPartition: Realtime was unable to find the expected messages partition',
					)
				: error;
		});
	if (!mayRead(rights, config)) throw new Refusal(`Unauthorized: ${unreadable(name)}`);
}

function isMissingPartition(error: unknown): boolean {
	return (error as { code?: string }).code === '23514';
}

function sayReplicationReady(channel: Channel): void {
	const { hub } = channel.connection;
	const { settings } = hub;
	const since = Date.now();
	const look = () => {
		if (hub.reader.isReading && !settings.loseDatabaseBroadcasts)
			channel.system('system', 'ok', 'Replication connection established');
		else if (Date.now() - since > settings.replicationReadyMs)
			void channel.refuse('Replication connection was not established in time');
		else channel.later(20, look);
	};
	look();
}
