import { createServer, type AddressInfo } from 'node:net';

/**
 * A port of 127.0.0.1 that nobody listens on.
 *
 * @param first the port to try first, with those after it to follow (default: whichever is free)
 * @param tries how many are tried
 * @throws Error where all of them are taken
 */
export async function freePort(first = 0, tries = 50): Promise<number> {
	for (let port = first; port < first + tries; port += 1) {
		const free = await probe(port);
		if (free !== undefined) return free;
	}
	throw new Error(`No port is free from ${first} to ${first + tries - 1}`);
}

async function probe(port: number): Promise<number | undefined> {
	const server = createServer();
	return await new Promise((resolve) => {
		server.once('error', () => resolve(undefined));
		server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
			const { port: free } = server.address() as AddressInfo;
			server.close(() => resolve(free));
		});
	});
}
