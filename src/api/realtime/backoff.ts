import type { Timings } from './timings';

/**
 * How long to wait before the next attempt, in milliseconds: longer with each that failed, spread so
 * that not all come back at once.
 *
 * @param failures how many failed in a row; 0 after a loss
 * @param final whether it is not to be expected that the next one succeeds
 * @param random between 0 and 1
 */
export function waitBefore(
	failures: number,
	final: boolean,
	{ firstWait, longestWait, finalWait }: Pick<Timings, 'firstWait' | 'longestWait' | 'finalWait'>,
	random = Math.random(),
): number {
	const wait = final ? finalWait : Math.min(firstWait * 2 ** Math.min(failures, 20), longestWait);
	return wait * (0.5 + random / 2);
}
