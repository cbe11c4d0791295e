import { sideBySide } from '../../src/api/sideBySide';
import type { Group } from '../../src/n8n/each';
import { failed, isUncertain } from '../../src/n8n/errors';
import type { Job, Operation, Output, Result, Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { explained, type Action } from './policies';

/** How many small requests are under way at once. */
const REQUESTS = 8;

/** How many files are on their way at once: each may take a part of 6 MiB of memory. */
export const FILES = 4;

/** What is another thing when it is done again: a file that was stored is there already. */
const NOT_TWICE = new Set<Action>([
	'bucket.create',
	'bucket.delete',
	'file.upload',
	'file.copy',
	'file.move',
	'file.delete',
	'file.uploadToSignedUrl',
]);

/** What every plan of this node holds. */
export interface StoragePlan {
	readonly runAs: string;
}

/** Who an item is for. */
export function planOf(get: ItemParameters): StoragePlan {
	return { runAs: get.text('runAs') || 'serviceRole' };
}

/**
 * Carries items out by themselves, side by side, each with its own outcome. Without continue on fail
 * the first failure lets none begin any more; what is under way is waited for.
 *
 * @param carryOut one item
 * @param width how many at once
 * @returns an operation's `execute`
 */
export function eachItem<Plan extends StoragePlan>(
	action: Action,
	carryOut: (job: Job<Plan>, run: Run) => Promise<Output | readonly Output[]>,
	width = REQUESTS,
): Operation<Plan>['execute'] {
	return async (jobs, run) =>
		await eachGroup(
			action,
			jobs.map((job) => [job]),
			run,
			width,
			async ([job]) =>
				[await carryOut(job, run)].flat().map((output) => ({ items: [job.item], ...output })),
		);
}

/**
 * Carries groups of items out, side by side. A group that fails gives its error to all of its items.
 */
export async function eachGroup<Plan extends StoragePlan>(
	action: Action,
	groups: ReadonlyArray<Group<Plan>>,
	run: Run,
	width: number,
	carryOut: (group: Group<Plan>) => Promise<Result[]>,
): Promise<Result[]> {
	let failure: { items: number[]; error: unknown } | undefined;
	let done = 0;
	const results = await sideBySide(
		groups,
		async (group): Promise<Result[]> => {
			if (failure || run.signal?.aborted) return [];
			try {
				const outcome = await carryOut(group);
				done += group.length;
				return outcome;
			} catch (thrown) {
				const error = explained(thrown, action, group[0].plan.runAs);
				const items = group.map(({ item }) => item);
				if (run.continueOnFail) return items.map((item) => ({ items: [item], error }));
				failure ??= { items, error };
				return [];
			}
		},
		width,
	);
	run.signal?.throwIfAborted();
	if (failure) {
		const { items, error } = failure;
		const note = done ? `${done} other items were carried out, and that stays.` : undefined;
		if (!NOT_TWICE.has(action)) throw failed(items, error);
		throw failed(items, error, note, done > 0 || isUncertain(error));
	}
	return results.flat();
}
