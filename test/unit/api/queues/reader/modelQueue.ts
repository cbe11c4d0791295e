import { SupabaseApiError } from '../../../../../src/api/errors';
import type { MessageId } from '../../../../../src/api/queues/ids';
import type { Order } from '../../../../../src/api/queues/reader/hand';
import type { QueueCalls, Receipt } from '../../../../../src/api/queues/reader/message';

interface Stored {
	readonly id: number;
	readonly body: unknown;
	visibleAt: number;
	readCount: number;
}

/** How a call goes wrong: before it has an effect, or so that only its answer is lost. */
export type Fault = 'before' | 'after';

export const outage = () =>
	new SupabaseApiError('rest', 'unknown', { message: 'The connection broke', code: 'ECONNRESET' });
export const missing = (code: string) =>
	new SupabaseApiError('rest', 'refused', { message: 'It is not there', status: 404, code });

/** A queue as the SQL keeps it, by the clock of the process; each call takes a moment. */
export function modelQueue(order: Order = 'row') {
	const stored = new Map<number, Stored>();
	const acknowledged: number[] = [];
	const parked: Array<{ id: number; reason: string }> = [];
	const released: Array<{ id: number; delay: number }> = [];
	const claims: Array<{ at: number; size: number; ids: number[] }> = [];
	let lastId = 0;
	let claimsAtOnce = 0;
	/** Taken from the front, one for each call. */
	const faults: Array<Fault | Error | undefined> = [];
	/** How long an answer takes, in milliseconds. */
	let latency = 5;

	/** None for what concerns a whole table. */
	const rowsOf = ({ body }: Stored) => {
		const { rows } = Object(body) as { rows?: string[] };
		return rows?.length ? rows : undefined;
	};
	const inFlight = ({ visibleAt }: Stored) => visibleAt > Date.now();
	const sorted = () => [...stored.values()].sort((a, b) => a.id - b.id);

	function claimable(): Stored[] {
		if (order === 'none') return sorted().filter((each) => !inFlight(each));
		if (order === 'queue') return sorted().some(inFlight) ? [] : sorted();
		const blocked = new Set(
			sorted()
				.filter(inFlight)
				.flatMap((each) => rowsOf(each) ?? []),
		);
		const found: Stored[] = [];
		let isAnyBefore = false;
		for (const each of sorted()) {
			const rows = rowsOf(each);
			const isBlocked = rows ? rows.some((row) => blocked.has(row)) : isAnyBefore;
			if (inFlight(each) || isBlocked) {
				if (!rows) break;
				isAnyBefore = true;
				for (const row of rows) blocked.add(row);
			} else found.push(each);
		}
		return found;
	}

	async function call<T>(effect: () => T): Promise<T> {
		const fault = faults.shift();
		await new Promise((resolve) => setTimeout(resolve, latency));
		if (fault === 'before') throw outage();
		if (fault instanceof Error) throw fault;
		const result = effect();
		await new Promise((resolve) => setTimeout(resolve, latency));
		if (fault === 'after') throw outage();
		return result;
	}

	const ours = (receipts: readonly Receipt[]) =>
		receipts.flatMap(({ id, attempt }) => {
			const found = stored.get(Number(id));
			return found?.readCount === attempt ? [found] : [];
		});

	const calls: QueueCalls = {
		async claim(size, visibility) {
			expect(++claimsAtOnce).toBe(1);
			try {
				return await call(() => {
					const found = claimable().slice(0, size);
					for (const each of found) {
						each.visibleAt = Date.now() + visibility * 1000;
						each.readCount++;
					}
					claims.push({ at: Date.now(), size, ids: found.map(({ id }) => id) });
					return found.map(({ id, readCount, body }) => ({
						id,
						attempt: readCount,
						enqueuedAt: '2026-01-01T00:00:00+00:00',
						body,
					}));
				});
			} finally {
				claimsAtOnce--;
			}
		},
		async acknowledge(ids) {
			await call(() => {
				for (const id of ids) if (stored.delete(Number(id))) acknowledged.push(Number(id));
			});
		},
		hide: async (receipts, delay) =>
			await call(() =>
				ours(receipts).map((each) => {
					each.visibleAt = Date.now() + delay * 1000;
					released.push({ id: each.id, delay });
					return each.id;
				}),
			),
		park: async (receipts, reason) =>
			await call(() =>
				ours(receipts).map(({ id }) => {
					stored.delete(id);
					parked.push({ id, reason });
					return id;
				}),
			),
	};

	return {
		calls,
		acknowledged,
		parked,
		released,
		claims,
		faults,
		send(...bodies: unknown[]) {
			return bodies.map((body) => {
				const id = ++lastId;
				stored.set(id, { id, body, visibleAt: Date.now(), readCount: 0 });
				return id;
			});
		},
		has: (id: MessageId) => stored.has(Number(id)),
		get: (id: number) => stored.get(id),
		get size() {
			return stored.size;
		},
		/** Claimed or delayed. */
		inFlight: () =>
			sorted()
				.filter(inFlight)
				.map(({ id }) => id),
		setLatency: (milliseconds: number) => (latency = milliseconds),
	};
}
