import { refusal, SupabaseApiError } from '../errors';
import type { Send } from '../transport';
import { lastPart } from './key';
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
	/** What paths below the folder begin with, letter by letter. */
	readonly start?: string;
	/** Which entries to keep; all unless given. */
	readonly keep?: (entry: Entry) => boolean;
	/** How many of those to leave out before the first one. */
	readonly offset?: number;
	/** How many of those to give; no limit unless given. */
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

/** What one way of listing gives, entry by entry; nothing more is asked for than is taken. */
type Entries<Outcome = void> = AsyncGenerator<Entry, Outcome>;

/**
 * Lists what is in a folder, to its end or up to a limit.
 *
 * Where the server has it, by the listing with a cursor, which loses and doubles nothing while files
 * come and go. Sorted by name backwards the server leaves folders out, so then all of the folder is
 * listed forwards and turned round here; a recursive listing, which has no folders, is not.
 *
 * @throws SupabaseApiError also when the server's pages lead round in a circle
 */
export async function listFiles(
	send: Send,
	bucket: string,
	options: ListingOptions,
): Promise<Entry[]> {
	const { offset = 0, limit = Infinity, folder, start = '', keep = () => true } = options;
	const { recursive, search } = options;
	const below = (folder && `${folder}/`) + start;
	const listed: Entry[] = [];
	if (limit === 0) return listed;
	let left = offset;
	for await (const entry of entriesOf(send, bucket, options)) {
		if (!entry.path.startsWith(below) || !keep(entry)) continue;
		if (recursive && !begins(entry, search)) continue;
		if (left > 0) left -= 1;
		else if (listed.push(entry) >= limit) break;
	}
	return listed;
}

async function* entriesOf(send: Send, bucket: string, options: ListingOptions): Entries {
	const { search, recursive, sort, folder } = options;
	const isBackwards = sort.column === 'name' && sort.order === 'desc';
	const forwards = { ...options, sort: { ...sort, order: 'asc' }, limit: undefined } as const;
	if (sort.column !== 'last_accessed_at' && (recursive || !search)) {
		const isKnown =
			isBackwards && !recursive
				? yield* turned(keyEntries(send, bucket, forwards))
				: yield* keyEntries(send, bucket, options);
		if (isKnown) return;
	}
	if (isBackwards) yield* turned(folderEntries(send, bucket, forwards, folder));
	else yield* folderEntries(send, bucket, options, folder);
}

/** The last one first: all of them are asked for. */
async function* turned<Outcome>(entries: Entries<Outcome>): Entries<Outcome> {
	const all: Entry[] = [];
	for (;;) {
		const { done, value } = await entries.next();
		if (done) {
			yield* all.reverse();
			return value;
		}
		all.push(value);
	}
}

/** Gives `false`, and no entry, when the server does not know this listing. */
async function* keyEntries(send: Send, bucket: string, options: ListingOptions): Entries<boolean> {
	const { folder, recursive, sort, start = '' } = options;
	const prefix = folder && `${folder}/`;
	const seen = new Set<string | undefined>();
	let cursor: string | undefined;
	let left = mostWanted(options);
	do {
		const answer = await send<KeyList>(
			listKeys(bucket, {
				prefix: prefix + start,
				limit: Math.min(PAGE, left),
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
		const rows = sort.column === 'name' ? byName(folders, objects, sort) : [...folders, ...objects];
		for (const row of rows) yield entryOf(row, prefix, row.name.slice(prefix.length));
		seen.add(cursor);
		if (hasNext && seen.has(nextCursor)) throw circle(bucket);
		cursor = hasNext ? nextCursor : undefined;
		left -= rows.length;
	} while (cursor !== undefined);
	return true;
}

/** How many entries will be taken at the most, where none is left out on the way. */
function mostWanted({ search, keep, offset = 0, limit = Infinity }: ListingOptions): number {
	return search || keep ? Infinity : offset + limit;
}

function noSuchRoute({ status, message }: SupabaseApiError): boolean {
	return status === 404 && /^Route /.test(message);
}

/** The server sorts folders and files apart; by their bytes, as it does. */
function byName(
	folders: readonly FolderRow[],
	objects: readonly FolderRow[],
	{ order }: Sort,
): FolderRow[] {
	const sign = order === 'desc' ? -1 : 1;
	return [...folders, ...objects].sort(
		({ name: a }, { name: b }) => sign * Buffer.compare(Buffer.from(a), Buffer.from(b)),
	);
}

/** In a recursive listing files and folders are looked through one folder after the other. */
async function* folderEntries(
	send: Send,
	bucket: string,
	options: ListingOptions,
	folder: string,
): Entries {
	const { folder: top, recursive, sort, search } = options;
	const prefix = folder && `${folder}/`;
	const most =
		recursive || options.start ? Infinity : mostWanted({ ...options, search: undefined });
	let offset = 0;
	let first: string | undefined;
	for (;;) {
		const { body: rows } = await send<readonly FolderRow[]>(
			listFolder(bucket, {
				prefix: folder,
				limit: Math.min(PAGE, most - offset),
				offset,
				sortBy: sort,
				...(search && !recursive && { search }),
			}),
		);
		// The server may give fewer than asked for before the end: only an empty page is the end.
		if (rows.length === 0) return;
		if (rows[0]?.name === first) throw circle(bucket);
		first = rows[0]?.name;
		for (const row of rows) {
			const entry = entryOf(row, prefix, row.name);
			if (!recursive || entry.type === 'file') {
				yield { ...entry, name: entry.path.slice(top ? top.length + 1 : 0) };
			} else yield* folderEntries(send, bucket, options, entry.path);
		}
		offset += rows.length;
	}
}

function begins({ path }: Entry, search: string | undefined): boolean {
	return !search || lastPart(path).toLowerCase().startsWith(search.toLowerCase());
}

function entryOf(row: FolderRow, prefix: string, name: string): Entry {
	const bare = row.id === null ? name.replace(/\/$/, '') : name;
	return { ...row, name: bare, path: prefix + bare, type: row.id === null ? 'folder' : 'file' };
}

function circle(bucket: string): SupabaseApiError {
	return new SupabaseApiError('storage', 'refused', {
		message: `The listing of "${bucket}" does not come to its end: the server gives the same page again`,
		code: 'LISTING_CIRCLE',
		hint: 'Ask for less with Folder, Search or Limit, or update Storage.',
	});
}
