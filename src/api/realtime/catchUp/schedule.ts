import { beginTable } from './begin';
import type { FeedNews, FeedTimings, SweepReason } from './options';
import type { Start } from './state';
import { sweepTable } from './sweep';
import type { WatchedTable } from './table';

/** Says when what is swept, one table after another, and when the channel is joined anew. */
export interface Schedule {
	/** Has a table swept, as soon as may be or a little later. */
	ask(table: WatchedTable, why: SweepReason): void;
	/** The channel was just joined: the next planned time counts from now. */
	rejoinLater(): void;
	/** Calls each time that the beginning of a table has become known. */
	onBegun(call: () => void): void;
	close(): void;
}

export interface ScheduleParts {
	readonly start: Start;
	readonly timings: FeedTimings;
	readonly onNews: (news: FeedNews) => void;
	/** Whether what is written now should come live. */
	readonly isLive: () => boolean;
	/** Never throws. */
	readonly rejoin: (why: 'planned' | 'missed') => Promise<void>;
}

interface Due {
	readonly why: SweepReason;
	readonly at: number;
}

export function newSchedule(
	tables: readonly WatchedTable[],
	{ start, timings, onNews, isLive, rejoin }: ScheduleParts,
): Schedule {
	const due = new Map<WatchedTable, Due>();
	const retries = new Map<WatchedTable, number>();
	const toBegin = new Set(tables.filter(({ hasBegun }) => !hasBegun));
	let timer: NodeJS.Timeout | undefined;
	let plannedSweep: NodeJS.Timeout | undefined;
	let plannedRejoin: NodeJS.Timeout | undefined;
	let isWorking = false;
	let isClosed = false;
	let isRejoining = false;
	let rejoinedAt = -Infinity;
	let rejoinWait = timings.rejoinSoon;
	let begun: () => void = () => undefined;

	function put(table: WatchedTable, why: SweepReason, at: number): void {
		const known = due.get(table);
		if (!known || at < known.at) due.set(table, { why, at });
		if (!isWorking) wait();
	}

	/** Works when the first is due. */
	function wait(): void {
		clearTimeout(timer);
		if (isClosed || due.size === 0) return;
		let first = Infinity;
		for (const { at } of due.values()) first = Math.min(first, at);
		timer = setTimeout(() => void work(), Math.max(0, first - performance.now()));
	}

	async function work(): Promise<void> {
		if (isWorking) return;
		isWorking = true;
		for (let next = nextDue(); next && !isClosed; next = nextDue()) {
			const [table, { why }] = next;
			due.delete(table);
			await run(table, why);
		}
		isWorking = false;
		wait();
	}

	function nextDue(): [WatchedTable, Due] | undefined {
		const now = performance.now();
		return [...due].find(([, { at }]) => at <= now);
	}

	async function run(table: WatchedTable, why: SweepReason): Promise<void> {
		const { table: name } = table.watch;
		try {
			if (toBegin.has(table)) {
				await beginTable(table, start);
				toBegin.delete(table);
				begun();
			}
			if (table.swept && why !== 'begin') await sweep(table, why);
			retries.delete(table);
		} catch (error) {
			if (isClosed) return;
			const retryIn = retries.get(table) ?? timings.retry;
			retries.set(table, Math.min(retryIn * 2, timings.sweep));
			onNews({ name: 'sweepFailed', table: name, error, retryIn });
			put(table, why, performance.now() + retryIn);
		}
	}

	async function sweep(table: WatchedTable, why: SweepReason): Promise<void> {
		const { table: name } = table.watch;
		onNews({ name: 'sweeping', table: name, why });
		const shouldBeLive = isLive() && wouldHaveCome(table);
		const { found, more } = await sweepTable(table);
		const missed = shouldBeLive && isLive() && wouldHaveCome(table) ? found : 0;
		onNews({ name: 'swept', table: name, found, missed, more });
		if (isClosed) return;
		if (more) put(table, 'more', performance.now() + timings.soon);
		if (missed > 0) rejoinSoon();
		else if (shouldBeLive && !more) rejoinWait = timings.rejoinSoon;
	}

	/** Rows that a sweep finds alone though the live feed was whole since the sweep before. */
	function wouldHaveCome({ watch, sweepsSinceSubscribed, droppedAt, sweptAt }: WatchedTable) {
		const isWhole = droppedAt === undefined || (sweptAt !== undefined && droppedAt < sweptAt);
		const isWatched = ['INSERT', 'UPDATE'].every((each) => watch.events.includes(each as 'INSERT'));
		return sweepsSinceSubscribed > 0 && isWhole && isWatched;
	}

	function rejoinSoon(): void {
		const now = performance.now();
		if (isRejoining || now - rejoinedAt < rejoinWait) return;
		rejoinWait = Math.min(rejoinWait * 2, timings.rejoin[0]);
		void rejoinNow('missed');
	}

	async function rejoinNow(why: 'planned' | 'missed'): Promise<void> {
		isRejoining = true;
		rejoinedAt = performance.now();
		if (isLive()) await rejoin(why);
		isRejoining = false;
		planRejoin();
	}

	function planRejoin(): void {
		clearTimeout(plannedRejoin);
		if (isClosed) return;
		const [least, most] = timings.rejoin;
		const delay = least + Math.random() * (most - least);
		plannedRejoin = setTimeout(() => void (isRejoining || rejoinNow('planned')), delay);
	}

	function planSweep(): void {
		if (isClosed) return;
		const delay = timings.sweep * (0.9 + 0.2 * Math.random());
		plannedSweep = setTimeout(() => {
			for (const table of tables) put(table, 'planned', performance.now());
			planSweep();
		}, delay);
	}

	for (const table of toBegin) put(table, 'begin', performance.now());
	planSweep();
	planRejoin();
	return {
		ask(table, why) {
			const isLater = why === 'errors' || why === 'clock' || why === 'memory';
			put(table, why, performance.now() + (isLater ? timings.soon : 0));
		},
		rejoinLater: planRejoin,
		onBegun(call) {
			begun = call;
		},
		close() {
			isClosed = true;
			clearTimeout(timer);
			clearTimeout(plannedSweep);
			clearTimeout(plannedRejoin);
		},
	};
}
