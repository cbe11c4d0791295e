import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { lock } from './lock';
import { npm } from './npm';
import { LOCAL, N8N, NODE_24 } from './places';
import { nodePackage } from './platform';
import { Problem } from './problem';
import { step } from './progress';

/** The newest n8n that the public registry can install in full. */
const N8N_VERSION = '2.41.1';

/** n8n refuses an older Node. */
const OLDEST_NODE_FOR_N8N = 24;

/** Which patch release exists differs from platform to platform, so npm chooses among them. */
const NODE_RANGE = '24';

interface Installation {
	readonly title: string;
	/** How long it takes, for the person who waits. */
	readonly expectation: string;
	readonly folder: string;
	/** What npm is asked for: `name@version`. */
	readonly wanted: string;
	/** How many packages that is, for the progress; about right is enough. */
	readonly packages: number;
	/** What it takes on the disk, npm's cache included. */
	readonly megabytes: number;
}

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
 * @throws Problem where there is no room, no network, or no such package
 */
export async function installN8n(signal?: AbortSignal): Promise<InstalledN8n> {
	const { name, executable } = nodePackage();
	let node = process.execPath;
	if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE_FOR_N8N) {
		const title = `Installing Node ${NODE_RANGE} for n8n (this is ${process.versions.node})`;
		await installOnce(
			{
				title,
				expectation: 'once',
				folder: NODE_24,
				wanted: `${name}@${NODE_RANGE}`,
				packages: 1,
				megabytes: 300,
			},
			signal,
		);
		node = join(NODE_24, 'node_modules', name, executable);
	}
	await installOnce(
		{
			title: `Installing n8n ${N8N_VERSION}`,
			expectation: 'once, 2 to 6 minutes',
			folder: N8N,
			wanted: `n8n@${N8N_VERSION}`,
			packages: 1500,
			megabytes: 3000,
		},
		signal,
	);
	return { version: N8N_VERSION, node, program: join(N8N, 'node_modules/n8n/bin/n8n') };
}

/**
 * Installs one package with all it needs in a folder of its own. A stamp written at the very end
 * says that the folder is whole: without it, what an interrupted installation left is removed.
 */
async function installOnce(installation: Installation, signal?: AbortSignal): Promise<void> {
	const { title, expectation, folder, wanted, packages, megabytes } = installation;
	const stamp = join(folder, 'installed.json');
	const contents = JSON.stringify({ wanted, platform: `${process.platform}-${process.arch}` });
	if ((await readFile(stamp, 'utf8').catch(() => '')) === contents) return;

	const held = await lock(folder, 'It is just installing n8n, in another terminal.');
	if (existsSync(folder)) {
		await step('Removing an older or unfinished installation', async () => {
			// The stamp first: a removal that is interrupted must not leave a folder that looks whole.
			await rm(stamp, { force: true });
			await rm(folder, { recursive: true, force: true, maxRetries: 3 });
		});
	}
	await mkdir(folder, { recursive: true });
	await needRoom(folder, megabytes);
	await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));

	await step(title, async (say) => {
		say(expectation);
		let asked = 0;
		let unpacked = 0;
		const timer = setInterval(() => {
			unpacked = countPackages(join(folder, 'node_modules'));
			if (unpacked > 0) say(`unpacked ${count(unpacked)} of about ${count(packages)} packages`);
		}, 2_000);
		await npm({
			what: title,
			// No scripts: nothing is compiled, since n8n runs on PostgreSQL and not on SQLite.
			args: [
				...['install', wanted, '--save-exact', '--no-package-lock', '--ignore-scripts'],
				...['--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=http'],
			],
			cwd: folder,
			log: join(LOCAL, 'logs', `install-${wanted.replace(/\W+/g, '-')}.log`),
			onLine: (line) => {
				const trouble = /attempt \d+ failed with (\w+)/.exec(line);
				if (trouble !== null) say(`the registry does not answer: ${trouble[1]}; npm tries again`);
				if (unpacked === 0 && line.startsWith('npm http fetch GET 200')) {
					asked += 1;
					say(`${expectation}; asked the registry ${count(asked)} times`);
				}
			},
			signal,
		}).finally(() => clearInterval(timer));
	});
	await writeFile(stamp, contents);
	await held.release();
}

/** How many packages stand in a node_modules folder, leaving out those inside of others. */
function countPackages(folder: string): number {
	const entries = existsSync(folder) ? readdirSync(folder) : [];
	return entries
		.filter((name) => !name.startsWith('.'))
		.reduce((sum, name) => {
			const path = join(folder, name);
			if (name.startsWith('@')) return sum + countPackages(path);
			return sum + (existsSync(join(path, 'package.json')) ? 1 : 0);
		}, 0);
}

/** Says at once that the disk is too small, instead of after minutes. */
async function needRoom(folder: string, megabytes: number): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const free = Math.floor((bavail * bsize) / 1e6);
	if (free < megabytes) {
		throw new Problem(
			`There is not enough room on the disk: ${count(free)} MB are free, ${count(megabytes)} MB are needed.`,
			`Free some space on the disk of ${folder} and start again.`,
		);
	}
}

function count(value: number): string {
	return value.toLocaleString('en-GB');
}
