import { InvalidRequestError, type SupabaseApiError } from '../../errors';
import type { ChannelState } from '../channel';
import type { Change } from '../events';
import { gapOf, incompleteWords } from '../repair';
import { takeLive } from './intake';
import { FEED_LIMITS, FEED_TIMINGS, type Feed, type FeedOptions } from './options';
import { openOutlet } from './outlet';
import { liveEvent } from './present';
import { newSchedule } from './schedule';
import type { CatchUpState } from './state';
import { tableId, watchTable, type FeedParts, type WatchedTable } from './table';

export * from './options';

/**
 * Opens a feed: joins a channel of `realtime`, hands out what comes, reads again what the server left
 * out, and sweeps the tables that have a cursor. It never throws for outages, and tries until it is
 * closed; `realtime` itself stays open then.
 *
 * Promised is the latest version of every row that has a value in the cursor, however the server
 * loses changes; not the versions between, and no deletes. Nothing is handed out twice in one version
 * by two sources; after a crash what was handed out since `state` was made may come again.
 *
 * @throws InvalidRequestError for a watch with a cursor and no key, for two watches of one table, or a
 * subscription that the server would refuse for its form
 */
export function openFeed({ watches, realtime, subscription, ...options }: FeedOptions): Feed {
	checkWatches(watches);
	const { emit, state: known, start = 'now', listener = {}, numbers = 'rounded' } = options;
	const onNews = options.onNews ?? (() => undefined);
	const limits = { ...FEED_LIMITS, ...options.limits };
	const timings = { ...FEED_TIMINGS, ...options.timings };
	const closing = new AbortController();
	let source = 0;
	let isFull = false;
	let dropped = 0;

	const outlet = openOutlet(limits, emit, state, onNews);
	const parts: FeedParts = {
		send: options.send,
		outlet,
		numbers,
		limits,
		timings,
		onNews,
		source: () => source,
		askForSweep: (table, why) => schedule.ask(table, why),
		signal: closing.signal,
	};
	const tables = new Map(
		watches.map((watch): [string, WatchedTable] => {
			const id = tableId(watch);
			return [id, watchTable(watch, parts, known?.tables[id])];
		}),
	);
	const all = [...tables.values()];
	const isSwept = all.length > 0 && all.every(({ memory }) => memory);
	const schedule = newSchedule(all, { start, timings, onNews, isLive, rejoin });
	const isReady = newReadiness(all);
	const channel = realtime.join(
		{ ...subscription, numbers: 'text' },
		{ ...listener, onChange, onState },
	);

	function onState(state: ChannelState): void {
		if (state.name === 'subscribed') {
			source += 1;
			for (const table of all) {
				table.sweepsSinceSubscribed = 0;
				schedule.ask(table, 'subscribed');
			}
		}
		if (state.name === 'lost') schedule.rejoinLater();
		isReady.check(source > 0);
		listener.onState?.(state);
	}

	function onChange(change: Change): void {
		if (closing.signal.aborted) return;
		if (isFull || waiting() >= limits.queue) return drop();
		const table = tables.get(tableId({ table: { schema: change.schema, name: change.table } }));
		if (!table) return takeUnwatched(change);
		takeLive(table, change);
		if (table.memory && table.memory.size > limits.remembered) schedule.ask(table, 'memory');
	}

	function takeUnwatched(change: Change): void {
		const gap = gapOf(change);
		const about = gap && { incomplete: incompleteWords(gap, 'no key') };
		outlet.push(liveEvent(change, [], numbers, about));
	}

	function waiting(): number {
		return all.reduce((sum, { rereads }) => sum + rereads.waiting, outlet.waiting);
	}

	/** Nothing more is read live until there is room; a sweep finds it then, where there are sweeps. */
	function drop(): void {
		dropped += 1;
		for (const table of all) table.droppedAt = performance.now();
		if (isFull) return;
		isFull = true;
		onNews({ name: 'overflow', isSwept });
		void outlet.room(Math.max(1, Math.floor(limits.queue / 2))).then(() => {
			if (closing.signal.aborted) return;
			isFull = false;
			onNews({ name: 'resumed', dropped, isSwept });
			dropped = 0;
			for (const table of all) schedule.ask(table, 'overflow');
		});
	}

	function isLive(): boolean {
		return channel.state.name === 'subscribed' && !isFull;
	}

	async function rejoin(why: 'planned' | 'missed'): Promise<void> {
		onNews({ name: 'rejoining', why });
		try {
			await channel.rejoin();
		} catch (error) {
			if (closing.signal.aborted) return;
			onNews({ name: 'rejoinFailed', error: error as SupabaseApiError });
		}
	}

	function state(): CatchUpState {
		const cursors = all.flatMap(({ id, kept }) => {
			const cursor = kept?.state();
			return cursor ? [[id, cursor] as const] : [];
		});
		return { version: 1, tables: Object.fromEntries(cursors) };
	}

	schedule.onBegun(() => isReady.check(source > 0));
	return {
		state,
		ready: () => isReady.promise,
		sweep: () => all.forEach((table) => schedule.ask(table, 'asked')),
		async close() {
			if (!closing.signal.aborted) closing.abort();
			schedule.close();
			isReady.close();
			for (const { rereads } of all) rereads.close();
			await Promise.all([channel.leave(), outlet.close()]);
		},
	};
}

function newReadiness(tables: readonly WatchedTable[]) {
	let resolve: () => void = () => undefined;
	const promise = new Promise<void>((done) => (resolve = done));
	return {
		promise,
		close: () => resolve(),
		check(isSubscribed: boolean) {
			if (isSubscribed && tables.every(({ hasBegun }) => hasBegun)) resolve();
		},
	};
}

function checkWatches(watches: FeedOptions['watches']): void {
	const ids = new Set<string>();
	for (const watch of watches) {
		const { schema, name } = watch.table;
		if (ids.has(tableId(watch))) {
			throw new InvalidRequestError(`The table "${schema}"."${name}" is watched twice`);
		}
		ids.add(tableId(watch));
		if (watch.cursor !== undefined && !watch.key?.length) {
			throw new InvalidRequestError(
				`Catch Up needs to tell the rows of "${name}" apart, and no key is known`,
				'Give the table a primary key, or enter the columns that tell its rows apart.',
			);
		}
	}
}
