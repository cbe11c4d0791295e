import { refusal, SupabaseApiError } from '../errors';
import type { Send } from '../transport';
import { listFolder, listKeys, type FolderRow, type KeyList, type Sort } from './list';

/** The most that one answer holds. */
const PAGE = 1000;

export interface ListingOptions {
	/** Without a slash at its ends; empty for the bucket's top. */
	readonly folder: string;
	/** Also what is in its folders, which are not listed themselves then. */
	readonly recursive: boolean;
	readonly sort: Sort;
	/** What names begin with, whatever their case. */
	readonly search?: string;
	/** No limit unless given. */
	readonly limit?: number;
}

/** A file or a folder, with what the server tells about it. */
export type Entry = Readonly<Record<string, unknown>> & {
	/** Below the folder that was listed. */
	readonly name: string;
	/** The whole key. */
	readonly path: string;
	readonly type: 'file' | 'folder';
};

/** What one way of listing gives, entry by entry. */
type Entries = AsyncGenerator<Entry>;

/**
 * Lists what is in a folder, to its end or up to a limit.
 *
 * Where the server has it, by the listing with a cursor, which loses and doubles nothing while files
 * come and go. Sorted by name backwards the server leaves folders out, so then all is listed forwards
 * and turned round here.
 */
export async function listFiles(
	send: Send,
	bucket: string,
	options: ListingOptions,
): Promise<Entry[]> {
	const { sort, limit } = options;
	const backwards = sort.column === 'name' && sort.order === 'desc';
	const asked: ListingOptions = backwards
		? { ...options, sort: { column: 'name', order: 'asc' }, limit: undefined }
		: options;
	const entries = await collect(entriesOf(send, bucket, asked), asked.limit);
	return backwards ? entries.reverse().slice(0, limit) : entries;
}

async function collect(entries: Entries, limit = Infinity): Promise<Entry[]> {
	const collected: Entry[] = [];
	if (limit === 0) return collected;
	for await (const entry of entries) {
		collected.push(entry);
		if (collected.length >= limit) break;
	}
	return collected;
}

async function* entriesOf(send: Send, bucket: string, options: ListingOptions): Entries {
	const { search, recursive, sort } = options;
	const byKeys = sort.column !== 'last_accessed_at' && (recursive || !search);
	if (byKeys && (yield* keyEntries(send, bucket, options))) return;
	yield* folderEntries(send, bucket, options, options.folder);
}

/** Gives `false`, and no entry, when the server does not know this listing. */
async function* keyEntries(
	send: Send,
	bucket: string,
	{ folder, recursive, sort, search, limit = Infinity }: ListingOptions,
): AsyncGenerator<Entry, boolean> {
	const prefix = folder && `${folder}/`;
	let cursor: string | undefined;
	let left = limit;
	do {
		const answer = await send<KeyList>(
			listKeys(bucket, {
				prefix,
				limit: search ? PAGE : Math.min(PAGE, left),
				...(cursor !== undefined && { cursor }),
				with_delimiter: !recursive,
				sortBy: sort,
			}),
		).catch(refusal);
		if (answer instanceof SupabaseApiError) {
			if (cursor === undefined && noSuchRoute(answer)) return false;
			throw answer;
		}
		const { folders = [], objects = [], hasNext, nextCursor } = answer.body;
		for (const row of sort.column === 'name'
			? byName(folders, objects)
			: [...folders, ...objects]) {
			const entry = entryOf(row, prefix, row.name.slice(prefix.length));
			if (!begins(entry, search)) continue;
			left -= 1;
			yield entry;
		}
		cursor = hasNext ? nextCursor : undefined;
	} while (cursor !== undefined);
	return true;
}

function noSuchRoute({ status, message }: SupabaseApiError): boolean {
	return status === 404 && /^Route /.test(message);
}

/** The server sorts folders and files apart; by their bytes, as it does. */
function byName(...lists: ReadonlyArray<readonly FolderRow[]>): FolderRow[] {
	return lists
		.flat()
		.sort(({ name: a }, { name: b }) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** In a recursive listing files and folders are looked through one folder after the other. */
async function* folderEntries(
	send: Send,
	bucket: string,
	{ folder: top, recursive, sort, search, limit = Infinity }: ListingOptions,
	folder: string,
): Entries {
	const prefix = folder && `${folder}/`;
	for (let offset = 0; ;) {
		const { body: rows } = await send<readonly FolderRow[]>(
			listFolder(bucket, {
				prefix: folder,
				limit: recursive ? PAGE : Math.min(PAGE, limit - offset),
				offset,
				sortBy: sort,
				...(search && !recursive && { search }),
			}),
		);
		for (const row of rows) {
			const entry = entryOf(row, prefix, row.name);
			if (recursive && entry.type === 'folder') {
				const options = { folder: top, recursive, sort, search, limit };
				yield* folderEntries(send, bucket, options, entry.path);
			} else if (!recursive || begins(entry, search)) {
				yield { ...entry, name: entry.path.slice(top ? top.length + 1 : 0) };
			}
		}
		offset += rows.length;
		// The server may give fewer than asked for before the end: only an empty page is the end.
		if (rows.length === 0 || offset >= limit) return;
	}
}

function begins({ path }: Entry, search: string | undefined): boolean {
	if (!search) return true;
	const name = path.slice(path.lastIndexOf('/') + 1);
	return name.toLowerCase().startsWith(search.toLowerCase());
}

function entryOf(row: FolderRow, prefix: string, name: string): Entry {
	const bare = row.id === null ? name.replace(/\/$/, '') : name;
	return { ...row, name: bare, path: prefix + bare, type: row.id === null ? 'folder' : 'file' };
}
