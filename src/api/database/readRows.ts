import { joined } from '../joined';
import type { Send } from '../transport';
import { partsOfLongList } from './longList';
import { askForOrder, mergeParts, type OrderedRow } from './orderedParts';
import { readPages, tableSource, type Known, type PagedRead, type PageForm } from './paging';
import type { KeyText } from './pairing';
import { newRowCap } from './rowCap';
import type { Row, Table } from './table';

export interface PagedRows {
	readonly rows: readonly Row[];
	readonly unordered: boolean;
}

const rowsForm: PageForm<Row[], Row[]> = {
	read({ body }, asked) {
		let last: KeyText | undefined;
		if (asked?.aliases.length) for (const row of body) last = asked.take(row);
		else if (asked && body.length) last = asked.take(body[body.length - 1] as Row);
		return { part: body, rows: body.length, last };
	},
};

/**
 * Reads rows of a table, in as many pages as the server makes of them.
 *
 * @param findKey looks the primary key up; asked only when there may be several pages
 * @param known what else is known: of the project's row cap, and of the key
 * @throws what `send` throws; the rows read before are dropped
 */
export async function readRows(
	send: Send,
	table: Table,
	read: PagedRead,
	findKey: Known['findKey'],
	{ cap = newRowCap(), isExact }: Partial<Omit<Known, 'findKey'>> = {},
): Promise<PagedRows> {
	const readAll = async (wanted: PagedRead): Promise<PagedRows> => {
		const source = tableSource(table);
		const known = { findKey, cap, isExact };
		const { parts, unordered } = await readPages(send, source, wanted, rowsForm, known);
		return { rows: await joined(parts), unordered };
	};
	const { columns, filters, order = [], offset = 0 } = read;
	const lists = order.length || offset ? partsOfLongList({ columns, filters }) : [];
	return lists.length > 1 ? await readInOrder(readAll, read, lists) : await readAll(read);
}

/** Reads a list in parts, each in order, and puts them together. */
async function readInOrder(
	readAll: (read: PagedRead) => Promise<PagedRows>,
	{ columns, order = [], offset = 0, limit = Infinity, ...read }: PagedRead,
	lists: ReadonlyArray<NonNullable<PagedRead['filters']>>,
): Promise<PagedRows> {
	const asked = askForOrder(columns, order);
	const most = offset + limit;
	const parts: OrderedRow[][] = [];
	for (const filters of lists) {
		const part = { ...read, columns: asked.columns, order, filters, limit: most };
		parts.push((await readAll(part)).rows.map(asked.take));
	}
	const merged = await mergeParts(parts, order);
	return { rows: merged.slice(offset, most).map(({ row }) => row), unordered: false };
}
