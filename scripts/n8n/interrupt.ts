import process from 'node:process';

/** Ctrl-C, a polite kill, a closed terminal, and Ctrl-Break on Windows. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/**
 * Takes over the signals that ask this program to end.
 * @returns a signal that is aborted at the first of them. Later ones change nothing: a terminal, npm
 * and a person may each send their own, and the stopping has an end by itself.
 */
export function interruptSignal(): AbortSignal {
	const controller = new AbortController();
	for (const signal of SIGNALS) process.on(signal, () => controller.abort());
	// A terminal that is gone takes no more words; that must not end the stopping half-way.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	return controller.signal;
}

/** Resolves when the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
