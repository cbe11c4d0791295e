import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import type { Authority } from '../../../src/api/keys';
import type { Project } from '../../../src/api/project';
import type { ApiRequest } from '../../../src/api/request';
import { beginUpload } from '../../../src/api/storage/resumable';
import { uploadSigned } from '../../../src/api/storage/upload';
import { send } from '../../../src/api/transport';
import { nodeError } from '../../../src/n8n/errors';
import { closedPort, closeServers, projectAt, startServer, type Respond } from '../server';

afterEach(closeServers);

/** As long and as random as real ones. */
const planted = (before: string) => before + randomBytes(24).toString('base64url');

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(claims: Record<string, unknown>): string {
	return [part({ alg: 'HS256' }), part(claims), randomBytes(32).toString('base64url')].join('.');
}

const secrets = {
	publishableKey: planted('sb_publishable_'),
	secretKey: planted('sb_secret_'),
	userToken: jwt({ role: 'authenticated', sub: planted('') }),
	credentialHeader: planted(''),
	basic: planted('user:'),
	optionHeader: `${planted('')} "ü" ${planted('')}`,
	signedToken: jwt({ url: planted('bucket/') }),
	signature: jwt({ url: planted('other/') }),
};

const about = { contentType: 'text/plain', cacheControl: 60 };
const place = { bucket: 'bucket', key: 'a b.txt' };
const body = { body: Buffer.from('a'), size: 1 };
const requests: Array<[string, ApiRequest]> = [
	['a read', { service: 'rest', method: 'GET', path: ['planets'] }],
	['a call', { service: 'functions', method: 'POST', path: ['hello'], body: '{}' }],
	['a signed upload', uploadSigned(place, secrets.signedToken, body, about)],
	[
		'a signed upload in parts',
		{ ...beginUpload(place, 1, { ...about, token: secrets.signature }), expect: 'json' },
	],
];
const authorities: Authority[] = [
	{ role: 'anon' },
	{ role: 'service_role' },
	{ role: 'user', accessToken: secrets.userToken },
];

function project(url: string): Project {
	const { publishableKey, secretKey } = secrets;
	const headers = {
		'X-Gateway': secrets.credentialHeader,
		'X-Basic': `Basic ${Buffer.from(secrets.basic).toString('base64')}`,
	};
	return projectAt(url, { publishableKey, secretKey, headers });
}

/** All texts of what was thrown, of what it was caused by, and of what n8n makes of it. */
function textsOf(error: unknown): string[] {
	const texts: string[] = [];
	for (let at = error; at instanceof Error; at = at.cause) {
		texts.push(at.message, at.stack ?? '', JSON.stringify(at), inspect(at, { depth: 9 }));
	}
	return texts;
}

/** Anything of a secret that is long enough to be no chance, in any form. */
function leaksIn(texts: readonly string[]): string[] {
	const all = texts.join('\n').toLowerCase();
	return Object.entries(secrets).flatMap(([name, secret]) => {
		const pieces = secret
			.replace(/^sb_(secret|publishable)_/, '')
			.split('.')
			// Says no more than what the token is.
			.filter((each) => each !== part({ alg: 'HS256' }));
		const forms = pieces.flatMap((piece) => [
			piece,
			piece.slice(0, 14),
			piece.slice(-14),
			encodeURIComponent(piece),
			Buffer.from(piece).toString('base64').slice(0, -4),
			Buffer.from(piece).toString('hex'),
		]);
		return forms.some((form) => all.includes(form.toLowerCase())) ? [name] : [];
	});
}

async function errorOf(url: string, request: ApiRequest, authority: Authority) {
	const answer = await send(project(url), request, {
		authority,
		maxRepeats: 0,
		timeout: 3000,
		headers: { 'X-Own': secrets.optionHeader },
	}).catch(refusal);
	if (answer instanceof SupabaseApiError) return answer;
	throw new Error(`It was answered with ${answer.status}`);
}

/** Servers that say all that they were sent, in every place and form. */
const echoes: Array<[string, (said: string) => ReturnType<Respond>]> = [
	[
		'in every field',
		(said) => ({
			status: 400,
			body: { message: said, code: said, details: { said: [said] }, hint: said, extra: said },
		}),
	],
	['as text', (said) => ({ status: 500, headers: { 'content-type': 'text/plain' }, body: said })],
	[
		'as a page',
		(said) => ({
			status: 502,
			headers: { 'content-type': 'text/html' },
			body: `<html><title>${said}</title>`,
		}),
	],
	[
		'with success',
		(said) => ({ status: 200, headers: { 'content-type': 'text/html' }, body: said }),
	],
	['encoded', (said) => ({ status: 400, body: { message: encodeURIComponent(said) } })],
	[
		'in Base64',
		(said) => ({ status: 400, body: { message: Buffer.from(said).toString('base64') } }),
	],
	['in capitals', (said) => ({ status: 400, body: { message: said.toUpperCase() } })],
	[
		'cut',
		(said) => ({
			status: 400,
			body: {
				message: said
					.split(/[\n]/)
					.map((line) => `${line.slice(0, -7)}…`)
					.join(' '),
			},
		}),
	],
	[
		'in headers',
		(said) => ({
			status: 400,
			headers: {
				'sb-request-id': said.replace(/[^ -~]/g, ' '),
				'x-own': said.replace(/[^ -~]/g, ' '),
			},
			body: '',
		}),
	],
	[
		'in a redirect',
		(said) => ({
			status: 302,
			headers: { location: `https://${said.replace(/[^a-z0-9]/gi, '').slice(0, 60)}.example/` },
		}),
	],
];

describe.each(requests)('of %s', (_, request) => {
	describe.each(authorities)('as $role', (authority) => {
		it.each(echoes)('no secret comes back %s', async (_how, echo) => {
			const server = await startServer(({ headers, target }, count) => {
				const said = [...Object.entries(headers).map(([n, v]) => `${n}: ${String(v)}`), target];
				const answer = echo(said.join('\n'));
				if (typeof answer === 'function') throw new Error(`No echo (${count})`);
				return answer;
			});
			const error = await errorOf(server.url, request, authority);
			expect(server.requests).toHaveLength(1);
			const node = { name: 'Supabase', type: 't', typeVersion: 1 } as never;
			expect(leaksIn([...textsOf(error), ...textsOf(nodeError(node, error, { item: 0 }))])).toEqual(
				[],
			);
		});

		it('no secret is in a fault of the connection', async () => {
			const error = await errorOf(`http://127.0.0.1:${await closedPort()}`, request, authority);
			expect(leaksIn(textsOf(error))).toEqual([]);
		});
	});
});

it.each(Object.entries(secrets))('a leak of one would be found: %s', (name, secret) => {
	const leaks: Array<(text: string) => Error> = [
		(text) => new Error(`It was ${text}`),
		(text) => new Error('It was', { cause: new Error(text) }),
		(text) => Object.assign(new Error('It was'), { details: { deep: { text } } }),
		(text) => new Error(encodeURIComponent(text)),
		(text) => new Error(Buffer.from(text).toString('base64')),
		(text) => new Error(`${text.slice(0, -7)}…`),
	];
	for (const leak of leaks.slice(0, 4)) expect(leaksIn(textsOf(leak(secret)))).toEqual([name]);
	for (const leak of leaks.slice(4)) {
		const bare = secret.replace(/^sb_(secret|publishable)_/, '');
		expect(leaksIn(textsOf(leak(bare)))).toContain(name);
	}
});
