import { setImmediate as whenTurned } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may hold the event loop, in milliseconds. */
const LONGEST = 25;

/** How many steps may pass until a loop looks at the clock again, while steps are short. */
const MOST_STEPS = 15;

/** What steps between two looks at the clock may take to be short, in milliseconds. */
const SHORT = 1;

/** What each loop gets of a turn that others have used up, in milliseconds, so that all of them go on. */
const SHARE = 2;

/** Gives the event loop back, where it is due. */
export interface Pause {
	(): Promise<void>;
	/** Whether others in the process need the event loop; to ask costs less than to await. */
	readonly isDue: () => boolean;
}

let began: number | undefined;

/** When this turn of the event loop began, as far as it is known: one loop may follow another in it. */
function turnBegan(now: number): number {
	if (began === undefined) {
		began = now;
		whenTurned(() => (began = undefined));
	}
	return began;
}

/**
 * For long loops: `if (pause.isDue()) await pause()` in each turn gives the event loop back as often as
 * others in the process need it, and costs next to nothing otherwise.
 */
export function pacer(): Pause {
	let resumed = -Infinity;
	let looked = performance.now();
	let steps = 0;
	let toGo = 0;
	const isDue = () => {
		if (toGo > 0) {
			toGo--;
			return false;
		}
		const now = performance.now();
		steps = now - looked < SHORT ? Math.min(2 * steps + 1, MOST_STEPS) : 0;
		looked = now;
		toGo = steps;
		return now - turnBegan(now) >= LONGEST && now - resumed >= SHARE;
	};
	const pause = async () => {
		await nextTurn();
		resumed = performance.now();
		looked = resumed;
	};
	return Object.assign(pause, { isDue });
}
