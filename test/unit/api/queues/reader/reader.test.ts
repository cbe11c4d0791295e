import { DELAYS } from '../../../../../src/api/queues/reader/attempts';
import { missing, modelQueue, outage } from './modelQueue';
import { change, done, failed, pass, readerBench, truncate } from './readerBench';

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
	expect(jest.getTimerCount()).toBe(0);
	jest.useRealTimers();
});

const ended = async () => await Promise.resolve(done);

test('reads until the queue is empty, and acknowledges what was done', async () => {
	const queue = modelQueue();
	queue.send(...Array.from({ length: 250 }, (_, row) => change(`t:${row}`)));
	const bench = readerBench(queue, { outcomeOf: ended });
	await pass(2_000);
	expect(queue.size).toBe(0);
	expect(queue.acknowledged).toHaveLength(250);
	expect(bench.states).toEqual([{ name: 'reading' }]);
	await bench.close();
});

test('nothing is acknowledged before it was done', async () => {
	const queue = modelQueue();
	queue.send(change('a'), change('b'));
	const bench = readerBench(queue);
	await pass(1_000);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[1], [2]]);
	expect(queue.acknowledged).toEqual([]);
	bench.runs[1]?.end(done);
	await pass(100);
	expect(queue.acknowledged).toEqual([2]);
	await bench.close();
	expect(queue.has(1)).toBe(true);
});

test('messages of one row run one after the other, those of others beside them', async () => {
	const queue = modelQueue();
	queue.send(change('a'), change('a'), change('b'), change('b', 'c'), change('c'));
	const bench = readerBench(queue);
	await pass(1_000);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[1], [3]]);
	bench.runs[1]?.end(done);
	await pass(100);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[1], [4]]);
	bench.runs[2]?.end(done);
	bench.runs[0]?.end(done);
	await pass(100);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[2], [5]]);
	await bench.close();
});

test('the next of a row waits until the one before is acknowledged, not only done', async () => {
	const queue = modelQueue();
	queue.send(change('a'), change('a'));
	const bench = readerBench(queue);
	await pass(1_000);
	queue.faults.push('before', 'after');
	bench.runs[0]?.end(done);
	await pass(500);
	expect(bench.runs).toHaveLength(1);
	await pass(10_000);
	expect(queue.acknowledged).toEqual([1]);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[2]]);
	await bench.close();
});

test('a message that concerns the whole table waits for all, and all wait for it', async () => {
	const queue = modelQueue();
	queue.send(change('a'), truncate(), change('b'));
	const bench = readerBench(queue);
	await pass(1_000);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[1]]);
	bench.runs[0]?.end(done);
	await pass(1_000);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[2]]);
	bench.runs[1]?.end(done);
	await pass(1_000);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[3]]);
	await bench.close();
});

test('one that failed comes again, later each time, and is parked in the end', async () => {
	const queue = modelQueue();
	queue.send(change('a'));
	const starts: number[] = [];
	const bench = readerBench(queue, {
		outcomeOf: async () => {
			starts.push(Date.now());
			return await Promise.resolve(failed('The mail server is away'));
		},
	});
	await pass(900_000);
	const waits = starts.slice(1).map((at, index) => (at - (starts[index] ?? 0)) / 1000);
	expect(waits.map(Math.floor)).toEqual(DELAYS.slice(0, 4));
	expect(queue.parked).toEqual([{ id: 1, reason: 'The mail server is away' }]);
	expect(queue.acknowledged).toEqual([]);
	expect(bench.news.map(({ name }) => name)).toEqual([
		...Array.from({ length: 4 }, () => 'retrying'),
		'parked',
	]);
	await bench.close();
});

test('while one of a row waits to be tried again, none of that row runs, and others do', async () => {
	const queue = modelQueue();
	queue.send(change('a'), change('a'), change('b'), change('a', 'b'), change('b'), change('c'));
	const bench = readerBench(queue);
	await pass(1_000);
	bench.runs[0]?.end(failed());
	await pass(1_000);
	bench.runs.find(({ ids }) => ids[0] === 3)?.end(done);
	bench.runs.find(({ ids }) => ids[0] === 6)?.end(done);
	await pass(8_000);
	expect(bench.running()).toEqual([]);
	expect(queue.acknowledged).toEqual([3, 6]);
	expect(queue.inFlight()).toEqual([1]);
	await pass(3_000);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[1]]);
	expect(bench.running()[0]?.messages[0]?.attempt).toBe(2);
	bench.running()[0]?.end(done);
	await pass(100);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[2]]);
	await bench.close();
});

