import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as startTls } from 'node:tls';

import type { ProxyUse } from '../proxy';
import { ownFault } from './faults';

/**
 * Opens a way through a proxy (HTTP CONNECT), with TLS inside it where the target wants it. `ws` takes
 * a ready socket, and no proxy.
 *
 * @param target the address of the websocket
 * @param proxy the proxy that leads there
 * @param tls how the target's certificate is checked
 * @param signal ends the attempt
 * @throws SupabaseApiError for a proxy that cannot do it
 * @throws Error with `Proxy response (status)` or `proxy connection` in its message, as undici does
 */
export async function openTunnel(
	target: URL,
	{ uri }: ProxyUse,
	tls: { readonly rejectUnauthorized: boolean },
	signal: AbortSignal,
): Promise<Socket> {
	const proxy = new URL(uri);
	if (!/^https?:$/.test(proxy.protocol)) throw ownFault('PROXY_NOT_SUPPORTED').reason;
	const isTls = target.protocol === 'wss:';
	const host = `${target.hostname}:${target.port || (isTls ? 443 : 80)}`;
	const socket = await connectTo(proxy, host, signal);
	if (!isTls) return socket;
	const servername = target.hostname.replace(/^\[|\]$/g, '');
	return startTls({ ...tls, socket, servername: /^[\d.:]+$/.test(servername) ? '' : servername });
}

async function connectTo(proxy: URL, host: string, signal: AbortSignal): Promise<Socket> {
	const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
	const credentials = [proxy.username, proxy.password].map(decodeURIComponent).join(':');
	return await new Promise((resolve, reject) => {
		const asked = request({
			host: proxy.hostname.replace(/^\[|\]$/g, ''),
			port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
			method: 'CONNECT',
			path: host,
			agent: false,
			signal,
			headers: {
				host,
				...(proxy.username && {
					'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
				}),
			},
		});
		asked.on('connect', ({ statusCode }, socket: Socket, head) => {
			if (statusCode === 200) {
				if (head.length) socket.unshift(head);
				resolve(socket);
				return;
			}
			socket.destroy();
			reject(new Error(`Proxy response (${statusCode}) !== 200 when HTTP Tunneling`));
		});
		asked.on('response', (response) => {
			response.destroy();
			reject(new Error(`Proxy response (${response.statusCode}) !== 200 when HTTP Tunneling`));
		});
		asked.on('error', (cause) => reject(new Error('The proxy connection failed', { cause })));
		asked.end();
	});
}
