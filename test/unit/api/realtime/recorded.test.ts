/* eslint-disable @typescript-eslint/no-explicit-any -- a recording holds anything */
import { Presence } from '@supabase/phoenix';

import { closeClients } from './client';
import { closePhoenix } from './phoenix';
import { socketSessions } from './recordings';
import { replay, type Played, type Recorded } from './replay';

const { syncState, syncDiff } = {
	syncState: (state: any, full: any) => Presence.syncState(state, full, none, none),
	syncDiff: (state: any, diff: any) => Presence.syncDiff(state, diff, none, none),
};

function none(): void {
	// Only the state is asked for.
}

afterEach(async () => {
	await closeClients();
	await closePhoenix();
});

/** What a channel has to tell, worked out from what it was sent. */
function expected({ came, ref, subscription }: Played) {
	const states = ['joining'];
	const changes: unknown[] = [];
	const broadcasts: unknown[] = [];
	const systems: unknown[] = [];
	const wanted = new Set<string>();
	if (subscription.changes?.length) wanted.add('postgres_changes');
	if (subscription.broadcast?.replicationReady) wanted.add('system');
	let ids: number[] = [];
	let phase = 'joining';
	let presences: any = {};
	let isSynced = false;
	let early: any[] = [];
	const over = (state: string) => {
		phase = 'over';
		states.push(state);
	};
	const on: Record<string, (payload: any, message: Recorded) => void> = {
		phx_reply({ status, response }, message) {
			if (message.ref !== ref || phase !== 'joining') return;
			if (status !== 'ok') return over('refused');
			phase = 'joined';
			states.push('joined');
			ids = response.postgres_changes.map(({ id }: { id: number }) => id);
			if (!wanted.size) states.push((phase = 'subscribed'));
		},
		phx_close(_, message) {
			if (message.ref === ref) over('lost');
		},
		phx_error(_, message) {
			if (message.ref === ref) over('lost');
		},
		system({ extension, status, message }) {
			systems.push({ extension, status, message });
			if (status === 'error') return over(phase === 'subscribed' ? 'lost' : 'refused');
			if (message === 'Server requested disconnect') return;
			wanted.delete(extension);
			if (!wanted.size) states.push((phase = 'subscribed'));
		},
		postgres_changes({ ids: matched, data }) {
			const bindings = ids.flatMap((id, index) => {
				const { event, schema, table } = subscription.changes?.[index] ?? {};
				const isFor =
					(event === '*' || event === data.type) &&
					(schema === '*' || schema === data.schema) &&
					(!table || table === '*' || table === data.table);
				return matched.includes(id) && isFor ? [index] : [];
			});
			if (bindings.length) changes.push({ ...data, bindings });
		},
		broadcast({ event, payload, meta }) {
			const bytes = payload instanceof ArrayBuffer ? new Uint8Array(payload) : payload;
			// What has no event nobody can listen to.
			if (event === undefined) return;
			broadcasts.push([event, bytes, meta?.id, meta?.replayed === true]);
		},
		presence_state(state) {
			presences = syncState(presences, state);
			isSynced = true;
			for (const diff of early) presences = syncDiff(presences, diff);
			early = [];
		},
		presence_diff(diff) {
			if (isSynced || !subscription.presence?.enabled) {
				presences = syncDiff(presences, diff);
			} else early.push(diff);
		},
	};
	for (const message of came) {
		if (message === 'left') {
			// Left for good, whatever comes of it.
			over('left');
			break;
		}
		if (message === 'closed') {
			if (!['refused', 'lost'].includes(states.at(-1) ?? '')) over('lost');
			continue;
		}
		const isForAnother =
			message.joinRef !== null && message.joinRef !== ref && message.event !== 'phx_reply';
		if (phase !== 'over' && !isForAnother) on[message.event]?.(message.payload, message);
	}
	return { states, changes, broadcasts, systems, presences: presencesOf(presences) };
}

