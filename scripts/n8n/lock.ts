import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Problem } from './problem';

/** A folder that belongs to this process as long as it lives. */
export interface Lock {
	/** What a second start is told: where the first one can be reached. */
	tell(text: string): void;
	release(): Promise<void>;
}

/**
 * Takes a folder for this process alone. The lock is a socket that this process listens on, so it
 * goes with the process, however that ends: no stale lock file, no number that another process has.
 * @param text what a second start is told meanwhile
 * @throws Problem where another process holds it, with what that one says of itself
 */
export async function lock(folder: string, text: string): Promise<Lock> {
	// In the temporary folder since a socket's path must be short, and a checkout's may be long.
	const name = `supabase-n8n-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
	const path =
		process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);

	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.end(text);
	});
	try {
		await listen(server, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		const answer = await ask(path);
		if (answer !== undefined) throw new Problem('It runs already.', answer);
		// Nobody answers: the socket of a process that was killed.
		await rm(path, { force: true });
		await listen(server, path);
	}
	server.unref();
	return {
		tell: (words) => {
			text = words;
		},
		release: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}

async function listen(server: Server, path: string): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(path, () => {
			server.off('error', reject);
			resolve();
		});
	});
}

/** What the holder says, or nothing where there is none. */
async function ask(path: string): Promise<string | undefined> {
	return await new Promise((resolve) => {
		let answer = '';
		const socket = connect(path);
		socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
		socket.once('error', () => resolve(undefined));
		socket.once('end', () => resolve(answer));
	});
}