test('claims that came to nothing are no attempts', async () => {
	const queue = modelQueue();
	queue.send(change('a'), change('a'));
	const bench = readerBench(queue, {
		attempts: 3,
		outcomeOf: ([message]) => (message?.id === 1 ? Promise.resolve(failed()) : undefined),
	});
	await pass(60_000);
	expect(queue.parked.map(({ id }) => id)).toEqual([1]);
	expect(bench.running().map(({ ids }) => ids)).toEqual([[2]]);
	// It was given back unbegun behind the first each time.
	expect(bench.running()[0]?.messages[0]?.attempt).toBe(3);
	bench.running()[0]?.end(failed());
	await pass(60_000);
	expect(queue.parked.map(({ id }) => id)).toEqual([1]);
	await bench.close();
});

test('what could not be begun comes again, as often as it takes', async () => {
	const queue = modelQueue();
	queue.send(change('a'));
	let times = 0;
	const bench = readerBench(queue, {
		attempts: 2,
		outcomeOf: async () =>
			await Promise.resolve(++times < 8 ? { name: 'unstarted', delay: 10 } : done),
	});
	await pass(200_000);
	expect(times).toBe(8);
	expect(queue.acknowledged).toEqual([1]);
	await bench.close();
});

describe('the claim', () => {
	test('is held while an execution runs, however long', async () => {
		const queue = modelQueue();
		queue.send(change('a'));
		const bench = readerBench(queue);
		for (let minutes = 0; minutes < 30; minutes++) {
			await pass(60_000);
			expect(queue.inFlight()).toEqual([1]);
		}
		bench.runs[0]?.end(done);
		await pass(100);
		expect(queue.acknowledged).toEqual([1]);
		expect(bench.runs).toHaveLength(1);
		await bench.close();
	});

	test('is held through a failing heartbeat', async () => {
		const queue = modelQueue();
		queue.send(change('a'));
		const bench = readerBench(queue);
		await pass(10_000);
		const { calls } = queue;
		const hide = calls.hide.bind(calls);
		let failures = 3;
		calls.hide = async (...args) => {
			if (failures-- > 0) throw outage();
			return await hide(...args);
		};
		await pass(60_000);
		expect(failures).toBeLessThan(0);
		expect(queue.inFlight()).toEqual([1]);
		expect(bench.runs).toHaveLength(1);
		await bench.close();
	});

	test('that somebody else has now, is not worked on', async () => {
		const queue = modelQueue();
		queue.send(change('a'), change('a'));
		const bench = readerBench(queue);
		await pass(1_000);
		const second = queue.get(2);
		if (second) second.readCount = 7;
		await pass(30_000);
		expect(bench.news).toEqual([{ name: 'lost', messages: 1 }]);
		bench.runs[0]?.end(done);
		await pass(100);
		expect(bench.runs).toHaveLength(1);
		expect(queue.acknowledged).toEqual([1]);
		await bench.close();
	});

	test('that ended while the process stood still, is not worked on', async () => {
		const queue = modelQueue();
		queue.send(change('a'), change('a'));
		const bench = readerBench(queue);
		await pass(1_000);
		expect(bench.runs[0]?.isOurs()).toBe(true);
		// No timer has run, and the clock shows two minutes more.
		jest.setSystemTime(Date.now() + 120_000);
		expect(bench.runs[0]?.isOurs()).toBe(false);
		for (const id of [1, 2]) {
			const message = queue.get(id);
			if (message) message.readCount = 2;
		}
		bench.runs[0]?.end(failed());
		await pass(500);
		expect(queue.released).toEqual([]);
		await pass(6_000);
		expect(bench.running().map(({ messages }) => messages[0]?.attempt)).toEqual([3]);
		await bench.close();
	});

	test('whose answer was lost comes again when it ends', async () => {
		const queue = modelQueue();
		queue.faults.push('after');
		queue.send(change('a'));
		const bench = readerBench(queue, { outcomeOf: ended });
		await pass(50_000);
		expect(bench.runs).toEqual([]);
		await pass(20_000);
		expect(queue.acknowledged).toEqual([1]);
		expect(bench.states.map(({ name }) => name)).toEqual(['waiting', 'reading']);
		await bench.close();
	});

	test('never asks for more than the function gives', async () => {
		const queue = modelQueue();
		const bench = readerBench(queue, { size: 5_000 });
		await pass(100);
		expect(queue.claims[0]?.size).toBe(1_000);
		await bench.close();
	});
});

