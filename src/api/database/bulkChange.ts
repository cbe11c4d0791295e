import { InvalidRequestError } from '../errors';
import { pacer } from '../pacer';
import type { ApiRequest } from '../request';
import { sideBySide } from '../sideBySide';
import type { Send } from '../transport';
import { deleteRows, updateText, type ChangeOptions } from './change';
import { totalCount } from './contentRange';
import { columnName } from './column';
import { jsonText, scalarText } from './encoding';
import type { Condition, Filter } from './filters';
import {
	askForKey,
	keyInRows,
	keyValues,
	outcomes,
	waves,
	type AskedKey,
	type SentRow,
} from './pairing';
import type { Row, Table } from './table';
import { writeChunks, type Written } from './written';

/** How long a list of keys may get: gateways refuse addresses beyond some 8,000 characters. */
const KEYS_LENGTH = 4000;

/** How many keys go together at the most; a row cap below would cut the answer. */
const KEYS_AT_ONCE = 500;

export interface BulkChangeOptions extends Omit<ChangeOptions, 'filters' | 'allRows' | 'count'> {
	/** The columns that tell rows apart. */
	readonly key: readonly string[];
	/** Further conditions that every row has to meet. */
	readonly filters?: readonly Condition[];
	readonly isolate: boolean;
	/** How many requests are under way at once. */
	readonly width?: number;
	/** Told how many rows have the key of one before them. */
	readonly onRepeated?: (rows: number) => void;
}

interface Entry extends SentRow {
	readonly row: Row;
	readonly key: readonly unknown[];
}

/** Rows that go together, as they change alike. */
interface Group {
	/** The changes as JSON; nothing for a delete. */
	readonly body: string;
	readonly entries: Entry[];
}

/**
 * Changes many rows by their key. Rows that get the same values go together, as `key=in.(…)`; those
 * with the same key follow each other.
 *
 * An upsert would do it in one request, but it inserts what is missing and asks for the right to.
 *
 * @param rows key columns and changes together
 * @returns what became of each row; `untouched` where none has this key, or policies hide it
 * @throws InvalidRequestError for a row that `changesOf` refuses, before anything is sent
 * @throws BulkWriteError at the first failure, without `isolate`
 */
export async function bulkUpdate(
	send: Send,
	table: Table,
	rows: readonly Row[],
	options: BulkChangeOptions,
): Promise<Written[]> {
	const { key } = options;
	return await change(send, rows, options, {
		bodyOf: (row) => jsonText(changesOf(row, key)),
		build: (body, given) => updateText(table, body, given),
	});
}

/**
 * Deletes many rows by their key, as `key=in.(…)`.
 *
 * @param rows of each at least the key columns
 * @returns what became of each row; `untouched` where none has this key, or policies hide it
 * @throws as `bulkUpdate`
 */
export async function bulkDelete(
	send: Send,
	table: Table,
	rows: readonly Row[],
	options: BulkChangeOptions,
): Promise<Written[]> {
	return await change(send, rows, options, {
		bodyOf: () => '',
		build: (_, given) => deleteRows(table, given),
	});
}

/**
 * The values of a row's key.
 *
 * @throws InvalidRequestError where it has none for a part of it, or one that cannot be compared
 */
export function requiredKey(row: Row, key: readonly string[]): readonly unknown[] {
	const values = keyValues(row, key);
	if (!values || values.includes('')) {
		throw new InvalidRequestError(
			`The row has no value for its key (${key.join(', ')})`,
			'Give each key column a value.',
		);
	}
	const list = key.find((_, index) => Array.isArray(values[index]));
	if (list === undefined) return values;
	throw new InvalidRequestError(
		`The value of the key column ${list} is a list`,
		'Give each item one value for it, for example by Split Out before this node.',
	);
}

/**
 * What a row changes beside its key.
 *
 * @throws InvalidRequestError where that is nothing
 */
export function changesOf(row: Row, key: readonly string[]): Row {
	requireChanges(row, key);
	return Object.fromEntries(Object.entries(row).filter(([column]) => !key.includes(column)));
}

/** @throws InvalidRequestError where a row has nothing beside its key */
export function requireChanges(row: Row, key: readonly string[]): void {
	if (Object.keys(row).some((column) => !key.includes(column))) return;
	throw new InvalidRequestError(
		'The row changes nothing: it has no column beside its key',
		'Give at least one other column a value.',
	);
}

interface Change {
	readonly bodyOf: (row: Row) => string;
	readonly build: (body: string, options: ChangeOptions) => ApiRequest;
}

