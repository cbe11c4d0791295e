import type { FeedLimits, FeedNews, Batch } from './options';
import type { CatchUpState } from './state';
import type { FeedEvent } from './watch';

/** Where events wait until they are taken, in order, and one batch at a time. */
export interface Outlet {
	/** How many events wait. */
	readonly waiting: number;
	/** @param taken is called when the event was handed out for good */
	push(event: FeedEvent, taken?: () => void): void;
	/** Calls when all that was pushed before was handed out for good. */
	mark(taken: () => void): void;
	/** Waits until fewer than so many events wait, or it is closed. */
	room(below: number): Promise<void>;
	/** Stops; what waits is dropped. Waits for the batch that is being handed out. */
	close(): Promise<void>;
}

/** An event with what is to be done when it is taken, or only that. */
interface Waiting {
	readonly event?: FeedEvent;
	readonly taken?: () => void;
	readonly since: number;
}

const FIRST_RETRY = 500;
const LONGEST_RETRY = 60_000;

/**
 * @param emit takes a batch; the next comes when its promise is fulfilled, the same again when it is
 * rejected
 * @param state what has to be known if all that was not yet taken is lost
 */
export function openOutlet(
	{ batch: most, batchWait }: Pick<FeedLimits, 'batch' | 'batchWait'>,
	emit: (batch: Batch) => Promise<void>,
	state: () => CatchUpState,
	onNews: (news: FeedNews) => void,
): Outlet {
	let queue: Waiting[] = [];
	let head = 0;
	let events = 0;
	let isClosed = false;
	let isRunning = false;
	let running = Promise.resolve();
	const rooms = new Set<{ below: number; resolve: () => void }>();
	let wake: (() => void) | undefined;

	function start(): void {
		wake?.();
		if (isRunning || isClosed) return;
		isRunning = true;
		running = run();
	}

	async function run(): Promise<void> {
		while (!isClosed) {
			takeMarks();
			if (head >= queue.length) break;
			await gather();
			const items = nextItems();
			const batch = items.flatMap(({ event }) => (event ? [event] : []));
			if (isClosed || !(await handOut(batch))) break;
			head += items.length;
			events -= batch.length;
			for (const { taken } of items) taken?.();
			compact();
			tellRooms();
		}
		isRunning = false;
	}

	function takeMarks(): void {
		for (let next = queue[head]; next && !next.event; next = queue[head]) {
			head += 1;
			next.taken?.();
		}
		compact();
	}

	/** Waits for others, as long as an event may wait for them. */
	async function gather(): Promise<void> {
		const until = (queue[head]?.since ?? 0) + batchWait;
		while (!isClosed && events < most && performance.now() < until) {
			await rest(until - performance.now());
		}
	}

	function nextItems(): Waiting[] {
		const items: Waiting[] = [];
		let count = 0;
		for (let index = head; index < queue.length && count < most; index++) {
			const item = queue[index] as Waiting;
			items.push(item);
			if (item.event) count += 1;
		}
		return items;
	}

	async function handOut(batch: readonly FeedEvent[]): Promise<boolean> {
		for (let delay = FIRST_RETRY; !isClosed; delay = Math.min(delay * 2, LONGEST_RETRY)) {
			try {
				await emit({ events: batch, state });
				return true;
			} catch (error) {
				onNews({ name: 'emitFailed', error });
				const until = performance.now() + delay;
				while (!isClosed && performance.now() < until) await rest(until - performance.now());
			}
		}
		return false;
	}

	/** Waits some milliseconds, or until something happens. */
	async function rest(delay: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, Math.max(1, delay));
			wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		wake = undefined;
	}

	function compact(): void {
		if (head < 1000 && head < queue.length) return;
		queue = queue.slice(head);
		head = 0;
	}

	function tellRooms(): void {
		for (const room of rooms) {
			if (!isClosed && events >= room.below) continue;
			rooms.delete(room);
			room.resolve();
		}
	}

	return {
		get waiting() {
			return events;
		},
		push(event, taken) {
			if (isClosed) return;
			queue.push({ event, taken, since: performance.now() });
			events += 1;
			start();
		},
		mark(taken) {
			if (isClosed) return;
			queue.push({ taken, since: 0 });
			start();
		},
		async room(below) {
			if (isClosed || events < below) return;
			await new Promise<void>((resolve) => rooms.add({ below, resolve }));
		},
		async close() {
			isClosed = true;
			wake?.();
			tellRooms();
			await running;
		},
	};
}
