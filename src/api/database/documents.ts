import type { Send } from '../transport';
import type { PagedRead } from './paging';
import { select } from './select';
import type { Table } from './table';

const PAGE_SIZE = 1000;

/** A form in which the server writes many rows as one document. */
interface Format<Document> {
	readonly name: 'csv' | 'geojson';
	join(pages: readonly Document[]): Document;
}

interface FeatureCollection {
	readonly type: string;
	readonly features: readonly unknown[];
}

export const csv: Format<string> = {
	name: 'csv',
	/** Each page begins with the same line of names. */
	join: ([first = '', ...pages]) =>
		[first, ...pages.map((page) => page.slice(page.indexOf('\n') + 1))]
			.filter((page) => page.trim())
			.map((page) => (page.endsWith('\n') ? page : `${page}\n`))
			.join(''),
};

export const geoJson: Format<FeatureCollection> = {
	name: 'geojson',
	join: (pages) => ({
		type: 'FeatureCollection',
		features: pages.flatMap(({ features }) => features),
	}),
};

/**
 * Reads rows as one document, in as many pages as the server makes of them. The end is where the
 * server says that a page has no rows, in `Content-Range`.
 *
 * @param key orders the pages where the caller gave no order
 */
export async function readDocument<Document>(
	send: Send,
	table: Table,
	{ limit = Infinity, offset: start = 0, order = [], pageSize = PAGE_SIZE, ...read }: PagedRead,
	key: readonly string[],
	format: Format<Document>,
): Promise<Document> {
	const pages: Document[] = [];
	let rows = 0;
	while (rows < limit) {
		const { body, headers } = await send<Document>(
			select(table, {
				...read,
				order: order.length ? order : key.map((column) => ({ column })),
				offset: start + rows || undefined,
				limit: Math.min(pageSize, limit - rows),
				format: format.name,
			}),
		);
		const count = rowsOf(headers['content-range']);
		if (count > 0 || pages.length === 0) pages.push(body);
		if (count === 0) break;
		rows += count;
	}
	return format.join(pages);
}

/** `0-24/*` has 25 rows, `*` in its place none. */
function rowsOf(contentRange = ''): number {
	const [, first, last] = /^(\d+)-(\d+)\//.exec(contentRange) ?? [];
	return first === undefined || last === undefined ? 0 : Number(last) - Number(first) + 1;
}
