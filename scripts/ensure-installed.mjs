import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** Installs the dependencies unless node_modules already holds what package-lock.json asks for. */
export function ensureInstalled() {
	requireNode(readJson('package.json').engines.node);
	if (!isInstalled()) install();
}

function requireNode(range) {
	const wanted = range.replace('>=', '').split('.').map(Number);
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
	fail(`Node ${range} is needed, this is ${process.versions.node}. Get it from https://nodejs.org`);
}

function isInstalled() {
	// npm writes its own lockfile into node_modules last, so an interrupted install has none.
	if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return false;
	const installed = readJson('node_modules', '.package-lock.json').packages;
	return Object.entries(readJson('package-lock.json').packages).every(
		([path, { version, optional, devOptional }]) =>
			path === '' ||
			(path in installed ? installed[path].version === version : optional || devOptional),
	);
}

function install() {
	console.log('Installing the dependencies with "npm ci"; this takes about a minute, once.');
	const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	const npm = process.env.npm_execpath;
	// Windows starts npm's .cmd file through a shell only, so npm's own program is preferred.
	const { status } = npm?.endsWith('npm-cli.js')
		? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
		: spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
	if (status !== 0) {
		fail(
			'Installing failed, npm says why above. It has to reach the npm registry: check the network ' +
				'and the proxy settings, then run the same command again; nothing needs to be cleaned up.',
		);
	}
}

function fail(message) {
	console.error(`\n${message}`);
	process.exit(1);
}