/** What the channel told. */
function told({ states, changes, broadcasts, systems, channel }: Played) {
	return {
		states: states.all.map(({ name }) => name),
		changes: changes.all.map(({ commitTimestamp = null, oldRecord, errors = null, ...change }) => {
			const { record, rounded, ...rest } = change;
			roundedOnes += rounded ? 1 : 0;
			return {
				...rest,
				commit_timestamp: commitTimestamp,
				errors,
				...(record && { record }),
				...(oldRecord && { old_record: oldRecord }),
			};
		}),
		broadcasts: broadcasts.all.map(({ event, payload, id, replayed }) => [
			event,
			payload,
			id,
			replayed,
		]),
		systems: systems.all,
		presences: channel.presence,
	};
}

function presencesOf(state: object): unknown {
	const entries = Object.entries(
		state as Record<string, { metas: Array<Record<string, unknown>> }>,
	);
	return Object.fromEntries(
		entries.map(([key, { metas }]) => [
			key,
			metas.map(({ phx_ref, ...own }) => {
				delete own.phx_ref_prev;
				return { ...own, presence_ref: phx_ref };
			}),
		]),
	);
}

const sessions = socketSessions();
const played = { channels: 0, frames: 0, unplayed: 0, changes: 0, broadcasts: 0 };

test.each(sessions.map((session) => [session.name, session] as const))('%s', async (_, session) => {
	const { channels, unplayed } = await replay(session.frames);
	for (const channel of channels) {
		const tells = told(channel);
		expect(tells).toEqual(expected(channel));
		played.changes += tells.changes.length;
		played.broadcasts += tells.broadcasts.length;
	}
	played.channels += channels.length;
	played.frames += session.frames.filter(({ dir }) => dir === 'recv').length;
	played.unplayed += unplayed;
	// What the application got of the official client, where it was that one.
	const recorded = session.frames.filter(({ dir }) => dir === 'callback');
	const theirs = recorded.flatMap(({ text = '' }) =>
		text.startsWith('{') ? [JSON.parse(text)] : [],
	);
	for (const kind of theirs.length ? CALLBACKS : []) {
		expect(channels.flatMap(kind.ours)).toEqual(theirs.flatMap(kind.theirs));
	}
	callbacks += recorded.length;
});

/** What the official client's application gets, and the same of ours. */
const CALLBACKS: Array<{
	readonly ours: (played: Played) => unknown[];
	readonly theirs: (callback: any) => unknown[];
}> = [
	{
		// Its second listener, where it has one, is for the second binding.
		ours: ({ changes }) =>
			changes.all.flatMap((change) => {
				const payload = {
					schema: change.schema,
					table: change.table,
					commit_timestamp: change.commitTimestamp,
					eventType: change.type,
					new: change.record ?? {},
					old: change.oldRecord ?? {},
					errors: change.errors ?? null,
				};
				return change.bindings.map((index) => (index ? { second: true, p: payload } : payload));
			}),
		theirs: (callback) => (callback.eventType || callback.second ? [callback] : []),
	},
	{
		ours: ({ broadcasts }) =>
			broadcasts.all.map(({ event, payload, id, replayed }) => ({
				type: 'broadcast',
				event,
				payload,
				...(id && { meta: { id, ...(replayed && { replayed }) } }),
			})),
		theirs: (callback) => (callback.type === 'broadcast' ? [callback] : []),
	},
	{
		ours: ({ presences }) =>
			presences.all.map((each) =>
				each.event === 'sync'
					? { event: 'sync', state: each.state }
					: {
							event: each.event,
							key: each.key,
							currentPresences: each.current,
							[each.event === 'join' ? 'newPresences' : 'leftPresences']: each.presences,
						},
			),
		theirs: ({ ev, p, state }) => (ev ? [ev === 'sync' ? { ...p, state } : p] : []),
	},
];

let callbacks = 0;
let roundedOnes = 0;

test('all was played that our client can ask for', () => {
	expect({ sessions: sessions.length, ...played, callbacks, roundedOnes }).toEqual({
		sessions: 376,
		channels: 415,
		frames: 2759,
		// Answers to heartbeats, and to what only a broken client sends.
		unplayed: 125,
		changes: 1559,
		broadcasts: 239,
		callbacks: 93,
		roundedOnes: 6,
	});
});
