import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { ReplayServerOrder, ReplayServerReady } from './server';

/** A storage server of its own, in a process of its own. */
export interface ReplayServer extends ReplayServerReady {
	/** Changes the server's clock or settings. */
	order(order: ReplayServerOrder): Promise<void>;
	stop(): Promise<void>;
}

/** Starts it in a child process: jest cannot load the ES modules that it needs. */
export async function startReplayServer(
	databaseUrl: string,
	jwtSecret: string,
): Promise<ReplayServer> {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', join(__dirname, 'server.ts'), databaseUrl, jwtSecret],
		{ stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...process.env, NODE_OPTIONS: '' } },
	);
	const ended = once(child, 'exit');
	const failed = ended.then(() => {
		throw new Error('The storage server did not start');
	});
	failed.catch(() => {});
	const [ready] = (await Promise.race([once(child, 'message'), failed])) as [ReplayServerReady];
	return {
		...ready,
		order: async (order) => {
			child.send(order);
			await once(child, 'message');
		},
		stop: async () => {
			if (child.connected) child.disconnect();
			await ended;
		},
	};
}
