/**
 * Parts a list of jobs so that each part names at most a number of keys, unless one alone names more.
 */
export function chunksOfKeys<Job>(
	jobs: readonly Job[],
	keysOf: (job: Job) => readonly string[],
	most: number,
): Array<[Job, ...Job[]]> {
	const chunks: Array<[Job, ...Job[]]> = [];
	let keys = Infinity;
	for (const job of jobs) {
		keys += keysOf(job).length;
		if (keys <= most) chunks.at(-1)?.push(job);
		else {
			chunks.push([job]);
			keys = keysOf(job).length;
		}
	}
	return chunks;
}
