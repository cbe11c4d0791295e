import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';

import { Connection } from './connection';
import type { Version } from './frames';
import { isAboveLimit, type Hub } from './hub';
import { isBad, readToken, type Claims } from './tokens';

const TEXTS: Record<number, string> = {
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	503: 'Service Unavailable',
};

/** Answers the upgrade of a websocket. */
export class Upgrades {
	private readonly server = new WebSocketServer({ noServer: true });
	/** Taken and never answered. */
	private readonly ignored = new Set<Duplex>();

	constructor(
		private readonly hub: Hub,
		/** The JWT that stands for an `sb_` key of the project. */
		private readonly exchange: (key: string) => string,
	) {}

	async handle(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): Promise<void> {
		const { hub } = this;
		const { settings, counts } = hub;
		socket.on('error', () => {});
		if (settings.acceptNothing) return void this.ignore(socket);
		const version = url.searchParams.get('vsn') ?? '1.0.0';
		if (version !== '1.0.0' && version !== '2.0.0') return refuse(socket, 403, '');
		if (settings.refuseUpgrade) {
			counts.refusedUpgrades += 1;
			const { status, body = '' } = settings.refuseUpgrade;
			this.countDown();
			return refuse(socket, status, body);
		}
		const key = url.searchParams.get('apikey') ?? single(request.headers['x-api-key']);
		const claims = this.admit(key);
		if ('status' in claims) {
			counts.refusedUpgrades += 1;
			await new Promise((resolve) => setTimeout(resolve, settings.refusalDelayMs));
			const { status, error } = claims as { status: number; error: string };
			return refuse(socket, status, JSON.stringify({ error }));
		}
		counts.upgrades += 1;
		this.server.handleUpgrade(request, socket, head, (websocket) => {
			new Connection(hub, websocket, version as Version, claims as Claims);
		});
	}

	/** Ends the connections that were never answered. */
	close(): void {
		for (const socket of this.ignored) socket.destroy();
	}

	private admit(key: string | undefined): Claims | { status: number; error: string } {
		const { settings, jwtSecret, connections } = this.hub;
		if (settings.suspended) return { status: 403, error: 'Realtime was disabled for this tenant' };
		if (key === undefined) return { status: 401, error: 'API key is missing' };
		const claims = readToken(this.exchange(key), jwtSecret);
		if (isBad(claims)) return { status: 401, error: claims.upgrade };
		const users = [...connections].filter(({ channels }) => channels.size > 0).length;
		if (settings.maxUsers !== null && users >= settings.maxUsers)
			return { status: 429, error: 'Too many connected users' };
		if (isAboveLimit(this.hub, 'joins')) return { status: 429, error: 'Too many joins per second' };
		return claims;
	}

	private countDown(): void {
		const { settings } = this.hub;
		const order = settings.refuseUpgrade;
		if (order?.times === undefined) return;
		order.times -= 1;
		if (order.times <= 0) settings.refuseUpgrade = null;
	}

	private ignore(socket: Duplex): void {
		this.ignored.add(socket);
		socket.once('close', () => this.ignored.delete(socket));
		socket.resume();
	}
}

function refuse(socket: Duplex, status: number, body: string): void {
	const type = body ? 'content-type: application/json; charset=utf-8\r\n' : '';
	socket.end(
		`HTTP/1.1 ${status} ${TEXTS[status] ?? 'Refused'}\r\n${type}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
	);
}

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}
