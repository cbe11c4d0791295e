import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';

/** How many executions may run at the same time, and until when one counts as running. */
export interface Pace {
	readonly atOnce: number;
	/** In milliseconds: after that the next no longer waits for it. */
	readonly longest: number;
}

/** As many as n8n can well hold; an execution that waits for a person must not hold up others. */
export const SIDE_BY_SIDE: Pace = { atOnce: 50, longest: 60_000 };

/** Where n8n sets executions no time limit, in milliseconds. */
const LONGEST = 3_600_000;

/** Until a busy n8n begins an execution, in milliseconds: its time limit counts from then on. */
const QUEUED = 600_000;

/** The longest time that a timer of Node.js can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One after the other, as n8n's own Kafka Trigger does it. */
export function oneByOne(node: Pick<ITriggerFunctions, 'getWorkflowSettings'>): Pace {
	return { atOnce: 1, longest: longestExecution(node) };
}

/**
 * How long to wait for an execution's end, in milliseconds. What waits for one of n8n's workers is not
 * late, as starting another would do its work twice. That n8n has ended an execution at its time limit
 * is told at once, but in queue mode it is not told at all.
 */
export function longestExecution(node: Pick<ITriggerFunctions, 'getWorkflowSettings'>): number {
	// Older versions of n8n tell no settings.
	const { executionTimeout } = node.getWorkflowSettings?.() ?? {};
	const seconds = executionTimeout ?? Number(process.env.EXECUTIONS_TIMEOUT);
	return seconds > 0 ? Math.min(seconds * 1000 + QUEUED, LONGEST_TIMER) : LONGEST;
}

/** How waiting for an execution ended. */
export type Ending =
	/** n8n's word; `undefined` where it says nothing, as of an execution that it did not start. */
	| { readonly name: 'ended'; readonly run: IRun | undefined }
	/** It was canceled, or could not be started. */
	| { readonly name: 'broken'; readonly error: unknown }
	/** It goes on, and is not waited for any more: it took too long, or the trigger closes. */
	| { readonly name: 'late' }
	| { readonly name: 'closed' };

/** An execution that was started. */
export interface Execution {
	/** Fulfilled when it has ended, or is not waited for any more. Never rejected. */
	readonly ending: Promise<Ending>;
	/** Fulfilled when it has ended, however long that takes. Never rejected. */
	readonly end: Promise<Ending>;
}

export interface Executions {
	/** Those that were started and have not ended, as far as is known; a copy. */
	readonly running: () => ReadonlySet<Promise<unknown>>;
	/** Waits until another may start. @throws the reason of the signal when the trigger closes */
	room(): Promise<void>;
	/** Starts one. @throws what `emit` throws */
	start(items: INodeExecutionData[], deduplicationKey?: string): Execution;
}

/** Starts a workflow's executions, not too many at once. Every wait ends when the trigger closes. */
export function executions(
	node: Pick<ITriggerFunctions, 'emit' | 'helpers'>,
	{ atOnce, longest }: Pace,
	closing: AbortSignal,
): Executions {
	const running = new Set<Promise<Ending>>();

	const waits = new Set<() => void>();
	closing.addEventListener('abort', () => waits.forEach((end) => end()), { once: true });

	async function ending(end: Promise<Ending>): Promise<Ending> {
		return await new Promise<Ending>((resolve) => {
			const timer = setTimeout(() => stop({ name: 'late' }), longest);
			const close = () => stop({ name: 'closed' });
			function stop(how: Ending): void {
				clearTimeout(timer);
				waits.delete(close);
				resolve(how);
			}
			waits.add(close);
			void end.then(stop);
		});
	}

	return {
		running: () => new Set(running),
		async room() {
			while (running.size >= atOnce) await Promise.race(running);
			closing.throwIfAborted();
		},
		start(items, deduplicationKey) {
			const done = node.helpers.createDeferredPromise<IRun>();
			const end = done.promise.then<Ending, Ending>(
				(run: IRun | undefined) => ({ name: 'ended', run }),
				(error: unknown) => ({ name: 'broken', error }),
			);
			const execution = { end, ending: ending(end) };
			running.add(execution.ending);
			void execution.ending.then(() => running.delete(execution.ending));
			let isStarted = false;
			try {
				node.emit([items], undefined, done, deduplicationKey);
				isStarted = true;
			} finally {
				if (!isStarted) done.resolve(undefined as unknown as IRun);
			}
			return execution;
		},
	};
}
