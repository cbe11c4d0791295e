import { refusal, SupabaseApiError } from '../errors';
import type { Send } from '../transport';
import { totalCount } from './contentRange';
import { insert, type InsertOptions } from './insert';
import type { Row, Table } from './table';

/** The cap of Supabase's projects, so that what is written also comes back. */
const CHUNK_ROWS = 1000;

/** A chunk's size in bytes, well below what gateways take; a single row may be larger. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export interface BulkInsertOptions extends Omit<InsertOptions, 'columns'> {
	/** Find the rows that cannot be written and write the others, instead of stopping. */
	readonly isolate: boolean;
	/** How many rows to send at once. */
	readonly chunkRows?: number;
}

/** What became of rows; `from` has their places in the list that was given. */
export type Written =
	| { readonly from: readonly number[]; readonly row: Row | undefined }
	| { readonly from: readonly number[]; readonly error: SupabaseApiError };

/** A chunk failed, and nothing was tried behind it. */
export class BulkInsertError extends Error {
	constructor(
		readonly error: SupabaseApiError,
		/** How many rows were written before. */
		readonly written: number,
		/** The places of the rows of the chunk that failed. */
		readonly from: readonly number[],
	) {
		super(error.message);
		this.name = 'BulkInsertError';
	}
}

interface Entry {
	readonly from: number;
	readonly keys: readonly string[];
	readonly json: string;
}

/**
 * Writes many rows in few requests, each of them a transaction.
 *
 * With `isolate` a chunk that fails for a reason that lies in a row is halved until the bad rows
 * stand alone. Where the reason is the same for all (no access, unknown table) or the outcome is
 * unknown, nothing is repeated, and all rows of the chunk get the error.
 *
 * @returns what became of each row, in the order of the rows. A row that was written but not given
 * back, because the server's row cap cut the answer, has `row: undefined`. Where a trigger dropped
 * some, nothing tells which, and each row that came back is from any of its chunk.
 * @throws BulkInsertError at the first failure, without `isolate`
 */
export async function bulkInsert(
	send: Send,
	table: Table,
	rows: readonly Row[],
	options: BulkInsertOptions,
): Promise<Written[]> {
	const { isolate, chunkRows = CHUNK_ROWS, ...insertOptions } = options;
	const entries = rows.map((row, from) => ({
		from,
		keys: Object.keys(row),
		json: JSON.stringify(row, bigintAsText),
	}));
	const allColumns = unionOfKeys(entries);
	const unknownColumns = new Set<string>();
	const written: Written[] = [];
	for (const chunk of chunksOf(entries, chunkRows)) await write(chunk);
	return written.sort((a, b) => (a.from[0] ?? 0) - (b.from[0] ?? 0));

	async function write(chunk: readonly Entry[]): Promise<void> {
		const named = insertOptions.missingDefault ? unionOfKeys(chunk) : allColumns;
		const columns = named.filter((column) => !unknownColumns.has(column));
		const body = `[${chunk.map(({ json }) => json).join(',')}]`;
		const answer = await send<Row[] | undefined>(
			insert(table, body, { ...insertOptions, columns }),
		).catch(refusal);
		if (!(answer instanceof SupabaseApiError)) {
			written.push(...pair(chunk, answer.body ?? [], totalCount(answer.headers)));
			return;
		}
		if (!isolate) {
			throw new BulkInsertError(
				answer,
				written.length,
				chunk.map(({ from }) => from),
			);
		}
		const unknown = unknownColumn(answer);
		if (unknown !== undefined) unknownColumns.add(unknown);
		const { bad, rest } = isolateBad(chunk, answer, unknown);
		written.push(...bad.map(({ from }) => ({ from: [from], error: answer })));
		for (const part of rest) await write(part);
	}
}

/** JSON has no integers beyond 2^53 that JavaScript could read back, but PostgreSQL reads text. */
function bigintAsText(_key: string, value: unknown): unknown {
	return typeof value === 'bigint' ? value.toString() : value;
}

function unionOfKeys(entries: readonly Entry[]): string[] {
	return [...new Set(entries.flatMap(({ keys }) => keys))];
}

function* chunksOf(entries: readonly Entry[], maxRows: number): Generator<readonly Entry[]> {
	let start = 0;
	let bytes = 0;
	for (const [index, { json }] of entries.entries()) {
		const size = Buffer.byteLength(json) + 1;
		if (index > start && (index - start === maxRows || bytes + size > CHUNK_BYTES)) {
			yield entries.slice(start, index);
			start = index;
			bytes = 0;
		}
		bytes += size;
	}
	if (start < entries.length) yield entries.slice(start);
}

/** Rows come back in the order in which they were sent, but for those that a trigger dropped. */
function pair(chunk: readonly Entry[], rows: readonly Row[], total = chunk.length): Written[] {
	if (total === chunk.length) {
		return chunk.map(({ from }, index) => ({ from: [from], row: rows[index] }));
	}
	const from = chunk.map((entry) => entry.from);
	return rows.map((row) => ({ from, row }));
}

/** Codes whose reason lies in a row: PostgreSQL's, and what a trigger raises about one. */
const ROW_LEVEL = /^(22|23)...$|^428C9$|^54000$|^P0001$|^PT...$/;

function liesInRow({ outcome, code = '', status, message }: SupabaseApiError): boolean {
	if (outcome !== 'refused') return false;
	if (code === '42501') return message.includes('row-level security');
	return ROW_LEVEL.test(code) || status === 413;
}

/** The column that `PGRST204` names; only the rows that have it are at fault. */
function unknownColumn({ code, message }: SupabaseApiError): string | undefined {
	return code === 'PGRST204' ? /'([^']+)' column/.exec(message)?.[1] : undefined;
}

/** Parts a chunk that failed into rows that are at fault, and parts to try by themselves. */
function isolateBad(
	chunk: readonly Entry[],
	error: SupabaseApiError,
	unknown: string | undefined,
): { bad: readonly Entry[]; rest: ReadonlyArray<readonly Entry[]> } {
	if (unknown !== undefined) {
		const rest = chunk.filter(({ keys }) => !keys.includes(unknown));
		const bad = chunk.filter(({ keys }) => keys.includes(unknown));
		if (bad.length) return { bad, rest: rest.length ? [rest] : [] };
	}
	if (chunk.length === 1 || !liesInRow(error)) return { bad: chunk, rest: [] };
	const middle = chunk.length >> 1;
	return { bad: [], rest: [chunk.slice(0, middle), chunk.slice(middle)] };
}
