import type { IDataObject } from 'n8n-workflow';

import { joined } from '../api/joined';
import { pacer } from '../api/pacer';
import { sideBySide, WIDTH } from '../api/sideBySide';
import type { Send } from '../api/transport';
import { failed, ItemsError } from './errors';
import type { Job, Operation, Output, Result, Run } from './operation';

/** How groups of jobs are carried out. */
export interface Carrying<Plan> {
	/** How many at once; 1 is one after the other, in the order of the items. */
	readonly width?: number;
	/** What a job changes. Jobs that share any of it keep their order; the others run side by side. */
	readonly targetsOf?: (job: Job<Plan>) => readonly string[];
}

/** Jobs that go together; there is at least one. */
export type Group<Plan> = [Job<Plan>, ...Array<Job<Plan>>];

/** Rows as items of the output. */
export function outputs(rows: readonly IDataObject[]): Output[] {
	return rows.map((json) => ({ json }));
}

/**
 * Carries groups of jobs out, side by side.
 *
 * A group that fails gives its error to all of its items. Without continue on fail the first failure
 * lets none begin any more, and what is under way is waited for, so that nothing lands later.
 *
 * @param work one group
 * @throws ItemsError at the first failure, unless the node continues on fail
 */
export async function carryOut<Plan>(
	groups: ReadonlyArray<Group<Plan>>,
	run: Run,
	work: (group: Group<Plan>) => Promise<readonly Result[]>,
	{ width = WIDTH, targetsOf }: Carrying<Plan> = {},
): Promise<readonly Result[]> {
	const lanes = targetsOf ? await lanesOf(groups, targetsOf) : groups.map((group) => [group]);
	const pause = pacer();
	let stopped = false;
	const results = await sideBySide(
		lanes,
		async (lane) => {
			const done: Array<readonly Result[]> = [];
			for (const group of lane) {
				if (pause.isDue()) await pause();
				if (stopped || run.signal?.aborted) break;
				try {
					done.push(await work(group));
				} catch (error) {
					const items = group.map(({ item }) => item);
					if (!run.continueOnFail) {
						stopped = true;
						throw error instanceof ItemsError ? error : failed(items, error);
					}
					done.push(items.map((item) => ({ items: [item], error: causeOf(error) })));
				}
			}
			return await joined(done);
		},
		width,
	);
	run.signal?.throwIfAborted();
	return await joined(results);
}

function causeOf(error: unknown): unknown {
	return error instanceof ItemsError ? error.cause : error;
}

/** Groups that share a target, be it through others, in one lane and in their order. */
async function lanesOf<Plan>(
	groups: ReadonlyArray<Group<Plan>>,
	targetsOf: (job: Job<Plan>) => readonly string[],
): Promise<Array<Array<Group<Plan>>>> {
	const pause = pacer();
	const leaders = groups.map((_, index) => index);
	const leaderOf = (index: number): number => {
		let at = index;
		for (let next = leaders[at] ?? at; next !== at; next = leaders[at] ?? at) {
			leaders[at] = leaders[next] ?? next;
			at = next;
		}
		return at;
	};
	const firstWith = new Map<string, number>();
	for (const [index, group] of groups.entries()) {
		if (pause.isDue()) await pause();
		for (const job of group) {
			for (const target of targetsOf(job)) {
				const first = leaderOf(firstWith.get(target) ?? index);
				const own = leaderOf(index);
				leaders[Math.max(first, own)] = Math.min(first, own);
				firstWith.set(target, Math.min(first, own));
			}
		}
	}
	const lanes = new Map<number, Array<Group<Plan>>>();
	for (const [index, group] of groups.entries()) {
		const leader = leaderOf(index);
		const lane = lanes.get(leader);
		if (lane) lane.push(group);
		else lanes.set(leader, [group]);
	}
	return [...lanes.values()];
}

/**
 * Carries jobs out item by item, each with its own outcome.
 *
 * @param work one item
 * @returns an operation's `execute`
 */
