import { setImmediate as nextTurn } from 'node:timers/promises';

import { refusal, SupabaseApiError } from '../errors';
import type { Row } from './table';

/** What became of rows; `from` has their places in the list that was given. */
export type Written =
	| {
			/** None where it cannot be told which of the rows it is. */
			readonly from: readonly number[];
			/** As it was given back; `undefined` where the server's row cap cut it off. */
			readonly row: Row | undefined;
	  }
	| { readonly from: readonly number[]; readonly error: SupabaseApiError }
	/** Nothing was written for it: the row existed already, or none has this key. */
	| { readonly from: readonly number[]; readonly untouched: true }
	/** Whether anything was written for it cannot be told. */
	| { readonly from: readonly number[]; readonly unclear: true };

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

/** So many rows that fail for the same reason, one after the other, speak for those behind them. */
const ALIKE = 10;

/** How many more requests than its rows a chunk may take until each has its own outcome. */
const SPARE_REQUESTS = 50;

/**
 * Writes chunks one after the other, each in a transaction of its own.
 *
 * With `isolate` a chunk that fails for a reason that lies in a row is parted until the bad rows
 * stand alone: as long as that takes fewer requests than sending its rows one by one, and they do
 * not all fail alike. Where the reason is the same for all (no access, unknown table) or the outcome
 * is unknown, nothing is repeated, and all rows of the chunk get the error.
 *
 * @param write sends one chunk
 * @returns what became of each row, in the order of the rows
 * @throws BulkWriteError at the first failure, without `isolate`
 */
export async function writeChunks<E extends Entry>(
	chunks: Iterable<readonly E[]> | AsyncIterable<readonly E[]>,
	write: (chunk: readonly E[]) => Promise<readonly Written[]>,
	{ isolate, split = halve }: { readonly isolate: boolean; readonly split?: Split<E> },
): Promise<Written[]> {
	const written: Written[] = [];
	const isList = Symbol.iterator in chunks;
	for await (const chunk of isList ? chunks : madeAhead(chunks)) await writeChunk(chunk);
	return inOrder(written);

	async function writeChunk(whole: readonly E[]): Promise<void> {
		const parts = [whole];
		let requests = 0;
		let alike = 0;
		let reason: string | undefined;
		for (let part = parts.pop(); part; part = parts.pop()) {
			requests++;
			const answer = await write(part).catch(refusal);
			if (!(answer instanceof SupabaseApiError)) {
				for (const each of answer) written.push(each);
				alike = 0;
				continue;
			}
			if (!isolate) throw new BulkWriteError(answer, written.length, placesOf(part));
			const { bad, rest } = split(part, answer);
			const isSame = reason === reasonOf(answer);
			if (
				rest.length > 1 &&
				((isSame && alike >= ALIKE) || requests > whole.length + SPARE_REQUESTS)
			) {
				fail(part, untried(answer));
				continue;
			}
			fail(bad, answer);
			if (bad.length > 0) {
				alike = isSame ? alike + bad.length : bad.length;
				reason = reasonOf(answer);
			}
			// The first part is taken first.
			for (const each of [...rest].reverse()) parts.push(each);
		}
	}

	function fail(rows: readonly E[], error: SupabaseApiError): void {
		for (const { from } of rows) written.push({ from: [from], error });
	}
}

/** Makes the next while what was given last is worked on: a request that is under way. */
async function* madeAhead<T>(list: AsyncIterable<T>): AsyncGenerator<T> {
	const source = list[Symbol.asyncIterator]();
	/** What was given has to be sent before. */
	const madeLater = async () => {
		await nextTurn();
		return await source.next();
	};
	for (let next = await source.next(); !next.done;) {
		const coming = madeLater();
		// It is told when its turn comes, and not at all where what was given fails before.
		coming.catch(() => undefined);
		yield next.value;
		next = await coming;
	}
}

function placesOf(entries: readonly Entry[]): number[] {
	return entries.map(({ from }) => from);
}

/** What belongs to no row of its own comes last. */
function inOrder(written: Written[]): Written[] {
	const placeOf = ({ from }: Written) => from[0] ?? Number.MAX_SAFE_INTEGER;
	return written.sort((a, b) => placeOf(a) - placeOf(b));
}

/** Most refusals name the row; one that policies or a trigger give may be the same for all. */
function reasonOf({ code, message, details }: SupabaseApiError): string {
	return JSON.stringify([code, message, details]);
}

function untried({ service, outcome, message, ...parts }: SupabaseApiError): SupabaseApiError {
	return new SupabaseApiError(service, outcome, {
		...parts,
		message,
		hint: 'So many rows before it were refused that this one was not tried by itself; it was not written.',
	});
}

/** Halves a chunk whose failure lies in a row; a row that stands alone is the bad one. */
export function halve<E>(chunk: readonly E[], error: SupabaseApiError): ReturnType<Split<E>> {
	if (chunk.length === 1 || !liesInRow(error)) return { bad: chunk, rest: [] };
	const middle = chunk.length >> 1;
	return { bad: [], rest: [chunk.slice(0, middle), chunk.slice(middle)] };
}

/**
 * Codes whose reason lies in a row: PostgreSQL's (a row that is changed twice, and what a view's
 * check option refuses, among them), and what a trigger raises about one.
 */
const ROW_LEVEL = /^(22|23)...$|^21000$|^44000$|^428C9$|^54000$|^P0001$|^PT...$/;

function liesInRow({ outcome, code = '', status, message }: SupabaseApiError): boolean {
	if (outcome !== 'refused') return false;
	if (code === '42501') return message.includes('row-level security');
	return ROW_LEVEL.test(code) || status === 413;
}