async function change(
	send: Send,
	rows: readonly Row[],
	options: BulkChangeOptions,
	{ bodyOf, build }: Change,
): Promise<Written[]> {
	const { key, filters = [], isolate, returnColumns, width, onRepeated, ...rest } = options;
	const quiet = options.returning === 'minimal';
	const wanted = quiet ? key.map(columnName).join(',') : returnColumns;
	const asText = askForKey(wanted, key);
	if (!asText) {
		throw new InvalidRequestError(
			'The key cannot be read from the columns to return',
			'Return columns of the rows, not what is counted or added up.',
		);
	}
	const inRows = keyInRows(wanted, key);
	const askFor = (chunk: readonly Entry[]): AskedKey =>
		inRows && chunk.every((entry) => entry.key.every(isShort)) ? inRows : asText;
	const always = { ...rest, returning: 'representation', count: 'exact' } as const;
	// What one key may change at the most can be asked of one key alone.
	const atOnce = rest.maxAffected === undefined ? KEYS_AT_ONCE : 1;
	const parts: Group[][] = [];
	for (const wave of await waves(await entriesOf(rows, key))) {
		parts.push(await groupsOf(wave, bodyOf));
	}
	const repeated = parts
		.slice(1)
		.flat()
		.reduce((sum, { entries }) => sum + entries.length, 0);
	if (repeated) onRepeated?.(repeated);
	const written: Written[] = [];
	for (const groups of parts) {
		const chunks = groups.flatMap(({ body, entries }) =>
			chunksOf(entries, key, atOnce).map((chunk) => ({ body, chunk })),
		);
		const done = await sideBySide(
			chunks,
			async ({ body, chunk }) =>
				await writeChunks([chunk], async (part) => await write(body, part), { isolate }),
			width,
		);
		for (const chunk of done) for (const each of chunk) written.push(each);
	}
	return written;

	async function write(body: string, chunk: readonly Entry[]): Promise<Written[]> {
		const { columns, take } = askFor(chunk);
		const request = build(body, {
			filters: [...keyFilters(chunk, key), ...filters],
			returnColumns: columns,
			...always,
		});
		const { body: returned, headers } = await send<Row[]>(request);
		const isCut = (totalCount(headers) ?? returned.length) > returned.length;
		return outcomes(chunk, returned, take, isCut);
	}
}

async function entriesOf(rows: readonly Row[], key: readonly string[]): Promise<Entry[]> {
	const pause = pacer();
	const entries: Entry[] = [];
	for (const [from, row] of rows.entries()) {
		if (pause.isDue()) await pause();
		entries.push({ from, row, key: requiredKey(row, key) });
	}
	return entries;
}

async function groupsOf(entries: readonly Entry[], bodyOf: (row: Row) => string): Promise<Group[]> {
	const pause = pacer();
	const groups = new Map<string, Group>();
	for (const entry of entries) {
		if (pause.isDue()) await pause();
		const body = bodyOf(entry.row);
		const group = groups.get(body);
		if (group) group.entries.push(entry);
		else groups.set(body, { body, entries: [entry] });
	}
	return [...groups.values()];
}

/** Whether what has this key comes back with it as exactly in JSON as in text: it is no long number. */
function isShort(value: unknown): boolean {
	if (typeof value !== 'string') return Number.isSafeInteger(value);
	return !NUMBER.test(value) || SHORT_NUMBER.test(value);
}

const NUMBER = /^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i;
const SHORT_NUMBER = /^\s*[+-]?[\d.]{1,15}\s*$/;

/** The rows that have one of these keys. */
function keyFilters(chunk: readonly Entry[], key: readonly string[]): Condition[] {
	const columns = key.map(columnName);
	const [only] = columns;
	if (columns.length === 1 && only !== undefined) {
		const values = chunk.map((entry) => entry.key[0]);
		return [
			values.length === 1
				? equals(only, values[0])
				: { column: only, operator: 'in', value: values },
		];
	}
	return [
		{
			match: 'any',
			conditions: chunk.map((entry) => ({
				match: 'all',
				conditions: columns.map((column, index) => equals(column, entry.key[index])),
			})),
		},
	];
}

function equals(column: string, value: unknown): Filter {
	return { column, operator: 'eq', value };
}

function chunksOf(entries: readonly Entry[], key: readonly string[], atOnce: number): Entry[][] {
	const chunks: Entry[][] = [];
	// A key of several columns names them for each row.
	const names = key.length === 1 ? 0 : encodeURIComponent(key.join('')).length + key.length * 15;
	let length = Infinity;
	for (const entry of entries) {
		const size = names + encodeURIComponent(entry.key.map(scalarText).join()).length + 4;
		const chunk = chunks.at(-1);
		if (chunk && length + size <= KEYS_LENGTH && chunk.length < atOnce) {
			chunk.push(entry);
			length += size;
		} else {
			chunks.push([entry]);
			length = size;
		}
	}
	return chunks;
}
