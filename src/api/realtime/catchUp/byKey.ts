import { scalarText } from '../../database/encoding';
import { columnName } from '../../database/column';
import type { Condition } from '../../database/filters';
import type { Row } from '../../database/table';
import type { Send } from '../../transport';
import { readFound, type Columns, type FoundRow, type SweptWatch } from './pages';

/** How long the keys of one request may get, in characters, and how many they may be. */
const LONGEST = 4000;
const MOST = 100;

/** What is to be read: the values of its key, with their fingerprint. */
export interface WantedRow {
	readonly print: string;
	readonly key: Readonly<Row>;
}

/**
 * Reads rows by their keys, as they are now.
 *
 * @returns those that are there and in sight, by the fingerprint of their key
 * @throws what `send` throws
 */
export async function readByKey(
	send: Send,
	watch: SweptWatch,
	columns: Columns,
	wanted: readonly WantedRow[],
): Promise<Map<string, FoundRow>> {
	const found = new Map<string, FoundRow>();
	for (const part of parts(wanted, watch.key)) {
		let left = part;
		// A row cap below the number of keys cuts the answer: what is left is asked for again.
		for (let isMore = true; isMore && left.length > 0;) {
			const filters = [conditionOf(watch.key, left)];
			const page = await readFound(send, watch, columns, { filters });
			for (const row of page.rows) found.set(row.version.row, row);
			left = left.filter(({ print }) => !found.has(print));
			isMore = page.rows.length > 0;
		}
	}
	return found;
}

function parts(wanted: readonly WantedRow[], names: readonly string[]): WantedRow[][] {
	const all: WantedRow[][] = [];
	let length = Infinity;
	for (const each of wanted) {
		const texts = names.map((name) =>
			encodeURIComponent(`${name}.eq.${scalarText(each.key[name])}`),
		);
		const size = texts.join().length;
		length += size;
		if (length > LONGEST || (all.at(-1)?.length ?? MOST) >= MOST) {
			all.push([]);
			length = size;
		}
		all.at(-1)?.push(each);
	}
	return all;
}

function conditionOf(names: readonly string[], wanted: readonly WantedRow[]): Condition {
	const [only] = names;
	if (only !== undefined && names.length === 1) {
		const value = wanted.map(({ key }) => key[only]);
		return { column: columnName(only), operator: 'in', value };
	}
	return {
		match: 'any',
		conditions: wanted.map(({ key }) => ({
			match: 'all' as const,
			conditions: names.map((name) => ({
				column: columnName(name),
				operator: 'eq',
				value: key[name],
			})),
		})),
	};
}
