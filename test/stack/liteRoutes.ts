import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

import type { GatewayCall } from './gateway';
import type { Lite } from './lite';

/**
 * Has lite answer a request of the gateway.
 *
 * @param body what was read of the request's body already, all of it
 */
export async function askLite(
	lite: Lite,
	request: IncomingMessage,
	{ caller, url }: GatewayCall,
	body?: string,
): Promise<Response> {
	const headers = new Headers();
	for (const [name, value] of Object.entries(request.headers)) {
		if (name === 'apikey' || name === 'authorization' || value === undefined) continue;
		headers.set(name, Array.isArray(value) ? value.join(', ') : value);
	}
	if (caller.authorization) headers.set('authorization', caller.authorization);
	const target = new URL(url);
	target.host = request.headers.host ?? '127.0.0.1';
	if (target.searchParams.has('apikey')) target.searchParams.delete('apikey');
	const reads = request.method === 'GET' || request.method === 'HEAD';
	return await lite.fetch(
		new Request(target, {
			method: request.method,
			headers,
			redirect: 'manual',
			...(reads
				? {}
				: { body: body ?? (Readable.toWeb(request) as globalThis.ReadableStream), duplex: 'half' }),
		} as RequestInit),
	);
}

/** Sends an answer of lite's to the client. */
export async function forward(answer: Response, response: ServerResponse): Promise<void> {
	response.statusCode = answer.status;
	for (const [name, value] of answer.headers) response.appendHeader(name, value);
	if (!answer.body) {
		response.end();
		return;
	}
	// A client that goes away ends the copying; that is its own affair.
	await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() =>
		response.destroy(),
	);
}
