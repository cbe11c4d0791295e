import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { sendJson, type GatewayRoute } from '../gateway';
import { verifyJwt } from '../keys';
import type { DenoProcess } from './process';

export const PREFIX = '/functions/v1';

/** Functions whose callers the platform checks: `verify_jwt` is on. */
const VERIFIED = new Set(['private']);

/** Where a function runs that nobody has told where. */
const REGION = 'local';

/**
 * Edge functions behind the gateway. They may be called without a key, since every function decides
 * that for itself; the platform checks the token of those that want it.
 */
export function functionsRoute(deno: () => Promise<DenoProcess>, jwtSecret: string): GatewayRoute {
	return {
		prefix: PREFIX,
		open: true,
		handle: async (request, response, { url }) => {
			const refusal = refusalOf(request, url.pathname.split('/')[3] ?? '', jwtSecret);
			if (!refusal) return await forward(request, response, url, (await deno()).port);
			const [code, message] = refusal;
			sendJson(response, 401, { code, message }, { 'sb-error-code': code });
		},
	};
}

function refusalOf(
	{ headers }: IncomingMessage,
	name: string,
	jwtSecret: string,
): [code: string, message: string] | undefined {
	if (!VERIFIED.has(name)) return undefined;
	const [, token] = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
	if (!token) return ['UNAUTHORIZED_NO_AUTH_HEADER', 'Missing authorization header'];
	if (verifyJwt(token, jwtSecret)) return undefined;
	return token.split('.').length === 3
		? ['UNAUTHORIZED_LEGACY_JWT', 'Invalid JWT']
		: ['UNAUTHORIZED_INVALID_JWT_FORMAT', 'Invalid JWT'];
}

/** Hands a call on as it is. Who goes away or breaks off on one side does so on the other. */
async function forward(
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	port: number,
): Promise<void> {
	const path = (request.url ?? '/').slice(PREFIX.length);
	const call = httpRequest({ port, host: '127.0.0.1', method: request.method, path });
	for (const [name, value] of Object.entries(request.headers)) call.setHeader(name, value ?? '');
	response.once('close', () => call.destroy());
	const answered = new Promise<IncomingMessage>((resolve, reject) => {
		call.once('response', resolve).once('error', reject);
	});
	// A function may answer before it has read all; what it does not want is not sent.
	pipeline(request, call).catch(() => undefined);
	const answer = await answered;
	const region = single(request.headers['x-region']) ?? url.searchParams.get(FORCE) ?? REGION;
	response.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'x-sb-edge-region': region });
	response.flushHeaders();
	await pipeline(answer, response);
}

const FORCE = 'forceFunctionRegion';

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}
