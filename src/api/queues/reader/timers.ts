/** Timers of one owner, that end together. */
export interface Timers {
	/** Calls at that time (milliseconds since 1970), instead of what was planned by this name before. */
	at(name: string, time: number, call: () => void): void;
	/** Calls in the next turn of the event loop, however often it is asked for until then. */
	soon(call: () => void): void;
	/** Fulfilled after so many milliseconds, or when all are cleared. */
	sleep(milliseconds: number): Promise<void>;
	/** Nothing is called any more, now or later. */
	clear(): void;
}

export function newTimers(): Timers {
	const planned = new Map<string, NodeJS.Timeout>();
	const sleepers = new Set<() => void>();
	let isCleared = false;
	let next: NodeJS.Immediate | undefined;
	return {
		at(name, time, call) {
			clearTimeout(planned.get(name));
			if (isCleared) return;
			const wait = Math.max(0, time - Date.now());
			planned.set(
				name,
				setTimeout(() => {
					planned.delete(name);
					call();
				}, wait),
			);
		},
		soon(call) {
			if (isCleared) return;
			next ??= setImmediate(() => {
				next = undefined;
				call();
			});
		},
		async sleep(milliseconds) {
			if (isCleared) return;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(end, milliseconds);
				function end(): void {
					clearTimeout(timer);
					sleepers.delete(end);
					resolve();
				}
				sleepers.add(end);
			});
		},
		clear() {
			isCleared = true;
			for (const timer of planned.values()) clearTimeout(timer);
			planned.clear();
			if (next) clearImmediate(next);
			for (const end of [...sleepers]) end();
		},
	};
}
