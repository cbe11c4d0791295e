import type { Channel } from '../channel';
import type { Hub } from '../hub';
import type { Claims } from '../tokens';
import { shown, targetOf, type Target } from './binding';
import { checkTarget, tablesOf } from './checkTarget';

/** A binding of a channel, as the database feeds it. */
export interface Subscription {
	id: string;
	channel: Channel;
	/** That the client knows. */
	bindingId: number;
	target: Target;
	/** The tables that there were when it was made, by oid. */
	entities: number[];
	claims: Claims;
	/** Gets nothing any more, whatever happens, until the channel joins again. */
	isDeaf: boolean;
}

/**
 * Subscribes all bindings of a channel, or none, and says which of the two: `system` ok or error. What
 * the channel had before, with another token or another publication, goes on until its place is taken:
 * the server keeps the ids, and loses nothing over a new token.
 */
export async function subscribe(hub: Hub, channel: Channel): Promise<void> {
	const { settings, reader } = hub;
	const { system, systemTimes } = settings;
	const delay = reader.subscriptions.size > 0 ? settings.systemDelayMs : settings.coldSystemDelayMs;
	await reader.ready();
	let problem: string | undefined;
	let made: Subscription[] = [];
	try {
		made = await makeSubscriptions(hub, channel);
	} catch (error) {
		problem = (error as Error).message;
	}
	if (!channel.isJoined) return;
	if (made.length === 0) await cancelSubscription(hub, channel);
	else await put(hub, channel, made);
	if (!channel.isJoined) return await cancelSubscription(hub, channel);
	channel.later(delay, () => {
		if (system === 'none') return;
		const error = system === 'true' ? problem : system.error;
		if (error !== undefined) return channel.system('postgres_changes', 'error', error);
		for (let i = 0; i < systemTimes; i++)
			channel.system('postgres_changes', 'ok', 'Subscribed to PostgreSQL');
	});
}

export async function cancelSubscription(hub: Hub, channel: Channel): Promise<void> {
	const ids = channel.subscriptionIds;
	if (ids.length === 0) return;
	for (const id of ids) hub.reader.subscriptions.delete(id);
	await hub.sql`delete from realtime.subscription where subscription_id = any (${ids}::uuid[])`.catch(
		() => {},
	);
}

async function makeSubscriptions(hub: Hub, channel: Channel): Promise<Subscription[]> {
	const targets = channel.bindings.map(({ id: bindingId, ...binding }, index) => {
		return { id: channel.subscriptionIds[index] ?? '', bindingId, target: targetOf(binding) };
	});
	const made: Subscription[] = [];
	// From the last to the first: of several bad ones the last is named.
	for (const { id, bindingId, target } of targets.reverse()) {
		const entities = await tablesOf(hub.sql, target);
		if (entities.length === 0)
			throw new Error(
				`Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: ${shown(target)}`,
			);
		await checkTarget(hub.sql, target, entities, channel.claims.role);
		made.push({
			id,
			channel,
			bindingId,
			target,
			entities,
			claims: channel.claims,
			isDeaf: hub.reader.isDeaf,
		});
	}
	return made.reverse();
}

/** Puts subscriptions in the place of those that have their ids, without a moment between. */
async function put(hub: Hub, channel: Channel, subscriptions: Subscription[]): Promise<void> {
	const rows = subscriptions.flatMap(({ id, entities, target, claims }) =>
		entities.map((entity) => ({ id, entity, filters: target.filters, claims })),
	);
	await hub.sql.begin(async (transaction) => {
		await transaction`
			delete from realtime.subscription where subscription_id = any (${channel.subscriptionIds}::uuid[])`;
		await transaction`
			insert into realtime.subscription (subscription_id, entity, filters, claims)
			select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
				as t(id uuid, entity oid, filters jsonb, claims jsonb)`;
	});
	for (const subscription of subscriptions)
		hub.reader.subscriptions.set(subscription.id, subscription);
}
