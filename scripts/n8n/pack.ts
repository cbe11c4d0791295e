import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { npm } from './npm';
import { ROOT, type Places } from './places';
import { step } from './progress';

/** What the built package depends on. */
const SOURCES = [
	'credentials',
	'nodes',
	'src',
	'gulpfile.js',
	'package.json',
	'README.md',
	'tsconfig.json',
];

interface Stamp {
	/** Hash of the sources that the installed package was built from. */
	readonly sources: string;
	/** Hash of the package itself. */
	readonly tarball: string;
}

/** The pack's name, as n8n prefixes its node types with it. */
export async function packName(): Promise<string> {
	const { name } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
		name: string;
	};
	return name;
}

/**
 * Builds the pack and installs it as n8n installs a community package: packed by npm, in
 * `.n8n/nodes` of the user folder. Does nothing where these very sources are installed already.
 */
export async function installPack(places: Places, signal?: AbortSignal): Promise<void> {
	const nodes = join(places.user, '.n8n', 'nodes');
	const stampFile = join(places.home, 'pack.json');
	const stamp = await readStamp(stampFile);
	const sources = await hashOfSources();
	if (stamp?.sources === sources) return;

	await step('Building the pack', async () => {
		await npm({
			what: 'Building the pack',
			args: ['run', 'build'],
			cwd: ROOT,
			log: join(places.logs, 'build.log'),
			signal,
		});
	});
	await step('Installing the pack in n8n', async () => {
		const file = await packTo(places, signal);
		const tarball = createHash('sha256')
			.update(await readFile(file))
			.digest('hex');
		if (stamp?.tarball !== tarball) {
			await rm(stampFile, { force: true });
			await mkdir(nodes, { recursive: true });
			await writeFile(
				join(nodes, 'package.json'),
				JSON.stringify({ name: 'installed-nodes', private: true }),
			);
			// Removed first: npm keeps a package of the same version, whatever its content.
			await rm(join(nodes, 'node_modules', await packName()), { recursive: true, force: true });
			await npm({
				what: 'Installing the pack in n8n',
				args: [
					...['install', file, '--omit=dev', '--ignore-scripts', '--no-package-lock'],
					// Or npm would fetch a second n8n-workflow: n8n brings its own.
					...['--legacy-peer-deps', '--no-audit', '--no-fund'],
				],
				cwd: nodes,
				log: join(places.logs, 'install-pack.log'),
				signal,
			});
		}
		await writeFile(stampFile, JSON.stringify({ sources, tarball } satisfies Stamp));
	});
}

/** Packs the checkout as npm would publish it; gives the file's path. */
async function packTo(places: Places, signal?: AbortSignal): Promise<string> {
	const folder = join(places.home, 'pack');
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await npm({
		what: 'Packing the pack',
		args: ['pack', '--pack-destination', folder, '--ignore-scripts'],
		cwd: ROOT,
		log: join(places.logs, 'pack.log'),
		signal,
	});
	const [file] = await readdir(folder);
	if (file === undefined) throw new Error(`npm pack left no file in ${folder}`);
	return join(folder, file);
}

async function hashOfSources(): Promise<string> {
	const hash = createHash('sha256');
	for (const source of SOURCES) {
		for (const file of await filesOf(join(ROOT, source))) {
			hash
				.update(`${relative(ROOT, file)}\0`)
				.update(await readFile(file))
				.update('\0');
		}
	}
	return hash.digest('hex');
}

/** All files below a folder in a fixed order; a file gives itself; nothing gives none. */
async function filesOf(path: string): Promise<string[]> {
	const entries = await readdir(path, { withFileTypes: true }).catch(
		(error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOTDIR') return undefined;
			if (error.code === 'ENOENT') return [];
			throw error;
		},
	);
	if (entries === undefined) return [path];
	const names = entries.map((entry) => entry.name).sort();
	return (await Promise.all(names.map(async (name) => await filesOf(join(path, name))))).flat();
}

async function readStamp(file: string): Promise<Stamp | undefined> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Stamp;
	} catch {
		// None yet, or half a one: then the pack is installed again.
		return undefined;
	}
}
