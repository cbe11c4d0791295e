import { SupabaseApiError } from '../errors';
import type { ApiRequest, ApiResponse } from '../request';
import type { Send } from '../transport';
import { firstInRange, totalCount } from './contentRange';
import { columnName, orderName, parseColumn } from './column';
import { partsOfLongList } from './longList';
import { askForKey, keyInRows, type AskedKey, type KeyText } from './pairing';
import type { RowCap } from './rowCap';
import { rowsAfter } from './rowsAfter';
import { select, type Order, type SelectOptions } from './select';
import type { Table } from './table';

/** How many rows to ask for at once: the cap of Supabase's projects, unless they changed it. */
export const PAGE_SIZE = 1000;

/** Where rows come from: a table, or a function that only reads. */
export interface RowSource {
	/** Tells it from the project's others. */
	readonly name: string;
	request(options: SelectOptions): ApiRequest;
}

export function tableSource(table: Table): RowSource {
	return {
		name: JSON.stringify([table.schema, table.name]),
		request: (options) => select(table, options),
	};
}

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

/** What paging may ask for and remember. */
export interface Known {
	/** Looks the primary key up; asked only when there may be several pages. */
	readonly findKey: () => Promise<readonly string[]>;
	readonly cap: RowCap;
	/** Whether JSON holds the values of these columns exactly; not unless given. */
	readonly isExact?: (key: readonly string[]) => Promise<boolean>;
}

/** A form in which pages come: rows, or one document of them. */
export interface PageForm<Body, Part> {
	readonly format?: 'csv' | 'geojson';
	/** Reads an answer, and takes the key off its rows where one was asked for. */
	read(answer: ApiResponse<Body>, asked: AskedKey | undefined): Page<Part>;
}

export interface Page<Part> {
	readonly part: Part;
	readonly rows: number;
	/** The key of the last row. */
	readonly last?: KeyText;
	/** It is no page of several: a function gave one value. */
	readonly whole?: boolean;
}

export interface Pages<Part> {
	/** Of pages that have rows; the only one where none has. */
	readonly parts: Part[];
	/** Nothing gave the pages a lasting order, so rows may be missing or doubled. */
	readonly unordered: boolean;
}

/**
 * Reads pages, as many as the server makes. A list of values too long for one address is read in
 * parts.
 *
 * The end is where no row comes any more. A page shorter than asked says nothing, as the server may
 * cap it lower: the row behind it is asked for, unless what is known of the cap tells.
 *
 * @throws what `send` throws; what was read before is dropped
 */
export async function readPages<Body, Part>(
	send: Send,
	source: RowSource,
	{ limit = Infinity, pageSize = PAGE_SIZE, filters: all, ...read }: PagedRead,
	form: PageForm<Body, Part>,
	known: Known,
): Promise<Pages<Part>> {
	const ask: Ask<Part> = async (options, asked) => {
		const answer = await send<Body>(source.request({ format: form.format, ...options }));
		const { offset = 0 } = options;
		if ((firstInRange(answer.headers) ?? offset) !== offset) throw sameRowsAgain();
		const page = form.read(answer, asked);
		known.cap.saw(page.rows);
		return { total: options.count && totalCount(answer.headers), ...page };
	};
	const parts: Part[] = [];
	let rows = 0;
	let unordered = false;
	for (const filters of partsOfLongList({ filters: all, ...read })) {
		const rest = { filters, limit: limit - rows, pageSize, ...read };
		const found = await readOneList(ask, source.name, rest, known);
		for (const part of found.parts) if (found.rows || !parts.length) parts.push(part);
		rows += found.rows;
		unordered ||= found.unordered;
		if (rows >= limit) break;
	}
	return { parts, unordered };
}

type Ask<Part> = (
	options: SelectOptions,
	asked?: AskedKey,
) => Promise<Page<Part> & { readonly total?: number }>;

interface LimitedRead extends PagedRead {
	readonly limit: number;
	readonly pageSize: number;
}

type Found<Part> = Pages<Part> & { readonly rows: number };

async function readOneList<Part>(
	ask: Ask<Part>,
	source: string,
	{ key: given, ...read }: LimitedRead,
	{ findKey, cap, isExact }: Known,
): Promise<Found<Part>> {
	const { filters, limit, offset, pageSize } = read;
	const isOneRow = async () => !given && !offset && namesOneRow(filters, await findKey());
	const first =
		limit <= pageSize || (await isOneRow())
			? await readFirst(ask, source, read, cap, isOneRow)
			: undefined;
	if (first) return { parts: [first.part], rows: first.rows, unordered: false };
	const key = given ?? (await findKey());
	const inRows = (await isExact?.(key)) ? keyInRows(read.columns, key) : undefined;
	return await walk(ask, source, read, key, cap, inRows).catch(async (error: unknown) => {
		if (key.length === 0 || !mayLieInKey(error)) throw error;
		return await walk(ask, source, read, [], cap);
	});
}

/**
 * Whether conditions name one row by its whole key. A view may still have several with it, so only a
 * page of one row is all there is.
 */
