import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { logFile } from './log-file';
import { diagnose, Problem } from './problem';

/** npm's own program, which runs with any Node: no shell and no `.cmd` file is needed for it. */
function npmProgram(): string {
	const running = process.env.npm_execpath;
	if (running !== undefined && /npm-cli\.js$/.test(running)) return running;
	const beside = dirname(process.execPath);
	const places = [
		join(beside, 'node_modules/npm/bin/npm-cli.js'),
		join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
		'/usr/share/nodejs/npm/bin/npm-cli.js',
	];
	const found = places.find((place) => existsSync(place));
	if (found === undefined) {
		throw new Problem('npm cannot be found beside Node.', 'Start with npm: npm start.');
	}
	return found;
}

interface NpmRun {
	/** What is being done, for the message when it fails. */
	readonly what: string;
	readonly args: readonly string[];
	readonly cwd: string;
	/** The file that gets all of npm's output. */
	readonly log: string;
	/** Called with every line of the output. */
	readonly onLine?: (line: string) => void;
	/** Ends npm when the person gives up. */
	readonly signal?: AbortSignal;
}

/**
 * Runs npm and keeps its output in a file.
 * @returns what npm printed on its standard output
 * @throws Problem that says what went wrong in a person's words
 */
export async function npm({ what, args, cwd, log, onLine, signal }: NpmRun): Promise<string> {
	const file = logFile(log);
	const child = spawn(process.execPath, [npmProgram(), ...args], {
		cwd,
		env: npmEnvironment(),
		stdio: ['ignore', 'pipe', 'pipe'],
		windowsHide: true,
		signal,
	});

	let output = '';
	const complaints: string[] = [];
	let incomplete = false;
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
		file.write(text);
	});
	createInterface({ input: child.stderr }).on('line', (line) => {
		file.write(`${line}\n`);
		// npm only warns of a file that it could not write, and ends as if all were well.
		const complaint = /^npm (?:error|ERR!|warn tar TAR_ENTRY_ERROR) ?(.*)/.exec(line)?.[1];
		if (complaint !== undefined) complaints.push(complaint);
		if (line.includes('TAR_ENTRY_ERROR')) incomplete = true;
		onLine?.(line);
	});

	const code = await new Promise<number | null>((resolve, reject) => {
		// When the person gives up, npm is asked to end; it still writes until it has.
		child.on('error', (error) => {
			if (signal?.aborted !== true) reject(error);
		});
		child.on('close', resolve);
	}).finally(() => file.end());
	signal?.throwIfAborted();
	if (code !== 0 || incomplete) {
		throw diagnose(what, complaints.length > 0 ? complaints.join('\n') : output, log);
	}
	return output;
}

/**
 * The environment without what an outer npm (`npm start`) tells its scripts about the checkout's
 * package: the npm started here works on another one.
 */
function npmEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !/^npm_(?:package|lifecycle|command|config_local_prefix)/i.test(name),
		),
	);
}
