import type { Row } from '../../database/table';
import type { FoundRow } from './pages';
import type { WantedRow } from './byKey';

/** What was read of a row: the row, that it is not there, or that it could not be read. */
export type Reread = FoundRow | 'gone' | { readonly failed: unknown };

/**
 * Reads rows again, some at once, while whatever else is known of such a row waits behind it in its
 * order.
 */
export interface Rereads {
	/** How many things wait. */
	readonly waiting: number;
	isWaiting(print: string): boolean;
	/** Reads the row, after what waits for it already, and then calls. */
	read(wanted: WantedRow, then: (row: Reread) => void): void;
	/** Calls after what waits for this row. */
	after(print: string, then: () => void): void;
	/** Stops; what waits is dropped. */
	close(): void;
}

interface Line {
	readonly key: Readonly<Row>;
	readonly things: Array<{ then: (row: Reread) => void } | { run: () => void }>;
}

/** How long a row waits for others that are read with it, in milliseconds. */
const GATHER = 20;
const AT_ONCE = 500;

/** How often it is tried to read rows: what waits for them waits on. */
const TRIES = 5;

/** @param retry the wait after a failure, in milliseconds; it doubles with each */
export function newRereads(
	readRows: (wanted: readonly WantedRow[]) => Promise<Map<string, FoundRow>>,
	retry: number,
): Rereads {
	const lines = new Map<string, Line>();
	let waiting = 0;
	let timer: NodeJS.Timeout | undefined;
	let isReading = false;
	let isClosed = false;
	let failures = 0;

	function schedule(delay = GATHER): void {
		if (timer || isReading || isClosed || lines.size === 0) return;
		timer = setTimeout(() => {
			timer = undefined;
			void readAll();
		}, delay);
	}

	async function readAll(): Promise<void> {
		isReading = true;
		const due = [...lines].slice(0, AT_ONCE).map(([print, line]) => ({
			print,
			line,
			// What comes while it is read may be newer than what is read.
			count: line.things.length,
		}));
		let answer: (print: string) => Reread;
		try {
			const rows = await readRows(due.map(({ print, line }) => ({ print, key: line.key })));
			failures = 0;
			answer = (print) => rows.get(print) ?? 'gone';
		} catch (failed) {
			failures += 1;
			answer = () => ({ failed });
		}
		isReading = false;
		if (isClosed) return;
		if (failures > 0 && failures < TRIES) return schedule(retry * 2 ** (failures - 1));
		failures = 0;
		for (const { print, line, count } of due) settle(print, line, count, answer(print));
		schedule();
	}

	/** What comes to wait for the row while its things are done goes before the rest of them. */
	function settle(print: string, { key, things }: Line, count: number, row: Reread): void {
		lines.delete(print);
		waiting -= things.length;
		things.forEach((thing, index) => {
			const isRead = 'then' in thing && index >= count;
			const line = lines.get(print) ?? (isRead ? { key, things: [] } : undefined);
			if (line) {
				lines.set(print, line);
				line.things.push(thing);
				waiting += 1;
			} else if ('then' in thing) thing.then(row);
			else thing.run();
		});
	}

	return {
		get waiting() {
			return waiting;
		},
		isWaiting: (print) => lines.has(print),
		read({ print, key }, then) {
			const line = lines.get(print) ?? { key, things: [] };
			lines.set(print, line);
			line.things.push({ then });
			waiting += 1;
			schedule();
		},
		after(print, run) {
			const line = lines.get(print);
			if (!line) return run();
			line.things.push({ run });
			waiting += 1;
		},
		close() {
			isClosed = true;
			clearTimeout(timer);
			lines.clear();
		},
	};
}
