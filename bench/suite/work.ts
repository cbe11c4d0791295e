/** What is measured: a work, the rivals that do it, and what it may cost. */
import type { Arena } from './arena';
import type { Rival, Samples } from './rounds';

export const OURS = 'ours';
export const BUILT_IN = "n8n's Supabase node";
export const BARE = 'bare undici';
export const N8N_ALONE = 'n8n, doing nothing';
export const OFFICIAL = 'supabase-js';

/** The same work done by rivals, the first of which is ours. */
export interface Work {
	/** The name by which it is chosen. */
	readonly name: string;
	/** As it stands in the table. */
	readonly title: string;
	readonly rounds: number;
	/** The most that ours may cost, as a multiple of what a rival costs. */
	readonly goals: Readonly<Record<string, number>>;
	/** The server's cap on the rows of an answer; none unless given, so that no answer is cut. */
	readonly maxRows?: number;
	/** Makes the tables, and tells who does the work. */
	open(arena: Arena): Promise<readonly Rival[]>;
	/** What else the samples tell, such as how long nothing else could run. */
	more?(samples: Samples): string;
}

/** Throws unless two numbers are the same: who has not done its work is no rival. */
export function expectCount(what: string, actual: unknown, expected: number): void {
	if (Number(actual) !== expected) {
		throw new Error(`${what}: ${String(actual)} instead of ${expected}`);
	}
}

/** Numbers from 1. */
export function upTo(length: number): number[] {
	return Array.from({ length }, (_, index) => index + 1);
}

/** Cuts a list in parts. */
export function parts<T>(list: readonly T[], size: number): T[][] {
	const all: T[][] = [];
	for (let from = 0; from < list.length; from += size) all.push(list.slice(from, from + size));
	return all;
}

/** Does something with each of a list, so many at once. */
export async function atOnce<T>(
	width: number,
	list: readonly T[],
	act: (each: T) => Promise<unknown>,
): Promise<void> {
	const left = list.values();
	const worker = async () => {
		for (const each of left) await act(each);
	};
	await Promise.all(upTo(width).map(worker));
}
