import { randomUUID } from 'node:crypto';

import { startFlow } from '../session/flows';
import { insertRefreshToken, swapToken } from '../session/refreshTokens';
import { SOMEBODY } from './codes';
import { addFactors, openSession, userFor } from './conjure';
import { nameOf, type Exchange } from './exchange';
import { claimsOf } from './jwts';
import { sendJson, type World } from './world';

/** Seconds that passed before an exchange, beyond those that its answer shows: for it alone. */
export const MEANWHILE: Record<string, number> = {
	'session.exchangeCode: code older than 5 minutes': 301,
	'account.verifyOtp: code expired: same answer as a wrong one': 86_401,
	'account.verifyLink: GET /verify expired link': 86_401,
	'mfa.verify: expired challenge': 301,
};

/** Seconds that passed before an exchange and stay passed. */
export const PAUSES: Record<string, number> = {
	'session.refresh: the newest token of that family, 11 s after the revocation: dead': 11,
};

type Interlude = (world: World, exchange: Exchange) => Promise<void>;

/** What was done before an exchange without being recorded, where nothing in it shows that. */
const interludes: Record<string, Interlude> = {
	'session.refresh: grandparent token after the 10 s: reuse, session revoked': async (
		world,
		exchange,
	) => {
		const { sql, clock } = world.server;
		const { 'sb-auth-user-id': user = '', 'sb-auth-session-id': session = '' } =
			exchange.response.headers;
		const userId = (await userFor(world, user)) ?? '';
		const id = await openSession(world, userId, {});
		world.names.set(session, id);
		const before = new Date(clock.now - 13_000);
		const row = { id, user_id: userId };
		const first = await insertRefreshToken(sql, row, before);
		const idOf = async (token: string) => {
			const [found] = await sql<Array<{ id: string; token: string }>>`
				select id, token from auth.refresh_tokens where token = ${token}`;
			return found ?? { id: '', token };
		};
		const second = await swapToken(sql, row, await idOf(first), before);
		const third = await swapToken(sql, row, await idOf(second), before);
		world.names.set('rt0000000039', first);
		world.names.set('rt0000000040', third);
	},
	'session.refresh: new form: token several behind after 10 s: session ends': async (
		world,
		exchange,
	) => {
		const id = world.names.get(exchange.response.headers['sb-auth-session-id'] ?? '') ?? null;
		await world.server.sql`
			update auth.sessions set refresh_token_counter = 3, refreshed_at = refreshed_at - interval '11 s'
			where id = ${id}`;
	},
	'mfa.verify: from another IP address than the challenge (before the code is looked at)': async (
		world,
		exchange,
	) => {
		const [factor = ''] = await addFactors(world, await userOfToken(world, exchange), ['one']);
		world.names.set(/factors\/([^/]+)/.exec(exchange.request.path)?.[1] ?? '', factor);
		const challenge = randomUUID();
		const { challenge_id: theirs } = exchange.request.body as { challenge_id: string };
		world.names.set(theirs, challenge);
		const { sql, clock } = world.server;
		await sql`insert into auth.mfa_challenges (id, factor_id, created_at, ip_address)
			values (${challenge}, ${factor}, ${new Date(clock.now)}, '203.0.113.9')`;
	},
	'mfa.enroll: eleventh factor': async (world, exchange) => {
		const names = Array.from({ length: 10 }, (_, index) => `f${index}`);
		await addFactors(world, await userOfToken(world, exchange), names);
	},
	'account.oauthCallback: GET /callback after link: already linked to this user': linkAgain,
	'account.oauthCallback: GET /callback after link: belongs to another user': linkAgain,
	'account.signUp: invited, unconfirmed user signs up with a password': async (
		world,
		{ request },
	) => {
		const { email } = request.body as { email: string };
		const { secretKey } = world.server.projectKeys;
		await sendJson(world, 'POST', '/auth/v1/invite', { email }, `Bearer ${secretKey}`);
	},
	'oauth.token: wrong verifier': async ({ names }) => {
		// It stands in a header as it was, where nobody has replaced it.
		names.set('5917462d-70fb-49b6-bc5b-65b40fe09ce1', names.get(RECORDED_CLIENT) ?? '');
	},
	'oauth.getAuthorization: consent given earlier: redirect_url at once': askAgain,
	'oauth.consent: deny before the details were asked: 404 (GET binds the user first)': askAgain,
	'oauth.consent: deny': async (world, exchange) => {
		const { path, headers } = exchange.request;
		const token = claimsOf(headers.authorization ?? '');
		await world.server.sql`update auth.oauth_authorizations
			set user_id = ${(await userFor(world, String(token.sub))) ?? null}
			where authorization_id = ${authorizationIn(path)}`;
	},
	'oauth.userinfo: ok': async ({ server }) => {
		await server.sql`update auth.users set email_confirmed_at = created_at
			where email = 'oauth@example.com'`;
	},
	'admin.user.getAll: no parameters (client sends empty ones)': async (world) => {
		await world.server.sql`delete from auth.users where email = ${SOMEBODY}`;
	},
	'user.update: reauthentication on, old session, no nonce': async (world) => {
		await world.server.sql`update auth.sessions set created_at = created_at - interval '25 hours'`;
	},
};

/** The application of which most is recorded. */
const RECORDED_CLIENT = '00000000-0000-4000-8000-000000000272';

const authorizationIn = (path: string) => /authorizations\/([^/]+)/.exec(path)?.[1] ?? '';

/** The application has sent its user again, to be asked. */
async function askAgain({ server, names }: World, exchange: Exchange): Promise<void> {
	const { sql } = server;
	const { redirect_url: url } = (exchange.response.body ?? {}) as { redirect_url?: string };
	const row = {
		authorization_id: authorizationIn(exchange.request.path),
		client_id: names.get(RECORDED_CLIENT),
		redirect_uri: 'https://client.example.com/cb',
		scope: 'openid email profile',
		state: url === undefined ? 'st3' : new URL(url).searchParams.get('state'),
		code_challenge: 'none',
		code_challenge_method: 'plain',
	};
	await sql`insert into auth.oauth_authorizations ${sql(row as never)}`;
}

/** Somebody who has an account of GitHub has begun to add another to theirs. */
async function linkAgain(world: World, exchange: Exchange): Promise<void> {
	const state = new URL(exchange.request.path, 'http://recorded').searchParams.get('state') ?? '';
	const [owner] = await world.server.sql<Array<{ user_id: string }>>`
		select user_id from auth.identities where provider = 'github' and provider_id = '2002'`;
	const flow = await startFlow(
		{ db: world.server.sql, now: new Date(world.server.clock.now) },
		{ code_challenge: '', code_challenge_method: '' },
		'oauth',
		{ provider_type: 'github', linking_target_id: owner?.user_id ?? null },
	);
	world.names.set(state, flow.id);
}

/** Our id of the user whose token a request bears. */
async function userOfToken(world: World, { request }: Exchange): Promise<string> {
	const { sub } = claimsOf(request.headers.authorization ?? '');
	return (await userFor(world, String(sub))) ?? '';
}

export async function prepare(world: World, exchange: Exchange): Promise<void> {
	await interludes[nameOf(exchange)]?.(world, exchange);
}
