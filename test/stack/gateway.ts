import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { applyFault, type FaultBox } from './faults';
import { checkKeys, exchangeKeys, isRefusal, type Caller } from './keyCheck';
import type { ProjectKeys } from './keys';
import type { RequestLog } from './requestLog';
import { reset } from './reset';

/** A service behind the gateway. */
export interface GatewayRoute {
	/** What its paths begin with, such as `/rest/v1`. */
	prefix: string;
	/** Paths that may be asked without a key; all of them when true. */
	open?: RegExp | true;
	/** `exchange`: keys are exchanged for their JWTs, and refusing is left to the service. */
	keys?: 'exchange';
	handle(
		request: IncomingMessage,
		response: ServerResponse,
		call: GatewayCall,
	): Promise<void> | void;
	/** Takes over a websocket. */
	upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, call: GatewayCall): void;
}

export interface GatewayCall {
	caller: Caller;
	url: URL;
}

/** Answers below `/__control`; true when it did. */
export type ControlHandler = (
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
) => Promise<boolean>;

export interface GatewayOptions {
	port: number;
	keys: ProjectKeys;
	routes: GatewayRoute[];
	requests: RequestLog;
	faults: FaultBox;
	control?: ControlHandler;
}

export interface Gateway {
	url: string;
	port: number;
	/**
	 * Cuts clients off or lets them through again: open connections break, also in the middle of an answer,
	 * and new requests are reset. Only `/__control` goes on.
	 */
	cut: (isCut: boolean) => void;
	close: () => Promise<void>;
}

/**
 * Starts the address that clients see: it finds the service, checks the keys and hands on. Bodies
 * are streamed both ways.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
	const { routes, requests } = options;
	// PostgREST takes addresses far longer than Node's 16 kB for all headers together.
	const server = createServer({
		maxHeaderSize: 128 * 1024,
		requestTimeout: 0,
		keepAliveTimeout: 60_000,
	});
	const sockets = new Set<Duplex>();
	/** Sockets on which a control is being answered at the moment. */
	const controlling = new Set<Duplex>();
	let isCut = false;
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	server.on('request', (request, response) => {
		answer(request, response).catch((error: unknown) => {
			if (response.headersSent || response.destroyed) response.destroy();
			else
				sendJson(response, 500, {
					message: error instanceof Error ? error.message : String(error),
				});
		});
	});
	server.on('upgrade', (request, socket, head) => {
		if (isCut) return void socket.destroy();
		const url = new URL(request.url ?? '/', 'http://gateway');
		const route = find(routes, url.pathname);
		const caller = route?.upgrade && callerOf(route, request, url);
		if (!route?.upgrade || !caller) return refuseUpgrade(socket, 404);
		if (isRefusal(caller)) return refuseUpgrade(socket, caller.status);
		route.upgrade(request, socket, head, { caller, url });
	});

	function callerOf(route: GatewayRoute, request: IncomingMessage, url: URL) {
		return route.keys === 'exchange'
			? exchangeKeys(request.headers, url, options.keys)
			: checkKeys(request.headers, url, options.keys, isOpen(route, url));
	}

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', 'http://gateway');
		if (url.pathname.startsWith('/__control/') && options.control) {
			const { socket } = request;
			controlling.add(socket);
			response.once('close', () => controlling.delete(socket));
			if (await options.control(request, response, url)) return;
		}
		if (isCut) return reset(request.socket);
		requests.record(request, response);
		const fault = options.faults.take(request.method ?? 'GET', request.url ?? '/');
		await applyFault(fault, request, response, async () => {
			const route = find(routes, url.pathname);
			if (!route) return sendJson(response, 404, { message: 'no Route matched with those values' });
			const caller = callerOf(route, request, url);
			if (isRefusal(caller)) return sendJson(response, caller.status, caller.body);
			await route.handle(request, response, { caller, url });
		});
	}

	const port = await listen(server, options.port);
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		cut: (cut) => {
			isCut = cut;
			if (!cut) return;
			for (const socket of sockets) if (!controlling.has(socket)) socket.destroy();
		},
		close: async () => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

/** Answers with JSON, as the gateway itself does. */
export function sendJson(
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): void {
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
	response.end(JSON.stringify(body));
}

function find(routes: GatewayRoute[], pathname: string): GatewayRoute | undefined {
	return routes.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`));
}

function isOpen(route: GatewayRoute, url: URL): boolean {
	return route.open === true || (route.open?.test(url.pathname) ?? false);
}

function refuseUpgrade(socket: Duplex, status: number): void {
	socket.end(
		`HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : 'Unauthorized'}\r\nConnection: close\r\n\r\n`,
	);
}

async function listen(server: Server, port: number): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			server.off('error', reject);
			resolve();
		});
	});
	return (server.address() as AddressInfo).port;
}
