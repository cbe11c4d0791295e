import { openFeed, type Feed, type FeedNews } from '../../src/api/realtime/catchUp/feed';
import type { CatchUpState } from '../../src/api/realtime/catchUp/state';
import type { FeedEvent } from '../../src/api/realtime/catchUp/watch';
import type { ChannelState } from '../../src/api/realtime/channel';
import { openRealtime } from '../../src/api/realtime/realtime';
import type { Realtime } from '../../src/api/realtime/realtime';
import type { Project } from '../../src/api/project';
import { sender } from '../../src/api/transport';

/** A version of a row as it was handed out. */
export interface HandedOut {
	readonly table: string;
	readonly id: string;
	readonly v: string;
	readonly origin: FeedEvent['origin'];
	/** The life of the feed, and its subscription then. */
	readonly life: number;
	readonly subscription: number;
}

/** The feed that all goes wrong around, with what it has handed out. */
export interface Subject {
	readonly handedOut: readonly HandedOut[];
	readonly counts: {
		lost: number;
		missed: number;
		found: number;
		overflows: number;
		rejoins: number;
		repaired: number;
		sweepFailures: number;
		emitFailures: number;
	};
	readonly isSubscribed: boolean;
	/** What `emit` does next: it takes so long, or throws so often. */
	slowness: number;
	throws: number;
	/** The process dies, and is started again with what was kept. */
	crash(): void;
	sweep(): void;
	close(): Promise<void>;
}

/** @param isSwept without it there is no cursor: what Realtime loses is lost */
export function openSubject(
	project: Project,
	tables: readonly string[],
	isSwept: boolean,
): Subject {
	const handedOut: HandedOut[] = [];
	const counts: Subject['counts'] = {
		lost: 0,
		missed: 0,
		found: 0,
		overflows: 0,
		rejoins: 0,
		repaired: 0,
		sweepFailures: 0,
		emitFailures: 0,
	};
	let saved: CatchUpState | undefined;
	let life = 0;
	let current: { feed: Feed; realtime: Realtime } | undefined;
	let state: ChannelState = { name: 'joining' };
	let subscription = 0;

	function open(): void {
		life += 1;
		const own = life;
		const abort = new AbortController();
		const authority = { role: 'anon' } as const;
		const realtime = openRealtime(project, {
			authority: async () => ({ authority }),
			timings: {
				connect: 1_000,
				heartbeat: 700,
				join: 1_500,
				subscribe: 1_500,
				leave: 200,
				firstWait: 50,
				longestWait: 400,
				finalWait: 400,
				overlap: 300,
			},
		});
		const feed = openFeed({
			realtime,
			send: sender(project, { authority, signal: abort.signal, maxRepeats: 0 }),
			subscription: {
				name: 'chaos',
				changes: tables.map((table) => ({ event: '*', schema: 'public', table })),
			},
			watches: tables.map((name) => ({
				table: { schema: 'public', name },
				events: ['INSERT', 'UPDATE', 'DELETE'],
				key: ['id'],
				cursor: isSwept ? (name.endsWith('_no') ? 'version' : 'moved') : undefined,
			})),
			state: saved,
			start: 'now',
			numbers: 'text',
			limits: { queue: 400, batch: 20, graceMs: 10_000, graceValues: 3_000, kept: 20_000 },
			timings: {
				sweep: 2_000,
				soon: 100,
				settle: 300,
				retry: 100,
				rejoin: [6_000, 9_000],
				rejoinSoon: 1_000,
			},
			onNews: (news) => own === life && note(news),
			listener: {
				onState: (told) => {
					if (own !== life) return;
					state = told;
					if (told.name === 'subscribed') subscription += 1;
					if (told.name === 'lost' || told.name === 'refused') counts.lost += 1;
				},
			},
			emit: async ({ events, state: keep }) => {
				if (own !== life) return;
				saved = JSON.parse(JSON.stringify(keep())) as CatchUpState;
				if (subject.throws > 0) {
					subject.throws -= 1;
					throw new Error('not taken');
				}
				for (const event of events) take(event);
				if (subject.slowness > 0) {
					await new Promise((resolve) => setTimeout(resolve, subject.slowness));
				}
			},
		});
		current = { feed, realtime };
	}

	function take({ table, record, key, origin, repaired, incomplete }: FeedEvent): void {
		if (repaired) counts.repaired += 1;
		if (origin === 'catch-up') counts.found += 1;
		if (!record || incomplete !== undefined) return;
		handedOut.push({
			table,
			id: String(key?.id as string),
			v: String(record.version as string),
			origin: repaired ? 'catch-up' : origin,
			life,
			subscription,
		});
	}

	function note(news: FeedNews): void {
		if (news.name === 'swept') counts.missed += news.missed;
		if (news.name === 'overflow') counts.overflows += 1;
		if (news.name === 'rejoining') counts.rejoins += 1;
		if (news.name === 'sweepFailed') counts.sweepFailures += 1;
		if (news.name === 'emitFailed') counts.emitFailures += 1;
	}

	const subject: Subject = {
		handedOut,
		counts,
		slowness: 0,
		throws: 0,
		get isSubscribed() {
			return state.name === 'subscribed';
		},
		crash() {
			const old = current;
			state = { name: 'joining' };
			open();
			void old?.feed.close().then(async () => await old.realtime.close());
		},
		sweep: () => current?.feed.sweep(),
		async close() {
			await current?.feed.close();
			await current?.realtime.close();
		},
	};
	open();
	return subject;
}
