import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

import { insertRows, isBulkInsert, type InsertRows } from './bulkInsertRoute';
import { sendJson, type GatewayCall, type GatewayRoute } from './gateway';
import type { Lite } from './lite';

export interface RestOptions {
	lite: Lite;
	/** Schemas that the REST service shows, in the order of its settings. */
	schemas: string[];
	/** The most rows that one answer holds; it may change while the stack runs. */
	maxRows(): number;
	/** The OpenAPI description of a schema, as a role sees it. */
	describe(schema: string, role: string): Promise<unknown>;
	/** Give the description to every key, as before April 2026. */
	openapiForAll: boolean;
	/** Inserts with `columns=`, which lite gets wrong. */
	insert: InsertRows;
}

/** Auth, whose links in mails work without a key. */
export function authRoute(lite: Lite): GatewayRoute {
	return {
		prefix: '/auth/v1',
		open: /^\/auth\/v1\/(verify|callback|authorize|\.well-known\/.*|sso\/saml\/.*|health)$/,
		handle: async (request, response, call) =>
			await forward(await ask(lite, request, call), response),
	};
}

/** The REST service: lite's, with the schema's description and the row cap on writes added. */
export function restRoute(options: RestOptions): GatewayRoute {
	return {
		prefix: '/rest/v1',
		handle: async (request, response, call) => {
			const refusal = refuse(request, call, options);
			if (refusal) {
				sendJson(response, refusal.status, refusal.body, {
					'proxy-status': `PostgREST; error=${refusal.body.code}`,
				});
				return;
			}
			if (/^\/rest\/v1\/?$/.test(call.url.pathname))
				return await describe(request, response, call, options);
			let body: string | undefined;
			if (isBulkInsert(request, call)) {
				const inserted = await insertRows(
					request,
					call,
					schemaOf(request, options),
					options.insert,
				);
				if (inserted.answer) {
					response.writeHead(inserted.answer.status, inserted.answer.headers);
					response.end(inserted.answer.body);
					return;
				}
				body = inserted.body;
			}
			const answer = await ask(options.lite, request, call, body);
			await forward(
				isCappedWrite(request, call) ? await cap(answer, options.maxRows()) : answer,
				response,
			);
		},
	};
}

interface RestError {
	status: number;
	body: { code: string; details: string | null; hint: string | null; message: string };
}

function restError(
	status: number,
	code: string,
	message: string,
	hint: string | null = null,
): RestError {
	return { status, body: { code, details: null, hint, message } };
}

/** What lite lets pass or words differently: tokens that are no JWT, and the list of schemas in order. */
function refuse(
	request: IncomingMessage,
	{ caller }: GatewayCall,
	{ schemas }: RestOptions,
): RestError | undefined {
	const token = caller.authorization?.replace(/^Bearer\s*/i, '') ?? '';
	if (token === '') return restError(401, 'PGRST301', 'Empty JWT is sent in Authorization header');
	const parts = token.split('.').length;
	if (parts !== 3) return restError(401, 'PGRST301', `Expected 3 parts in JWT; got ${parts}`);
	const profile = profileOf(request);
	if (profile !== undefined && !schemas.includes(profile)) {
		const hint = `Only the following schemas are exposed: ${schemas.join(', ')}`;
		return restError(406, 'PGRST106', `Invalid schema: ${profile}`, hint);
	}
	return undefined;
}

function profileOf(request: IncomingMessage): string | undefined {
	const reads = request.method === 'GET' || request.method === 'HEAD';
	const value = request.headers[reads ? 'accept-profile' : 'content-profile'];
	return Array.isArray(value) ? value[0] : value;
}

function schemaOf(request: IncomingMessage, { schemas }: RestOptions): string {
	return profileOf(request) ?? schemas[0] ?? 'public';
}

async function describe(
	request: IncomingMessage,
	response: ServerResponse,
	{ caller }: GatewayCall,
	options: RestOptions,
): Promise<void> {
	if (caller.key !== 'service_role' && !options.openapiForAll) {
		return sendJson(response, 403, { message: 'You cannot consume this service' });
	}
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		const { status, body } = restError(
			405,
			'PGRST117',
			`Unsupported HTTP method: ${request.method}`,
		);
		return sendJson(response, status, body);
	}
	const accept = request.headers.accept ?? '*/*';
	if (!/application\/openapi\+json|application\/json|\*\/\*/.test(accept)) {
		const { status, body } = restError(
			406,
			'PGRST107',
			`None of these media types are available: ${accept}`,
		);
		return sendJson(response, status, body);
	}
	const schema = schemaOf(request, options);
	response.writeHead(200, {
		'content-type': 'application/openapi+json; charset=utf-8',
		'content-profile': schema,
		vary: 'Accept, Prefer, Range',
	});
	response.end(
		request.method === 'HEAD'
			? undefined
			: JSON.stringify(await options.describe(schema, caller.role)),
	);
}

/** @param body what was read of the request's body already, all of it */
async function ask(
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

async function forward(answer: Response, response: ServerResponse): Promise<void> {
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

function isCappedWrite(request: IncomingMessage, { url }: GatewayCall): boolean {
	if (url.pathname.startsWith('/rest/v1/rpc/')) return request.method !== 'HEAD';
	return ['POST', 'PATCH', 'PUT', 'DELETE'].includes(request.method ?? '');
}

/**
 * PostgREST's row cap also cuts what a write or a function returns (all rows are written all the
 * same). lite caps only plain reads.
 */
async function cap(answer: Response, maxRows: number): Promise<Response> {
	if (!answer.ok || !/json/.test(answer.headers.get('content-type') ?? '')) return answer;
	const content = await answer.text();
	const headers = new Headers(answer.headers);
	headers.delete('content-length');
	const rows: unknown = content === '' ? undefined : JSON.parse(content);
	if (!Array.isArray(rows) || rows.length <= maxRows) {
		return new Response(content === '' ? null : content, { status: answer.status, headers });
	}
	const range = /^(\d+)-\d+\/(.*)$/.exec(headers.get('content-range') ?? '');
	if (range)
		headers.set('content-range', `${range[1]}-${Number(range[1]) + maxRows - 1}/${range[2]}`);
	return new Response(JSON.stringify(rows.slice(0, maxRows)), { status: answer.status, headers });
}
