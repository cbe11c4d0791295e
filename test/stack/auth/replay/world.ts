import type { IncomingHttpHeaders } from 'node:http';

import { sendRaw } from '../../storage/replay/send';
import type { Claims } from '../jwt';
import type { Exchange, ServerName } from './exchange';
import type { RecordedKey } from './jwts';
import { Names } from './names';
import type { ReplayServer } from './servers';

/** What our server answered, its JSON read. */
export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: unknown;
}

/** What the replay of one server knows while it goes on. */
export interface World {
	server: ReplayServer;
	/** Names that hold on this server. */
	names: Names;
	/** All exchanges of this server, and where the replay stands. */
	exchanges: Exchange[];
	index: number;
	recordedKey: RecordedKey;
	/** Mails and text messages whose code a recorded one stands for already. */
	spent: Set<object>;
}

export function createWorld(
	name: ServerName,
	server: ReplayServer,
	all: Exchange[],
	recordedKey: RecordedKey,
): World {
	const exchanges = all.filter((exchange) => exchange.server === name);
	return { server, names: new Names(), exchanges, index: 0, recordedKey, spent: new Set() };
}

/** Sends a request to our server. */
export async function send(
	{ server }: World,
	method: string,
	path: string,
	headers: Record<string, string>,
	body: string,
): Promise<Answer> {
	const raw = { method, path, headers, body: Buffer.from(body) };
	const answer = await sendRaw(server.url, raw);
	return { ...answer, body: read(answer.body.toString('utf8')) };
}

/** Sends JSON with the publishable key, and for a user where claims are given. */
export async function sendJson(
	world: World,
	method: string,
	path: string,
	body: unknown,
	authorization?: string,
): Promise<Answer> {
	const { publishableKey, secretKey } = world.server.projectKeys;
	const isAdmin = authorization === `Bearer ${secretKey}`;
	const answer = await send(
		world,
		method,
		path,
		{
			apikey: isAdmin ? secretKey : publishableKey,
			'content-type': 'application/json',
			authorization: authorization ?? `Bearer ${publishableKey}`,
		},
		body === undefined ? '' : JSON.stringify(body),
	);
	if (answer.status >= 400)
		throw new Error(`${method} ${path} was to prepare: ${JSON.stringify(answer.body)}`);
	return answer;
}

export type { Claims };

function read(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
