import { isAboveLimit, type Hub } from '../hub';
import { readCatalog, type Catalog } from './catalog';
import { changeMessage } from './message';
import { jsonChanges, type JsonChange } from './jsonRows';
import { passesFilters, visibleTo } from './match';
import type { Change } from './pgoutput';
import type { Subscription } from './subscribe';

/**
 * Sends the changes of one reading of the log to those who subscribed to them, in commit order.
 *
 * @throws what the database says when a policy raises an error: then the whole reading is lost
 */
export async function deliver(hub: Hub, changes: Change[]): Promise<void> {
	const subscriptions = await present(hub);
	const wanted = changes
		.map((change) => ({
			change,
			takers: subscriptions.filter(
				({ target, entities }) =>
					entities.includes(change.relation.oid) &&
					(target.event === '*' || target.event === change.type),
			),
		}))
		.filter(({ takers }) => takers.length > 0);
	if (wanted.length === 0) return;

	const roles = [...new Set(subscriptions.map(({ claims }) => claims.role))];
	const relations = wanted.map(({ change }) => change.relation);
	const catalog = await readCatalog(hub.sql, relations, roles);
	const rows = await jsonChanges(
		hub.sql,
		wanted.map(({ change }) => change),
		catalog,
	);
	const takers = new Map(rows.map((row, index) => [row, new Set(wanted[index]?.takers)]));
	await removeFiltered(hub, rows, takers, catalog);
	await removeHidden(hub, rows, takers, catalog);
	for (const row of rows) send(hub, row, [...(takers.get(row) ?? [])], catalog);
}

type Takers = Map<JsonChange, Set<Subscription>>;

/** Subscriptions whose rows the database still has. */
async function present(hub: Hub): Promise<Subscription[]> {
	const rows = await hub.sql<Array<{ id: string }>>`
		select distinct subscription_id as id from realtime.subscription`;
	const found = new Set(rows.map(({ id }) => id));
	return [...hub.reader.subscriptions.values()].filter(
		({ id, isDeaf }) => found.has(id) && !isDeaf,
	);
}

/** By subscription and table: one question for all rows. */
async function removeFiltered(hub: Hub, rows: JsonChange[], takers: Takers, catalog: Catalog) {
	const filtered = grouped(rows, takers, ({ target }) =>
		target.filters.length > 0 ? JSON.stringify(target.filters) : undefined,
	);
	for (const { subscriptions, rows: group } of filtered) {
		const filters = subscriptions.values().next().value?.target.filters ?? [];
		const passing = await passesFilters(hub.sql, group, filters, catalog);
		remove(takers, group, passing, (taker) => subscriptions.has(taker));
	}
}

async function removeHidden(hub: Hub, rows: JsonChange[], takers: Takers, catalog: Catalog) {
	const shown = rows.filter(({ change }) => {
		const { hasPolicies, key } = catalog.tableOf(change.relation.oid);
		return change.type !== 'DELETE' && hasPolicies && key.length > 0;
	});
	const hidden = grouped(shown, takers, ({ claims }, { change }) => {
		const { bypassing, readable, key } = catalog.tableOf(change.relation.oid);
		const canAsk = key.every((column) => readable[claims.role]?.includes(column));
		return bypassing.includes(claims.role) || !canAsk ? undefined : JSON.stringify(claims);
	});
	for (const { subscriptions, rows: group } of hidden) {
		const claims = subscriptions.values().next().value?.claims;
		if (!claims) continue;
		const visible = await visibleTo(hub.sql, group, claims, catalog);
		remove(takers, group, visible, (taker) => subscriptions.has(taker));
	}
}

/** Rows of one table with the subscriptions that ask the same about them. */
function grouped(
	rows: JsonChange[],
	takers: Takers,
	question: (taker: Subscription, row: JsonChange) => string | undefined,
): Array<{ rows: JsonChange[]; subscriptions: Set<Subscription> }> {
	const groups = new Map<string, { rows: Set<JsonChange>; subscriptions: Set<Subscription> }>();
	for (const row of rows)
		for (const taker of takers.get(row) ?? []) {
			const asked = question(taker, row);
			if (asked === undefined) continue;
			const key = `${row.change.relation.oid} ${asked}`;
			const group = groups.get(key) ?? { rows: new Set(), subscriptions: new Set() };
			group.rows.add(row);
			group.subscriptions.add(taker);
			groups.set(key, group);
		}
	return [...groups.values()].map(({ rows: members, subscriptions }) => ({
		rows: [...members],
		subscriptions,
	}));
}

function remove(
	takers: Takers,
	rows: JsonChange[],
	kept: Set<number>,
	concerns: (taker: Subscription) => boolean,
): void {
	rows.forEach((row, index) => {
		if (kept.has(index)) return;
		const set = takers.get(row);
		for (const taker of set ?? []) if (concerns(taker)) set?.delete(taker);
	});
}

function send(hub: Hub, row: JsonChange, takers: Subscription[], catalog: Catalog): void {
	const { settings, events, counts } = hub;
	events.add(takers.length);
	const isAbove = isAboveLimit(hub, 'events');
	if (isAbove || (takers.length > 0 && settings.loseChanges > 0)) {
		if (!isAbove) settings.loseChanges -= 1;
		counts.changesLost += takers.length;
		return;
	}
	// One message for all bindings of a channel that show the same columns; those that choose come last.
	const messages = new Map<string, Subscription[]>();
	const inOrder = [...takers].sort(
		(a, b) => Number(a.target.select !== null) - Number(b.target.select !== null),
	);
	for (const taker of inOrder) {
		const key = `${taker.channel.joinRef} ${taker.channel.topic} ${JSON.stringify(taker.target.select)}`;
		const own = [...(messages.get(key) ?? []), taker];
		messages.set(key, own);
	}
	for (const group of perChannel(messages)) {
		const [{ channel, target, claims }] = group as [Subscription];
		const ids = group.map(({ bindingId }) => bindingId);
		const message = changeMessage(row, catalog, claims.role, target.select, settings);
		for (let i = 0; i < settings.copies; i++) channel.sendChange(row.change.type, message, ids);
		counts.changesSent += settings.copies;
	}
}

function perChannel(messages: Map<string, Subscription[]>): Subscription[][] {
	return [...messages.values()].flatMap((group) => {
		const channels = new Set(group.map(({ channel }) => channel));
		return [...channels].map((channel) => group.filter((taker) => taker.channel === channel));
	});
}
