import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may hold the event loop, in milliseconds. */
const LONGEST = 25;

/**
 * For long loops: `await pause()` in each turn gives the event loop back as often as others in the
 * process need it, and costs next to nothing otherwise.
 */
export function pacer(): () => Promise<void> {
	let since = performance.now();
	return async () => {
		if (performance.now() - since < LONGEST) return;
		await nextTurn();
		since = performance.now();
	};
}
