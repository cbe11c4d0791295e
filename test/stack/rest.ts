import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import { bulkInsert } from './bulkInsert';
import { insertRows, isBulkInsert, type InsertRows } from './bulkInsertRoute';
import { callFunction } from './functionCall';
import { call as callOf, isFunctionCall, type CallFunction } from './functionCallRoute';
import { sendJson, type GatewayCall, type GatewayRoute } from './gateway';
import { verifyJwt } from './keys';
import type { Lite } from './lite';
import { askLite, forward } from './liteRoutes';
import { describeSchema } from './openapi';
import type { RestAnswer } from './restAnswer';
import type { StartService } from './service';
import { understood } from './understood';

interface RestOptions {
	lite: Lite;
	/** Schemas that the REST service shows, in the order of its settings. */
	schemas: string[];
	/** The OpenAPI description of a schema, as a role sees it. */
	describe(schema: string, role: string): Promise<unknown>;
	/** Inserts with `columns=`, which lite gets wrong. */
	insert: InsertRows;
	/** Calls functions with arguments in JSON, which lite gets wrong too. */
	callFunction: CallFunction;
}

/** The REST service: lite's, with the schema's description and the row cap on writes added. */
export const startRest: StartService = async ({ sql, lite, keys, schemas, url }) => {
	const { host } = new URL(url);
	return {
		route: restRoute({
			lite,
			schemas,
			describe: async (schema, role) => await describeSchema(sql, { schema, role, schemas, host }),
			insert: async (insert, token) => {
				const claims = verifyJwt(token, keys.jwtSecret);
				return claims && (await bulkInsert(sql, { ...insert, claims, maxRows: lite.maxRows() }));
			},
			callFunction: async (asked, token) => {
				const claims = verifyJwt(token, keys.jwtSecret);
				return claims && (await callFunction(sql, { ...asked, claims, maxRows: lite.maxRows() }));
			},
		}),
		controls: {
			'GET maxRows': () => ({ maxRows: lite.maxRows() }),
			'POST maxRows': async (request) =>
				lite.setMaxRows(((await json(request)) as { maxRows: number }).maxRows),
			'POST reload': async () => await lite.reloadSchema(),
		},
	};
};

function restRoute(options: RestOptions): GatewayRoute {
	return {
		prefix: '/rest/v1',
		handle: async (request, response, call) => {
			const refusal = refuse(request, call, options);
			if (refusal) return sendError(response, refusal);
			if (/^\/rest\/v1\/?$/.test(call.url.pathname))
				return await describe(request, response, call, options);
			const { body, answer: own } = await answerOurselves(request, call, options);
			if (own) {
				response.writeHead(own.status, own.headers);
				response.end(own.body);
				return;
			}
			const asGeoJson = request.headers.accept === 'application/geo+json';
			if (asGeoJson) askForRows(request);
			const asked = { ...call, url: understood(call.url) };
			const answer = await askLite(options.lite, request, asked, body);
			if (asGeoJson && answer.ok) return sendError(response, NO_POSTGIS);
			await forward(
				isCappedWrite(request, call) ? await cap(answer, options.lite.maxRows()) : answer,
				response,
			);
		},
	};
}

/** What lite gets wrong is answered by code of ours; of anything else at most the body is read. */
async function answerOurselves(
	request: IncomingMessage,
	call: GatewayCall,
	options: RestOptions,
): Promise<{ body?: string; answer?: RestAnswer }> {
	const schema = schemaOf(request, options);
	if (isBulkInsert(request, call)) return await insertRows(request, call, schema, options.insert);
	if (isFunctionCall(request, call))
		return await callOf(request, call, schema, options.callFunction);
	return {};
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

function sendError(response: ServerResponse, { status, body }: RestError): void {
	sendJson(response, status, body, { 'proxy-status': `PostgREST; error=${body.code}` });
}

const NO_POSTGIS = restError(
	404,
	'42883',
	'function st_asgeojson(record) does not exist',
	'No function matches the given name and argument types. You might need to add explicit type casts.',
);

/** GeoJSON is PostGIS's, which this PostgreSQL has not: the statement fails, unless another error is first. */
function askForRows(request: IncomingMessage): void {
	request.headers.accept = 'application/json';
	request.headers.prefer = [request.headers.prefer ?? []].flat().concat('tx=rollback').join(', ');
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
	if (caller.key !== 'service_role') {
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
