import { graceEnd, graceOf, pagesFrom, type OrderedPage } from './found';
import type { FoundRow } from './pages';
import { graceStart, orderedOf, placeAt } from './place';
import type { Reread } from './rereads';
import type { Position } from './state';
import { handOutFound, type WatchedTable } from './table';

/** What a sweep came to. */
export interface Swept {
	/** Rows that were handed out. */
	readonly found: number;
	/** Rows are left, with which the next sweep has to begin. */
	readonly more: boolean;
}

/** How many pages are read ahead of what is handed out. */
const AHEAD = 3;

/**
 * Reads what has moved in a table since it was read last, from a grace window before that to the end,
 * and hands out what is new. What is found is waited for first: it may still come live.
 *
 * @throws what `send` throws; what was handed out by then stays so, and the next sweep goes on there
 */
export async function sweepTable(table: WatchedTable): Promise<Swept> {
	const { swept, limits, signal } = table;
	if (!swept) return { found: 0, more: false };
	const startedAt = performance.now();
	const source = table.source();
	goBackWithClock(table, startedAt);
	const start = table.position && graceStart(table.position, graceOf(table));
	const pages = pagesFrom(table, swept, start);
	const ahead: Array<Promise<IteratorResult<OrderedPage, undefined>>> = [];
	let found = 0;
	for (;;) {
		while (ahead.length < AHEAD) ahead.push(handled(pages.next()));
		const page = (await ahead.shift())?.value;
		if (!page || signal.aborted) break;
		const handedOut = await handOutPage(table, page, limits.sweepRows - found);
		found += handedOut.found;
		if (handedOut.isCut) return { found, more: true };
	}
	if (signal.aborted) return { found, more: true };
	table.sweptAt = startedAt;
	if (table.source() === source) table.sweepsSinceSubscribed += 1;
	forget(table);
	return { found, more: false };
}

/** A failure is told where it is waited for. */
function handled<T>(promise: Promise<T>): Promise<T> {
	promise.catch(() => undefined);
	return promise;
}

async function handOutPage(
	table: WatchedTable,
	{ rows, since, cameAt }: OrderedPage,
	most: number,
): Promise<{ found: number; isCut: boolean }> {
	const { memory, rereads, outlet, limits, signal } = table;
	if (!memory) return { found: 0, isCut: false };
	const decide = ({ version }: FoundRow) =>
		rereads.isWaiting(version.row) ? 'ask' : memory.found(version, since);
	if (rows.some((row) => decide(row) !== 'drop')) await settle(table, cameAt);
	const asked: Array<Promise<boolean>> = [];
	let found = 0;
	let last: FoundRow | undefined;
	for (const row of rows) {
		await outlet.room(Math.ceil(limits.queue / 2));
		if (signal.aborted) return { found, isCut: true };
		const decision = decide(row);
		if (decision !== 'drop' && found + asked.length >= most) break;
		if (decision === 'emit') {
			handOutFound(table, row);
			found += 1;
		}
		if (decision === 'ask') asked.push(handled(handOutAsked(table, row)));
		last = row;
	}
	for (const wasNew of await Promise.all(asked)) found += wasNew ? 1 : 0;
	if (last) moveTo(table, last.position);
	return { found, isCut: last !== rows.at(-1) };
}

/** What is on its way gets the time to come. */
async function settle({ timings, signal }: WatchedTable, since: number): Promise<void> {
	const left = since + timings.settle - performance.now();
	if (left <= 0 || signal.aborted) return;
	await new Promise<void>((resolve) => {
		const end = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, left);
		signal.addEventListener('abort', end);
	});
}

/** It could not be told whether what was found is older than what came live. */
async function handOutAsked(table: WatchedTable, { version, row }: FoundRow): Promise<boolean> {
	const { rereads, memory } = table;
	const reread = await new Promise<Reread>((resolve, reject) => {
		const print = version.row;
		rereads.read({ print, key: row }, (now) => {
			if (now === 'gone' || !('failed' in now)) return resolve(take(now));
			reject(now.failed as Error);
		});
	});
	return reread !== 'gone';

	/** At once, as what waits for the row comes next. */
	function take(now: Reread): Reread {
		if (now === 'gone' || 'failed' in now || memory?.isLast(now.version)) return 'gone';
		handOutFound(table, now);
		return now;
	}
}

/** Moves the cursor on, but never beyond the present: what is dated later is read again till then. */
function moveTo(table: WatchedTable, reached: Position): void {
	const present = notBeyond(reached, table.clock.now());
	const [now, before] = [orderedOf(present), table.position && orderedOf(table.position)];
	const isBack = now && before && now.kind === before.kind && now.at < before.at;
	if (!isBack) table.position = present;
	if ((table.memory?.size ?? 0) > table.limits.remembered) forget(table);
	else keep(table);
}

/** @param time the database's, in milliseconds since 1970 */
export function notBeyond(position: Position, time: number): Position {
	const ordered = orderedOf(position);
	const now = BigInt(Math.floor(time)) * 1000n;
	if (!ordered || ordered.kind === 'number' || ordered.at <= now) return position;
	return placeAt({ ...ordered, at: now }) ?? position;
}

function keep({ outlet, kept, position, floor }: WatchedTable, forgetBefore?: bigint): void {
	outlet.mark(() => kept?.moveTo(position, floor, forgetBefore));
}

/** Forgets what no sweep will meet again; where that is not enough, later sweeps will meet less. */
function forget(table: WatchedTable): void {
	const { memory, limits, position } = table;
	let end = graceEnd(table);
	if (end !== undefined) memory?.forgetBefore(end);
	if (memory && memory.size > limits.remembered && position) {
		const reached = orderedOf(position)?.at;
		if (reached !== undefined) {
			end = reached;
			table.floor = position;
			memory.forgetBefore(reached);
			table.onNews({ name: 'narrowed', table: table.watch.table });
		}
		memory.forgetBeyond(Math.floor(limits.remembered * 0.8));
	}
	keep(table, end);
}

/**
 * Where the database's clock ran back, what is written now stands before the cursor, from when the last
 * sweep began at the earliest.
 */
function goBackWithClock(table: WatchedTable, startedAt: number): void {
	const { ranBackTo, position, sweptAt, onNews, watch } = table;
	table.ranBackTo = undefined;
	const ordered = position && orderedOf(position);
	if (ranBackTo === undefined || ordered?.kind !== 'instant') return;
	const elapsed = sweptAt === undefined ? 0 : startedAt - sweptAt;
	const at = BigInt(Math.floor(ranBackTo - elapsed)) * 1000n - graceOf(table)('instant');
	if (at >= ordered.at) return;
	table.position = placeAt({ kind: 'instant', at }) ?? position;
	if (table.floor?.at !== undefined) table.floor = undefined;
	keep(table);
	onNews({ name: 'clockBack', table: watch.table });
}
