import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { remove } from './install';
import { ROOT, type Places } from './places';
import { diagnose } from './problem';
import { step } from './progress';

interface Manifest {
	readonly name: string;
	readonly files: readonly string[];
	readonly dependencies: Readonly<Record<string, string>>;
}

/** The pack's own description of itself; n8n prefixes its node types with the name. */
export async function manifest(): Promise<Manifest> {
	return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Builds the pack and puts it where n8n keeps community packages, as they would be installed: what
 * is published, and beside it what it depends on, which depends on nothing more.
 */
export async function installPack({ user }: Places, signal: AbortSignal): Promise<void> {
	await step('Building the pack and installing it in n8n', async () => {
		const gulp = [join(ROOT, 'node_modules/gulp/bin/gulp.js'), '--silent'];
		await promisify(execFile)(process.execPath, gulp, { cwd: ROOT, signal }).catch(
			(error: Error & { stdout?: string }) => {
				throw diagnose('Building the pack', error.stdout || error.message);
			},
		);
		const { name, files, dependencies } = await manifest();
		const modules = join(user, '.n8n', 'nodes', 'node_modules');
		await remove(modules);
		for (const file of [...files, 'package.json'])
			await cp(join(ROOT, file), join(modules, name, file), { recursive: true });
		for (const each of Object.keys(dependencies))
			await cp(join(ROOT, 'node_modules', each), join(modules, each), { recursive: true });
	});
}
