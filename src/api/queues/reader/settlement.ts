import type { Held } from './hand';
import type { QueueCalls } from './message';

/** What is to be written of a message. */
export type Write =
	| { readonly name: 'acknowledge' }
	/** In seconds. */
	| { readonly name: 'release'; readonly delay: number }
	| { readonly name: 'park'; readonly reason: string };

export interface SettlementOptions {
	readonly calls: Pick<QueueCalls, 'acknowledge' | 'hide' | 'park'>;
	/** It was written, or cannot be written any more as somebody else has the message. */
	readonly onWritten: (held: readonly Held[], write: Write) => void;
	/** Called when a write failed, before it is repeated; throws when it is not to be repeated. */
	readonly onError: (error: unknown) => Promise<void>;
}

export interface Settlement {
	add(held: readonly Held[], write: Write): void;
	/** Fulfilled when nothing is left to be written, or nothing can be. Never rejected. */
	idle(): Promise<void>;
}

/**
 * Writes outcomes: one call at a time, for all that came while the one before was under way. So
 * nothing is late, and many messages cost few calls. All of these may be repeated: an id that is gone
 * does no harm, and what somebody else has claimed meanwhile is not touched.
 */
export function newSettlement({ calls, onWritten, onError }: SettlementOptions): Settlement {
	const groups = new Map<string, { readonly held: Held[]; readonly write: Write }>();
	let writing: Promise<void> | undefined;

	async function send(held: readonly Held[], write: Write): Promise<void> {
		const receipts = held.map(({ message: { id, attempt } }) => ({ id, attempt }));
		if (write.name === 'acknowledge') await calls.acknowledge(receipts.map(({ id }) => id));
		else if (write.name === 'release') await calls.hide(receipts, write.delay);
		else await calls.park(receipts, write.reason);
	}

	async function writeAll(): Promise<void> {
		for (let next = first(groups); next; next = first(groups)) {
			const [name, { held, write }] = next;
			groups.delete(name);
			for (;;) {
				try {
					await send(held, write);
					break;
				} catch (error) {
					await onError(error);
				}
			}
			onWritten(held, write);
		}
		// In the same turn as the last look: what is added later begins anew.
		writing = undefined;
	}

	return {
		add(held, write) {
			if (held.length === 0) return;
			const name = JSON.stringify(write);
			const group = groups.get(name) ?? { held: [], write };
			for (const each of held) {
				each.state = write.name === 'acknowledge' ? 'done' : 'leaving';
				group.held.push(each);
			}
			groups.set(name, group);
			writing ??= Promise.resolve()
				.then(writeAll)
				.catch(() => {
					groups.clear();
					writing = undefined;
				});
		},
		idle: async () => await writing,
	};
}

function first<Key, Value>(map: ReadonlyMap<Key, Value>): [Key, Value] | undefined {
	for (const entry of map) return entry;
	return undefined;
}
