import { carryOut, eachItem as eachJob, type Group } from '../../src/n8n/each';
import { failed } from '../../src/n8n/errors';
import type { Job, Operation, Output, Result, Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { runAsOf, type RunAs } from '../../src/n8n/runAs';
import { explained, type Action } from './policies';

/** How many files are on their way at once: each may take a part of 6 MiB of memory. */
export const FILES = 4;

/** What every plan of this node holds. */
export interface StoragePlan {
	readonly runAs: RunAs;
}

/** Who an item is for. */
export function planOf(get: ItemParameters): StoragePlan {
	return { runAs: runAsOf(get) };
}

/** As the bridge's `eachItem`; a refusal says which right is missing. */
export function eachItem<Plan extends StoragePlan>(
	action: Action,
	work: (job: Job<Plan>, run: Run) => Promise<Output | readonly Output[]>,
	width?: number,
): Operation<Plan>['execute'] {
	return eachJob<Plan>(
		async (job, run) => {
			try {
				return await work(job, run);
			} catch (error) {
				throw failed([job.item], explained(error, action, job.plan.runAs));
			}
		},
		{ width },
	);
}

/** As the bridge's `carryOut`; a refusal says which right is missing. */
export async function eachGroup<Plan extends StoragePlan>(
	action: Action,
	groups: ReadonlyArray<Group<Plan>>,
	run: Run,
	width: number,
	work: (group: Group<Plan>) => Promise<Result[]>,
): Promise<Result[]> {
	return await carryOut(
		groups,
		run,
		async (group) => {
			try {
				return await work(group);
			} catch (error) {
				const items = group.map(({ item }) => item);
				throw failed(items, explained(error, action, group[0].plan.runAs));
			}
		},
		{ width },
	);
}
