import type { Call } from './call';
import { checkBucketName } from './names';
import type { FileMetadata } from './objects';

/** A line of a listing: an object, or a folder, which has a name only. */
export interface Entry {
	name: string;
	id: string | null;
	updated_at: Date | null;
	created_at: Date | null;
	last_accessed_at: Date | null;
	metadata: FileMetadata | null;
}

export interface ObjectEntry extends Entry {
	id: string;
	updated_at: Date;
	created_at: Date;
	last_accessed_at: Date;
}

export const folderEntry = (name: string): Entry => ({
	name,
	id: null,
	updated_at: null,
	created_at: null,
	last_accessed_at: null,
	metadata: null,
});

type DateColumn = 'updated_at' | 'created_at' | 'last_accessed_at';

const MOST = 100_000;

/** Lists one folder, page by page: names are relative to it, folders and files side by side. */
export async function listObjects(call: Call): Promise<void> {
	const body = await call.body({
		prefix: { type: 'string', required: true },
		limit: { type: 'integer', min: 1 },
		offset: { type: 'integer', min: 0 },
		sortBy: {
			type: 'object',
			fields: {
				column: {
					type: 'string',
					required: true,
					oneOf: ['name', 'updated_at', 'created_at', 'last_accessed_at'],
				},
				order: { type: 'string', oneOf: ['asc', 'desc'] },
			},
		},
		search: { type: 'string' },
	});
	call.authenticate('key');
	checkBucketName(call.bucket);
	let folder = body.prefix as string;
	if (folder !== '' && !folder.endsWith('/')) folder += '/';
	const wanted = folder + ((body.search as string | undefined) ?? '');
	const sortBy = (body.sortBy ?? {}) as { column?: string; order?: string };
	const rows = await call.db.run(
		async (tx) =>
			await tx<ObjectEntry[]>`
			select name, id, updated_at, created_at, last_accessed_at, metadata from storage.objects
			where bucket_id = ${call.bucket} and starts_with(lower(name), ${wanted.toLowerCase()})
			order by lower(name) collate "C", name collate "C" limit ${MOST}`,
	);
	const descending = sortBy.order === 'desc';
	const column = sortBy.column ?? 'name';
	const entries =
		column === 'name'
			? byName(rows, folder.length, wanted.length, descending)
			: byDate(rows, folder.length, wanted.length, column as DateColumn, descending);
	const offset = (body.offset as number | undefined) ?? 0;
	const limit = Math.min((body.limit as number | undefined) ?? 100, 1500);
	call.send(200, entries.slice(offset, offset + limit));
}

/** The end of the folder that a key lies in below the first `from` characters; -1 for none. */
export function folderEnd(name: string, from: number): number {
	return name.indexOf('/', from);
}

function byName(
	rows: readonly ObjectEntry[],
	cut: number,
	from: number,
	descending: boolean,
): Entry[] {
	const entries = foldFolders(
		descending ? [...rows].reverse() : rows,
		(name) => name.toLowerCase(),
		from,
		descending,
	);
	return entries.map((entry) => ({ ...entry, name: entry.name.slice(cut) }));
}

/**
 * Puts objects that come sorted by name into folders.
 *
 * Downwards, the service loses the first object of a folder that comes right after a file, and so
 * loses a folder that holds one object only. That is kept, so that clients are tested against it.
 */
export function foldFolders(
	rows: readonly ObjectEntry[],
	compared: (name: string) => string,
	from: number,
	descending: boolean,
): Entry[] {
	const entries: Entry[] = [];
	let afterFile = false;
	let folder: string | undefined;
	for (const row of rows) {
		const end = folderEnd(row.name, from);
		if (end < 0) {
			entries.push(row);
			afterFile = true;
			folder = undefined;
			continue;
		}
		const name = compared(row.name.slice(0, end));
		if (name === folder) continue;
		if (descending && afterFile) {
			afterFile = false;
			continue;
		}
		folder = name;
		afterFile = false;
		entries.push(folderEntry(row.name.slice(0, end)));
	}
	return entries;
}

/** By date the service puts all folders first. */
function byDate(
	rows: readonly ObjectEntry[],
	cut: number,
	from: number,
	column: DateColumn,
	descending: boolean,
): Entry[] {
	const sign = descending ? -1 : 1;
	const files = rows.filter(({ name }) => folderEnd(name, from) < 0);
	const folders = new Set(
		rows
			.filter(({ name }) => folderEnd(name, from) >= 0)
			.map(({ name }) => name.slice(cut, folderEnd(name, from))),
	);
	const sorted = [...folders].sort((a, b) => (a < b ? -sign : a > b ? sign : 0));
	files.sort((a, b) => sign * (a[column].getTime() - b[column].getTime()));
	return [
		...sorted.map(folderEntry),
		...files.map((row) => ({ ...row, name: row.name.slice(cut) })),
	];
}