describe('the bell', () => {
	test('is followed at once, and without it the queue is looked at every few seconds', async () => {
		const queue = modelQueue();
		const bench = readerBench(queue, { outcomeOf: ended });
		await pass(1_000);
		queue.send(change('a'));
		await pass(3_000);
		expect(queue.acknowledged).toEqual([]);
		await pass(2_000);
		expect(queue.acknowledged).toEqual([1]);
		bench.heard(true);
		await pass(1_000);
		queue.send(change('a'));
		bench.ring();
		await pass(100);
		expect(queue.acknowledged).toEqual([1, 2]);
		await bench.close();
	});

	test('while it is heard, the queue is looked at seldom', async () => {
		const queue = modelQueue();
		const bench = readerBench(queue);
		bench.heard(true);
		await pass(1_000);
		const before = queue.claims.length;
		await pass(300_000);
		expect(queue.claims.length - before).toBeLessThanOrEqual(12);
		expect(queue.claims.length - before).toBeGreaterThanOrEqual(9);
		bench.heard(false);
		await pass(300_000);
		expect(queue.claims.length - before).toBeGreaterThan(60);
		await bench.close();
	});

	test('that rings during a claim is not lost', async () => {
		const queue = modelQueue();
		queue.setLatency(500);
		const bench = readerBench(queue, { outcomeOf: ended });
		bench.heard(true);
		// The first claim has found nothing by now, and its answer is on its way.
		await pass(700);
		queue.send(change('a'));
		bench.ring();
		await pass(4_000);
		expect(queue.acknowledged).toEqual([1]);
		await bench.close();
	});

	test('is closed with the reader', async () => {
		const bench = readerBench(modelQueue());
		await pass(100);
		await bench.close();
		expect(bench.bellIsClosed()).toBe(true);
	});
});

describe('faults', () => {
	test('an outage is told once, and its end', async () => {
		const queue = modelQueue();
		queue.faults.push(...Array.from({ length: 6 }, () => 'before' as const));
		queue.send(change('a'));
		const bench = readerBench(queue, { outcomeOf: ended });
		await pass(120_000);
		expect(bench.states.map(({ name }) => name)).toEqual(['waiting', 'reading']);
		expect(queue.acknowledged).toEqual([1]);
		await bench.close();
	});

	test.each(['PGRST202', '42P01', '42501'])('%s does not mend itself', async (code) => {
		const queue = modelQueue();
		queue.faults.push(missing(code));
		const bench = readerBench(queue);
		await pass(600_000);
		expect(bench.states).toMatchObject([{ name: 'refused', reason: { code } }]);
		expect(queue.claims).toEqual([]);
		await bench.close();
	});

	test('an acknowledgement is repeated until it is answered', async () => {
		const queue = modelQueue();
		queue.send(change('a'));
		const bench = readerBench(queue);
		await pass(100);
		queue.faults.push('after', 'before', 'after');
		bench.runs[0]?.end(done);
		await pass(60_000);
		expect(queue.acknowledged).toEqual([1]);
		expect(bench.runs).toHaveLength(1);
		await bench.close();
	});
});

