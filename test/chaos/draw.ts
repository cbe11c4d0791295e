/** Draws by a seed: the same seed, the same draws. */
export interface Draw {
	/** From 0 to below. */
	below(count: number): number;
	one<T>(list: readonly T[]): T;
}

export function newDraw(seed: number): Draw {
	let state = seed >>> 0;
	const below = (count: number) => {
		// Mulberry32.
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
	};
	return { below, one: (list) => list[below(list.length)] as (typeof list)[number] };
}