function namesOneRow(filters: PagedRead['filters'] = [], key: readonly string[]): boolean {
	const isNamed = (name: string) =>
		filters.some((filter) => {
			if (!('operator' in filter) || filter.operator !== 'eq' || filter.negate) return false;
			const column = parseColumn(filter.column);
			return column.name === name && !column.relations.length && !column.path.length;
		});
	return key.length > 0 && key.every(isNamed);
}

/** The first page, where it holds all that is wanted: neither a key nor an order is needed then. */
async function readFirst<Part>(
	ask: Ask<Part>,
	source: string,
	{ limit, offset = 0, pageSize, ...read }: LimitedRead,
	cap: RowCap,
	isOneRow: () => Promise<boolean>,
): Promise<Page<Part> | undefined> {
	const size = limit <= pageSize ? limit : undefined;
	const isCounted =
		size !== undefined && !offset && cap.needsCount(source, size) && !(await isOneRow());
	const count = isCounted ? 'estimated' : undefined;
	const page = await ask({ offset: offset || undefined, limit: size, count, ...read });
	if (page.whole || page.rows === 0 || page.rows >= limit) return page;
	if (isLast(page, source, cap) || (page.rows === 1 && (await isOneRow()))) return page;
	if (size === undefined) return undefined;
	const behind = await ask({ ...read, offset: offset + page.rows, limit: 1 });
	if (behind.rows) {
		cap.cut(page.rows);
		return undefined;
	}
	cap.ended(source, page.rows);
	return page;
}

/** Whether a page is known to be the last: `estimated` is exact where all rows fit under the cap. */
function isLast<Part>(
	{ rows, total = Infinity }: Awaited<ReturnType<Ask<Part>>>,
	source: string,
	cap: RowCap,
): boolean {
	if (total <= rows) cap.ended(source, rows);
	return total <= rows || cap.isEnd(source, rows);
}

/** What the key that is asked for beside the rows can be the reason of, by the code of a refusal. */
const ABOUT_KEY = new Set(['PGRST100', '42501', '42803']);

function mayLieInKey(error: unknown): boolean {
	return error instanceof SupabaseApiError && ABOUT_KEY.has(error.code ?? '');
}

/**
 * Without an order or offset of the caller's, pages follow the key (`id=gt.<last>`), so that rows
 * which come and go meanwhile are neither lost nor doubled. With one they follow an offset, and the
 * key breaks ties.
 */
async function walk<Part>(
	ask: Ask<Part>,
	source: string,
	{ limit, pageSize, columns, order = [], offset: start = 0, ...read }: LimitedRead,
	key: readonly string[],
	cap: RowCap,
	inRows?: AskedKey,
): Promise<Found<Part>> {
	const askable = askForKey(columns, key);
	let asked = order.length || start ? undefined : (inRows ?? askable);
	const ordered: SelectOptions = { ...read, order: withTieBreak(order, askable ? key : []) };
	const parts: Part[] = [];
	let rows = 0;
	let last: KeyText | undefined;
	/** The length of the page before, where it was shorter than asked. */
	let short = 0;
	while (rows < limit) {
		const size = Math.min(pageSize, limit - rows);
		const conditions = last && rowsAfter(key, last);
		const offset = conditions ? 0 : start + rows;
		const isCounted = rows === 0 && !offset && cap.needsCount(source, size);
		const page = await ask(
			{
				...ordered,
				columns: asked?.columns ?? columns,
				conditions,
				offset: offset || undefined,
				limit: size,
				count: isCounted ? 'estimated' : undefined,
			},
			asked,
		);
		if (page.rows && asked === inRows && asked && !page.last) {
			// JavaScript rounds the number: the same page once more, with the key as text.
			asked = askable;
			continue;
		}
		if (conditions) checkProgress(last, page.last);
		if (page.rows || parts.length === 0) parts.push(page.part);
		rows += page.rows;
		if (short && page.rows) cap.cut(short);
		else if (short) cap.ended(source, short);
		short = page.rows < size ? page.rows : 0;
		if (page.whole || page.rows === 0 || (short && isLast(page, source, cap))) break;
		last = page.last;
	}
	return { parts, rows, unordered: parts.length > 1 && !ordered.order?.length };
}

/** A server that reads the condition otherwise than it is meant would be asked for ever. */
function checkProgress(before: KeyText | undefined, after: KeyText | undefined): void {
	if (after && JSON.stringify(before) === JSON.stringify(after)) throw sameRowsAgain();
}

function sameRowsAgain(): SupabaseApiError {
	return new SupabaseApiError('rest', 'refused', {
		message: 'The server gave the same rows again for another page',
		hint: 'Add an Order, by which pages are told apart otherwise.',
	});
}

function withTieBreak(order: readonly Order[], key: readonly string[]): Order[] {
	const ordered = new Set(order.map(({ column }) => orderName(parseColumn(column))));
	const rest = key.filter((name) => !ordered.has(orderName({ relations: [], name, path: [] })));
	return [...order, ...rest.map((name) => ({ column: columnName(name) }))];
}