export function eachItem<Plan>(
	work: (job: Job<Plan>, run: Run) => Promise<Output | readonly Output[]>,
	{ width, targetsOf }: Carrying<Plan> = {},
): Operation<Plan>['execute'] {
	return async (jobs, run) =>
		await carryOut<Plan>(
			jobs.map((job) => [job]),
			run,
			async ([job]) => {
				const given = await work(job, run);
				return [given].flat().map((output) => ({ items: [job.item], ...output }));
			},
			{ width: run.itemsAtOnce ?? width, targetsOf },
		);
}

/**
 * Carries reads out item by item: identical ones once, the others side by side.
 *
 * @param read gives one plan's output
 * @returns an operation's `execute`
 */
export function eachRead<Plan>(
	read: (plan: Plan, send: Send, run: Run) => Promise<Output[]>,
): Operation<Plan>['execute'] {
	return async (jobs, run) => {
		const groups = await groupBy(jobs, ({ plan }) => textOf(plan as object));
		if (groups.size === 1 && jobs.length > 1) run.hint(sameFor(jobs.length));
		return await carryOut(
			[...groups.values()],
			run,
			async (group) => {
				const [{ item: first, plan, send }] = group;
				const pause = pacer();
				const found = await read(plan, send, run).catch((error: unknown) => {
					throw run.continueOnFail ? error : failed([first], error);
				});
				const results: Result[] = [];
				for (const [index, { item }] of group.entries()) {
					if (pause.isDue()) await pause();
					const items = [item];
					for (const { json, binary } of found) {
						// Each item has rows of its own: what is done to one's reaches no other's.
						const own = index === 0 ? json : structuredClone(json);
						results.push(binary ? { items, json: own, binary } : { items, json: own });
					}
				}
				return results;
			},
			{ width: run.itemsAtOnce },
		);
	};
}

function sameFor(items: number): string {
	return `All ${items} items asked for the same, so it was read once and each of them got it. To ask for something of each item, use an expression with its fields.`;
}

/**
 * Carries jobs out group by group, one after the other.
 *
 * @param keyOf what the jobs of a group have in common, beside who they are for
 * @param work one group
 * @throws ItemsError at the first group that fails, unless the node continues on fail
 */
export async function eachGroup<Plan>(
	jobs: ReadonlyArray<Job<Plan>>,
	run: Run,
	keyOf: (job: Job<Plan>) => GroupKey,
	work: (group: Group<Plan>) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
	const groups = await groupBy(jobs, keyOf);
	return await carryOut([...groups.values()], run, work, { width: 1 });
}

const texts = new WeakMap<object, string>();

/** The JSON of what plans share or have equal, made once where it is one object for all of them. */
export function textOf(shared: object): string {
	const text = texts.get(shared) ?? JSON.stringify(shared);
	texts.set(shared, text);
	return text;
}

/** What jobs of one group have equal: a text, or several values of which plans may share objects. */
export type GroupKey = string | readonly unknown[];

/** Parts jobs by a key of their plan, and by who they are for. */
export async function groupBy<Plan>(
	jobs: ReadonlyArray<Job<Plan>>,
	keyOf: (job: Job<Plan>) => GroupKey,
): Promise<Map<string, Group<Plan>>> {
	const pause = pacer();
	const senders = new Map<Send, number>();
	const groups = new Map<string, Group<Plan>>();
	let last:
		{ readonly send: Send; readonly key: GroupKey; readonly group: Group<Plan> } | undefined;
	for (const job of jobs) {
		if (pause.isDue()) await pause();
		const { send } = job;
		const key = keyOf(job);
		// Most jobs share with the one before them what their texts would be made of.
		if (last?.send === send && isSame(last.key, key)) {
			last.group.push(job);
			continue;
		}
		if (!senders.has(send)) senders.set(send, senders.size);
		const text = `${senders.get(send)} ${typeof key === 'string' ? key : key.map(partText).join(' ')}`;
		const known = groups.get(text);
		if (known) known.push(job);
		const group = known ?? [job];
		groups.set(text, group);
		last = { send, key, group };
	}
	return groups;
}

function isSame(one: GroupKey, other: GroupKey): boolean {
	if (typeof one === 'string' || typeof other === 'string') return one === other;
	return one.length === other.length && one.every((part, index) => part === other[index]);
}

function partText(part: unknown): string {
	return typeof part === 'object' && part !== null
		? textOf(part)
		: (JSON.stringify(part) ?? 'undefined');
}
