import type { IncomingMessage, ServerResponse } from 'node:http';

import { sendJson } from '../gateway';
import { checkBatch, type Message } from './batch';
import { isAboveLimit, type Hub } from './hub';
import { rightsOf } from './rights';
import { broadcastToRoom, roomOf, sendToRoom } from './room';
import { isBad, readToken, type Claims } from './tokens';

const MOST_BYTES = 8_000_000;
const UNAUTHORIZED = { message: 'Unauthorized' };
const TOO_LARGE = 'Payload size exceeds tenant limit';
const UNSUPPORTED = {
	error: 'Unsupported Media Type. Use application/json or application/octet-stream',
};
const SINGLE = /^\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/;

/** An answer that ends the handling of a request. */
class Answer extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly isLimited = true,
	) {
		super();
	}
}

/**
 * Answers `POST /api/broadcast` and `POST /api/broadcast/<topic>/events/<event>`.
 *
 * @param path below the service's prefix, without its query
 * @param authorization as the gateway hands it on
 */
export async function handleHttp(
	hub: Hub,
	request: IncomingMessage,
	response: ServerResponse,
	path: string,
	query: URLSearchParams,
	authorization: string | undefined,
): Promise<void> {
	const limits = limitHeaders(hub);
	try {
		const [, topic, event] = SINGLE.exec(path) ?? [];
		if (request.method !== 'POST' || (!topic && path !== '/api/broadcast'))
			throw new Answer(404, 'Not Found', false);
		const body = await read(request);
		if (topic === undefined || event === undefined)
			await batch(hub, body, contentType(request), authorization);
		else
			await single(hub, body, contentType(request), authorization, {
				topic: decodeURIComponent(topic),
				event: decodeURIComponent(event),
				isPrivate: query.get('private') === 'true',
			});
		response.writeHead(202, limits).end();
	} catch (error) {
		const { status, body, isLimited } =
			error instanceof Answer ? error : new Answer(500, 'Internal Server Error');
		const isPage = typeof body === 'string' && status < 500;
		if (isPage)
			response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body);
		else sendJson(response, status, body, isLimited ? limits : {});
	}
}

function contentType(request: IncomingMessage): string {
	return request.headers['content-type']?.split(';')[0]?.trim() ?? '';
}

async function read(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= MOST_BYTES) chunks.push(chunk);
	}
	if (size > MOST_BYTES) throw new Answer(413, 'Request Entity Too Large', false);
	return Buffer.concat(chunks);
}

async function batch(hub: Hub, body: Buffer, type: string, authorization: string | undefined) {
	const parsed = type === 'application/json' ? parse(body) : {};
	const claims = authorize(hub, authorization);
	const most = hub.settings.eventsPerSecond ?? 100;
	const messages = checkBatch(parsed, hub.settings.maxPayloadBytes, TOO_LARGE);
	if (!Array.isArray(messages)) throw new Answer(422, messages);
	refuseAboveLimit(hub);
	if (messages.length > most)
		throw new Answer(429, {
			message: 'Too many messages to broadcast, please reduce the batch size',
		});
	for (const message of messages) {
		hub.events.add();
		if (message.isPrivate && !(await mayWrite(hub, claims, message.topic).catch(() => false)))
			continue;
		sendToRoom(
			roomOf(hub, message.isPrivate, message.topic),
			'broadcast',
			JSON.stringify(shape(message)),
		);
	}
}

function shape({ id, event, payload }: Message): unknown {
	return { event, ...(id === undefined ? {} : { meta: { id } }), payload, type: 'broadcast' };
}

async function single(
	hub: Hub,
	body: Buffer,
	type: string,
	authorization: string | undefined,
	{ topic, event, isPrivate }: { topic: string; event: string; isPrivate: boolean },
) {
	const isJson = type === 'application/json' || type === '';
	if (!isJson && type !== 'application/octet-stream') throw new Answer(415, UNSUPPORTED, false);
	const parsed = isJson && type ? parse(body) : {};
	const claims = authorize(hub, authorization);
	refuseAboveLimit(hub);
	if (body.length > hub.settings.maxPayloadBytes)
		throw new Answer(422, { errors: { payload: [TOO_LARGE] } });
	if (isPrivate && !(await mayWrite(hub, claims, topic))) throw new Answer(403, UNAUTHORIZED);
	hub.events.add();
	const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
	const payload = isJson ? JSON.stringify(isObject ? parsed : { _json: parsed }) : body;
	broadcastToRoom(roomOf(hub, isPrivate, topic), { event, payload, isJson });
}

function parse(body: Buffer): unknown {
	try {
		return body.length === 0 ? {} : JSON.parse(body.toString());
	} catch {
		throw new Answer(400, 'Bad Request', false);
	}
}

function authorize(hub: Hub, authorization: string | undefined): Claims {
	if (hub.settings.suspended) throw new Answer(403, { message: 'Tenant is suspended' });
	if (authorization === undefined) throw new Answer(401, UNAUTHORIZED);
	const token = /^Bearer\s+(.*)$/i.exec(authorization)?.[1];
	if (token === undefined) throw new Answer(500, 'Internal Server Error');
	const claims = readToken(token, hub.jwtSecret);
	if (isBad(claims)) throw new Answer(401, UNAUTHORIZED);
	return claims;
}

async function mayWrite(hub: Hub, claims: Claims, topic: string): Promise<boolean> {
	const rights = await rightsOf(hub, claims, topic).catch((error: Error & { code?: string }) => {
		throw error.code === '23514'
			? new Answer(422, { message: 'Missing messages partition' })
			: error;
	});
	return rights.write.includes('broadcast');
}

function refuseAboveLimit(hub: Hub): void {
	if (isAboveLimit(hub, 'events'))
		throw new Answer(429, { message: 'You have exceeded your rate limit' });
}

function limitHeaders(hub: Hub): Record<string, string> {
	const limit = hub.settings.eventsPerSecond ?? 100;
	const rolling = Math.floor(hub.events.average(hub.settings.rateWindowS, hub.settings.rateTickMs));
	return {
		'x-rate-limit': String(limit),
		'x-rate-limit-remaining': String(Math.max(0, limit - rolling)),
		'x-rate-rolling': String(rolling),
	};
}
