/** Counts what happens, and tells how often it does, as an average over the last seconds. */
export class Rate {
	private readonly seconds = new Map<number, number>();
	private since = now();

	add(count = 1): void {
		const second = now();
		this.seconds.set(second, (this.seconds.get(second) ?? 0) + count);
	}

	/** A second, over as many seconds as there were, but no more than the window's. */
	average(windowS: number): number {
		const second = now();
		let sum = 0;
		for (const [at, count] of this.seconds) {
			if (at <= second - 60) this.seconds.delete(at);
			else if (at > second - windowS) sum += count;
		}
		return sum / Math.max(1, Math.min(windowS, second - this.since + 1));
	}

	clear(): void {
		this.seconds.clear();
		this.since = now();
	}
}

function now(): number {
	return Math.floor(Date.now() / 1000);
}
