import { setTimeout as sleep } from 'node:timers/promises';

import type { Send } from '../../../src/api/transport';
import { carryOut, eachItem, eachRead, groupBy } from '../../../src/n8n/each';
import type { Job, Output, Run } from '../../../src/n8n/operation';
import { nodeError } from '../../../src/n8n/errors';
import { rejectionOf } from '../thrown';
import { aNode } from './node';

interface Plan {
	readonly table: string;
	readonly id?: number;
}

const senders = Array.from({ length: 2 }, (): Send => () => Promise.reject(new Error('not used')));
const [anna, ben] = senders as [Send, Send];

const job = (item: number, plan: Plan, send = anna) =>
	({ item, plan, send, sendAfterCancel: send }) as Job<Plan>;

const running = (continueOnFail = false, hint = jest.fn()) =>
	({ continueOnFail, hint }) as unknown as Run;

const row = (json: Record<string, number>): Output[] => [{ json }];

describe('eachRead', () => {
	it('makes identical reads once, and gives each item rows of its own', async () => {
		const read = jest.fn(async () => row({ id: 1 }));
		const jobs = Array.from({ length: 1000 }, (_, item) => job(item, { table: 'planets' }));
		const results = await eachRead<Plan>(read)(jobs, running());
		expect(read).toHaveBeenCalledTimes(1);
		expect(results).toEqual(jobs.map(({ item }) => ({ items: [item], json: { id: 1 } })));
		const objects = results.map((result) => 'json' in result && result.json);
		expect(new Set(objects).size).toBe(1000);
	});

	it('says so where all items asked for the same', async () => {
		const hint = jest.fn();
		const read = async () => row({ id: 1 });
		const jobs = [1, 2, 2].map((id, item) => job(item, { table: 't', id }));
		await eachRead<Plan>(read)(jobs, running(false, hint));
		await eachRead<Plan>(read)(jobs.slice(0, 1), running(false, hint));
		expect(hint).not.toHaveBeenCalled();
		await eachRead<Plan>(read)(jobs.slice(1), running(false, hint));
		expect(hint.mock.calls).toEqual([[expect.stringMatching(/^All 2 items asked for the same/)]]);
	});

	it('makes reads that differ side by side, with a bound', async () => {
		let now = 0;
		let peak = 0;
		const jobs = Array.from({ length: 60 }, (_, item) => job(item, { table: 't', id: item % 30 }));
		const read = jest.fn(async ({ id = 0 }: Plan) => {
			peak = Math.max(peak, ++now);
			await sleep(id % 3);
			now--;
			return row({ id });
		});
		const results = await eachRead<Plan>(read)(jobs, running());
		expect(read).toHaveBeenCalledTimes(30);
		expect(peak).toBe(10);
		const pairs = results.map((each) => [each.items[0], 'json' in each && each.json.id]);
		expect(pairs.sort(([a], [b]) => Number(a) - Number(b))).toEqual(
			jobs.map(({ item, plan }) => [item, plan.id]),
		);
	});

	it('never shares what different users read', async () => {
		const read = jest.fn(async (_plan: Plan, send: Send) => row({ id: send === anna ? 1 : 2 }));
		const jobs = [job(0, { table: 't' }), job(1, { table: 't' }, ben), job(2, { table: 't' })];
		const results = await eachRead<Plan>(read)(jobs, running());
		expect(read.mock.calls.map(([, send]) => send)).toEqual([anna, ben]);
		expect(results).toEqual([
			{ items: [0], json: { id: 1 } },
			{ items: [2], json: { id: 1 } },
			{ items: [1], json: { id: 2 } },
		]);
	});

	it('gives an item as many results as rows, also none', async () => {
		const read = async ({ id = 0 }: Plan) =>
			Array.from({ length: id }, (_, n) => ({ json: { n } }));
		const jobs = [job(0, { table: 't', id: 2 }), job(1, { table: 't', id: 0 })];
		await expect(eachRead<Plan>(read)(jobs, running())).resolves.toEqual([
			{ items: [0], json: { n: 0 } },
			{ items: [0], json: { n: 1 } },
		]);
	});

	it('stops at the first failure, and names its item', async () => {
		const read = jest.fn(async ({ id = 0 }: Plan) => {
			if (id === 3) throw new Error('the third');
			await sleep(20);
			return row({ id });
		});
		const jobs = Array.from({ length: 100 }, (_, index) =>
			job(index + 10, { table: 't', id: index }),
		);
		const error = await rejectionOf(eachRead<Plan>(read)(jobs, running()));
		expect(error.message).toBe('the third');
		expect(nodeError(aNode, error).context.itemIndex).toBe(13);
		await sleep(50);
		expect(read.mock.calls.length).toBeLessThanOrEqual(10);
	});

	it('gives each item its own error where the node goes on', async () => {
		const failure = new Error('no odd ones');
		const read = jest.fn(async ({ id = 0 }: Plan) => {
			if (id % 2) throw failure;
			return row({ id });
		});
		const jobs = [0, 1, 1, 2].map((id, item) => job(item, { table: 't', id }));
		await expect(eachRead<Plan>(read)(jobs, running(true))).resolves.toEqual([
			{ items: [0], json: { id: 0 } },
			{ items: [1], error: failure },
			{ items: [2], error: failure },
			{ items: [3], json: { id: 2 } },
		]);
		expect(read).toHaveBeenCalledTimes(3);
	});
});

