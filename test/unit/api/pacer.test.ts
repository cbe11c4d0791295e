import { setImmediate as nextTurn } from 'node:timers/promises';

import { pacer } from '../../../src/api/pacer';

/** Works for some milliseconds, as a loop over many items does. */
function work(milliseconds: number): void {
	const until = performance.now() + milliseconds;
	while (performance.now() < until);
}

it('lets others in the process have their turn while a long loop runs', async () => {
	let turns = 0;
	const others = setInterval(() => turns++, 1);
	const pause = pacer();
	for (let i = 0; i < 40; i++) {
		work(5);
		if (pause.isDue()) await pause();
	}
	clearInterval(others);
	expect(turns).toBeGreaterThanOrEqual(3);
});

it('does not wait where there is little to do', async () => {
	// A turn of its own, which the test before has not used up, however long a busy machine takes.
	await nextTurn();
	const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
	let turned = false;
	const turn = setImmediate(() => (turned = true));
	const pause = pacer();
	for (let i = 0; i < 100; i++) if (pause.isDue()) await pause();
	clearImmediate(turn);
	clock.mockRestore();
	expect(turned).toBe(false);
});

it('lets others have their turn between loops that are short each', async () => {
	let turns = 0;
	const others = setInterval(() => turns++, 1);
	for (let i = 0; i < 20; i++) {
		const pause = pacer();
		for (let j = 0; j < 2; j++) {
			if (pause.isDue()) await pause();
			work(5);
		}
	}
	clearInterval(others);
	expect(turns).toBeGreaterThanOrEqual(3);
});

it('lets each of several loops go on for a while in every turn', async () => {
	const steps = [0, 0];
	const loop = async (at: 0 | 1) => {
		const pause = pacer();
		while (Math.max(...steps) < 400) {
			if (pause.isDue()) await pause();
			work(0.5);
			steps[at] = (steps[at] ?? 0) + 1;
		}
	};
	await Promise.all([loop(0), loop(1)]);
	// One step a turn would be eight of them.
	expect(Math.min(...steps)).toBeGreaterThan(16);
});

it('looks at the clock seldom while steps are short, and at each step once they are long', async () => {
	await nextTurn();
	const pause = pacer();
	const clock = jest.spyOn(performance, 'now');
	for (let i = 0; i < 1_600; i++) pause.isDue();
	expect(clock.mock.calls.length).toBeLessThan(200);
	// At the most as many steps as were short before go by until it is seen that they are not.
	let longest = 0;
	let since = 0;
	for (let i = 0; i < 60; i++) {
		clock.mockClear();
		work(3);
		const before = clock.mock.calls.length;
		if (pause.isDue()) await pause();
		since = clock.mock.calls.length > before ? 0 : since + 1;
		longest = Math.max(longest, i < 20 ? 0 : since);
	}
	clock.mockRestore();
	expect(longest).toBe(0);
});
