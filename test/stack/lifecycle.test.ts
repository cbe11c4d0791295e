import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { startStackChild } from './child';

interface Remains {
	url: string;
	databasePid: number;
	folder: string;
	pid?: number;
}

function alive(pid: number | undefined): boolean {
	try {
		return pid !== undefined && process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function answers(url: string): Promise<boolean> {
	return await fetch(url).then(
		() => true,
		() => false,
	);
}

/** What is left of a stack: its processes, its port, its folder. */
async function left({ url, databasePid, folder, pid }: Remains): Promise<string[]> {
	return [
		...(alive(pid) ? ['process'] : []),
		...(alive(databasePid) ? ['postgres'] : []),
		...((await answers(url)) ? ['port'] : []),
		...(existsSync(folder) ? ['folder'] : []),
	];
}

/** Waits for as long as the test may last. */
async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
	while (!(await condition())) await sleep(100);
}

const everything = ['process', 'postgres', 'port', 'folder'];

it('a stack leaves nothing when its parent dies', async () => {
	const parent = spawn(
		process.execPath,
		['--import', 'tsx', join(__dirname, 'fixtures', 'parent.ts')],
		{ stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, NODE_OPTIONS: '' } },
	);
	const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
	const stack = JSON.parse(line) as Remains;
	expect(await left(stack)).toEqual(everything);
	parent.kill('SIGKILL');
	await until(async () => (await left(stack)).length === 0);
});

describe('what dies by SIGKILL', () => {
	/** A process that starts a reaper for another, says so, and waits. */
	const guarded = (folder: string) => `
		const { spawn } = require('node:child_process');
		const { startReaper } = require(${JSON.stringify(join(__dirname, 'reaper.ts'))});
		const other = spawn('sleep', ['600'], { detached: true });
		startReaper(other.pid, ${JSON.stringify(folder)});
		process.stdout.write(other.pid + '\\n');
		setInterval(() => {}, 60_000);
	`;

	it('takes its processes and its folder along', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'reaped-'));
		const child = spawn(
			process.execPath,
			['--import', 'tsx', '--input-type=commonjs', '--eval', guarded(folder)],
			{ stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
		);
		const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
		expect([alive(Number(line)), existsSync(folder)]).toEqual([true, true]);
		child.kill('SIGKILL');
		await until(() => !alive(Number(line)) && !existsSync(folder));
	});
});

describe('a stack with a folder of its own', () => {
	const folder = mkdtempSync(join(tmpdir(), 'stack-data-'));
	const TMPDIR = join(folder, 'tmp');
	const args = [`--data-dir=${join(folder, 'stack')}`];

	beforeAll(() => {
		chmodSync(folder, 0o755);
		mkdirSync(TMPDIR);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('has its rows and keys again, whatever ended it', async () => {
		const first = await startStackChild(args, { TMPDIR });
		const headers = { apikey: first.secretKey, 'content-type': 'application/json' };
		const body = JSON.stringify({ name: 'Kept' });
		await fetch(`${first.url}/rest/v1/characters`, { method: 'POST', headers, body });

		// Its port is taken: the gateway is the last to start, so all else has to be put away.
		const taken = [`--port=${new URL(first.url).port}`];
		await expect(startStackChild(taken, { TMPDIR })).rejects.toThrow('EADDRINUSE');

		first.process.kill('SIGKILL');
		await until(async () => (await left(first)).join() === 'folder');

		const second = await startStackChild(args, { TMPDIR });
		expect(second.secretKey).toBe(first.secretKey);
		const answer = await fetch(`${second.url}/rest/v1/characters?name=eq.Kept&select=name`, {
			headers,
		});
		expect(await answer.json()).toEqual([{ name: 'Kept' }]);
		second.process.kill('SIGTERM');
		await once(second.process, 'exit');
		expect(await left(second)).toEqual(['folder']);
		expect(readdirSync(TMPDIR).filter((name) => name.startsWith('supabase-'))).toEqual([]);
	});
});
