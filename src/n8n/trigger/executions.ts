import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';

/** How many executions may run at the same time, and until when one counts as running. */
export interface Pace {
	readonly atOnce: number;
	/** In milliseconds: after that the next no longer waits for it. */
	readonly longest: number;
}

/** As many as n8n can well hold; an execution that waits for a person must not hold up others. */
export const SIDE_BY_SIDE: Pace = { atOnce: 50, longest: 60_000 };

/** Unless the workflow has a time limit of its own, in milliseconds. */
const LONGEST = 3_600_000;

/** One after the other, as n8n's own Kafka Trigger does it. */
export function oneByOne(node: Pick<ITriggerFunctions, 'getWorkflowSettings'>): Pace {
	// Older versions of n8n tell no settings.
	const seconds = node.getWorkflowSettings?.().executionTimeout ?? 0;
	return { atOnce: 1, longest: seconds > 0 ? Math.min(seconds * 1000, 2 ** 31 - 1) : LONGEST };
}

export interface Executions {
	/** Those that were started and have not ended, as far as is known; a copy. */
	readonly running: () => ReadonlySet<Promise<void>>;
	/** Waits until another may start. @throws the reason of the signal when the trigger closes */
	room(): Promise<void>;
	/** Starts one. @throws what `emit` throws */
	start(items: INodeExecutionData[], deduplicationKey?: string): void;
}

/** Starts a workflow's executions, not too many at once. Every wait ends when the trigger closes. */
export function executions(
	node: Pick<ITriggerFunctions, 'emit' | 'helpers'>,
	{ atOnce, longest }: Pace,
	closing: AbortSignal,
): Executions {
	const running = new Set<Promise<void>>();

	const waits = new Set<() => void>();
	closing.addEventListener('abort', () => waits.forEach((end) => end()), { once: true });

	/** Fulfilled when the execution has ended, in whatever way, or is not waited for any more. */
	async function ended(done: Promise<unknown>): Promise<void> {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(end, longest);
			function end(): void {
				clearTimeout(timer);
				waits.delete(end);
				resolve();
			}
			waits.add(end);
			done.then(end, end);
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
			const end = ended(done.promise);
			running.add(end);
			void end.then(() => running.delete(end));
			let isStarted = false;
			try {
				node.emit([items], undefined, done, deduplicationKey);
				isStarted = true;
			} finally {
				if (!isStarted) done.resolve(undefined as unknown as IRun);
			}
		},
	};
}
