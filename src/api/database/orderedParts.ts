import { InvalidRequestError } from '../errors';
import { pacer } from '../pacer';
import { filterName, parseColumn } from './column';
import type { Order } from './select';
import type { Row } from './table';

/** A row with the values that it is put in order by. */
export interface OrderedRow {
	readonly row: Row;
	readonly values: readonly unknown[];
}

/** A select expression that asks for what rows are put in order by, beside what it selects. */
export interface AskedOrder {
	readonly columns: string;
	/** Takes those values off a row that came back. */
	readonly take: (row: Row) => OrderedRow;
}

/**
 * Asks for what rows are ordered by beside what is selected, so that parts of them, each in order, can
 * be put together.
 *
 * @throws InvalidRequestError for an order by a related table
 */
export function askForOrder(columns: string | undefined, order: readonly Order[]): AskedOrder {
	const selected = columns?.trim() ? columns : '*';
	let prefix = 'n8n_order_';
	while (selected.includes(prefix)) prefix = `_${prefix}`;
	const aliases = order.map((_, index) => `${prefix}${index}`);
	const asked = order.map(({ column: text }, index) => {
		const column = parseColumn(text);
		if (column.relations.length) throw notComparable(text);
		return `${aliases[index]}:${filterName(column)}`;
	});
	return {
		columns: [selected, ...asked].join(','),
		take(row) {
			const values = aliases.map((alias) => row[alias] ?? null);
			for (let index = aliases.length; index--;) delete row[aliases[index] as string];
			return { row, values };
		},
	};
}

/**
 * Puts parts together that are in order each.
 *
 * @throws InvalidRequestError for values whose order the database alone knows, such as texts, which
 * it has by a collation
 */
export async function mergeParts(
	parts: ReadonlyArray<readonly OrderedRow[]>,
	order: readonly Order[],
): Promise<readonly OrderedRow[]> {
	const pause = pacer();
	const compare = (a: OrderedRow, b: OrderedRow) => {
		for (const [index, by] of order.entries()) {
			const found = compareBy(by, a.values[index], b.values[index]);
			if (found) return found;
		}
		return 0;
	};
	let merged = parts;
	while (merged.length > 1) {
		const next: Array<readonly OrderedRow[]> = [];
		for (let index = 0; index < merged.length; index += 2) {
			next.push(await mergeTwo(merged[index] ?? [], merged[index + 1] ?? []));
		}
		merged = next;
	}
	return merged[0] ?? [];

	async function mergeTwo(first: readonly OrderedRow[], second: readonly OrderedRow[]) {
		const rows: OrderedRow[] = [];
		let [a, b] = [0, 0];
		while (a < first.length || b < second.length) {
			if (pause.isDue()) await pause();
			const [left, right] = [first[a], second[b]];
			const isLeft = left && (!right || compare(left, right) <= 0);
			rows.push((isLeft ? left : right) as OrderedRow);
			if (isLeft) a += 1;
			else b += 1;
		}
		return rows;
	}
}

function compareBy({ column, descending = false, nulls }: Order, a: unknown, b: unknown): number {
	if (a === null || b === null) {
		const nullsFirst = nulls ? nulls === 'first' : descending;
		return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
	}
	const [left, right] = [rankOf(a, column), rankOf(b, column)];
	if (left === right) return 0;
	return left < right === descending ? 1 : -1;
}

const DATE =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:(Z)|([+-]\d\d)(:\d\d)?)?)?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What stands in the order of its type: numbers, times to the microsecond, uuids. */
function rankOf(value: unknown, column: string): number | string {
	if (typeof value === 'boolean') return Number(value);
	if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
	if (typeof value === 'string' && UUID.test(value)) return value;
	const time = typeof value === 'string' ? microseconds(value) : undefined;
	if (time !== undefined) return time;
	throw notComparable(column);
}

function microseconds(text: string): number | undefined {
	const [found, day, time = '00:00:00', fraction = '', , hours = '+00', minutes = ':00'] =
		DATE.exec(text) ?? [];
	if (found === undefined) return undefined;
	return Date.parse(`${day}T${time}${hours}${minutes}`) * 1000 + Number(fraction.padEnd(6, '0'));
}

function notComparable(column: string): InvalidRequestError {
	return new InvalidRequestError(
		`The list of a filter is too long for one request, and rows that come in several cannot be put in order by "${column.trim()}"`,
		'Order by numbers, dates or ids of the table, shorten the list, or sort the items behind with a Sort node.',
	);
}