it('groupBy keeps the order of the jobs, and users apart', async () => {
	const jobs = [
		job(0, { table: 'a' }),
		job(1, { table: 'b' }),
		job(2, { table: 'a' }, ben),
		job(3, { table: 'a' }),
	];
	const groups = await groupBy(jobs, ({ plan }) => plan.table);
	const items = [...groups.values()].map((group) => group.map(({ item }) => item));
	expect(items).toEqual([[0, 3], [1], [2]]);
});

it('groupBy takes what is equal for the same, whether plans share it or not', async () => {
	const shared = { schema: 'public', name: 'a' };
	const keys: Array<readonly unknown[]> = [
		[shared, true, 'x'],
		[shared, true, 'x'],
		[{ ...shared }, true, 'x'],
		[shared, false, 'x'],
		[shared, 'true', 'x'],
		[shared, true],
		[shared, true, 'x', undefined],
		[shared, true, 'x'],
	];
	const jobs = keys.map((_, item) => job(item, { table: 'a' }));
	const groups = await groupBy(jobs, ({ item }) => keys[item] ?? []);
	const items = [...groups.values()].map((group) => group.map(({ item }) => item));
	expect(items).toEqual([[0, 1, 2, 7], [3], [4], [5], [6]]);
});

describe('carrying out', () => {
	const many = (count: number) =>
		Array.from({ length: count }, (_, item) => job(item, { table: 't', id: item }));
	const target = ({ plan: { id = 0 } }: Job<Plan>) => [String(id % 3)];

	it('keeps the order of what shares a target, and runs the rest side by side', async () => {
		const order = new Map<string, number[]>();
		let now = 0;
		let peak = 0;
		const execute = eachItem<Plan>(
			async ({ item, plan: { id = 0 } }) => {
				peak = Math.max(peak, ++now);
				const [lane = ''] = target(job(item, { table: 't', id }));
				await sleep((30 - item) % 7);
				order.set(lane, [...(order.get(lane) ?? []), item]);
				now--;
				return { json: { id } };
			},
			{ targetsOf: target },
		);
		await execute(many(30), running());
		for (const items of order.values()) expect(items).toEqual([...items].sort((a, b) => a - b));
		expect([order.size, peak]).toEqual([3, 3]);
	});

	it('keeps the order through what links two targets', async () => {
		const touched: number[] = [];
		const targets = [['a'], ['b'], ['a', 'b'], ['b'], ['a']];
		const execute = eachItem<Plan>(
			async ({ item }) => {
				await sleep(5 - item);
				touched.push(item);
				return [];
			},
			{ targetsOf: ({ item }) => targets[item] ?? [] },
		);
		await execute(many(5), running());
		expect(touched).toEqual([0, 1, 2, 3, 4]);
	});

	it('waits for what is under way before it fails, and begins no more', async () => {
		const begun: number[] = [];
		const ended: number[] = [];
		const execute = eachItem<Plan>(
			async ({ item }) => {
				begun.push(item);
				if (item === 2) throw new Error('the third');
				await sleep(30);
				ended.push(item);
				return [];
			},
			{ width: 4 },
		);
		await rejectionOf(execute(many(20), running()));
		expect(ended).toEqual(begun.filter((item) => item !== 2));
		expect(begun).toEqual([0, 1, 2, 3]);
	});

	it('has the width that the person wants', async () => {
		let now = 0;
		let peak = 0;
		const execute = eachItem<Plan>(
			async () => {
				peak = Math.max(peak, ++now);
				await sleep(1);
				now--;
				return [];
			},
			{ width: 1 },
		);
		await execute(many(30), { ...running(), itemsAtOnce: 20 } as Run);
		expect(peak).toBe(20);
	});

	it('takes 150,000 items, all about one thing, and lets others have their turn', async () => {
		let turns = 0;
		const others = setInterval(() => turns++, 1);
		const groups = many(150_000).map((each): [Job<Plan>] => [each]);
		const results = await carryOut(
			groups,
			running(),
			async ([{ item }]) => [{ items: [item], json: { item } }],
			{ targetsOf: () => ['one'] },
		);
		clearInterval(others);
		expect(results).toHaveLength(150_000);
		expect(results.at(-1)?.items).toEqual([149_999]);
		expect(turns).toBeGreaterThan(1);
	});
});
