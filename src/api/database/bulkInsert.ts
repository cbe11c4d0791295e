import type { SupabaseApiError } from '../errors';
import type { ApiRequest } from '../request';
import type { Send } from '../transport';
import { totalCount } from './contentRange';
import { columnName } from './column';
import { jsonText } from './encoding';
import { insert, type InsertOptions } from './insert';
import { hiddenKeyColumns, keyText } from './rowKey';
import type { Row, Table } from './table';
import { halve, writeChunks, type Split, type Written } from './written';

/** The cap of Supabase's projects, so that what is written also comes back. */
const CHUNK_ROWS = 1000;

/** A chunk's size in bytes, well below what gateways take; a single row may be larger. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export interface BulkInsertOptions extends Omit<InsertOptions, 'columns' | 'count'> {
	/** Find the rows that cannot be written and write the others, instead of stopping. */
	readonly isolate: boolean;
	/** How many rows to send at once; `Infinity` sends all in one transaction, however large. */
	readonly chunkRows?: number;
	/** The columns by which an upsert tells rows apart, where they are known. */
	readonly key?: readonly string[];
}

interface Entry {
	readonly from: number;
	readonly row: Row;
	readonly keys: readonly string[];
	readonly json: string;
}

/**
 * Writes many rows in few requests, each of them a transaction.
 *
 * @returns what became of each row, in the order of the rows. A row that was written but not given
 * back, because the server's row cap cut the answer, has `row: undefined`. Where some were not
 * written (they existed, or a trigger dropped them) and no key tells which, each row that came back
 * is from any of its chunk.
 * @throws BulkWriteError at the first failure, without `isolate`
 */
export async function bulkInsert(
	send: Send,
	table: Table,
	rows: readonly Row[],
	options: BulkInsertOptions,
): Promise<Written[]> {
	const { isolate, chunkRows = CHUNK_ROWS, key = [], ...insertOptions } = options;
	const hidden = pairingColumns(options);
	const returnColumns = hidden.length
		? [insertOptions.returnColumns ?? '*', ...hidden.map(columnName)].join(',')
		: insertOptions.returnColumns;
	const entries = rows.map((row, from) => ({
		from,
		row,
		keys: Object.keys(row),
		json: jsonText(row),
	}));
	const allColumns = unionOfKeys(entries);
	const unknownColumns = new Map<string, SupabaseApiError>();
	const unknownError = ({ keys }: Entry) =>
		keys.map((column) => unknownColumns.get(column)).find((error) => error);
	const split: Split<Entry> = (chunk, error) => {
		const unknown = unknownColumn(error);
		// The column may be another chunk's: without default columns all chunks name all columns.
		const isNew = unknown !== undefined && !unknownColumns.has(unknown);
		if (!isNew || !allColumns.includes(unknown)) return halve(chunk, error);
		unknownColumns.set(unknown, error);
		return { bad: [], rest: [chunk] };
	};
	return await writeChunks(chunksOf(entries, chunkRows), write, { isolate, split });

	async function write(chunk: readonly Entry[]): Promise<Written[]> {
		const refused = chunk.flatMap((entry): Written[] => {
			const error = unknownError(entry);
			return error ? [{ from: [entry.from], error }] : [];
		});
		const known = refused.length ? chunk.filter((entry) => !unknownError(entry)) : chunk;
		if (known.length === 0) return refused;
		const named = insertOptions.missingDefault ? unionOfKeys(known) : allColumns;
		const columns = named.filter((column) => !unknownColumns.has(column));
		const body = `[${known.map(({ json }) => json).join(',')}]`;
		const answer = await send<Row[] | undefined>(
			insert(table, body, { ...insertOptions, returnColumns, columns, count: 'exact' }),
		);
		const written = pair(known, answer.body, totalCount(answer.headers), key);
		return [...refused, ...written.map((each) => without(each, hidden))];
	}
}

/** All rows in one request, as it would be sent: to see its plan. */
export function insertAll(
	table: Table,
	rows: readonly Row[],
	options: Omit<InsertOptions, 'columns'>,
): ApiRequest {
	const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	return insert(table, jsonText(rows), { ...options, columns });
}

function unionOfKeys(entries: readonly Entry[]): string[] {
	return [...new Set(entries.flatMap(({ keys }) => keys))];
}

function* chunksOf(entries: readonly Entry[], maxRows: number): Generator<readonly Entry[]> {
	const maxBytes = maxRows === Infinity ? Infinity : CHUNK_BYTES;
	let start = 0;
	let bytes = 0;
	for (const [index, { json }] of entries.entries()) {
		const size = Buffer.byteLength(json) + 1;
		if (index > start && (index - start === maxRows || bytes + size > maxBytes)) {
			yield entries.slice(start, index);
			start = index;
			bytes = 0;
		}
		bytes += size;
	}
	if (start < entries.length) yield entries.slice(start);
}

/** The key columns to ask for besides, where only the key tells which rows were written. */
function pairingColumns({ conflict, key = [], ...options }: BulkInsertOptions): readonly string[] {
	if (conflict?.resolution !== 'ignore-duplicates' || options.returning === 'minimal') return [];
	return hiddenKeyColumns(options.returnColumns ?? '*', key) ?? [];
}

function without(written: Written, columns: readonly string[]): Written {
	if (columns.length === 0 || !('row' in written) || !written.row) return written;
	const row = Object.entries(written.row).filter(([column]) => !columns.includes(column));
	return { ...written, row: Object.fromEntries(row) };
}

/**
 * Rows come back in the order in which they were sent, but for those that were not written.
 *
 * @param rows `undefined` where nothing was to come back: then it is not known which were written
 */
function pair(
	chunk: readonly Entry[],
	rows: readonly Row[] | undefined,
	total = chunk.length,
	key: readonly string[],
): Written[] {
	if (!rows || total === chunk.length) {
		return chunk.map(({ from }, index) => ({ from: [from], row: rows?.[index] }));
	}
	const byKey = new Map(rows.map((row) => [keyText(row, key), row]));
	const sent = chunk.map((entry) => ({ ...entry, key: keyText(entry.row, key) }));
	const found = sent.filter((entry) => entry.key !== undefined && byKey.has(entry.key));
	if (found.length === rows.length && rows.length === total) {
		return sent.map((entry) => {
			const row = entry.key === undefined ? undefined : byKey.get(entry.key);
			return row ? { from: [entry.from], row } : { from: [entry.from], untouched: true };
		});
	}
	const from = chunk.map((entry) => entry.from);
	return rows.map((row) => ({ from, row }));
}

/** The column that `PGRST204` names; only the rows that have it are at fault. */
function unknownColumn({ code, message }: SupabaseApiError): string | undefined {
	return code === 'PGRST204'
		? /^Could not find the '(.+)' column of '/.exec(message)?.[1]
		: undefined;
}
