import type { Change } from '../events';
import { gapOf, incompleteWords, type Gap } from '../repair';
import { contentPrint, rowPrint } from './content';
import type { Version } from './memory';
import { orderOf } from './order';
import type { Reread } from './rereads';
import { handOutFound, handOutLive, isNumberCursor, learn, type WatchedTable } from './table';

/** Takes a change of a watched table that came live: hands it out, now or when its row is read again. */
export function takeLive(table: WatchedTable, change: Change): void {
	learn(table, change);
	const { watch, columns, rereads, clock } = table;
	const key = watch.key ?? [];
	const committed = Date.parse(change.commitTimestamp ?? '');
	if (!Number.isNaN(committed) && clock.commit(committed)) {
		table.ranBackTo = Math.min(table.ranBackTo ?? Infinity, committed);
		table.askForSweep(table, 'clock');
	}
	const print =
		rowPrint(change.record, key, columns.types) ?? rowPrint(change.oldRecord, key, columns.types);
	const take = () => (change.type === 'DELETE' ? takeDelete : takeRow)(table, change, print);
	if (print === undefined) take();
	else rereads.after(print, take);
}

function takeDelete(table: WatchedTable, change: Change, print: string | undefined): void {
	const { memory, rereads } = table;
	if (print === undefined || memory?.deleted(print) !== 'ask') {
		return handOutDelete(table, change, print);
	}
	rereads.read({ print, key: change.oldRecord ?? {} }, (row) => {
		const isThere = row !== 'gone' && !('failed' in row);
		// It was deleted and written again, and that was read.
		if (isThere && memory.isLast(row.version)) return;
		handOutDelete(table, change, print);
		if (isThere) handOutFound(table, row);
	});
}

function handOutDelete(table: WatchedTable, change: Change, print: string | undefined): void {
	const { memory, kept, outlet } = table;
	handOutLive(table, change, undefined);
	if (print === undefined || !memory) return;
	memory.noteDeleted(print);
	outlet.mark(() => kept?.forget(print));
}

function takeRow(table: WatchedTable, change: Change, print: string | undefined): void {
	const { readable, memory, rereads, source } = table;
	const gap = gapOf(change);
	if (change.errors?.length) {
		table.droppedAt = performance.now();
		table.askForSweep(table, 'errors');
	}
	if (gap) {
		if (!readable || print === undefined || gap.reason === 'refused') {
			handOutLive(table, change, undefined, incompleteWords(gap, 'no key'));
			return;
		}
		const key =
			change.record && print === printOf(table, change.record) ? change.record : change.oldRecord;
		rereads.read({ print, key: key ?? {} }, (row) => takeRepaired(table, change, gap, row));
		return;
	}
	const version = versionOf(table, change, print);
	const decision = version && memory ? memory.live(version, source()) : 'emit';
	if (decision === 'emit') handOutLive(table, change, version);
	if (decision !== 'ask' || !version) return;
	rereads.read({ print: version.row, key: change.record ?? {} }, (row) =>
		takeAsked(table, change, version, row),
	);
}

function printOf({ watch, columns }: WatchedTable, row: Change['record']): string | undefined {
	return rowPrint(row, watch.key ?? [], columns.types);
}

/** `undefined` where a sweep could not tell the row: it has no key, or no value in the cursor. */
function versionOf(
	table: WatchedTable,
	{ record = {} }: Change,
	print: string | undefined,
): Version | undefined {
	const { watch, columns, memory } = table;
	const cursor = record[watch.cursor ?? ''];
	if (!memory || print === undefined || cursor === undefined || cursor === null) return undefined;
	return {
		row: print,
		order: orderOf(cursor, isNumberCursor(table))?.at,
		content: contentPrint(record, columns.types, columns.live),
	};
}

/** What the server left out was read again. */
function takeRepaired(table: WatchedTable, change: Change, gap: Gap, row: Reread): void {
	if (row === 'gone') return handOutLive(table, change, undefined, incompleteWords(gap, 'gone'));
	if ('failed' in row) {
		table.askForSweep(table, 'errors');
		return handOutLive(table, change, undefined, incompleteWords(gap, row));
	}
	if (!table.memory?.isLast(row.version)) handOutFound(table, row, change);
}

/** It could not be told whether a change is newer than what was read of its row. */
function takeAsked(table: WatchedTable, change: Change, version: Version, row: Reread): void {
	// Its DELETE is on the way, and what was read of it before may be newer than this.
	if (row === 'gone') return;
	if ('failed' in row) return handOutLive(table, change, version);
	if (table.memory?.isLast(row.version)) return;
	if (row.version.content === version.content) handOutLive(table, change, version);
	else handOutFound(table, row, change);
}
