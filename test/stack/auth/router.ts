import type { IncomingMessage, ServerResponse } from 'node:http';

import { answerError, answerJson, answerText } from './answer';
import { bodyType, UUID } from './body';
import { Call, type AuthService, type Reply } from './call';
import { AuthError, invalid, Redirect, refusal } from './errors';
import { routes, type Route } from './routes';

export const PREFIX = '/auth/v1';

const MOST_BYTES = 1024 ** 2;

/** Answers one request, in a transaction of its own. */
export async function answer(
	service: AuthService,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const path = url.pathname.slice(PREFIX.length).replace(/^\/|\/$/g, '');
	const method = request.method ?? 'GET';
	if (method === 'OPTIONS') return answerPreflight(response);
	const fitting = routes.flatMap((route) => {
		const params = fit(route.path, path);
		return params ? [{ route, params }] : [];
	});
	if (fitting.length === 0) return answerUnknown(response);
	const found = fitting.find(({ route }) => route.method === method);
	const { route, params } = found ?? { route: guardOf(fitting), params: fitting[0]?.params ?? {} };
	try {
		const reply = await carryOut(service, request, response, url, route, params);
		send(request, response, reply);
	} catch (error) {
		if (error instanceof Redirect) send(request, response, error);
		else answerError(request, response, error);
	}
}

/** What asks for the right token where no route has that method: the token counts first. */
function guardOf(fitting: Array<{ route: Route }>): Route {
	const allow = fitting.map(({ route }) => route.method).join(', ');
	return {
		method: '',
		path: '',
		access: fitting[0]?.route.access ?? 'open',
		handle: () => ({ status: 405, headers: { allow } }),
	};
}

async function carryOut(
	service: AuthService,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	route: Route,
	params: Record<string, string>,
): Promise<Reply> {
	const content = await readText(request);
	const { error, reply, call } = (await service.sql.begin(async (tx) => {
		const call = new Call(service, tx, request, response, url.searchParams, params, content);
		try {
			await guard(call, route);
			return { call, reply: await route.handle(call) };
		} catch (error) {
			// What was written before this refusal stays: the transaction has to end well.
			if (error instanceof AuthError && error.options.keep) return { call, error };
			for (const [name, value] of Object.entries(call.headers)) response.setHeader(name, value);
			throw error;
		}
	})) as { call: Call; reply?: Reply; error?: AuthError };
	for (const [name, value] of Object.entries(call.headers)) response.setHeader(name, value);
	service.inbox.add(call.outbox);
	if (error) throw error;
	return reply ?? {};
}

async function guard(call: Call, { access, guards = [] }: Route): Promise<void> {
	if (access === 'admin') call.authenticateAdmin();
	if (access === 'user' || access === 'registered') await call.authenticateUser();
	if (access === 'registered') call.requireRegistered();
	for (const [name, value] of Object.entries(call.params))
		if (name.endsWith('_id') && !UUID.test(value)) throw invalid(`${name} must be an UUID`, 404);
	if (guards.includes('limit') && call.settings.reached.includes('requests'))
		throw refusal('tooManyRequests');
	if (guards.includes('captcha')) requireCaptcha(call);
}

const CAPTCHA = bodyType('captchaRequest', { gotrue_meta_security: 'object' });

/** A secret key needs none. */
function requireCaptcha(call: Call): void {
	const { captchaToken } = call.settings;
	if (!captchaToken) return;
	if (call.header('authorization') !== undefined && call.authenticate().role === 'service_role')
		return;
	const given = call.body(CAPTCHA).gotrue_meta_security?.captcha_token;
	if (given === undefined || given === '') throw refusal('captcha');
	if (given !== captchaToken)
		throw new AuthError(
			400,
			'captcha_failed',
			'captcha protection: request disallowed (invalid-input-response)',
		);
}

/** @throws AuthError for a body of more than the service takes */
async function readText(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes <= MOST_BYTES) chunks.push(chunk);
	}
	if (bytes > MOST_BYTES) throw refusal('tooLarge');
	return Buffer.concat(chunks).toString('utf8');
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
	for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
	const { location, status = location === undefined ? 200 : 303, body, xml } = reply;
	if (location === undefined) {
		if (xml !== undefined) return answerText(response, status, 'application/xml', xml);
		if (body !== undefined) return answerJson(response, status, body);
		response.writeHead(status).end();
		return;
	}
	response.setHeader('location', location);
	const word = status === 302 ? 'Found' : 'See Other';
	const href = location.replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll("'", '&#39;');
	if (request.method !== 'GET') return void response.writeHead(status).end();
	const link = `<a href="${href}">${word}</a>.\n\n`;
	const behind = body === undefined ? '' : JSON.stringify(body);
	// Nothing stands behind the redirect of anything but a GET.
	if (link + behind === '') response.writeHead(status).end();
	else answerText(response, status, 'text/html; charset=utf-8', link + behind);
}

function answerPreflight(response: ServerResponse): void {
	response
		.writeHead(204, {
			'access-control-allow-origin': '*',
			'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
			'access-control-allow-headers':
				'accept, authorization, content-type, apikey, x-client-info, x-supabase-api-version',
		})
		.end();
}

function answerUnknown(response: ServerResponse): void {
	const headers = { 'content-type': 'text/plain; charset=utf-8' };
	response.writeHead(404, { ...headers, 'x-content-type-options': 'nosniff' });
	response.end('404 page not found\n');
}

function fit(pattern: string, path: string): Record<string, string> | undefined {
	const [parts, segments] = [pattern.split('/'), path.split('/')];
	if (parts.length !== segments.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of parts.entries()) {
		const segment = segments[index] ?? '';
		if (!part.startsWith(':')) {
			if (part !== segment) return undefined;
		} else params[part.slice(1)] = segment;
	}
	return params;
}
