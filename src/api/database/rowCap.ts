/**
 * What the pages that were seen tell of a project's row cap, which no answer names.
 *
 * A page shorter than asked is the last one, or the cap cut it. That it was the last is taken for
 * true without asking only where a longer page was seen and a page of this very length was the last
 * of the same table before: a cap that is lowered meanwhile cuts at a length that was not. One row is
 * what most look-ups find, and no cap that anybody sets.
 */
export interface RowCap {
	/** A page of so many rows came: the cap is no lower. */
	saw(rows: number): void;
	/** No row came behind a page of so many. */
	ended(source: string, rows: number): void;
	/** Rows came behind a page that was shorter than asked: the cap is this. */
	cut(rows: number): void;
	/** Whether a page of so many rows, fewer than asked, is known to be the last. */
	isEnd(source: string, rows: number): boolean;
	/**
	 * Whether to have a page counted: where pages of the source end early, and it cannot be told
	 * otherwise whether one of so many rows would be cut.
	 */
	needsCount(source: string, rows: number): boolean;
}

/** How long what was seen counts, in milliseconds. */
const LIFETIME = 5 * 60_000;

export function newRowCap(): RowCap {
	let longest = 0;
	let until = 0;
	const ends = new Map<string, Set<number>>();
	const forgetOld = () => {
		if (Date.now() < until) return;
		longest = 0;
		ends.clear();
		until = Date.now() + LIFETIME;
	};
	return {
		saw(rows) {
			forgetOld();
			longest = Math.max(longest, rows);
		},
		ended(source, rows) {
			forgetOld();
			const known = ends.get(source) ?? new Set();
			ends.set(source, known.add(rows));
		},
		cut(rows) {
			ends.clear();
			longest = rows;
		},
		isEnd(source, rows) {
			forgetOld();
			return rows < longest && (rows === 1 || (ends.get(source)?.has(rows) ?? false));
		},
		needsCount(source, rows) {
			forgetOld();
			return rows > 1 && rows > longest && ends.has(source);
		},
	};
}

const caps = new Map<string, RowCap>();

/**
 * What is known of the project behind an address, for all executions of the process.
 *
 * @param address of its REST service
 */
export function rowCapOf(address: string): RowCap {
	const cap = caps.get(address) ?? newRowCap();
	caps.set(address, cap);
	return cap;
}
