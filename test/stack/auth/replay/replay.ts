import { findCodes } from './codes';
import { comparable, type Comparable } from './compare';
import { signToken } from '../jwt';
import {
	anyUserFor,
	challengeFor,
	raise,
	refreshTokenFor,
	sessionFor,
	userFor,
	userWith,
} from './conjure';
import { codeOf, nameOf, usersIn, type Exchange } from './exchange';
import { MEANWHILE, PAUSES, prepare } from './interludes';
import { claimsOf, JWT, resign } from './jwts';
import { send, type Answer, type World } from './world';

export interface Outcome {
	exchange: Exchange;
	recorded: Comparable;
	ours: Comparable;
}

/** Sends a recorded request to our server, which is left as the requests before have left it. */
export async function replay(world: World, exchange: Exchange): Promise<Outcome> {
	const { response } = exchange;
	const ours = await answerOf(world, exchange).catch((error: unknown) => ({
		status: 0,
		headers: {},
		body: `could not be sent: ${error instanceof Error ? error.message : String(error)}`,
	}));
	world.index += 1;
	return {
		exchange,
		recorded: comparable(response.status, response.headers, parsed(response.body)),
		ours: comparable(ours.status, ours.headers, parsed(ours.body)),
	};
}

async function answerOf(world: World, exchange: Exchange): Promise<Answer> {
	const { clock } = world.server;
	clock.now =
		Math.max(clock.now + 1, timeOf(exchange) || timeOf(next(world))) +
		(PAUSES[nameOf(exchange)] ?? 0) * 1000;
	await prepare(world, exchange);
	const meanwhile = (MEANWHILE[nameOf(exchange)] ?? 0) * 1000;
	const { method, path, headers } = exchange.request;
	await findUnrecorded(world, exchange);
	const translated = await translateHeaders(world, exchange, headers);
	const sent = await translateTokens(world, exchange, world.names.translate(path));
	const body = await bodyOf(world, exchange);
	clock.now += meanwhile;
	const answer = await send(world, method, sent, translated, body);
	clock.now -= meanwhile;
	learn(world, exchange, answer);
	return answer;
}

/** The exchange after the present one: what shows no time of its own happened not long before it. */
function next({ exchanges, index }: World): Exchange | undefined {
	return exchanges[index + 1];
}

/** The recording's clock, as far as an answer shows it. */
function timeOf(exchange: Exchange | undefined): number {
	const { response } = exchange ?? { response: { body: '' } };
	const stamps = JSON.stringify(response.body ?? '').match(/2026-01-01T[\d:.]+Z/g) ?? [];
	const { expires_at: expires, expires_in: seconds } = (response.body ?? {}) as Record<
		string,
		number | undefined
	>;
	const opened = expires !== undefined && seconds !== undefined ? [(expires - seconds) * 1000] : [];
	return Math.max(0, ...opened, ...stamps.map((stamp) => Date.parse(stamp)));
}

/** Users, tokens and codes in a request that our server has to have made by now. */
async function findUnrecorded(world: World, exchange: Exchange): Promise<void> {
	const { body, path } = exchange.request;
	const { refresh_token: token } = (body ?? {}) as { refresh_token?: unknown };
	if (typeof token === 'string') await refreshTokenFor(world, exchange, token);
	const users = path.match(/00000000-0000-4000-8000-\d{12}/g) ?? [];
	for (const id of users)
		if (!/not_found/.test(codeOf(exchange) ?? '')) await anyUserFor(world, exchange, id);
	if (exchange.op === 'admin.user.getAll')
		for (const { id } of usersIn(exchange)) await userFor(world, id);
	await findAddressee(world, exchange);
	await challengeFor(world, exchange);
	await findCodes(world, exchange);
}

