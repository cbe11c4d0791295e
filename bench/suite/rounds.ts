/** How rivals are measured: in turn, so that they share the machine's moods, and told by their ratios. */
/** What one run cost this process. */
export interface Sample {
	/** Milliseconds from begin to end. */
	readonly time: number;
	/** Milliseconds of the processor that this process took, on all its threads. */
	readonly cpu: number;
	/** The longest that nothing else could run, in milliseconds. */
	readonly block: number;
}

export interface Rival {
	readonly name: string;
	/** Brings about what the run needs; not measured. */
	readonly prepare?: () => Promise<unknown>;
	readonly run: () => Promise<unknown>;
	/** Throws unless the run has done its work; not measured. */
	readonly check?: (result: unknown) => Promise<void> | void;
	/** Rounds that it takes part in; all unless given. */
	readonly rounds?: number;
}

/** Rounds that are not counted. */
const WARM_UP = 2;

/** What came of several rounds: samples by the name of the rival. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Runs each rival once a round, each round in another order. Rounds before the first are not counted: they
 * load what is loaded on first use, and make the code warm.
 */
export async function inTurn(rivals: readonly Rival[], rounds: number): Promise<Samples> {
	const samples = new Map(rivals.map(({ name }) => [name, [] as Sample[]]));
	for (let round = -WARM_UP; round < rounds; round++) {
		for (let turn = 0; turn < rivals.length; turn++) {
			const rival = rivals[(turn + Math.max(round, 0)) % rivals.length] as Rival;
			if (round >= (rival.rounds ?? rounds) || (rival.rounds && round < -1)) continue;
			await rival.prepare?.();
			const [sample, result] = await sampled(rival.run);
			await rival.check?.(result);
			if (round >= 0) samples.get(rival.name)?.push(sample);
		}
	}
	return samples;
}

/**
 * Does a work. The heap is not cleared before it: that throws away what the engine has learnt of the
 * code, and the sweeping goes on beside the work, so that a single request costs 30 times as much.
 */
export async function sampled<T>(work: () => Promise<T>): Promise<[Sample, T]> {
	let block = 0;
	let last = performance.now();
	const look = () => {
		const now = performance.now();
		block = Math.max(block, now - last - TICK);
		last = now;
	};
	const timer = setInterval(look, TICK);
	const usage = process.cpuUsage();
	const began = performance.now();
	try {
		const result = await work();
		const time = performance.now() - began;
		const { user, system } = process.cpuUsage(usage);
		look();
		return [{ time, cpu: (user + system) / 1000, block }, result];
	} finally {
		clearInterval(timer);
	}
}

/** How often is looked whether anything else could run, in milliseconds. */
const TICK = 2;

/** A ratio in the middle of its rounds, and how far they were apart. */
export interface Ratio {
	readonly middle: number;
	readonly least: number;
	readonly most: number;
}

/** What one cost for each round, as a multiple of what the other cost in the same round. */
export function ratioOf(
	samples: Samples,
	ours: string,
	rival: string,
	what: (sample: Sample) => number = ({ time }) => time,
): Ratio {
	const theirs = samples.get(rival) ?? [];
	const ratios = theirs.map(
		(sample, round) => what(samples.get(ours)?.[round] as Sample) / what(sample),
	);
	return {
		middle: median(ratios),
		least: ratios.reduce((a, b) => Math.min(a, b), Infinity),
		most: ratios.reduce((a, b) => Math.max(a, b), -Infinity),
	};
}

export function medianOf(
	samples: Samples,
	name: string,
	what: (sample: Sample) => number = ({ time }) => time,
): number {
	return median((samples.get(name) ?? []).map(what));
}

/** The middle of some numbers; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length / 2;
	return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
}