describe('closing', () => {
	test('gives back what was not begun, and leaves what runs to its claim', async () => {
		const queue = modelQueue();
		queue.send(change('a'), change('a'), change('b'));
		const bench = readerBench(queue, { width: 1 });
		await pass(1_000);
		await bench.close();
		expect(queue.released).toEqual([
			{ id: 2, delay: 0 },
			{ id: 3, delay: 0 },
		]);
		expect(queue.inFlight()).toEqual([1]);
	});

	test('gives back what a claim under way brings', async () => {
		const queue = modelQueue();
		queue.setLatency(1_000);
		queue.send(change('a'));
		const bench = readerBench(queue);
		await pass(1_500);
		await bench.close();
		expect(bench.runs).toEqual([]);
		expect(queue.inFlight()).toEqual([]);
	});

	test('writes an outcome that is known', async () => {
		const queue = modelQueue();
		queue.send(change('a'));
		const bench = readerBench(queue);
		await pass(100);
		bench.runs[0]?.end(done);
		await bench.close();
		expect(queue.acknowledged).toEqual([1]);
	});

	test('takes no longer than it may when nobody answers', async () => {
		const queue = modelQueue();
		const signals: AbortSignal[] = [];
		const bench = readerBench(queue, {
			connect: (signal) => {
				signals.push(signal);
				const never = async () =>
					await new Promise<never>((_, reject) => {
						signal.addEventListener('abort', () => reject(signal.reason as Error));
					});
				return { claim: never, acknowledge: never, hide: never, park: never };
			},
		});
		await pass(1_000);
		const closed = bench.reader.close();
		await pass(5_000);
		await closed;
		expect(signals[0]?.aborted).toBe(true);
	});

	test('can be asked for twice, and during an outage', async () => {
		const queue = modelQueue();
		queue.faults.push(...Array.from({ length: 50 }, () => 'before' as const));
		const bench = readerBench(queue);
		await pass(20_000);
		await Promise.all([bench.close(), bench.close()]);
		expect(bench.states).toHaveLength(1);
	});
});

describe('in batches', () => {
	test('several messages run together, in order, and are acknowledged together', async () => {
		const queue = modelQueue();
		queue.send(change('a'), change('a'), change('b'), change('c'), change('c'));
		const bench = readerBench(queue, { batch: { events: 3, wait: 1_000 } });
		await pass(100);
		expect(bench.running().map(({ ids }) => ids)).toEqual([[1, 2, 3]]);
		await pass(2_000);
		expect(bench.running().map(({ ids }) => ids)).toEqual([
			[1, 2, 3],
			[4, 5],
		]);
		bench.runs[0]?.end(done);
		await pass(100);
		expect(queue.acknowledged).toEqual([1, 2, 3]);
		await bench.close();
	});

	test('what failed together is tried again one by one, so that one does not park others', async () => {
		const queue = modelQueue();
		queue.send(change('a'), change('b'), change('c'));
		const bench = readerBench(queue, {
			attempts: 3,
			batch: { events: 10, wait: 100 },
			outcomeOf: async (messages) =>
				await Promise.resolve(messages.some(({ id }) => id === 2) ? failed() : done),
		});
		await pass(300_000);
		expect(queue.acknowledged.sort()).toEqual([1, 3]);
		expect(queue.parked.map(({ id }) => id)).toEqual([2]);
		await bench.close();
	});
});

test('a queue of one after the other is kept in order, through failures', async () => {
	const queue = modelQueue('queue');
	queue.send('a', 'b', 'c');
	const order: number[] = [];
	let hasFailed = false;
	const bench = readerBench(queue, {
		order: 'queue',
		width: 1,
		outcomeOf: async ([message]) => {
			order.push(Number(message?.id));
			if (message?.id !== 2 || hasFailed) return await Promise.resolve(done);
			hasFailed = true;
			return await Promise.resolve(failed());
		},
	});
	await pass(60_000);
	expect(order).toEqual([1, 2, 2, 3]);
	await bench.close();
});

test('what is done in no time holds up nothing', async () => {
	const queue = modelQueue();
	queue.send(...Array.from({ length: 30 }, () => change('a')));
	let times = 0;
	const bench = readerBench(queue, {
		run: async () => {
			for (let turns = 0; turns < times % 7; turns++) await Promise.resolve();
			times++;
			return done;
		},
	});
	await pass(4_000);
	expect(queue.acknowledged).toHaveLength(30);
	await bench.close();
});

test('without an order a message that fails holds up no other', async () => {
	const queue = modelQueue('none');
	queue.send('a', null, ['c']);
	const bench = readerBench(queue, {
		order: 'none',
		outcomeOf: async ([message]) => await Promise.resolve(message?.id === 1 ? failed() : done),
	});
	await pass(1_000);
	expect(queue.acknowledged).toEqual([2, 3]);
	await bench.close();
});
