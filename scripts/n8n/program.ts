import process from 'node:process';
import { diagnose, Problem } from './problem';

/** Ctrl-C, a polite kill, a closed terminal, and Ctrl-Break on Windows. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/** As shells have it for a program that was interrupted. */
const INTERRUPTED = 130;

/**
 * Runs a program to its end, tells the person what went wrong, if anything did, and exits.
 *
 * @param program gets a signal that is aborted when it is asked to end; it returns the exit code
 */
export function runProgram(program: (signal: AbortSignal) => Promise<number>): void {
	const controller = new AbortController();
	// Later signals change nothing: a terminal, npm and a person may each send their own.
	for (const signal of SIGNALS) process.on(signal, () => controller.abort());
	// A terminal that is gone takes no more words; that must not end the stopping half-way.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	program(controller.signal)
		.catch((error: unknown) => {
			if (controller.signal.aborted) {
				console.log('\nInterrupted: everything is stopped. The next start goes on from here.');
				return INTERRUPTED;
			}
			const { message, advice } = error instanceof Problem ? error : unexpected(error);
			// Not by console.error, which goes to the log of the local Supabase.
			process.stderr.write(`\n${[message, advice].filter(Boolean).join('\n\n')}\n`);
			return 1;
		})
		.then(
			(code) => process.exit(code),
			() => process.exit(1),
		);
}

/** A full disk or a folder that cannot be written says so itself; anything else is shown whole. */
function unexpected(error: unknown): Problem {
	const { code, message, stack } = error as NodeJS.ErrnoException;
	return diagnose('Starting', code === undefined ? (stack ?? String(error)) : message);
}
