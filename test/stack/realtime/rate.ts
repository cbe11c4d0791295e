/** Counts what happens, and tells how often it does: an average that is looked at now and then. */
export class Rate {
	private readonly seconds = new Map<number, number>();
	private since = Date.now();
	private lookedAt = Date.now();
	private last = 0;

	add(count = 1): void {
		const second = Math.floor(Date.now() / 1000);
		this.seconds.set(second, (this.seconds.get(second) ?? 0) + count);
	}

	/**
	 * A second.
	 *
	 * @param windowS over as many seconds as there were, but no more than these
	 * @param tickMs as it was when last looked at, at most so long ago
	 */
	average(windowS: number, tickMs: number): number {
		const now = Date.now();
		if (now - this.lookedAt < tickMs) return this.last;
		this.lookedAt = now;
		const second = Math.floor(now / 1000);
		let sum = 0;
		for (const [at, count] of this.seconds) {
			if (at <= second - 60) this.seconds.delete(at);
			else if (at > second - windowS) sum += count;
		}
		const seconds = Math.floor(second - this.since / 1000) + 1;
		this.last = sum / Math.max(1, Math.min(windowS, seconds));
		return this.last;
	}

	clear(): void {
		this.seconds.clear();
		this.since = this.lookedAt = Date.now();
		this.last = 0;
	}
}
