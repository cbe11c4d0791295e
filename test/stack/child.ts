import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { StackReady } from './main';

/** A stack in a process of its own, which ends with ours whatever happens to it. */
export interface StackChild extends StackReady {
	process: ChildProcess;
	/** Ends it and waits until it is gone. */
	stop(): Promise<void>;
}

/**
 * Starts the stack as a child process, for callers that cannot load ES modules themselves.
 *
 * @param args flags of `main.ts`, such as `--max-rows=50`
 * @param env variables beside those of this process
 */
export async function startStackChild(
	args: string[] = [],
	env: NodeJS.ProcessEnv = {},
): Promise<StackChild> {
	const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts'), ...args], {
		cwd: join(__dirname, '..', '..'),
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		env: { ...process.env, NODE_OPTIONS: '', ...env },
	});
	let log = '';
	child.stderr
		?.setEncoding('utf8')
		.on('data', (chunk: string) => (log = (log + chunk).slice(-4_000)));
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const ready = await new Promise<StackReady>((resolve, reject) => {
		child.once('message', (message) => resolve(message as StackReady));
		child.once('error', reject);
		child.once('exit', (code) =>
			reject(new Error(`The local stack did not start (${code}).\n${log}`)),
		);
	});
	return {
		...ready,
		process: child,
		stop: async () => {
			if (child.connected) child.disconnect();
			await ended;
		},
	};
}
