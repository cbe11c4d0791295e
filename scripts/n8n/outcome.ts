import process from 'node:process';
import { diagnose, Problem } from './problem';

/** As shells have it for a program that was interrupted. */
const INTERRUPTED = 130;

/**
 * Runs a program to its end and tells the person what went wrong, if anything did.
 * @param signal the person's wish to end: what fails after it has failed because of it
 * @returns the exit code
 */
export async function outcomeOf(
	signal: AbortSignal,
	program: () => Promise<number>,
): Promise<number> {
	try {
		return await program();
	} catch (error) {
		if (signal.aborted) {
			console.log('\nInterrupted: everything is stopped. The next start goes on from here.');
			return INTERRUPTED;
		}
		const problem = error instanceof Problem ? error : unexpected(error);
		const words = [problem.message, problem.advice].filter((text) => text !== undefined);
		// Not by console.error, which goes to the log of the local Supabase.
		process.stderr.write(`\n${words.join('\n\n')}\n`);
		return 1;
	}
}

/** A full disk or a folder that cannot be written says so itself; anything else is shown whole. */
function unexpected(error: unknown): Problem {
	const { code, message, stack } = error as NodeJS.ErrnoException;
	return diagnose('Starting', code === undefined ? (stack ?? message ?? String(error)) : message);
}
