/** How many events wait, and how they are handed out. */
export interface QueueOptions<Event> {
	/** Events that wait at the most; 1,000 unless given. */
	readonly queue?: number;
	/** Events handed out at once; 1 unless given. */
	readonly batch?: number;
	/** How long an event waits for others, in milliseconds. */
	readonly batchWait?: number;
	/** The next come when its promise is fulfilled; when it is rejected the same come again. */
	readonly emit: (events: readonly Event[]) => Promise<void>;
	readonly onNews: (news: QueueNews) => void;
}

/** Told when the first event is dropped, when one finds room again, and of what `emit` threw. */
export type QueueNews =
	| { readonly name: 'roomOverflow' }
	| { readonly name: 'roomResumed'; readonly dropped: number }
	| { readonly name: 'emitFailed'; readonly error: unknown };

export interface Queue<Event> {
	/** Takes an event; one that finds no room is dropped. */
	readonly offer: (event: Event) => void;
	/** Drops all that waits. No timer stays. */
	readonly close: () => void;
}

/** Until what was rejected comes again, in milliseconds. */
const RETRY = 1_000;

/** Hands out events in order, some at once, one call at a time. */
export function roomQueue<Event>({
	queue: most = 1_000,
	batch = 1,
	batchWait = 0,
	emit,
	onNews,
}: QueueOptions<Event>): Queue<Event> {
	const waiting: Event[] = [];
	let dropped = 0;
	let isBusy = false;
	let closed = false;
	let timer: NodeJS.Timeout | undefined;

	function later(milliseconds: number): void {
		timer ??= setTimeout(() => {
			timer = undefined;
			void handOut();
		}, milliseconds);
	}

	async function handOut(): Promise<void> {
		if (isBusy || closed || waiting.length === 0) return;
		clearTimeout(timer);
		timer = undefined;
		isBusy = true;
		const events = waiting.slice(0, batch);
		try {
			await emit(events);
			waiting.splice(0, events.length);
			isBusy = false;
			next();
		} catch (error) {
			isBusy = false;
			if (closed) return;
			later(RETRY);
			onNews({ name: 'emitFailed', error });
		}
	}

	function next(): void {
		if (closed || isBusy || waiting.length === 0) return;
		if (waiting.length >= batch || batchWait === 0) void handOut();
		else later(batchWait);
	}

	return {
		offer(event) {
			if (closed) return;
			if (waiting.length >= most) {
				dropped += 1;
				if (dropped === 1) onNews({ name: 'roomOverflow' });
				return;
			}
			if (dropped > 0) {
				onNews({ name: 'roomResumed', dropped });
				dropped = 0;
			}
			waiting.push(event);
			next();
		},
		close() {
			closed = true;
			waiting.length = 0;
			clearTimeout(timer);
			timer = undefined;
		},
	};
}