/** Whoever signs in by password, or has an address that is refused to another, has signed up before. */
async function findAddressee(world: World, exchange: Exchange): Promise<void> {
	const { path, body } = exchange.request;
	const id = exchange.response.headers['sb-auth-user-id'];
	if (path.includes('grant_type=password') && id) await userFor(world, id);
	const { email, phone } = (body ?? {}) as { email?: string; phone?: string };
	if (/^(email|phone)_exists$/.test(codeOf(exchange) ?? ''))
		await userWith(world, { email: email?.toLowerCase(), phone: phone?.replace(/^\+/, '') });
}

async function translateHeaders(
	world: World,
	exchange: Exchange,
	headers: Record<string, string>,
): Promise<Record<string, string>> {
	const keys = world.server.projectKeys;
	const credentials: Record<string, string> = {
		'<PUBLISHABLE>': keys.publishableKey,
		'<SECRET>': keys.secretKey,
		'<ANON_JWT>': keys.anonJwt,
		'<SERVICE_JWT>': keys.serviceRoleJwt,
	};
	const entries = await Promise.all(
		Object.entries(headers).map(async ([name, value]) => {
			const named = value.replace(/<[A-Z_]+>/g, (one) => credentials[one] ?? one);
			return [name, await translateTokens(world, exchange, basic(world, named))] as const;
		}),
	);
	return Object.fromEntries(entries);
}

/** The name and password of an application. */
function basic({ names }: World, value: string): string {
	const [, pair] = /^Basic (.+)$/.exec(value) ?? [];
	if (pair === undefined) return value;
	const text = Buffer.from(pair, 'base64').toString();
	const own = text.split(':').map((part) => names.get(part) ?? part);
	return `Basic ${Buffer.from(own.join(':')).toString('base64')}`;
}

/** Access tokens become those of our users and sessions, which are made where there are none. */
async function translateTokens(world: World, exchange: Exchange, text: string): Promise<string> {
	let result = text;
	for (const token of text.match(JWT) ?? []) {
		const claims = claimsOf(token);
		const isAccess = typeof claims.session_id === 'string';
		const isIdToken = claims.iss === 'https://accounts.google.com';
		const known = isAccess ? await translateClaims(world, exchange, claims) : claims;
		result = isIdToken
			? result.replace(token, signToken(claims, 'ES256', world.server.keys))
			: result.replace(token, resign(token, known, world.server.keys, world.recordedKey));
	}
	return result;
}

async function translateClaims(
	world: World,
	exchange: Exchange,
	claims: Record<string, unknown>,
): Promise<Record<string, unknown>> {
	const { sub, session_id: session, aal, amr } = claims;
	const code = codeOf(exchange) ?? '';
	if (code === 'bad_jwt') return claims;
	const isGone = /^(user|session)_not_found$/.test(code);
	const userId =
		code === 'user_not_found'
			? world.names.get(String(sub))
			: await userFor(world, String(sub), claims);
	if (!userId) return claims;
	const sessionId = isGone
		? (world.names.get(String(session)) ?? session)
		: await sessionFor(world, String(session), userId, { aal, amr });
	if (aal === 'aal2' && exchange.response.status < 400) await raise(world, String(sessionId));
	return { ...claims, sub: userId, session_id: sessionId };
}

/** The recorded request's body, with our names in it. */
async function bodyOf(world: World, exchange: Exchange): Promise<string> {
	const { body } = exchange.request;
	if (body === null || body === undefined) return '';
	const text = (typeof body === 'string' ? body : JSON.stringify(body)).replace(
		/<(\d+) x y>/,
		(_, count: string) => 'y'.repeat(Number(count)),
	);
	return await translateTokens(world, exchange, world.names.translate(text));
}

function learn({ names }: World, { response }: Exchange, answer: Answer): void {
	names.learn(response.body, answer.body);
	names.learn(response.headers, answer.headers);
}

/** Some answers are said to be text, but are JSON. */
function parsed(body: unknown): unknown {
	return body === '' || body === undefined ? null : body;
}
