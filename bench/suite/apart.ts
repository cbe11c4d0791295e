/** What is measured in a process of its own, as loading and memory have to be. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { markdown, type Line } from './table';

/**
 * Runs one of the measurements beside this folder in a process of its own; what it says passes through.
 *
 * @returns the lines that it told
 * @throws Error when it told none
 */
export async function runApart(name: string, args: readonly string[] = []): Promise<Line[]> {
	const child = fork(join(__dirname, '..', `${name}.ts`), args, { execArgv: ['--import', 'tsx'] });
	let lines: Line[] | undefined;
	child.on('message', (message) => (lines = message as Line[]));
	await once(child, 'exit');
	if (!lines) throw new Error(`${name} came to no end`);
	return lines;
}

/** Tells the lines of the table to whoever runs this, and fails when a goal is not met. */
export function tell(lines: readonly Line[]): void {
	if (process.send) process.send(lines);
	else console.log(markdown(lines));
	if (lines.some(({ met }) => met === false)) process.exitCode = 1;
}

/** Runs a measurement, and ends with an error when it fails. */
export function start(main: () => Promise<void>): void {
	main().catch((error: unknown) => {
		process.stderr.write(
			`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
		);
		process.exitCode = 1;
	});
}
