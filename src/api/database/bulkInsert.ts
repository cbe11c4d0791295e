import { SupabaseApiError } from '../errors';
import { pacer } from '../pacer';
import type { ApiRequest } from '../request';
import type { Send } from '../transport';
import { totalCount } from './contentRange';
import { jsonText, scalarText } from './encoding';
import { insert, type InsertOptions } from './insert';
import { askForKey, keyValues, outcomes, waves, type AskedKey, type SentRow } from './pairing';
import type { Row, Table } from './table';
import { BulkWriteError, halve, writeChunks, type Split, type Written } from './written';

/** The cap of Supabase's projects, so that what is written also comes back. */
const CHUNK_ROWS = 1000;

/** A chunk's size in bytes, well below what gateways take; a single row may be larger. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export interface BulkInsertOptions extends Omit<InsertOptions, 'columns' | 'count'> {
	/** Find the rows that cannot be written and write the others, instead of stopping. */
	readonly isolate: boolean;
	/** How many rows to send at once; `Infinity` sends all in one transaction, however large. */
	readonly chunkRows?: number;
	/** The columns by which an upsert tells rows apart. */
	readonly key?: readonly string[];
	/** Looks up the columns that tell rows apart, where some were not written and none are known. */
	readonly findKey?: () => Promise<readonly string[]>;
	/** Told how many rows have the key of one before them. */
	readonly onRepeated?: (rows: number) => void;
}

interface Prepared extends SentRow {
	readonly row: Row;
	readonly columns: readonly string[];
}

interface Entry extends Prepared {
	readonly json: string;
}

/**
 * Writes many rows in few requests, each of them a transaction.
 *
 * An upsert changes the columns that a row gives and no others, so rows with the same columns go
 * together. Those with the same key follow each other, so that the last one wins.
 *
 * @returns what became of each row, in the order of the rows. A row that was written but not given
 * back, because the server's row cap cut the answer, has `row: undefined`. Where some were not
 * written (they existed, or a trigger dropped them) and no key tells which, the rows that came back
 * are from none.
 * @throws BulkWriteError at the first failure, without `isolate`; before anything is sent where all
 * rows are to go at once and cannot
 */
export async function bulkInsert(
	send: Send,
	table: Table,
	rows: readonly Row[],
	options: BulkInsertOptions,
): Promise<Written[]> {
	const { isolate, chunkRows = CHUNK_ROWS, key = [], findKey } = options;
	const given: Omit<InsertOptions, 'columns'> = options;
	const asked = askedKey(options);
	const insertOptions = asked ? { ...given, returnColumns: asked.columns } : given;
	const entries = await prepare(rows, key);
	const groups = await groupsOf(entries, options);
	if (chunkRows === Infinity) requireOne(groups, key);
	const allColumns = await unionOfColumns(entries);
	const takeDefaults = (given.missingDefault ?? false) || isMerge(options);
	const unknownColumns = new Map<string, SupabaseApiError>();
	const unknownError = ({ columns }: Entry) =>
		unknownColumns.size
			? columns.map((column) => unknownColumns.get(column)).find((error) => error)
			: undefined;
	const split: Split<Entry> = (chunk, error) => {
		const unknown = unknownColumn(error);
		// The column may be another chunk's: without default columns all chunks name all columns.
		const isNew = unknown !== undefined && !unknownColumns.has(unknown);
		if (!isNew || !allColumns.has(unknown)) return halve(chunk, error);
		unknownColumns.set(unknown, error);
		return { bad: [], rest: [chunk] };
	};
	return await writeChunks(chunksOf(groups, chunkRows), write, { isolate, split });

	async function write(chunk: readonly Entry[]): Promise<readonly Written[]> {
		const refused = chunk.flatMap((entry): Written[] => {
			const error = unknownError(entry);
			return error ? [{ from: [entry.from], error }] : [];
		});
		const known = refused.length ? chunk.filter((entry) => !unknownError(entry)) : chunk;
		if (known.length === 0) return refused;
		const named = takeDefaults ? await unionOfColumns(known) : allColumns;
		const columns = [...named].filter((column) => !unknownColumns.has(column));
		const body = `[${known.map(({ json }) => json).join(',')}]`;
		// Where no row leaves a column out, PostgREST need not look for defaults, row by row.
		const isMissing = takeDefaults && known.some((entry) => entry.columns.length < columns.length);
		const answer = await send<Row[] | undefined>(
			insert(table, body, { ...insertOptions, columns, count: 'exact', missingDefault: isMissing }),
		);
		const written = await pair(known, answer.body, totalCount(answer.headers));
		return refused.length ? [...refused, ...written] : written;
	}

	/** Rows come back in the order in which they were sent, but for those that were not written. */
	async function pair(
		chunk: readonly Entry[],
		returned: readonly Row[] | undefined,
		total = returned?.length ?? chunk.length,
	): Promise<readonly Written[]> {
		if (total === chunk.length) {
			if (asked) returned?.forEach((row) => asked.take(row));
			return chunk.map(({ from }, index) => ({ from: [from], row: returned?.[index] }));
		}
		if (total === 0) return chunk.map(({ from }) => ({ from: [from], untouched: true }));
		if (!returned) return chunk.map(({ from }) => ({ from: [from], unclear: true }));
		const isCut = total > returned.length;
		if (asked) return outcomes(chunk, returned, asked.take, isCut);
		const own = readsAll(given.returnColumns)
			? key.length
				? key
				: ((await findKey?.()) ?? [])
			: [];
		const sent = chunk.map(({ from, row }) => ({ from, key: keyValues(row, own) }));
		return outcomes(sent, returned, (row) => keyValues(row, own)?.map(scalarText), isCut);
	}
}

