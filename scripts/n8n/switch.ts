import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Instance } from './instance';

/** Lets tests end n8n and start it again. */
export interface Switch {
	/** Takes `POST /kill` and `POST /start`; answers when it is done. */
	readonly url: string;
	close(): void;
}

/** Opens a server on this machine alone, for who may end n8n as a crash would. */
export async function openSwitch(instance: Instance): Promise<Switch> {
	const acts: Record<string, (() => Promise<void>) | undefined> = {
		'/kill': async () => await instance.n8n.kill(),
		'/start': async () => await instance.startAgain(),
	};
	const server = createServer((request, response) => {
		const act = request.method === 'POST' ? acts[request.url ?? ''] : undefined;
		const answer = (status: number, text = '') => response.writeHead(status).end(text);
		if (!act) return void answer(404);
		act().then(
			() => answer(204),
			(error: unknown) => answer(500, String(error)),
		);
	});
	server.requestTimeout = 0;
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}
