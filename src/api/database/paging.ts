import { SupabaseApiError } from '../errors';
import type { ApiResponse } from '../request';
import type { Send } from '../transport';
import { totalCount } from './contentRange';
import { columnName } from './column';
import { partsOfLongList } from './longList';
import { hiddenKeyColumns, keyText, rowsAfter } from './rowKey';
import { select, type Order, type SelectOptions } from './select';
import type { Row, Table } from './table';

/** How many rows to ask for at once: the cap of Supabase's projects, unless they changed it. */
const PAGE_SIZE = 1000;

export interface PagedRead extends Pick<
	SelectOptions,
	'columns' | 'filters' | 'order' | 'offset' | 'relations' | 'stripNulls' | 'timeZone'
> {
	/** How many rows at the most; all unless given. */
	readonly limit?: number;
	/** The columns that tell rows apart, where the server does not say. */
	readonly key?: readonly string[];
	readonly pageSize?: number;
}

export interface PagedRows {
	readonly rows: Row[];
	/** Nothing gave the pages a lasting order, so rows may be missing or doubled. */
	readonly unordered: boolean;
}

type FindKey = () => Promise<readonly string[]>;

/**
 * Reads rows, in as many pages as the server makes of them.
 *
 * The end is where the server says so: by a count that the page covers, or by an empty page. A page
 * shorter than asked says nothing, as the server may cap it. A list of values too long for one
 * address is read in parts.
 *
 * @param findKey looks the primary key up; asked only when there may be several pages
 * @throws what `send` throws; the rows read before are dropped
 */
export async function readRows(
	send: Send,
	table: Table,
	read: PagedRead,
	findKey: FindKey,
): Promise<PagedRows> {
	const { limit = Infinity } = read;
	const rows: Row[] = [];
	let unordered = false;
	for (const filters of partsOfLongList(read)) {
		const part = await readPart(
			send,
			table,
			{ ...read, filters, limit: limit - rows.length },
			findKey,
		);
		for (const row of part.rows) rows.push(row);
		unordered ||= part.unordered;
		if (rows.length >= limit) break;
	}
	return { rows, unordered };
}

interface LimitedRead extends PagedRead {
	readonly limit: number;
}

async function readPart(
	send: Send,
	table: Table,
	{ key, pageSize = PAGE_SIZE, ...read }: LimitedRead,
	findKey: FindKey,
): Promise<PagedRows> {
	const { limit, offset } = read;
	if (limit <= pageSize) {
		const page = await send<Row[]>(select(table, { ...read, count: countFor(offset) }));
		if (page.body.length >= limit || coversAll(page)) return { rows: page.body, unordered: false };
	}
	return await readPages(send, table, { ...read, pageSize }, key ?? (await findKey()));
}

/** `estimated` is exact up to the server's cap and never less than the truth above it. */
function coversAll({ headers, body }: ApiResponse<Row[]>): boolean {
	return body.length === 0 || (totalCount(headers) ?? Infinity) <= body.length;
}

/** With a count, an offset behind the last row is an error. */
function countFor(offset: number | undefined): 'estimated' | undefined {
	return offset ? undefined : 'estimated';
}

/**
 * Without an order or offset of the caller's, pages follow the key (`id=gt.<last>`), so that rows
 * which come and go meanwhile are neither lost nor doubled. With one they follow an offset, and the
 * key breaks ties.
 */
async function readPages(
	send: Send,
	table: Table,
	{
		limit,
		pageSize,
		columns = '*',
		order = [],
		offset: start = 0,
		...rest
	}: Required<Pick<PagedRead, 'limit' | 'pageSize'>> & PagedRead,
	knownKey: readonly string[],
): Promise<PagedRows> {
	const key = isAggregate(columns) ? [] : knownKey;
	const hidden = order.length || start ? undefined : hiddenKeyColumns(columns, key);
	const ordered: SelectOptions = {
		...rest,
		columns: [columns, ...(hidden ?? []).map(columnName)].join(','),
		order: withTieBreak(order, key),
	};
	const rows: Row[] = [];
	let pages = 0;
	for (let byKey = hidden !== undefined; rows.length < limit; pages++) {
		const last = rows.at(-1);
		const conditions = byKey && last ? rowsAfter(last, key) : undefined;
		byKey &&= !last || conditions !== undefined;
		const offset = byKey ? 0 : start + rows.length;
		const page = await send<Row[]>(
			select(table, {
				...ordered,
				conditions,
				offset: offset || undefined,
				limit: Math.min(pageSize, limit - rows.length),
				count: last ? undefined : countFor(offset),
			}),
		);
		if (conditions) checkProgress(last, page.body.at(-1), key);
		for (const row of page.body) rows.push(row);
		if (coversAll(page)) break;
	}
	for (const column of hidden ?? []) for (const row of rows) delete row[column];
	return { rows, unordered: pages > 1 && !ordered.order?.length };
}

/** A server that reads the condition otherwise than it is meant would be asked for ever. */
function checkProgress(
	before: Row | undefined,
	after: Row | undefined,
	key: readonly string[],
): void {
	if (!before || !after || keyText(before, key) !== keyText(after, key)) return;
	throw new SupabaseApiError('rest', 'refused', {
		message: 'The server gave the same rows again for another page',
		hint: 'Add an Order, by which pages are told apart otherwise.',
	});
}

/** Aggregates make groups, which have no key. */
function isAggregate(columns: string): boolean {
	return /\b(count|sum|avg|min|max)\(\)/.test(columns);
}

function withTieBreak(order: readonly Order[], key: readonly string[]): Order[] {
	const ordered = new Set(order.map(({ column }) => column.trim()));
	const rest = key.map(columnName).filter((column) => !ordered.has(column));
	return [...order, ...rest.map((column) => ({ column }))];
}
