import { columnName } from '../../database/column';
import { graceOf, hasCursor, pagesFrom } from './found';
import { readFound, type SweptWatch } from './pages';
import { graceStart, orderedOf } from './place';
import type { Start } from './state';
import { notBeyond } from './sweep';
import type { WatchedTable } from './table';

/**
 * Finds out where a table begins of which nothing was kept. At `now` the rows of the grace window are
 * read, so that they are known when a sweep meets them.
 *
 * @throws what `send` throws
 */
export async function beginTable(table: WatchedTable, start: Start): Promise<void> {
	const { swept, kept } = table;
	if (table.hasBegun) return;
	if (swept && start === 'now') await beginNow(table, swept);
	else if (swept && start !== 'beginning' && start !== 'now') {
		table.position = table.floor = { value: start.from };
	}
	kept?.moveTo(table.position, table.floor);
	table.hasBegun = true;
}

async function beginNow(table: WatchedTable, watch: SweptWatch): Promise<void> {
	const { send, columns, clock, memory, kept, limits } = table;
	const { rows, time } = await readFound(send, watch, columns, {
		conditions: hasCursor(watch),
		order: [watch.cursor, ...watch.key].map((name) => ({
			column: columnName(name),
			descending: true,
		})),
		limit: 1,
	});
	clock.answered(time);
	const [last] = rows;
	if (!last) return;
	const position = notBeyond(last.position, clock.now());
	const end = orderedOf(last.position);
	const start = graceStart(position, graceOf(table));
	let count = 0;
	if (end) {
		for await (const page of pagesFrom(table, watch, start)) {
			const old = page.rows.filter(({ version }) => (version.order ?? 0n) <= end.at);
			for (const { version } of old) {
				if (memory?.found(version, page.since) === 'emit') memory.note(version, 0);
				kept?.taken(version);
			}
			count += old.length;
			if (old.length < page.rows.length || count > limits.remembered) break;
		}
	}
	table.position = position;
	// What is not remembered must not be read again: it was there before.
	table.floor = count > Math.min(limits.kept, limits.remembered) ? position : start;
}
