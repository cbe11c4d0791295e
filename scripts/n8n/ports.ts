import { createServer } from 'node:net';
import { Problem } from './problem';
import { note } from './progress';

/** How many ports after the usual one are tried. */
const TRIES = 50;

const taken = new Set<number>();

/**
 * Finds a port on 127.0.0.1 and says so where it is not the usual one.
 * @param what who listens there, for the remark
 * @param usual the port to begin with
 * @param quiet without the remark, for a port that no person uses
 */
export async function findPort(what: string, usual: number, quiet = false): Promise<number> {
	for (let port = usual; port < usual + TRIES; port++) {
		if (taken.has(port) || !(await isFree(port))) continue;
		taken.add(port);
		if (port !== usual && !quiet) note(`Port ${usual} is taken: ${what} is on ${port}.`);
		return port;
	}
	throw new Problem(
		`No port is free for ${what}: ${usual} to ${usual + TRIES - 1} are all taken.`,
		'End the programs that hold them, or name another: npm start -- --port 15678.',
	);
}

/**
 * Takes the port that the person asked for.
 * @throws Problem where it is taken: another one would not be what was asked for
 */
export async function demandPort(what: string, port: number): Promise<number> {
	if (!(await isFree(port))) {
		throw new Problem(
			`Port ${port} is taken, so ${what} cannot listen there.`,
			'Name another, or none: then the next free one is found.',
		);
	}
	taken.add(port);
	return port;
}

async function isFree(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
			server.close(() => resolve(true)),
		);
	});
}
