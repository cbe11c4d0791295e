import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { sendJson } from '../../gateway';

/** What a provider says of somebody. */
export interface ProviderUser {
	id: number;
	login: string;
	name: string;
	email: string;
	verified: boolean;
	avatar_url: string;
}

/** A provider that stands in for GitHub, Google and the like: whoever gives an address is let in. */
export interface Provider {
	url: string;
	close: () => Promise<void>;
}

/**
 * Starts it on loopback. Below the provider's name it has `authorize`, a page for a person (a
 * `login_hint` in the query is taken without asking), `token` and `user`.
 */
export async function startProvider(): Promise<Provider> {
	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const url = new URL(request.url ?? '/', 'http://provider');
	const [, name = '', what] = url.pathname.split('/');
	if (what === 'authorize') return authorize(response, name, url.searchParams);
	if (what === 'token')
		return token(response, name, new URLSearchParams(await text(request)).get('code') ?? '');
	if (what === 'user') return user(response, request.headers.authorization ?? '');
	sendJson(response, 404, { error: 'not_found' });
}

function authorize(response: ServerResponse, name: string, query: URLSearchParams): void {
	const email = query.get('login_hint') ?? '';
	if (!email.includes('@')) return page(response, name, query);
	redirect(response, query, { code: codeOf(name, email) });
}

function redirect(
	response: ServerResponse,
	query: URLSearchParams,
	values: Record<string, string>,
): void {
	const back = new URL(query.get('redirect_uri') ?? '');
	const all = { ...values, state: query.get('state') ?? '' };
	for (const [key, value] of Object.entries(all)) back.searchParams.set(key, value);
	response.writeHead(302, { location: back.href }).end();
}

/** A person chooses who they are. */
function page(response: ServerResponse, name: string, query: URLSearchParams): void {
	const kept = [...query].filter(([key]) => key !== 'login_hint');
	const fields = kept.map(
		([key, value]) => `<input type="hidden" name="${escape(key)}" value="${escape(value)}">`,
	);
	response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
	response.end(
		`<!doctype html><title>Sign in</title><h1>Sign in to ${escape(name)}</h1>` +
			'<p>This page stands in for the provider: any address is let in.</p>' +
			`<form>${fields.join('')}<input type="email" name="login_hint" required autofocus placeholder="E-mail">` +
			'<button>Sign in</button></form>',
	);
}

function escape(value: string): string {
	return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The code says who has signed in, so that nothing has to be kept. */
function codeOf(name: string, email: string): string {
	const id = parseInt(createHash('sha256').update(email).digest('hex').slice(0, 7), 16);
	return `${name === 'github' ? 'gh' : name}-${id}_${email}`;
}

const CODE = /^[a-z_]+-(\d+)_(.+@.+)$/;
const TOKEN = /^Bearer \w+_(\d+)_(.+@.+)$/;

function token(response: ServerResponse, name: string, code: string): void {
	const [, id, email] = CODE.exec(code) ?? [];
	if (id === undefined) return sendJson(response, 400, { error: 'bad_verification_code' });
	const prefix = name === 'github' ? 'gho' : name;
	sendJson(response, 200, { access_token: `${prefix}_${id}_${email}`, token_type: 'bearer' });
}

function user(response: ServerResponse, authorization: string): void {
	const [, id, email = ''] = TOKEN.exec(authorization) ?? [];
	if (id === undefined) return sendJson(response, 401, { message: 'Bad credentials' });
	const found: ProviderUser = {
		id: Number(id),
		login: `gh${id}`,
		name: `Octo ${id}`,
		email,
		verified: true,
		avatar_url: `https://avatars.example.com/u/${id}`,
	};
	sendJson(response, 200, found);
}
