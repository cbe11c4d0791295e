import { objectOf } from '../json';
import type { Presence, PresenceEvent, PresenceState } from './events';

/** Presences by key, kept apart from the prototype of objects: keys are a person's choice. */
type Keyed = Map<string, readonly Presence[]>;

/** The presences of one channel. */
export interface Presences {
	readonly state: PresenceState;
	/** Takes `presence_state` or `presence_diff`, and says what happened. */
	receive(event: string, payload: unknown): PresenceEvent[];
	/** A new join: what it tells first is the state, and differences wait for it. */
	restart(): void;
}

/**
 * Keeps account of who is there.
 *
 * @param stateComes whether the server sends the whole state, which it does where presence is enabled
 */
export function presences(stateComes: boolean): Presences {
	let known: Keyed = new Map();
	let isAwaited = stateComes;
	let early: unknown[] = [];

	const apply = (joins: Keyed, leaves: Keyed): PresenceEvent[] => {
		const events: PresenceEvent[] = [];
		for (const [key, joined] of joins) {
			const current = known.get(key) ?? [];
			const refs = new Set(joined.map((each) => each.presence_ref));
			const kept = current.filter((each) => !refs.has(each.presence_ref));
			known.set(key, [...kept, ...joined]);
			events.push({ event: 'join', key, presences: joined, current });
		}
		for (const [key, left] of leaves) {
			const before = known.get(key);
			if (!before) continue;
			const refs = new Set(left.map((each) => each.presence_ref));
			const current = before.filter((each) => !refs.has(each.presence_ref));
			if (current.length) known.set(key, current);
			else known.delete(key);
			events.push({ event: 'leave', key, presences: left, current });
		}
		return events;
	};
	const synced = (): PresenceEvent => ({ event: 'sync', state: Object.fromEntries(known) });
	const differ = (payload: unknown): PresenceEvent[] => {
		const { joins, leaves } = objectOf(payload) ?? {};
		return [...apply(keyed(joins), keyed(leaves)), synced()];
	};
	/** What is there now and was not known, and what was known and is there no more. */
	const replace = (state: Keyed): PresenceEvent[] => {
		const events = apply(without(state, known), without(known, state));
		// In the order and the content that the server has them.
		known = state;
		return [...events, synced()];
	};
	return {
		get state() {
			return Object.fromEntries(known);
		},
		receive(event, payload) {
			if (event !== 'presence_state') {
				if (!isAwaited) return differ(payload);
				early.push(payload);
				return [];
			}
			const events = replace(keyed(payload));
			isAwaited = false;
			const waiting = early;
			early = [];
			return [...events, ...waiting.flatMap(differ)];
		},
		restart() {
			isAwaited = stateComes;
			early = [];
		},
	};
}

/** Reads `{key: {metas: [{phx_ref, …}]}}`. */
function keyed(payload: unknown): Keyed {
	const entries = Object.entries(objectOf(payload) ?? {});
	return new Map(
		entries.map(([key, value]) => {
			const { metas } = Object(value) as { metas?: unknown };
			return [key, Array.isArray(metas) ? metas.map(presenceOf) : []];
		}),
	);
}

function presenceOf(meta: unknown): Presence {
	const own = Object.entries(Object(meta) as Record<string, unknown>);
	const tracked = own.filter(([name]) => name !== 'phx_ref' && name !== 'phx_ref_prev');
	const { phx_ref: reference } = Object(meta) as { phx_ref?: unknown };
	return { ...Object.fromEntries(tracked), presence_ref: String(reference) };
}

/** The presences of `some` that are not in `others`; keys without any are left out. */
function without(some: Keyed, others: Keyed): Keyed {
	const rest: Keyed = new Map();
	for (const [key, each] of some) {
		const refs = new Set(others.get(key)?.map((other) => other.presence_ref));
		const left = each.filter((one) => !refs.has(one.presence_ref));
		if (left.length) rest.set(key, left);
	}
	return rest;
}
