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
		await pause();
	}
	clearInterval(others);
	expect(turns).toBeGreaterThanOrEqual(3);
});

it('does not wait where there is little to do', async () => {
	// However long a busy machine takes for it.
	const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
	let turned = false;
	const turn = setImmediate(() => (turned = true));
	const pause = pacer();
	for (let i = 0; i < 100; i++) await pause();
	clearImmediate(turn);
	clock.mockRestore();
	expect(turned).toBe(false);
});
