import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { LOCAL } from './places';
import { nodePackage } from './platform';
import { diagnose } from './problem';
import { step } from './progress';

/** The newest n8n that the public registry can install in full. */
const N8N_VERSION = '2.41.1';

/** n8n refuses an older one. Which release of it exists differs from platform to platform. */
const NODE_VERSION = '24';

/** What is needed to start n8n. */
export interface InstalledN8n {
	readonly version: string;
	/** The Node that runs n8n. */
	readonly node: string;
	/** n8n's program. */
	readonly program: string;
}

/**
 * Installs n8n, and Node 24 where this Node is older; does nothing where that is done already.
 *
 * @throws Problem where there is no network, no room, or no such package
 */
export async function installN8n(signal: AbortSignal): Promise<InstalledN8n> {
	const name = nodePackage();
	let node = process.execPath;
	if (Number(process.versions.node.split('.')[0]) < Number(NODE_VERSION)) {
		const modules = await installOnce(name, NODE_VERSION, signal);
		node = join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	}
	const modules = await installOnce('n8n', N8N_VERSION, signal);
	return { version: N8N_VERSION, node, program: join(modules, 'n8n/bin/n8n') };
}

/**
 * Installs one package with all it needs in a folder of its own, which gets its name when it is
 * whole: what an interrupted installation left goes at the next.
 *
 * @returns the folder's `node_modules`
 */
async function installOnce(name: string, version: string, signal: AbortSignal): Promise<string> {
	const folder = join(LOCAL, `${name}-${version}`);
	const modules = join(folder, 'node_modules');
	if (existsSync(folder)) return modules;
	await mkdir(LOCAL, { recursive: true });
	for (const left of await readdir(LOCAL)) {
		const pid = /\.unfinished-(\d+)$/.exec(left)?.[1];
		if (pid !== undefined && !isRunning(Number(pid))) await remove(join(LOCAL, left));
	}
	const unfinished = `${folder}.unfinished-${process.pid}`;
	await step(`Installing ${name} ${version}, once (n8n takes 2 to 6 minutes)`, async (say) => {
		await mkdir(join(unfinished, 'node_modules'), { recursive: true });
		await writeFile(join(unfinished, 'package.json'), '{"private":true}');
		const unpacked = async () => await readdir(join(unfinished, 'node_modules')).catch(() => []);
		const count = async () => say(`${(await unpacked()).length} unpacked`);
		const counting = setInterval(() => void count(), 5_000);
		await npmInstall(`${name}@${version}`, unfinished, signal).finally(() =>
			clearInterval(counting),
		);
		// Another terminal may have been faster: its folder is as good.
		await rename(unfinished, folder).catch(async (error: unknown) => {
			await remove(unfinished);
			if (!existsSync(folder)) throw error;
		});
	});
	return modules;
}

/** Removes a folder that programs may just have written into. */
export async function remove(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Whether a process of that number lives. */
export function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** No scripts: nothing is compiled, since n8n runs on PostgreSQL and not on SQLite. */
const OPTIONS = [
	...['--save-exact', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps'],
	...['--no-audit', '--no-fund', '--loglevel=http'],
];

async function npmInstall(wanted: string, folder: string, signal: AbortSignal): Promise<void> {
	const log = join(LOCAL, 'logs', `install-${wanted.replace(/\W+/g, '-')}.log`);
	mkdirSync(dirname(log), { recursive: true });
	// A full disk must not end the program by its log.
	const file = createWriteStream(log).on('error', () => {});
	// npm's own program runs with any Node; where npm does not say where that is, Windows needs a shell to find it.
	const own = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.env.npm_execpath] : [];
	const command = own.length > 0 ? process.execPath : 'npm';
	const child = spawn(command, [...own, 'install', wanted, ...OPTIONS], {
		shell: own.length === 0 && process.platform === 'win32',
		cwd: folder,
		// Without what an outer npm (`npm start`) tells its scripts about the checkout's package.
		env: environmentWithout(/^npm_(?:package|lifecycle|command|config_local_prefix)/i),
		stdio: ['ignore', 'ignore', 'pipe'],
		windowsHide: true,
		signal,
	});
	const complaints: string[] = [];
	createInterface({ input: child.stderr }).on('line', (line) => {
		file.write(`${line}\n`);
		// npm only warns of a file that it could not write, and ends as if all were well.
		if (/^npm (?:error|ERR!|warn tar TAR_ENTRY_ERROR)/.test(line)) complaints.push(line);
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		// When the person gives up, npm is asked to end; it still writes until it has.
		child.on('error', (error) => signal.aborted || reject(error));
		child.on('close', resolve);
	}).finally(() => file.end());
	signal.throwIfAborted();
	if (code !== 0 || complaints.some((line) => line.includes('TAR_ENTRY_ERROR')))
		throw diagnose(`Installing ${wanted}`, complaints.join('\n'), log);
}

/** This program's environment without the variables of some names. */
export function environmentWithout(names: RegExp): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}
