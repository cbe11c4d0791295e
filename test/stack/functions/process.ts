import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';

/** A Deno that serves functions. */
export interface DenoProcess {
	readonly port: number;
	/** Ends it, and waits until it is gone. */
	stop(): Promise<void>;
}

/**
 * Starts Deno on a folder of functions, without access to anything but that folder and this
 * machine. It ends with this process, whatever happens to it.
 *
 * @param functions the folder, in which each file is a function
 * @param cache a folder for what Deno compiles
 */
export async function startDeno(functions: string, cache: string): Promise<DenoProcess> {
	const child = spawn(
		binary(),
		[
			'run',
			'--quiet',
			'--no-config',
			'--no-lock',
			'--no-npm',
			'--no-remote',
			'--no-prompt',
			'--allow-net=127.0.0.1',
			`--allow-read=${functions}`,
			join(__dirname, 'runtime.ts'),
			functions,
		],
		{
			stdio: ['pipe', 'pipe', 'pipe'],
			env: { DENO_DIR: cache, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
		},
	);
	const ended = once(child, 'exit');
	let log = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4_000)));
	const port = await new Promise<number>((resolve, reject) => {
		child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(Number(line)));
		child.once('error', reject);
		child.once('exit', (code) => reject(new Error(`Deno did not start (${code}).\n${log}`)));
	});
	child.stdout.resume();
	return {
		port,
		stop: async () => {
			child.stdin.end();
			await ended;
		},
	};
}

/** The program lies in a package of its own for each platform, ready to run. */
function binary(): string {
	const system = `${process.platform}-${process.arch}`;
	const name = process.platform === 'linux' ? `${system}-glibc` : system;
	const folder = dirname(require.resolve(`@deno/${name}/package.json`));
	return join(folder, process.platform === 'win32' ? 'deno.exe' : 'deno');
}
