import type { Outcome, QueueMessage } from '../../../../../src/api/queues/reader/message';
import type {
	Reader,
	ReaderNews,
	ReaderOptions,
	ReaderState,
} from '../../../../../src/api/queues/reader/options';
import { openReader } from '../../../../../src/api/queues/reader/reader';
import type { modelQueue } from './modelQueue';

/** One run, as a test sees it. */
export interface Run {
	readonly messages: readonly QueueMessage[];
	readonly ids: readonly number[];
	readonly isOurs: () => boolean;
	isEnded: boolean;
	/** It was told to end because the reader closes. */
	readonly end: (outcome: Outcome) => void;
}

/** A reader of a model queue whose runs end when the test says so, or by `outcomeOf`. */
export function readerBench(
	queue: ReturnType<typeof modelQueue>,
	options: Partial<ReaderOptions> & {
		readonly outcomeOf?: (messages: readonly QueueMessage[]) => Promise<Outcome> | undefined;
	} = {},
) {
	const runs: Run[] = [];
	const states: ReaderState[] = [];
	const news: ReaderNews[] = [];
	let ring = () => {};
	let heard: (isHeard: boolean) => void = () => {};
	let bellIsClosed = false;
	const { outcomeOf, ...rest } = options;
	const reader: Reader = openReader({
		connect: () => queue.calls,
		order: 'row',
		width: 10,
		bell: (listener) => {
			({ ring, heard } = listener);
			return {
				close: async () => {
					bellIsClosed = true;
					await Promise.resolve();
				},
			};
		},
		onState: (state) => states.push(state),
		onNews: (each) => news.push(each),
		run: async (messages, isOurs) =>
			await new Promise<Outcome>((resolve) => {
				const run: Run = {
					messages,
					ids: messages.map(({ id }) => Number(id)),
					isOurs,
					isEnded: false,
					end(outcome) {
						run.isEnded = true;
						resolve(outcome);
					},
				};
				runs.push(run);
				void outcomeOf?.(messages)?.then(run.end);
			}),
		...rest,
	});
	return {
		reader,
		runs,
		states,
		news,
		running: () => runs.filter(({ isEnded }) => !isEnded),
		ring: () => ring(),
		heard: (isHeard: boolean) => heard(isHeard),
		bellIsClosed: () => bellIsClosed,
		/** What runs ends, as it does when a trigger closes. */
		async close() {
			const closed = reader.close();
			for (const run of runs) if (!run.isEnded) run.end({ name: 'left' });
			await jest.advanceTimersByTimeAsync(10_000);
			await closed;
		},
	};
}

export const change = (...rows: string[]) => ({ v: 1, type: 'UPDATE', rows });
export const truncate = () => ({ v: 1, type: 'TRUNCATE', rows: [] });
export const done: Outcome = { name: 'done' };
export const failed = (reason = 'It failed'): Outcome => ({ name: 'failed', reason });
export const pass = async (milliseconds: number) =>
	await jest.advanceTimersByTimeAsync(milliseconds);
