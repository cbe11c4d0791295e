import fc from 'fast-check';

import { World } from './world';

/** What may happen, one thing after another, with some time between. */
type Step =
	| { readonly what: 'write'; readonly ids: number[]; readonly age: number }
	| { readonly what: 'delete'; readonly id: number }
	| { readonly what: 'bulk'; readonly count: number }
	| { readonly what: 'deliver' | 'lose' | 'cap' | 'fail' | 'slow' | 'wait'; readonly count: number }
	| { readonly what: 'subscribe' | 'disconnect' | 'crash' | 'sweep' };

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			what: fc.constant('write' as const),
			ids: fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }),
			age: fc.oneof(fc.constant(0), fc.nat(50_000)),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ what: fc.constant('delete' as const), id: fc.nat(7) }) },
	{ weight: 1, arbitrary: fc.record({ what: fc.constant('bulk' as const), count: fc.nat(40) }) },
	{
		weight: 8,
		arbitrary: fc.record({ what: fc.constant('deliver' as const), count: fc.nat(6) }),
	},
	{
		weight: 6,
		arbitrary: fc.record({ what: fc.constant('wait' as const), count: fc.nat(400) }),
	},
	{
		weight: 5,
		arbitrary: fc.record({
			what: fc.constantFrom('lose' as const, 'cap' as const, 'fail' as const, 'slow' as const),
			count: fc.nat(8),
		}),
	},
	{
		weight: 4,
		arbitrary: fc.record({
			what: fc.constantFrom('subscribe' as const, 'disconnect' as const, 'sweep' as const),
		}),
	},
);

const crash: fc.Arbitrary<Step> = fc.record({ what: fc.constant('crash' as const) });

const timings = { sweep: 2_000, soon: 20, settle: 60, retry: 30, rejoinSoon: 500 };

async function play(world: World, steps: readonly Step[]): Promise<void> {
	world.open();
	await jest.advanceTimersByTimeAsync(20);
	world.subscribe();
	for (const each of steps) {
		take(world, each);
		await jest.advanceTimersByTimeAsync(each.what === 'wait' ? each.count : 3);
	}
	// Then all is well, and stays so.
	world.failures = 0;
	world.emitTime = 0;
	world.subscribe();
	for (let turn = 0; turn < 10; turn++) {
		world.deliver();
		await jest.advanceTimersByTimeAsync(1_000);
	}
	await world.feed?.close();
}

function take(world: World, each: Step): void {
	switch (each.what) {
		case 'write':
			return world.commit(
				each.ids.map((id) => ({ id })),
				world.now() - BigInt(each.age) * 1000n,
			);
		case 'delete':
			return world.commit([{ id: each.id, delete: true }]);
		case 'bulk':
			return world.commit(Array.from({ length: each.count }, (_, index) => ({ id: 100 + index })));
		case 'deliver':
			return world.deliver(each.count);
		case 'lose':
			return world.lose(each.count);
		case 'cap':
			world.rowCap = each.count + 1;
			return;
		case 'fail':
			world.failures = each.count % 4;
			return;
		case 'slow':
			world.emitTime = each.count;
			return;
		case 'wait':
			return;
		case 'subscribe':
			return world.subscribe();
		case 'disconnect':
			return world.disconnect();
		case 'crash':
			return world.crash();
		case 'sweep':
			return world.feed?.sweep();
	}
}

/** The last of what was handed out of each row is its latest version. */
function lastVersions(world: World): Record<number, unknown> {
	const last: Record<number, unknown> = {};
	for (const { event } of world.emitted) {
		const id = Number(event.key?.id);
		if (event.event === 'DELETE') delete last[id];
		else last[id] = event.record?.v;
	}
	return last;
}

function versionsInTable(world: World): Record<number, unknown> {
	return Object.fromEntries([...world.rows.values()].map(({ id, v }) => [id, v]));
}

/** Versions that one life of the feed handed out twice. */
function repeated(world: World): string[] {
	const seen = new Set<string>();
	return world.emitted.flatMap(({ life, event }) => {
		if (event.event === 'DELETE') return [];
		const name = `${life}: ${String(event.record?.v)}`;
		if (seen.has(name)) return [name];
		seen.add(name);
		return [];
	});
}

beforeEach(() => {
	jest.useFakeTimers({
		now: Date.parse('2026-01-01T00:00:00Z'),
		doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
	});
});

afterEach(() => {
	jest.useRealTimers();
});

test('whatever is lost, late, cut or repeated: every row ends at its latest version, no version comes twice', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
			const world = new World({ timings });
			await play(world, steps);
			const last = lastVersions(world);
			for (const [id, v] of Object.entries(versionsInTable(world))) {
				expect([id, last[Number(id)]]).toEqual([id, v]);
			}
			expect(repeated(world)).toEqual([]);
		}),
		{ numRuns: Number(process.env.RUNS ?? 60) },
	);
});

test('a crash at any place repeats, and loses nothing', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.oneof({ weight: 12, arbitrary: step }, { weight: 1, arbitrary: crash }), {
				maxLength: 60,
			}),
			async (steps) => {
				const world = new World({ timings });
				await play(world, steps);
				const last = lastVersions(world);
				for (const [id, v] of Object.entries(versionsInTable(world))) {
					expect([id, last[Number(id)]]).toEqual([id, v]);
				}
				expect(repeated(world)).toEqual([]);
			},
		),
		{ numRuns: Number(process.env.RUNS ?? 60) },
	);
});
