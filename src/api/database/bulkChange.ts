import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import { sideBySide } from '../sideBySide';
import type { Send } from '../transport';
import { deleteRows, update, type ChangeOptions } from './change';
import { totalCount } from './contentRange';
import { columnName } from './column';
import { jsonText } from './encoding';
import type { Condition, Filter } from './filters';
import { hiddenKeyColumns, keyText } from './rowKey';
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
}

interface Entry {
	readonly from: number;
	readonly row: Row;
	readonly key: string;
}

/**
 * Changes many rows by their key. Rows that get the same values go together, as `key=in.(…)`.
 *
 * An upsert would do it in one request, but it inserts what is missing and asks for the right to.
 *
 * @param rows key columns and changes together
 * @returns what became of each row; `untouched` where none has this key, or policies hide it
 * @throws InvalidRequestError for a row that lacks a part of its key or changes nothing
 * @throws BulkWriteError at the first failure, without `isolate`
 */
export async function bulkUpdate(
	send: Send,
	table: Table,
	rows: readonly Row[],
	options: BulkChangeOptions,
): Promise<Written[]> {
	const groups = new Map<string, { changes: Row; entries: Entry[] }>();
	for (const entry of entriesOf(rows, options.key)) {
		const changes = without(entry.row, options.key);
		const text = jsonText(changes);
		const group = groups.get(text) ?? { changes, entries: [] };
		group.entries.push(entry);
		groups.set(text, group);
	}
	const chunks = [...groups.values()].flatMap(({ changes, entries }) =>
		chunksOf(entries, options.key).map((chunk) => ({ changes, chunk })),
	);
	const written = await sideBySide(
		chunks,
		async ({ changes, chunk }) =>
			await changeChunks(send, [chunk], options, (given) => update(table, changes, given)),
	);
	return written.flat();
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
	const chunks = chunksOf(entriesOf(rows, options.key), options.key);
	return await changeChunks(send, chunks, options, (given) => deleteRows(table, given));
}

async function changeChunks(
	send: Send,
	chunks: ReadonlyArray<readonly Entry[]>,
	options: BulkChangeOptions,
	build: (options: ChangeOptions) => ApiRequest,
): Promise<Written[]> {
	const { key, filters = [], isolate, returnColumns = '*', ...rest } = options;
	const columns = options.returning === 'minimal' ? key.map(columnName).join(',') : returnColumns;
	const readable = hiddenKeyColumns(columns, key);
	if (!readable) {
		throw new InvalidRequestError(
			'The key cannot be read from the columns to return',
			'Return the key columns under their own names.',
		);
	}
	const hidden = readable;
	return await writeChunks(chunks, write, { isolate });

	async function write(chunk: readonly Entry[]): Promise<Written[]> {
		const { body, headers } = await send<Row[]>(
			build({
				...rest,
				filters: [...keyFilters(chunk, key), ...filters],
				returning: 'representation',
				returnColumns: [columns, ...hidden.map(columnName)].join(','),
				count: 'exact',
			}),
		);
		const isCut = (totalCount(headers) ?? body.length) > body.length;
		const found = rowsByKey(body, key);
		return chunk.flatMap(({ from, key: text }): Written[] => {
			const rows = found.get(text);
			if (rows) return rows.map((row) => ({ from: [from], row: without(row, hidden) }));
			return [isCut ? { from: [from], row: undefined } : { from: [from], untouched: true }];
		});
	}
}

/** Several have the same, where the columns do not tell rows apart after all. */
function rowsByKey(rows: readonly Row[], key: readonly string[]): Map<string, Row[]> {
	const found = new Map<string, Row[]>();
	for (const row of rows) {
		const text = keyText(row, key) ?? '';
		found.set(text, [...(found.get(text) ?? []), row]);
	}
	return found;
}

/** The rows that have one of these keys. */
function keyFilters(chunk: readonly Entry[], key: readonly string[]): Condition[] {
	const [only] = key;
	if (key.length === 1 && only !== undefined) {
		const values = [...new Map(chunk.map((entry) => [entry.key, entry.row[only]])).values()];
		const column = columnName(only);
		return [
			values.length === 1 ? equals(column, values[0]) : { column, operator: 'in', value: values },
		];
	}
	return [
		{
			match: 'any',
			conditions: chunk.map(({ row }) => ({
				match: 'all',
				conditions: key.map((column) => equals(columnName(column), row[column])),
			})),
		},
	];
}

function equals(column: string, value: unknown): Filter {
	return { column, operator: 'eq', value };
}

function entriesOf(rows: readonly Row[], key: readonly string[]): Entry[] {
	return rows.map((row, from) => {
		const text = keyText(row, key);
		if (text !== undefined) return { from, row, key: text };
		throw new InvalidRequestError(
			`The row has no value for its key (${key.join(', ')})`,
			'Give each key column a value.',
		);
	});
}

function chunksOf(entries: readonly Entry[], key: readonly string[]): Entry[][] {
	const chunks: Entry[][] = [];
	// A key of several columns names them for each row.
	const names = key.length === 1 ? 0 : encodeURIComponent(key.join('')).length + key.length * 15;
	let length = Infinity;
	for (const entry of entries) {
		const size = names + encodeURIComponent(entry.key).length;
		const chunk = chunks.at(-1);
		if (chunk && length + size <= KEYS_LENGTH && chunk.length < KEYS_AT_ONCE) {
			chunk.push(entry);
			length += size;
		} else {
			chunks.push([entry]);
			length = size;
		}
	}
	return chunks;
}

function without(row: Row, columns: readonly string[]): Row {
	return Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));
}
