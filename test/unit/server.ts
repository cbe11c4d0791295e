import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { readProject, type Project, type ProjectSettings } from '../../src/api/project';
import { tokens } from './tokens';

export interface SeenRequest {
	readonly method: string;
	/** Path and query as they were sent. */
	readonly target: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** What a server answers; a body that is not a string is sent as JSON. */
export interface Answer {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

export interface TestServer {
	/** Without a slash at its end. */
	readonly url: string;
	/** Every request that was read to its end. */
	readonly requests: SeenRequest[];
	/** How many connections were made. */
	connections(): number;
	close(): Promise<void>;
}

/** The answer to the nth request, or the whole of what happens to it. */
export type Respond = (request: SeenRequest, count: number) => Answer | RequestListener;

export const tls = {
	key: readFileSync(join(__dirname, '../fixtures/tls/self-signed.key')),
	cert: readFileSync(join(__dirname, '../fixtures/tls/self-signed.crt')),
};

const started: TestServer[] = [];

/** For `afterEach`: nothing that a test started stays. */
export async function closeServers(): Promise<void> {
	await Promise.all(started.splice(0).map((server) => server.close()));
}

/** Starts an HTTP server on a free port of this machine. */
export async function startServer(
	respond: Respond,
	{ secure = false, port: wanted = 0 } = {},
): Promise<TestServer> {
	const requests: SeenRequest[] = [];
	const listener: RequestListener = (incoming, outgoing) => {
		const { method = '', url = '', headers } = incoming;
		// A client that hangs up in the middle of its body is a part of some tests.
		void text(incoming).then(
			(body) => {
				const request = { method, target: url, headers, body };
				requests.push(request);
				const answer = respond(request, requests.length);
				if (typeof answer === 'function') return answer(incoming, outgoing);
				const { status = 200, headers: own, body: content = [] } = answer;
				outgoing.writeHead(status, { 'content-type': 'application/json', ...own });
				outgoing.end(typeof content === 'string' ? content : JSON.stringify(content));
			},
			() => undefined,
		);
	};
	const server = secure ? createTlsServer(tls, listener) : createServer(listener);
	const { port, connections } = await listen(server, wanted);
	return remember({
		url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
		requests,
		connections,
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	});
}

/** Starts a server that speaks no HTTP but what the test writes. */
export async function startTcpServer(onData: string | (() => string)): Promise<TestServer> {
	const sockets = new Set<{ destroy(): void }>();
	const server = createTcpServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('data', () => socket.end(typeof onData === 'string' ? onData : onData()));
	});
	const { port, connections } = await listen(server);
	return remember({
		url: `http://127.0.0.1:${port}`,
		requests: [],
		connections,
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	});
}

async function listen(
	server: Server,
	wanted = 0,
): Promise<{ port: number; connections: () => number }> {
	let connections = 0;
	server.on('connection', () => connections++);
	await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
	return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function remember(server: TestServer): TestServer {
	started.push(server);
	return server;
}

/** A port at which nothing listens. */
export async function closedPort(): Promise<number> {
	const server = createTcpServer();
	const { port } = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** A project at an address, with both keys of the new kind. */
export function projectAt(url: string, settings: Partial<ProjectSettings> = {}): Project {
	return readProject({
		url,
		publishableKey: tokens.sb_publishable,
		secretKey: tokens.sb_secret,
		...settings,
	});
}
