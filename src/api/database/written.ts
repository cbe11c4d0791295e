import { refusal, SupabaseApiError } from '../errors';
import type { Row } from './table';

/** What became of rows; `from` has their places in the list that was given. */
export type Written =
	| {
			readonly from: readonly number[];
			/** As it was given back; `undefined` where the server's row cap cut it off. */
			readonly row: Row | undefined;
	  }
	| { readonly from: readonly number[]; readonly error: SupabaseApiError }
	/** Nothing was written for it: the row existed already, or none has this key. */
	| { readonly from: readonly number[]; readonly untouched: true };

/** A chunk failed, and nothing was tried behind it. */
export class BulkWriteError extends Error {
	constructor(
		readonly error: SupabaseApiError,
		/** How many rows were written before. */
		readonly written: number,
		/** The places of the rows of the chunk that failed. */
		readonly from: readonly number[],
	) {
		super(error.message);
		this.name = 'BulkWriteError';
	}
}

interface Entry {
	readonly from: number;
}

/** Parts a chunk that failed into rows that are at fault, and parts to try by themselves. */
export type Split<E> = (
	chunk: readonly E[],
	error: SupabaseApiError,
) => { readonly bad: readonly E[]; readonly rest: ReadonlyArray<readonly E[]> };

/**
 * Writes chunks one after the other, each in a transaction of its own.
 *
 * With `isolate` a chunk that fails for a reason that lies in a row is parted until the bad rows
 * stand alone. Where the reason is the same for all (no access, unknown table) or the outcome is
 * unknown, nothing is repeated, and all rows of the chunk get the error.
 *
 * @param write sends one chunk
 * @returns what became of each row, in the order of the rows
 * @throws BulkWriteError at the first failure, without `isolate`
 */
export async function writeChunks<E extends Entry>(
	chunks: Iterable<readonly E[]>,
	write: (chunk: readonly E[]) => Promise<Written[]>,
	{ isolate, split = halve }: { readonly isolate: boolean; readonly split?: Split<E> },
): Promise<Written[]> {
	const written: Written[] = [];
	for (const chunk of chunks) await attempt(chunk);
	return written.sort((a, b) => (a.from[0] ?? 0) - (b.from[0] ?? 0));

	async function attempt(chunk: readonly E[]): Promise<void> {
		const answer = await write(chunk).catch(refusal);
		if (!(answer instanceof SupabaseApiError)) {
			written.push(...answer);
			return;
		}
		const from = chunk.map((entry) => entry.from);
		if (!isolate) throw new BulkWriteError(answer, written.length, from);
		const { bad, rest } = split(chunk, answer);
		written.push(...bad.map((entry) => ({ from: [entry.from], error: answer })));
		for (const part of rest) await attempt(part);
	}
}

/** Halves a chunk whose failure lies in a row; a row that stands alone is the bad one. */
export function halve<E>(chunk: readonly E[], error: SupabaseApiError): ReturnType<Split<E>> {
	if (chunk.length === 1 || !liesInRow(error)) return { bad: chunk, rest: [] };
	const middle = chunk.length >> 1;
	return { bad: [], rest: [chunk.slice(0, middle), chunk.slice(middle)] };
}

/** Codes whose reason lies in a row: PostgreSQL's, and what a trigger raises about one. */
const ROW_LEVEL = /^(22|23)...$|^428C9$|^54000$|^P0001$|^PT...$/;

function liesInRow({ outcome, code = '', status, message }: SupabaseApiError): boolean {
	if (outcome !== 'refused') return false;
	if (code === '42501') return message.includes('row-level security');
	return ROW_LEVEL.test(code) || status === 413;
}
