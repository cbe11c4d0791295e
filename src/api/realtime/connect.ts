import type { IncomingMessage } from 'node:http';

import type { WebSocket } from 'ws';

import { readErrorBody, SupabaseApiError } from '../errors';
import { describeFault } from '../faults';
import { withOwnHeaders } from '../headers';
import { authorityHeaders, type Authority } from '../keys';
import type { Project } from '../project';
import { proxyFor, type ProxyUse } from '../proxy';
import { redactor, secretsOf } from '../redaction';
import { CLIENT } from '../transport';
import { grantFault, ownFault, type Fault } from './faults';
import type { Serializer } from './message';
import { openTunnel } from './tunnel';

/** The most that is read of what a refused upgrade answered, in bytes. */
const LONGEST_ANSWER = 64 * 1024;

/** A message of Realtime has at most 3 MB; what is sent above that is no message of it. */
const LONGEST_MESSAGE = 32 * 1024 * 1024;

export interface ConnectOptions {
	readonly authority: Authority;
	readonly serializer: Serializer;
	/** In milliseconds, for everything until the socket is open. */
	readonly timeout: number;
	/** Ends the attempt. */
	readonly signal: AbortSignal;
}

/**
 * Opens a websocket to a project's Realtime. The address holds the key (self-hosted gateways take it
 * from nowhere else), so it is in nothing that this gives. Never throws.
 *
 * @returns an open websocket, or why there is none: refused, not reachable, not in time, aborted
 */
export async function connect(
	project: Project,
	{ authority, serializer, timeout, signal }: ConnectOptions,
): Promise<WebSocket | Fault> {
	const attempt = new AbortController();
	const abort = () => attempt.abort();
	const timer = setTimeout(abort, timeout);
	signal.addEventListener('abort', abort);
	if (signal.aborted) abort();
	try {
		const { apikey = '' } = authorityHeaders(project, 'realtime', authority);
		return await attemptOf(project, apikey, serializer, attempt.signal);
	} catch (error) {
		return grantFault(error);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}
}

/** @throws InvalidRequestError for headers or a proxy that cannot be used */
async function attemptOf(
	project: Project,
	apikey: string,
	serializer: Serializer,
	signal: AbortSignal,
): Promise<WebSocket | Fault> {
	const headers = withOwnHeaders({}, CLIENT, project.headers);
	const hide = redactor([apikey, ...secretsOf(project.headers)]);
	const address = new URL(`${project.services.realtime}/websocket`);
	const proxy = proxyFor(address.origin);
	address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
	address.search = new URLSearchParams({ apikey, vsn: serializer }).toString();
	const tls = { rejectUnauthorized: !project.ignoreTlsErrors };
	try {
		const tunnel = proxy && (await openTunnel(address, proxy, tls, signal));
		const { WebSocket: Socket } = await import('ws');
		signal.throwIfAborted();
		const socket = new Socket(address, {
			...tls,
			headers,
			maxPayload: LONGEST_MESSAGE,
			perMessageDeflate: false,
			...(tunnel && { createConnection: () => tunnel }),
		});
		return await opened(socket, signal, hide);
	} catch (error) {
		if (signal.aborted) return ownFault('SOCKET_TIMEOUT');
		if (error instanceof SupabaseApiError) return { reason: error, final: true };
		return unreachable(error, hide, proxy);
	}
}

/**
 * Waits until a websocket is open, or its upgrade refused.
 *
 * @throws what the connection failed with
 */
async function opened(
	socket: WebSocket,
	signal: AbortSignal,
	hide: (text: string) => string,
): Promise<WebSocket | Fault> {
	return await new Promise((resolve, reject) => {
		const abort = () => {
			socket.terminate();
			reject(new Error('Aborted'));
		};
		const settle = () => signal.removeEventListener('abort', abort);
		signal.addEventListener('abort', abort);
		// Ending a socket that is not open is an error, too; the first one counts.
		socket.on('error', (error) => {
			settle();
			reject(error);
		});
		socket.once('open', () => {
			settle();
			// What comes in the same moment has to wait for who reads it.
			socket.pause();
			resolve(socket);
		});
		socket.once('unexpected-response', (_request, answer) => {
			void bodyOf(answer).then((text) => {
				settle();
				resolve(upgradeFault(answer, hide(text)));
				socket.terminate();
			});
		});
	});
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	let length = 0;
	try {
		for await (const piece of answer as AsyncIterable<Buffer>) {
			pieces.push(piece);
			length += piece.length;
			if (length > LONGEST_ANSWER) break;
		}
	} catch {
		// What came until it broke off says enough.
	}
	return Buffer.concat(pieces).toString();
}

/** Why a server did not make a websocket of a request: too much for now, or final. */
function upgradeFault({ statusCode = 0, headers }: IncomingMessage, text: string): Fault {
	const flat = Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
	);
	const parts = readErrorBody(statusCode, flat, text, 'realtime');
	const mayPass = statusCode === 408 || statusCode === 429 || statusCode >= 500;
	return {
		reason: new SupabaseApiError('realtime', 'refused', parts),
		final: !mayPass || statusCode === PAUSED,
	};
}

/** The hosted gateway's status for a project that is paused. */
const PAUSED = 540;

function unreachable(
	error: unknown,
	hide: (text: string) => string,
	proxy: ProxyUse | undefined,
): Fault {
	const { parts } = describeFault(error, proxy);
	const hint = parts.hint && hide(parts.hint);
	return {
		reason: new SupabaseApiError('realtime', 'notSent', { ...parts, hint }),
		final: /CERT|SELF_SIGNED|ALTNAME|LEAF_SIGNATURE|SSL_WRONG/.test(parts.code ?? ''),
	};
}
