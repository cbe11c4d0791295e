import type { Send } from '../../transport';
import type { Change } from '../events';
import { readByKey } from './byKey';
import { newClock, type DatabaseClock } from './clock';
import { isNumberType } from './content';
import type { FeedLimits, FeedNews, FeedTimings, SweepReason } from './options';
import { newKept, type Kept } from './kept';
import { newMemory, type Memory, type Version } from './memory';
import type { Outlet } from './outlet';
import { foundEvent, liveEvent, type Numbers } from './present';
import type { Columns, FoundRow, SweptWatch } from './pages';
import { newRereads, type Rereads } from './rereads';
import type { Position, TableCursor } from './state';
import type { Watch } from './watch';

/** What the parts of a feed have in common. */
export interface FeedParts {
	readonly send: Send;
	readonly outlet: Outlet;
	readonly numbers: Numbers;
	readonly limits: FeedLimits;
	readonly timings: FeedTimings;
	readonly onNews: (news: FeedNews) => void;
	/** The number of the subscription that changes come by now, from 1. */
	readonly source: () => number;
	readonly askForSweep: (table: WatchedTable, why: SweepReason) => void;
	/** Is aborted when the feed is closed. */
	readonly signal: AbortSignal;
}

/** A table of a feed, with what is known of it. */
export interface WatchedTable extends FeedParts {
	/** Its place in the state. */
	readonly id: string;
	readonly watch: Watch;
	/** What is needed to read it: there is a key. */
	readonly readable?: SweptWatch;
	/** What is needed to sweep it. */
	readonly swept?: SweptWatch;
	readonly columns: { -readonly [Name in keyof Columns]: Columns[Name] };
	readonly rereads: Rereads;
	readonly clock: DatabaseClock;
	/** Of a swept table. */
	readonly memory?: Memory;
	readonly kept?: Kept;
	/** How far it is read, and from where; what is handed out is ahead of what is kept. */
	position?: Position;
	floor?: Position;
	/** Its beginning is known. */
	hasBegun: boolean;
	/** When the last sweep that came to the end began, by `performance.now()`. */
	sweptAt?: number;
	/** Sweeps that came to the end since the server said that changes flow. */
	sweepsSinceSubscribed: number;
	/** When something came live and was not handed out whole, by `performance.now()`. */
	droppedAt?: number;
	/** The time to which the database's clock ran back, in milliseconds since 1970. */
	ranBackTo?: number;
}

export function tableId({ table }: Pick<Watch, 'table'>): string {
	return `${JSON.stringify(table.schema)}.${JSON.stringify(table.name)}`;
}

/** @param known what was kept; it is dropped where it was by other columns */
export function watchTable(
	watch: Watch,
	parts: FeedParts,
	known: TableCursor | undefined,
): WatchedTable {
	const { key = [], cursor, events } = watch;
	const readable = key.length ? { ...watch, key, cursor: cursor ?? (key[0] as string) } : undefined;
	const isSwept = cursor !== undefined && events.some((event) => event !== 'DELETE');
	const by = JSON.stringify([cursor, ...key]);
	const old = known?.by === by ? known : undefined;
	const columns: WatchedTable['columns'] = { types: { ...watch.types } };
	const latest = old?.position?.kind === 'instant' ? Number(old.position.at) / 1000 : undefined;
	const table: WatchedTable = {
		...parts,
		id: tableId(watch),
		watch,
		readable,
		columns,
		rereads: newRereads(
			async (wanted) =>
				readable ? await readByKey(parts.send, readable, columns, wanted) : new Map(),
			parts.timings.retry,
		),
		clock: newClock(Math.max(parts.limits.graceMs, LEAST_TOLERANCE), latest),
		hasBegun: old !== undefined,
		position: old?.position,
		floor: old?.floor,
		sweepsSinceSubscribed: 0,
		...(isSwept && {
			swept: readable,
			memory: newMemory(),
			kept: newKept(by, old, parts.limits.kept),
		}),
	};
	for (const [row, at, content] of old?.seen ?? []) {
		table.memory?.note({ row, order: at ? BigInt(at) : undefined, content }, 0);
	}
	return table;
}

/** Answers come in whole seconds, and clocks are set by a little now and then. */
const LEAST_TOLERANCE = 5_000;

/** Takes from a change what it tells of the table's columns. */
export function learn({ columns }: WatchedTable, change: Change): void {
	if (change.columns.length === 0) return;
	for (const { name, type } of change.columns) columns.types[name] = type;
	columns.live = new Set(change.columns.map(({ name }) => name));
}

export function isNumberCursor({ columns, watch }: WatchedTable): boolean {
	return isNumberType(columns.types[watch.cursor ?? '']);
}

/** Hands a change out that came live. */
export function handOutLive(
	table: WatchedTable,
	change: Change,
	version: Version | undefined,
	incomplete?: string,
): void {
	const { watch, numbers, outlet, memory, kept, source } = table;
	const about = incomplete === undefined ? {} : { incomplete };
	const event = liveEvent(change, watch.key ?? [], numbers, about);
	if (version) memory?.note(version, source());
	outlet.push(event, version && kept && (() => kept.taken(version)));
}

/** Hands a row out that was read; for a change that came live, if there is one. */
export function handOutFound(table: WatchedTable, found: FoundRow, change?: Change): void {
	const { watch, numbers, outlet, memory, kept } = table;
	const event = foundEvent(found, watch.table, watch.key ?? [], numbers, change);
	memory?.note(found.version, 0);
	outlet.push(event, kept && (() => kept.taken(found.version)));
}