/** All rows in one request, as it would be sent: to see its plan. */
export function insertAll(
	table: Table,
	rows: readonly Row[],
	options: Omit<InsertOptions, 'columns'>,
): ApiRequest {
	const columns = new Set<string>();
	for (const row of rows) for (const column of Object.keys(row)) columns.add(column);
	return insert(table, jsonText(rows), { ...options, columns: [...columns] });
}

/** Only the key tells which rows were written where existing ones are left as they are. */
function askedKey({
	conflict,
	key = [],
	returning,
	returnColumns,
}: BulkInsertOptions): AskedKey | undefined {
	const mayTell = conflict?.resolution === 'ignore-duplicates' && returning !== 'minimal';
	return mayTell ? askForKey(returnColumns, key) : undefined;
}

function readsAll(columns: string | undefined): boolean {
	return (columns?.trim() || '*') === '*';
}

async function prepare(rows: readonly Row[], key: readonly string[]): Promise<Prepared[]> {
	const pause = pacer();
	const entries: Prepared[] = [];
	let columns: readonly string[] = [];
	for (const row of rows) {
		if (pause.isDue()) await pause();
		columns = columnsOf(row, columns);
		entries.push({ from: entries.length, row, key: keyValues(row, key), columns });
	}
	return entries;
}

/** Rows that follow each other mostly have the same columns: then they share one list of them. */
function columnsOf(row: Row, before: readonly string[]): readonly string[] {
	const columns = Object.keys(row);
	const isSame =
		columns.length === before.length && columns.every((column, at) => column === before[at]);
	return isSame ? before : columns;
}

function isMerge({ conflict }: Pick<InsertOptions, 'conflict'>): boolean {
	return conflict?.resolution === 'merge-duplicates';
}

/**
 * Rows that can go in one statement: of an upsert those with the same columns, as one that is not
 * given would be reset, and each with a key of its own.
 */
async function groupsOf(entries: Prepared[], options: BulkInsertOptions): Promise<Prepared[][]> {
	const { conflict, chunkRows, onRepeated } = options;
	const mayRepeat = !conflict || (!isMerge(options) && chunkRows === Infinity);
	if (mayRepeat) return [entries];
	const parts = await waves(entries);
	if (!isMerge(options)) return parts;
	const repeated = entries.length - (parts[0]?.length ?? 0);
	if (repeated) onRepeated?.(repeated);
	const pause = pacer();
	const groups: Prepared[][] = [];
	for (const part of parts) {
		const known = new Map<string, Prepared[]>();
		for (const entry of part) {
			if (pause.isDue()) await pause();
			const text = columnsText(entry);
			const group = known.get(text);
			if (group) group.push(entry);
			else known.set(text, [entry]);
		}
		for (const group of known.values()) groups.push(group);
	}
	return groups;
}

const texts = new WeakMap<readonly string[], string>();

function columnsText({ columns }: Prepared): string {
	const text = texts.get(columns) ?? JSON.stringify([...columns].sort());
	texts.set(columns, text);
	return text;
}

function requireOne([first, second]: Prepared[][], key: readonly string[]): void {
	const [one] = first ?? [];
	const [other] = second ?? [];
	if (!one || !other) return;
	const isMixed = columnsText(one) !== columnsText(other);
	const error = new SupabaseApiError('rest', 'notSent', {
		message: isMixed
			? 'The rows give different columns, so they cannot be written at once: one that is left out would be reset'
			: `Another item before this one has the same ${key.join(', ')}, so they cannot be written at once`,
		hint: isMixed
			? 'Give every row the same columns, or switch off All or Nothing.'
			: 'Remove duplicates before, keeping the item that is to win, or switch off All or Nothing.',
	});
	throw new BulkWriteError(error, 0, [other.from]);
}

async function unionOfColumns(entries: readonly Prepared[]): Promise<Set<string>> {
	const pause = pacer();
	const union = new Set<string>();
	let last: readonly string[] | undefined;
	for (const { columns } of entries) {
		if (columns === last) continue;
		last = columns;
		if (pause.isDue()) await pause();
		for (const column of columns) union.add(column);
	}
	return union;
}

/** The text of a row is made when its chunk is, so that the loop is not held up by all of them. */
async function* chunksOf(
	groups: ReadonlyArray<readonly Prepared[]>,
	maxRows: number,
): AsyncGenerator<readonly Entry[]> {
	const maxBytes = maxRows === Infinity ? Infinity : CHUNK_BYTES;
	const pause = pacer();
	for (const group of groups) {
		let chunk: Entry[] = [];
		let bytes = 0;
		for (const prepared of group) {
			if (pause.isDue()) await pause();
			const json = jsonText(prepared.row);
			const size = Buffer.byteLength(json) + 1;
			if (chunk.length > 0 && (chunk.length === maxRows || bytes + size > maxBytes)) {
				yield chunk;
				chunk = [];
				bytes = 0;
			}
			const { from, row, key, columns } = prepared;
			chunk.push({ from, row, key, columns, json });
			bytes += size;
		}
		if (chunk.length) yield chunk;
	}
}

/** The column that `PGRST204` names; only the rows that have it are at fault. */
function unknownColumn({ code, message }: SupabaseApiError): string | undefined {
	return code === 'PGRST204'
		? /^Could not find the '(.+)' column of '/.exec(message)?.[1]
		: undefined;
}
