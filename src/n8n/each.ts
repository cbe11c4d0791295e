import type { IDataObject } from 'n8n-workflow';

import { sideBySide } from '../api/sideBySide';
import type { Send } from '../api/transport';
import { failed } from './errors';
import type { Job, Operation, Result, Run } from './operation';

/**
 * Carries reads out item by item: identical ones once, the others side by side.
 *
 * @param read one plan's rows
 * @returns an operation's `execute`
 */
export function eachRead<Plan>(
	read: (plan: Plan, send: Send, run: Run) => Promise<IDataObject[]>,
): Operation<Plan>['execute'] {
	return async (jobs, run) => {
		const groups = [...groupBy(jobs, ({ plan }) => JSON.stringify(plan)).values()];
		const results = await sideBySide(groups, async (group): Promise<Result[]> => {
			const [{ plan, send }] = group;
			const items = group.map(({ item }) => item);
			try {
				const rows = await read(plan, send, run);
				return items.flatMap((item) => rows.map((row) => ({ items: [item], json: { ...row } })));
			} catch (error) {
				if (!run.continueOnFail) throw failed(items.slice(0, 1), error);
				return items.map((item) => ({ items: [item], error }));
			}
		});
		return results.flat();
	};
}

/** Parts jobs by a key of their plan, and by who they are for. */
export function groupBy<Plan>(
	jobs: ReadonlyArray<Job<Plan>>,
	keyOf: (job: Job<Plan>) => string,
): Map<string, [Job<Plan>, ...Array<Job<Plan>>]> {
	const senders = new Map<Send, number>();
	const groups = new Map<string, [Job<Plan>, ...Array<Job<Plan>>]>();
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
 * @param write one plan; what it gives back is the item's output
 * @returns an operation's `execute`
 */
export function eachWrite<Plan>(
	write: (plan: Plan, send: Send, run: Run) => Promise<IDataObject[]>,
): Operation<Plan>['execute'] {
	return async (jobs, run) => {
		const results = await sideBySide(jobs, async ({ item, plan, send }): Promise<Result[]> => {
			try {
				const rows = await write(plan, send, run);
				return rows.map((json) => ({ items: [item], json }));
			} catch (error) {
				if (!run.continueOnFail) throw failed([item], error);
				return [{ items: [item], error }];
			}
		});
		return results.flat();
	};
}
