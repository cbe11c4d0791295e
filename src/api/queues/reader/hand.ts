import { byId, type MessageId } from '../ids';
import type { QueueMessage } from './message';

/**
 * Which messages wait for which: those of a `row` for one another, each of the `queue` for the one
 * before it, or `none`.
 */
export type Order = 'row' | 'queue' | 'none';

/** A message that was claimed, until its outcome is written. */
export interface Held {
	readonly message: QueueMessage;
	/** What it waits in line for; without any it waits for all before it, and all behind it wait for it. */
	readonly lines: readonly string[] | undefined;
	/** `done`: to be acknowledged; `leaving`: to be released or parked. Both until it is written. */
	state: 'waiting' | 'running' | 'done' | 'leaving';
	/** Until when the claim is known to hold, in milliseconds since 1970. */
	until: number;
}

/** The messages that a reader has claimed, in order. Each call looks at all of them once at most. */
export interface Hand {
	readonly size: number;
	readonly waiting: number;
	all(): Iterable<Held>;
	/** Takes up a claim, in the place of what was claimed before under the same ids. */
	add(messages: readonly QueueMessage[], until: number): void;
	/**
	 * Takes out what can be run now, in groups of up to so many that are run together: none is run
	 * before or beside one that it has to wait for. They are `running` then.
	 *
	 * @param groups how many at the most
	 * @param isAlone whether a message may not be run together with others
	 */
	take(groups: number, most: number, isAlone: (held: Held) => boolean): Held[][];
	/** Those not begun that may not be run before these, directly or because of one another. */
	behind(held: readonly Held[]): Held[];
	remove(held: readonly Held[]): void;
	/** Drops those of these ids that were not begun. */
	forget(ids: readonly MessageId[]): void;
}

export function newHand(order: Order): Hand {
	const hand = new Set<Held>();

	function linesOf({ id, body }: QueueMessage): readonly string[] | undefined {
		if (order === 'row') return rowsOf(body);
		return [order === 'queue' ? '' : String(id)];
	}

	function forget(ids: readonly MessageId[]): void {
		const gone = new Set(ids);
		for (const held of hand) {
			if (held.state === 'waiting' && gone.has(held.message.id)) hand.delete(held);
		}
	}

	/** Goes through the hand once, for those that can be run now: together, or each by itself. */
	function pass(most: number, together: boolean, isAlone: (held: Held) => boolean): Held[] {
		const taken: Held[] = [];
		const blocked = new Set<string>();
		let isFirst = true;
		for (const held of hand) {
			const { lines, state } = held;
			const waits = lines ? lines.some((line) => blocked.has(line)) : !isFirst;
			const alone = together && isAlone(held);
			if (state === 'waiting' && !waits && !(alone && taken.length > 0)) {
				taken.push(held);
				if (alone || taken.length === most) break;
				if (together) continue;
			}
			isFirst = false;
			if (!lines) break;
			for (const line of lines) blocked.add(line);
		}
		for (const held of taken) held.state = 'running';
		// Of several claims, the later may have brought the lower ids.
		return taken.sort((a, b) => byId(a.message.id, b.message.id));
	}

	return {
		forget,
		get size() {
			return hand.size;
		},
		get waiting() {
			let count = 0;
			for (const { state } of hand) if (state === 'waiting') count++;
			return count;
		},
		all: () => hand,
		add(messages, until) {
			forget(messages.map(({ id }) => id));
			for (const message of messages) {
				hand.add({ message, lines: linesOf(message), state: 'waiting', until });
			}
		},
		take(groups, most, isAlone) {
			if (most === 1) return pass(groups, false, isAlone).map((held) => [held]);
			const taken: Held[][] = [];
			while (taken.length < groups) {
				const group = pass(most, true, isAlone);
				if (group.length === 0) break;
				taken.push(group);
			}
			return taken;
		},
		behind(these) {
			const before = new Set(these);
			const blocked = new Set<string>();
			const found: Held[] = [];
			let isAnyBefore = false;
			let isAllBlocked = false;
			for (const held of hand) {
				const { lines, state } = held;
				const isOne = before.has(held);
				if (!isOne) {
					const waits = lines ? lines.some((line) => blocked.has(line)) : isAnyBefore;
					if (state !== 'waiting' || !(waits || isAllBlocked)) continue;
					found.push(held);
				}
				isAnyBefore = true;
				isAllBlocked ||= !lines;
				for (const line of lines ?? []) blocked.add(line);
			}
			return found;
		},
		remove(these) {
			for (const held of these) hand.delete(held);
		},
	};
}

/**
 * The rows that a captured change touches; none for what is not one, or concerns a whole table. A row
 * that is not a text cannot be told from others, so such a message waits for all.
 */
function rowsOf(body: unknown): readonly string[] | undefined {
	const { rows, type } = Object(body) as { rows?: unknown; type?: unknown };
	if (type === 'TRUNCATE' || !Array.isArray(rows) || rows.length === 0) return undefined;
	return rows.every((row) => typeof row === 'string') ? rows : undefined;
}
