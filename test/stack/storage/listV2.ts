import type { Call } from './call';
import { decodeCursor, encodeCursor, type Cursor } from './cursor';
import { foldFolders, folderEnd, folderEntry, type Entry, type ObjectEntry } from './list';
import { checkBucketName } from './names';

type Column = 'name' | 'created_at' | 'updated_at';

interface Order {
	column: Column;
	descending: boolean;
}

const MOST = 100_000;

/** Lists by whole keys and byte by byte, with a cursor; as folders when a delimiter is wanted. */
export async function listObjectsV2(call: Call): Promise<void> {
	const body = await call.body({
		prefix: { type: 'string' },
		limit: { type: 'integer', min: 1 },
		cursor: { type: 'string' },
		with_delimiter: { type: 'boolean' },
		sortBy: {
			type: 'object',
			fields: {
				column: {
					type: 'string',
					required: true,
					oneOf: ['name', 'updated_at', 'created_at'],
				},
				order: { type: 'string', oneOf: ['asc', 'desc'] },
			},
		},
	});
	call.authenticate('token');
	checkBucketName(call.bucket);
	const prefix = (body.prefix as string | undefined) ?? '';
	const limit = Math.min((body.limit as number | undefined) ?? 1000, 1000);
	const cursor = body.cursor ? decodeCursor(body.cursor as string) : undefined;
	const sortBy = (body.sortBy ?? {}) as { column?: Column; order?: string };
	const sorting = {
		sortColumn: cursor?.sortColumn ?? sortBy.column,
		sortOrder: cursor?.sortOrder ?? sortBy.order,
	};
	const order: Order = {
		column: (sorting.sortColumn as Column | undefined) ?? 'name',
		descending: sorting.sortOrder === 'desc',
	};
	const rows = await call.db.run(
		async (tx) =>
			await tx<ObjectEntry[]>`
			select name, id, updated_at, created_at, last_accessed_at, metadata from storage.objects
			where bucket_id = ${call.bucket} and starts_with(name, ${prefix})
			order by name collate "C" limit ${MOST}`,
	);
	const delimited = body.with_delimiter === true;
	const all = delimited ? intoFolders(rows, prefix.length, order) : sort(rows, order);
	const entries = all.filter((entry) => comesAfter(entry, cursor, order));
	const page = entries.slice(0, limit);
	const last = page.at(-1);
	const hasNext = entries.length > limit && last !== undefined;
	call.send(200, {
		hasNext,
		...(hasNext ? next(last, sorting, order) : {}),
		folders: page.filter(({ id }) => id === null).map(keyed),
		objects: page.filter(({ id }) => id !== null).map(delimited ? keyed : whole),
	});
}

function next(last: Entry, sorting: Pick<Cursor, 'sortColumn' | 'sortOrder'>, order: Order) {
	const date = order.column === 'name' ? undefined : last[order.column]?.toISOString();
	const cursor = { startAfter: last.name, ...sorting, sortColumnAfter: date };
	return { nextCursor: encodeCursor(cursor), nextCursorKey: last.name };
}

function intoFolders(rows: ObjectEntry[], from: number, order: Order): Entry[] {
	if (order.column !== 'name') return sort([...dated(rows, from)], order);
	const sorted = order.descending ? [...rows].reverse() : rows;
	return foldFolders(sorted, (name) => name, from, order.descending).map((entry) =>
		entry.id === null ? { ...entry, name: `${entry.name}/` } : entry,
	);
}

/** By date a folder is as old as the oldest object in it. */
function dated(rows: ObjectEntry[], from: number): Iterable<Entry> {
	const entries = new Map<string, Entry>();
	for (const row of rows) {
		const end = folderEnd(row.name, from);
		if (end < 0) entries.set(row.name, row);
		else {
			const name = row.name.slice(0, end + 1);
			const oldest = entries.get(name)?.created_at;
			const date = oldest && oldest < row.created_at ? oldest : row.created_at;
			entries.set(name, { ...folderEntry(name), updated_at: date, created_at: date });
		}
	}
	return entries.values();
}

function sort<T extends Entry>(entries: T[], order: Order): T[] {
	return entries.sort((a, b) => compare(a, b.name, dateOf(b, order), order));
}

/** Whether an entry belongs to the pages after a cursor. */
function comesAfter(entry: Entry, cursor: Cursor | undefined, order: Order): boolean {
	if (!cursor) return true;
	const date = cursor.sortColumnAfter ? Date.parse(cursor.sortColumnAfter) : 0;
	return compare(entry, cursor.startAfter, date, order) > 0;
}

function compare(entry: Entry, name: string, date: number, order: Order): number {
	const byDate = order.column === 'name' ? 0 : dateOf(entry, order) - date;
	const byName = entry.name < name ? -1 : entry.name > name ? 1 : 0;
	return (byDate || byName) * (order.descending ? -1 : 1);
}

function dateOf(entry: Entry, { column }: Order): number {
	return column === 'name' ? 0 : (entry[column]?.getTime() ?? 0);
}

function keyed(entry: Entry) {
	return { key: entry.name.replace(/\/$/, '').split('/').pop(), ...entry };
}

function whole(entry: Entry): Entry {
	return entry;
}
