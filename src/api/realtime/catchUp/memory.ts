/** A version of a row, by fingerprints. */
export interface Version {
	readonly row: string;
	/** The cursor's place in its order, where that is known. */
	readonly order: bigint | undefined;
	/** Of all that is compared, the cursor among it. */
	readonly content: string;
}

/** `ask`: which of the two is newer cannot be told, so the row has to be read again. */
export type Decision = 'emit' | 'drop' | 'ask';

interface Entry extends Version {
	/** The subscription it came by, by its number; 0 for what was read through REST. */
	readonly source: number;
	/** When it was noted, in steps and by `performance.now()`. */
	readonly step: number;
	readonly at: number;
	readonly isDeleted?: true;
	/** What it was a moment ago. */
	readonly before: readonly string[];
}

/** How many versions of a row before its last are remembered. */
const BEFORE = 4;

/** How far what comes live may be behind what is read, in milliseconds. */
const LAG = 10_000;

/**
 * What was handed out last of each row, so that the same version from another source is dropped.
 * Within one subscription nothing is: two updates in one transaction may be the same to the eye.
 */
export interface Memory {
	readonly size: number;
	/** A mark for `found`: what is noted from now on is newer. */
	now(): number;
	/** What becomes of a version that came by a subscription. */
	live(version: Version, source: number): Decision;
	/** What becomes of a DELETE that came by a subscription: it may be older than what was read. */
	deleted(row: string): Decision;
	/**
	 * What becomes of a version that was read.
	 *
	 * @param since `now()` when it was asked for
	 */
	found(version: Version, since: number): Decision;
	/** Whether the row was handed out last in this version. */
	isLast(version: Version): boolean;
	/** Notes what is handed out. */
	note(version: Version, source: number): void;
	/** Notes that a row was deleted. */
	noteDeleted(row: string): void;
	/** Forgets what no sweep will meet again. */
	forgetBefore(order: bigint): void;
	/** Forgets the oldest notes beyond so many. */
	forgetBeyond(most: number): void;
}

export function newMemory(): Memory {
	const entries = new Map<string, Entry>();
	let step = 0;
	const put = (entry: Omit<Entry, 'step' | 'at'>) => {
		// The newest stand last, so that the oldest can be forgotten.
		entries.delete(entry.row);
		entries.set(entry.row, { ...entry, step: ++step, at: performance.now() });
	};
	return {
		get size() {
			return entries.size;
		},
		now: () => step,
		live(version, source) {
			const last = entries.get(version.row);
			if (!last || last.isDeleted || last.source === source) return 'emit';
			if (last.content === version.content) return 'drop';
			// Of two transactions at once the later one may have the earlier time.
			return isAfter(version, last) && !isFresh(last) ? 'emit' : 'ask';
		},
		deleted(row) {
			const last = entries.get(row);
			return last && !last.isDeleted && last.source === 0 && isFresh(last) ? 'ask' : 'emit';
		},
		found(version, since) {
			const last = entries.get(version.row);
			if (!last) return 'emit';
			if (last.isDeleted) return last.step > since ? 'drop' : 'emit';
			if (last.content === version.content) return 'drop';
			// What was noted before the read was asked for is older than what it found.
			if (last.step <= since) return 'emit';
			return last.before.includes(version.content) ? 'drop' : 'ask';
		},
		isLast({ row, content }) {
			const last = entries.get(row);
			return last !== undefined && !last.isDeleted && last.content === content;
		},
		note({ row, order, content }, source) {
			const last = entries.get(row);
			const before = last && !last.isDeleted ? [last.content, ...last.before] : [];
			put({ row, order, content, source, before: before.slice(0, BEFORE) });
		},
		noteDeleted(row) {
			put({ row, order: undefined, content: '', source: 0, isDeleted: true, before: [] });
		},
		forgetBefore(order) {
			for (const [row, entry] of entries) {
				if (entry.order === undefined ? entry.isDeleted : entry.order < order) entries.delete(row);
			}
		},
		forgetBeyond(most) {
			let left = entries.size - most;
			for (const row of entries.keys()) {
				if (left-- <= 0) return;
				entries.delete(row);
			}
		},
	};
}

function isFresh({ at }: Entry): boolean {
	return performance.now() - at <= LAG;
}

function isAfter(version: Version, last: Version): boolean {
	return version.order !== undefined && last.order !== undefined && version.order > last.order;
}
