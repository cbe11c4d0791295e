import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startStackChild, type StackChild } from '../child';
import { startReaper } from '../reaper';

declare global {
	var endLanes: (() => Promise<void>) | undefined;
}

/**
 * Jest's `globalSetup`: each worker is a lane with a stack of its own, started when the first of its
 * files asks for it, so that files that look at the stack's requests or change its tables run one
 * after another. A worker asks at `STACK_LANES`, by its number. Everything that the run writes goes to one folder, which goes with the run.
 */
export default async function setup(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'supabase-tests-'));
	// PostgreSQL may run as another user, who must get through to its own folder inside.
	await chmod(folder, 0o711);
	const reaper = startReaper(undefined, folder);
	process.env.TMPDIR = process.env.TEMP = process.env.TMP = folder;

	const stacks = new Map<string, Promise<StackChild>>();
	const stackOf = async (lane: string) => {
		const started = stacks.get(lane) ?? startStackChild();
		stacks.set(lane, started);
		return await started;
	};
	const server = createServer((request, response) => {
		stackOf(request.url ?? '').then(
			(stack) => response.end(JSON.stringify({ ...stack, process: undefined })),
			(error: unknown) => response.writeHead(500).end(String(error)),
		);
	});
	server.listen(0, '127.0.0.1').unref();
	await once(server, 'listening');
	process.env.STACK_LANES = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	globalThis.endLanes = async () => {
		server.close();
		server.closeAllConnections();
		await Promise.allSettled([...stacks.values()].map(async (stack) => await (await stack).stop()));
		await reaper.dismiss();
		await rm(folder, { recursive: true, force: true });
	};
}
