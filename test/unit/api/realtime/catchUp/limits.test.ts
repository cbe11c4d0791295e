import { World } from './world';

const timings = { sweep: 60_000, soon: 20, settle: 60, retry: 30, rejoinSoon: 60_000 };

beforeEach(() => {
	jest.useFakeTimers({
		now: Date.parse('2026-01-01T00:00:00Z'),
		doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
	});
});

afterEach(() => {
	jest.useRealTimers();
});

const MINUTE = 60_000_000n;

async function opened(world: World): Promise<void> {
	world.open();
	await jest.advanceTimersByTimeAsync(20);
	world.subscribe();
	await jest.advanceTimersByTimeAsync(500);
}

async function swept(world: World): Promise<void> {
	world.feed?.sweep();
	await jest.advanceTimersByTimeAsync(2_000);
}

const ids = ({ emitted }: World) => emitted.map(({ event }) => Number(event.key?.id));
const told = ({ news }: World, name: string) => news.filter((each) => each.name === name).length;
const rows = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => ({ id: first + index }));

describe('a database clock that runs back', () => {
	/** Rows 1 and 2 come, a sweep has passed them, and the clock runs back by ten minutes. */
	async function ranBack(): Promise<World> {
		const world = new World({ timings });
		await opened(world);
		world.commit(rows(1, 2));
		world.deliver();
		await swept(world);
		world.clockOffset = -600_000;
		await jest.advanceTimersByTimeAsync(5_000);
		return world;
	}

	test('loses nothing of what is written from then on: sweeps begin there', async () => {
		const world = await ranBack();
		world.commit(rows(3, 1));
		world.deliver();
		await jest.advanceTimersByTimeAsync(2_000);
		expect(told(world, 'clockBack')).toBe(1);
		world.commit(rows(4, 2));
		world.lose();
		await swept(world);
		expect(ids(world)).toEqual([1, 2, 3, 4, 5]);
		await world.feed?.close();
	});

	test('has what was lost since the last sweep found as well', async () => {
		const world = await ranBack();
		world.commit(rows(3, 1));
		world.lose();
		await jest.advanceTimersByTimeAsync(10_000);
		world.commit(rows(4, 1));
		world.deliver();
		await jest.advanceTimersByTimeAsync(2_000);
		expect(ids(world).sort()).toEqual([1, 2, 3, 4]);
		await swept(world);
		expect(ids(world)).toHaveLength(4);
		await world.feed?.close();
	});

	test('is one that has run back while nobody listened, too', async () => {
		const world = await ranBack();
		world.crash();
		await jest.advanceTimersByTimeAsync(20);
		world.subscribe();
		await jest.advanceTimersByTimeAsync(500);
		const before = world.emitted.length;
		world.commit(rows(3, 1));
		world.deliver();
		await jest.advanceTimersByTimeAsync(2_000);
		world.commit(rows(4, 1));
		world.lose();
		await swept(world);
		expect(ids(world).slice(before)).toEqual([3, 4]);
		await world.feed?.close();
	});

	test('is not one of transactions that take their time', async () => {
		const world = await ranBack();
		world.clockOffset = 0;
		world.commit(rows(3, 1), world.now() - MINUTE / 2n);
		world.deliver();
		await swept(world);
		expect(told(world, 'clockBack')).toBe(0);
		expect(ids(world)).toEqual([1, 2, 3]);
		await world.feed?.close();
	});
});

describe('more rows at once than are remembered', () => {
	const limits = { remembered: 20, kept: 10 };

	/** A hundred rows of one moment, most of them lost on their way. */
	async function narrowed(): Promise<World> {
		const world = new World({ timings, limits });
		await opened(world);
		for (let turn = 0; turn < 10; turn++) {
			world.commit(rows(turn * 10, 10));
			world.deliver(3);
			world.lose();
			await jest.advanceTimersByTimeAsync(10);
		}
		await swept(world);
		return world;
	}

	test('come once each, and it is told that the window is narrower', async () => {
		const world = await narrowed();
		expect(ids(world).sort((a, b) => a - b)).toEqual(rows(0, 100).map(({ id }) => id));
		expect(told(world, 'narrowed')).toBeGreaterThan(0);
		await swept(world);
		await swept(world);
		expect(world.emitted).toHaveLength(100);
		await world.feed?.close();
	});

	test('leave what is written later to be found, and what is committed late to come live', async () => {
		const world = await narrowed();
		world.commit(rows(200, 2));
		world.lose();
		await swept(world);
		expect(ids(world).slice(100)).toEqual([200, 201]);
		world.commit(rows(300, 1), world.now() - MINUTE / 2n);
		world.deliver();
		await swept(world);
		expect(ids(world).slice(102)).toEqual([300]);
		await world.feed?.close();
	});

	test('come again in part after a crash, as far as they are not kept, and none twice in one life', async () => {
		const world = await narrowed();
		world.crash();
		await jest.advanceTimersByTimeAsync(20);
		world.commit(rows(200, 30));
		world.lose();
		world.subscribe();
		await jest.advanceTimersByTimeAsync(5_000);
		await swept(world);
		const later = ids(world).slice(100);
		expect(later).toEqual(expect.arrayContaining(rows(200, 30).map(({ id }) => id)));
		expect(new Set(later).size).toBe(later.length);
		expect(later.length).toBeLessThanOrEqual(30 + limits.kept);
		await world.feed?.close();
	});

	test('widen it again when fewer come', async () => {
		const world = await narrowed();
		await jest.advanceTimersByTimeAsync(300_000);
		world.commit(rows(400, 1));
		world.deliver();
		await swept(world);
		const before = told(world, 'narrowed');
		await jest.advanceTimersByTimeAsync(1_000);
		world.commit(rows(401, 1));
		world.lose();
		await swept(world);
		expect(told(world, 'narrowed')).toBe(before);
		expect(ids(world).slice(100)).toEqual([400, 401]);
		// Committed late, before the cursor but behind the place to which the window was narrowed.
		world.commit(rows(402, 1), world.now() - MINUTE / 2n);
		world.lose();
		await swept(world);
		expect(ids(world).slice(102)).toEqual([402]);
		await world.feed?.close();
	});
});
