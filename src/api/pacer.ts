import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may hold the event loop, in milliseconds. */
const LONGEST = 25;

/** Gives the event loop back, where it is due. */
export interface Pause {
	(): Promise<void>;
	/** Whether others in the process need the event loop; to ask costs less than to await. */
	readonly isDue: () => boolean;
}

/**
 * For long loops: `if (pause.isDue()) await pause()` in each turn gives the event loop back as often as
 * others in the process need it, and costs next to nothing otherwise.
 */
export function pacer(): Pause {
	let since = performance.now();
	const isDue = () => performance.now() - since >= LONGEST;
	const pause = async () => {
		if (!isDue()) return;
		await nextTurn();
		since = performance.now();
	};
	return Object.assign(pause, { isDue });
}
