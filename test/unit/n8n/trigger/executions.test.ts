import type { INodeExecutionData, IRun } from 'n8n-workflow';

import { executions, oneByOne, SIDE_BY_SIDE } from '../../../../src/n8n/trigger/executions';
import { rejectionOf, thrownBy } from '../../thrown';

/** As n8n's own. */
interface Deferred {
	readonly promise: Promise<IRun>;
	resolve(run: IRun): void;
	reject(error: Error): void;
}

function createDeferredPromise(): Deferred {
	let resolve: Deferred['resolve'] = () => {};
	let reject: Deferred['reject'] = () => {};
	const promise = new Promise<IRun>((fulfil, refuse) => {
		resolve = fulfil;
		reject = refuse;
	});
	return { promise, resolve, reject };
}

/** A node whose executions end when the test says so. */
function fakeNode(emit: () => void = () => {}) {
	const started: Array<Deferred> = [];
	const keys: Array<string | undefined> = [];
	const node = {
		helpers: { createDeferredPromise },
		emit(_: INodeExecutionData[][], __: unknown, done: Deferred, key?: string) {
			emit();
			started.push(done);
			keys.push(key);
		},
	};
	return { node: node as never, started, keys };
}

const closings: AbortController[] = [];
function untilTheEnd(): AbortSignal {
	const closing = new AbortController();
	closings.push(closing);
	return closing.signal;
}
afterEach(() => {
	for (const closing of closings.splice(0)) closing.abort();
});

const item = { json: {} };
const settledSoon = async (promise: Promise<unknown>) =>
	await Promise.race([
		promise.then(() => true),
		new Promise<false>((resolve) => setImmediate(() => setImmediate(() => resolve(false)))),
	]);

test('one at a time waits until the one before has ended, however it ended', async () => {
	const { node, started } = fakeNode();
	const run = executions(node, { atOnce: 1, longest: 60_000 }, untilTheEnd());
	for (const end of [
		(done: Deferred) => done.resolve({} as IRun),
		(done: Deferred) => done.reject(new Error('It failed')),
		(done: Deferred) => done.resolve(undefined as never),
	]) {
		await run.room();
		run.start([item]);
		const next = run.room();
		expect(await settledSoon(next)).toBe(false);
		end(started.at(-1) as Deferred);
		await next;
	}
	expect(started).toHaveLength(3);
});

test('one that never ends is not waited for longer than is allowed', async () => {
	const { node } = fakeNode();
	const run = executions(node, { atOnce: 1, longest: 30 }, untilTheEnd());
	const began = performance.now();
	run.start([item]);
	await run.room();
	expect(performance.now() - began).toBeGreaterThanOrEqual(25);
	expect(run.running().size).toBe(0);
});

test('closing ends every wait, and nothing is started any more', async () => {
	const { node } = fakeNode();
	const closing = new AbortController();
	const run = executions(node, { atOnce: 1, longest: 60_000 }, closing.signal);
	run.start([item]);
	const next = run.room();
	closing.abort(new Error('The trigger was closed'));
	expect((await rejectionOf(next)).message).toBe('The trigger was closed');
	expect(run.running().size).toBe(0);
});

test('what emit throws is thrown, and holds nothing up', async () => {
	const { node } = fakeNode(() => {
		throw new Error('n8n has no room');
	});
	const run = executions(node, { atOnce: 1, longest: 60_000 }, untilTheEnd());
	expect(thrownBy(() => run.start([item])).message).toBe('n8n has no room');
	await run.room();
});

test('side by side there are never more than n8n can hold', async () => {
	const { node, started } = fakeNode();
	const run = executions(node, SIDE_BY_SIDE, untilTheEnd());
	for (let index = 0; index < SIDE_BY_SIDE.atOnce; index++) {
		await run.room();
		run.start([item], `key ${index}`);
	}
	const next = run.room();
	expect(await settledSoon(next)).toBe(false);
	started[7]?.resolve({} as IRun);
	await next;
	expect(run.running().size).toBe(SIDE_BY_SIDE.atOnce - 1);
});

test('the deduplication key is handed on', () => {
	const { node, keys } = fakeNode();
	const run = executions(node, SIDE_BY_SIDE, untilTheEnd());
	run.start([item], 'a key');
	run.start([item]);
	expect(keys).toEqual(['a key', undefined]);
});

describe('the longest wait', () => {
	const { EXECUTIONS_TIMEOUT } = process.env;
	afterAll(() => setDefault(EXECUTIONS_TIMEOUT));

	function setDefault(seconds: string | undefined): void {
		if (seconds === undefined) delete process.env.EXECUTIONS_TIMEOUT;
		else process.env.EXECUTIONS_TIMEOUT = seconds;
	}

	test.each([
		// Ten minutes more than n8n allows, which an execution may spend waiting for a worker.
		[{ executionTimeout: 20 }, undefined, 620_000],
		[{ executionTimeout: 20 }, '300', 620_000],
		[{ executionTimeout: 3600 }, undefined, 4_200_000],
		[{ executionTimeout: 10 ** 9 }, undefined, 2 ** 31 - 1],
		[{ executionTimeout: -1 }, undefined, 3_600_000],
		[{ executionTimeout: -1 }, '300', 3_600_000],
		[{}, undefined, 3_600_000],
		[{}, '300', 900_000],
		[{}, '-1', 3_600_000],
		[{}, 'never', 3_600_000],
	])('of %j, with a default of %s seconds, is %i', (settings, seconds, longest) => {
		setDefault(seconds);
		const node = { getWorkflowSettings: () => settings };
		expect(oneByOne(node as never)).toEqual({ atOnce: 1, longest });
	});

	test('is an hour where n8n tells no settings', () => {
		setDefault(undefined);
		expect(oneByOne({} as never).longest).toBe(3_600_000);
	});
});
