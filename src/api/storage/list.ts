import type { ApiRequest } from '../request';
import { jsonRequest } from './objects';

export type SortColumn = 'name' | 'updated_at' | 'created_at' | 'last_accessed_at';

export interface Sort {
	readonly column: SortColumn;
	readonly order: 'asc' | 'desc';
}

export interface FolderPage {
	/** Without a slash at its ends. */
	readonly prefix: string;
	readonly limit: number;
	readonly offset: number;
	readonly sortBy: Sort;
	/** What names begin with, whatever their case. */
	readonly search?: string;
}

/** One folder's files and folders: `POST /object/list/<bucket>`. Every server knows it. */
export function listFolder(bucket: string, page: FolderPage): ApiRequest {
	return jsonRequest('POST', ['object', 'list', bucket], page, { reads: true });
}

/** A row of `listFolder`; a folder has no `id`. */
export type FolderRow = Readonly<Record<string, unknown>> & {
	readonly name: string;
	readonly id: string | null;
};

export interface KeyPage {
	/** What keys begin with; a folder's ends with a slash. */
	readonly prefix: string;
	/** At most 1000; folders count, too. */
	readonly limit: number;
	readonly cursor?: string;
	/** Folders stand for what is in them. */
	readonly with_delimiter: boolean;
	readonly sortBy: Sort;
}

/** Keys in their order, page by page: `POST /object/list-v2/<bucket>`. Older servers do not know it. */
export function listKeys(bucket: string, page: KeyPage): ApiRequest {
	return jsonRequest('POST', ['object', 'list-v2', bucket], page, { reads: true });
}

/** The answer to `listKeys`; names are whole keys, and those of folders end with a slash. */
export interface KeyList {
	readonly hasNext?: boolean;
	readonly nextCursor?: string;
	readonly folders?: readonly FolderRow[];
	readonly objects?: readonly FolderRow[];
}
