import type { IDataObject } from 'n8n-workflow';

import { sideBySide } from '../api/sideBySide';
import type { Send } from '../api/transport';
import { failed, isUncertain, ItemsError } from './errors';
import type { Job, Operation, Output, Result, Run } from './operation';

/** Rows as items of the output. */
export function outputs(rows: readonly IDataObject[]): Output[] {
	return rows.map((json) => ({ json }));
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
		const groups = [...groupBy(jobs, ({ plan }) => JSON.stringify(plan)).values()];
		const results = await sideBySide(groups, async (group): Promise<Result[]> => {
			const [{ plan, send }] = group;
			const items = group.map(({ item }) => item);
			try {
				const found = await read(plan, send, run);
				return items.flatMap((item) =>
					found.map(({ json, ...rest }) => ({ ...rest, items: [item], json: { ...json } })),
				);
			} catch (error) {
				if (!run.continueOnFail) throw failed(items.slice(0, 1), error);
				return items.map((item) => ({ items: [item], error }));
			}
		});
		return results.flat();
	};
}

/**
 * Carries jobs out group by group, one after the other.
 *
 * @param keyOf what the jobs of a group have in common, beside who they are for
 * @param carryOut one group; `before` is how many results there are already
 * @throws ItemsError at the first group that fails, unless the node continues on fail
 */
export async function eachGroup<Plan>(
	jobs: ReadonlyArray<Job<Plan>>,
	run: Run,
	keyOf: (job: Job<Plan>) => string,
	carryOut: (group: Group<Plan>, before: number) => Promise<Result[]>,
): Promise<Result[]> {
	const results: Result[] = [];
	for (const group of groupBy(jobs, keyOf).values()) {
		const items = group.map(({ item }) => item);
		const done = await carryOut(group, results.length).catch((error: unknown): Result[] => {
			if (!run.continueOnFail) {
				throw error instanceof ItemsError
					? error
					: failed(items, error, undefined, results.length > 0 || isUncertain(error));
			}
			return items.map((item) => ({ items: [item], error }));
		});
		results.push(...done);
	}
	return results;
}

/** Jobs that go together; there is at least one. */
export type Group<Plan> = [Job<Plan>, ...Array<Job<Plan>>];

/** Parts jobs by a key of their plan, and by who they are for. */
export function groupBy<Plan>(
	jobs: ReadonlyArray<Job<Plan>>,
	keyOf: (job: Job<Plan>) => string,
): Map<string, Group<Plan>> {
	const senders = new Map<Send, number>();
	const groups = new Map<string, Group<Plan>>();
	for (const job of jobs) {
		if (!senders.has(job.send)) senders.set(job.send, senders.size);
		const key = `${senders.get(job.send)} ${keyOf(job)}`;
		const group = groups.get(key);
		if (group) group.push(job);
		else groups.set(key, [job]);
	}
	return groups;
}

/**
 * Carries writes out item by item, side by side.
 *
 * @param write carries one plan out and gives its output
 * @returns an operation's `execute`
 */
export function eachWrite<Plan>(
	write: (plan: Plan, send: Send, run: Run) => Promise<Output[]>,
): Operation<Plan>['execute'] {
	return async (jobs, run) => {
		let done = 0;
		const results = await sideBySide(jobs, async ({ item, plan, send }): Promise<Result[]> => {
			try {
				const given = await write(plan, send, run);
				done++;
				return given.map((output) => ({ ...output, items: [item] }));
			} catch (error) {
				const hasWritten = done > 0 || isUncertain(error);
				if (!run.continueOnFail) throw failed([item], error, undefined, hasWritten);
				return [{ items: [item], error }];
			}
		});
		return results.flat();
	};
}
