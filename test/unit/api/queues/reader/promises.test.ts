import fc from 'fast-check';

import type { QueueMessage } from '../../../../../src/api/queues/reader/message';
import { modelQueue, type Fault } from './modelQueue';
import { change, done, failed, readerBench, truncate } from './readerBench';

/** What a message's attempts come to, and how long each takes, in milliseconds. */
const attempt = fc.record({
	outcome: fc.constantFrom('done', 'done', 'done', 'failed', 'unstarted'),
	takes: fc.constantFrom(0, 1, 20, 700, 90_000),
});
const message = fc.record({
	rows: fc.oneof(
		{ weight: 12, arbitrary: fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1, maxLength: 2 }) },
		{ weight: 1, arbitrary: fc.constant(undefined) },
	),
	attempts: fc.array(attempt, { maxLength: 8 }),
	/** When it is sent, in milliseconds from the start. */
	at: fc.constantFrom(0, 0, 0, 3, 50, 9_000, 40_000),
	rings: fc.boolean(),
});
const faults = fc.array(
	fc.option(fc.constantFrom<Fault>('before', 'after'), { nil: undefined, freq: 3 }),
	{ maxLength: 40 },
);

const ATTEMPTS = 3;

afterEach(() => jest.useRealTimers());

test('each message ends as its outcomes say, and no row is ever out of order', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(message, { minLength: 1, maxLength: 14 }),
			faults,
			fc.record({
				width: fc.constantFrom(1, 2, 50),
				size: fc.constantFrom(1, 3, 100),
				batch: fc.constantFrom(undefined, undefined, { events: 3, wait: 500 }),
			}),
			async (messages, wrong, settings) => {
				jest.useFakeTimers();
				const queue = modelQueue();
				const bodies = new Map<number, (typeof messages)[number]>();
				const seen = new Map<number, string[]>();
				const outcomes = new Map<number, string[]>();
				const running = new Set<number>();
				const rowsOf = (id: number) => bodies.get(id)?.rows;
				const share = (a: number, b: number) => {
					const rows = rowsOf(b);
					return !rows || !rowsOf(a) || rowsOf(a)?.some((row) => rows.includes(row));
				};

				/** Told at the end: what is thrown inside of a run is nobody's. */
				const broken: string[] = [];
				function checkOrder(ids: readonly number[]): void {
					for (const id of ids) {
						for (const other of running) {
							if (share(id, other)) broken.push(`${id} runs beside ${other}`);
						}
						for (let before = 1; before < id; before++) {
							// What is before it in the queue was written off, or is in the same execution.
							const isOver = ids.includes(before) || !queue.has(before);
							if (share(id, before) && !isOver) broken.push(`${id} runs before ${before}`);
						}
					}
				}

				async function outcomeOf(handed: readonly QueueMessage[]) {
					const ids = handed.map(({ id }) => Number(id));
					if (ids.some((id, at) => id < (ids[at - 1] ?? 0))) broken.push(`in one: ${ids.join()}`);
					checkOrder(ids);
					for (const id of ids) running.add(id);
					const steps = ids.map((id) => {
						const times = seen.get(id) ?? [];
						seen.set(id, [...times, '']);
						return bodies.get(id)?.attempts[times.length] ?? { outcome: 'done', takes: 1 };
					});
					await new Promise((resolve) =>
						setTimeout(resolve, Math.max(...steps.map(({ takes }) => takes))),
					);
					const all = steps.map(({ outcome }) => outcome);
					const outcome = ['failed', 'unstarted'].find((each) => all.includes(each)) ?? 'done';
					for (const id of ids) {
						running.delete(id);
						outcomes.set(id, [...(outcomes.get(id) ?? []), outcome]);
					}
					if (outcome === 'failed') return failed();
					return outcome === 'done' ? done : ({ name: 'unstarted', delay: 10 } as const);
				}

				const bench = readerBench(queue, { ...settings, attempts: ATTEMPTS, outcomeOf });
				queue.faults.push(...wrong);
				const arriving = messages.map(
					async (each) =>
						await new Promise<void>((resolve) =>
							setTimeout(() => {
								const [id = 0] = queue.send(each.rows ? change(...each.rows) : truncate());
								bodies.set(id, each);
								if (each.rings) bench.ring();
								resolve();
							}, each.at),
						),
				);
				await jest.advanceTimersByTimeAsync(60_000);
				await Promise.all(arriving);
				for (let turns = 0; queue.size > 0 && turns < 2_000; turns++) {
					await jest.advanceTimersByTimeAsync(20_000);
				}
				expect(broken).toEqual([]);
				expect(queue.size).toBe(0);
				for (const [id, results] of outcomes) {
					const failures = results.filter((each) => each === 'failed').length;
					const last = results.at(-1);
					// Only what was done is acknowledged, and only what failed so often is parked.
					expect([id, queue.acknowledged.includes(id)]).toEqual([id, last === 'done']);
					expect([id, queue.parked.some((each) => each.id === id)]).toEqual([id, last !== 'done']);
					if (last === 'done') expect(failures).toBeLessThan(ATTEMPTS);
					else expect(failures).toBe(ATTEMPTS);
					expect(results.filter((each) => each === 'done').length).toBeLessThanOrEqual(1);
				}
				expect(queue.acknowledged.length + queue.parked.length).toBe(messages.length);
				await bench.close();
				expect(jest.getTimerCount()).toBe(0);
				jest.useRealTimers();
			},
		),
		{ numRuns: 150 },
	);
}, 120_000);
