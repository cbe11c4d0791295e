import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
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

async function untilGone(stack: Remains): Promise<string[]> {
	for (let tries = 0; tries < 50 && (await left(stack)).length > 0; tries += 1) await sleep(100);
	return await left(stack);
}

const everything = ['process', 'postgres', 'port', 'folder'];

describe('a stack leaves nothing', () => {
	it('after stop()', async () => {
		const stack = await startStackChild();
		const remains = { ...stack, pid: stack.process.pid };
		expect(await left(remains)).toEqual(everything);
		await stack.stop();
		expect(await left(remains)).toEqual([]);
	});

	it('after SIGKILL', async () => {
		const stack = await startStackChild();
		stack.process.kill('SIGKILL');
		expect(await untilGone({ ...stack, pid: stack.process.pid })).toEqual([]);
	});

	it('after the death of its parent', async () => {
		const parent = spawn(
			process.execPath,
			['--import', 'tsx', join(__dirname, 'fixtures', 'parent.ts')],
			{
				stdio: ['ignore', 'pipe', 'ignore'],
				env: { ...process.env, NODE_OPTIONS: '' },
			},
		);
		const [line] = (await once(parent.stdout, 'data')) as [Buffer];
		const stack = JSON.parse(line.toString()) as Remains;
		expect(await left(stack)).toEqual(everything);
		parent.kill('SIGKILL');
		expect(await untilGone(stack)).toEqual([]);
	});

	it('when it cannot start', async () => {
		const taken = createServer().listen(0, '127.0.0.1');
		await once(taken, 'listening');
		const { port } = taken.address() as { port: number };
		const TMPDIR = mkdtempSync(join(tmpdir(), 'stack-test-'));
		chmodSync(TMPDIR, 0o755);
		await expect(startStackChild([`--port=${port}`], { TMPDIR })).rejects.toThrow('EADDRINUSE');
		taken.close();
		expect(readdirSync(TMPDIR).filter((name) => name.startsWith('supabase-stack-'))).toEqual([]);
		rmSync(TMPDIR, { recursive: true });
	});
});

describe('a stack with a folder of its own', () => {
	const folder = mkdtempSync(join(tmpdir(), 'stack-data-'));

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('has its rows and keys again after a restart', async () => {
		const args = [`--data-dir=${folder}`];
		const first = await startStackChild(args);
		const headers = { apikey: first.secretKey, 'content-type': 'application/json' };
		const body = JSON.stringify({ name: 'Kept' });
		await fetch(`${first.url}/rest/v1/characters`, { method: 'POST', headers, body });
		first.process.kill('SIGTERM');
		await once(first.process, 'exit');
		expect(await left(first)).toEqual(['folder']);

		const second = await startStackChild(args);
		expect(second.secretKey).toBe(first.secretKey);
		const answer = await fetch(`${second.url}/rest/v1/characters?name=eq.Kept&select=name`, {
			headers,
		});
		expect(await answer.json()).toEqual([{ name: 'Kept' }]);
		await second.stop();
	});
});
