import { createHash } from 'node:crypto';

import type { Mail, TextMessage } from '../inbox';
import { signToken } from '../jwt';
import { codeAt } from '../mfa/totp';
import { hashOf } from '../send/codes';
import { usersIn, type Exchange, type RecordedUser } from './exchange';
import { openSession, userFor } from './conjure';
import { claimsOf, JWT } from './jwts';
import { sendJson, type World } from './world';

/** Recorded codes that were wrong on purpose, or are those of a test number. */
const AS_THEY_ARE = /^(000000|123456|abcdef|nope|x|deadbeef)$/;

/** Whoever got a link of whom nothing was recorded. */
export const SOMEBODY = 'somebody@example.com';

/** What a code of a type may have been sent as. */
const SENT_AS: Record<string, string[]> = {
	signup: ['signup'],
	invite: ['invite'],
	email: ['signup', 'magiclink', 'recovery', 'invite'],
	magiclink: ['magiclink', 'recovery'],
	recovery: ['recovery', 'magiclink'],
	email_change: ['email_change'],
};

/** Finds out which of our codes the recorded ones in a request stand for; one not sent yet is sent. */
export async function findCodes(world: World, exchange: Exchange): Promise<void> {
	const url = new URL(exchange.request.path, 'http://recorded');
	const body = bodyOf(exchange);
	if (url.pathname === '/auth/v1/verify') {
		const isGet = exchange.request.method === 'GET';
		const hash = isGet ? url.searchParams.get('token') : body.token_hash;
		const type = String(isGet ? url.searchParams.get('type') : body.type);
		if (typeof body.token === 'string') await findCode(world, exchange, body.token, type);
		else if (typeof hash === 'string') await findHash(world, exchange, hash, type);
	}
	if (typeof body.nonce === 'string') await findNonce(world, body.nonce);
	if (/\/factors\/[^/]+\/verify$/.test(url.pathname)) await findFactorCode(world, exchange);
}

async function findCode(world: World, exchange: Exchange, code: string, type: string) {
	if (AS_THEY_ARE.test(code) || world.names.get(code)) return;
	const { email, phone } = addresseeOf(world, exchange, code);
	const find = async () =>
		email === undefined
			? await newest(world, world.server.inbox.messages, ({ to }) => to === phone)
			: await newest(
					world,
					world.server.inbox.mails,
					(mail) => mail.to === email && fitsType(mail, type),
				);
	let found = await find();
	if (!found && exchange.response.status === 200) {
		if (email === undefined) await textTo(world, exchange, phone);
		else await sendMailTo(world, exchange, email, type);
		found = await find();
	}
	found ??= await newest(world, world.server.inbox.mails, ({ to }) => to === email);
	if (found) use(world, code, found, found.code ?? '');
}

/** Whom a code was sent to: sometimes another address is given first, and refused. */
function addresseeOf(
	{ exchanges, index }: World,
	exchange: Exchange,
	code: string,
): { email?: string; phone: string } {
	const right = exchanges
		.slice(index)
		.find((one) => one.response.status === 200 && bodyOf(one).token === code);
	const { email, phone } = bodyOf(right ?? exchange) as { email?: string; phone?: string };
	return { email: email?.toLowerCase(), phone: (phone ?? '').replace('+', '') };
}

async function findHash(world: World, exchange: Exchange, hash: string, type: string) {
	const { status, headers } = exchange.response;
	const succeeds = status === 200 || (status === 303 && !/error=/.test(headers.location ?? ''));
	if (AS_THEY_ARE.test(hash) || world.names.get(hash) || !succeeds) return;
	const isPkce = hash.startsWith('pkce_');
	const address = await addressOf(world, exchange, type);
	const { mails } = world.server.inbox;
	const find = async () =>
		await newest(world, mails, (mail) => {
			const fits = fitsType(mail, type) && tokenIn(mail).startsWith('pkce_') === isPkce;
			return fits && (type === 'email_change' || mail.to === address);
		});
	let found = await find();
	if (!found) {
		await sendMailTo(world, exchange, address ?? SOMEBODY, type);
		found = await newest(world, mails, (mail) => fitsType(mail, type));
	}
	if (found) use(world, hash, found, tokenIn(found));
}

function fitsType({ type = '' }: Mail, wanted: string): boolean {
	return SENT_AS[wanted]?.includes(type) ?? true;
}

function tokenIn({ link }: Mail): string {
	return link === undefined ? '' : (new URL(link).searchParams.get('token') ?? '');
}

async function findNonce(world: World, nonce: string): Promise<void> {
	if (AS_THEY_ARE.test(nonce) || world.names.get(nonce)) return;
	const { mails } = world.server.inbox;
	const found = await newest(world, mails, ({ type }) => type === 'reauthentication');
	if (found) use(world, nonce, found, found.code ?? '');
}

/** Codes of second factors: of an app by our secret and clock, of a phone from its newest message. */
async function findFactorCode(world: World, exchange: Exchange): Promise<void> {
	const { code } = bodyOf(exchange);
	if (typeof code !== 'string') return;
	const theirs = /factors\/([^/]+)\/verify/.exec(exchange.request.path)?.[1] ?? '';
	const [factor] = await world.server.sql<Array<{ secret: string | null; phone: string | null }>>`
		select secret, phone from auth.mfa_factors where id::text = ${world.names.get(theirs) ?? theirs}`;
	if (AS_THEY_ARE.test(code)) return;
	if (factor?.secret) return world.names.set(code, codeAt(factor.secret, world.server.clock.now));
	const sent = world.server.inbox.messages.filter(({ to }) => to === factor?.phone);
	const found = sent.filter((one) => !world.spent.has(one)).pop();
	if (found) use(world, code, found, found.code);
}

type Sent = Mail | TextMessage;

/** The newest that no recorded code stands for yet, and whose code can still be used. */
async function newest<T extends Sent>(
	{ server, spent }: World,
	sent: T[],
	fits: (one: T) => boolean,
): Promise<T | undefined> {
	const rows = await server.sql<Array<{ token_hash: string }>>`
		select token_hash from auth.one_time_tokens`;
	const alive = new Set(rows.map(({ token_hash }) => token_hash.replace('pkce_', '')));
	return sent
		.filter((one) => !spent.has(one) && fits(one) && alive.has(hashOf(one.to, one.code ?? '')))
		.pop();
}

function use(world: World, theirs: string, sent: Sent, ours: string): void {
	world.spent.add(sent);
	world.names.set(theirs, ours);
}

/** Has our server send a mail that was sent without being recorded. */
async function sendMailTo(
	world: World,
	exchange: Exchange,
	email: string,
	type: string,
): Promise<void> {
	const challenge = challengeOf(world, exchange);
	const post = async (path: string, body: Record<string, unknown>) =>
		await sendJson(world, 'POST', `/auth/v1/${path}`, { ...challenge, ...body });
	const [user] = await world.server.sql<Array<{ id: string; email_confirmed_at: Date | null }>>`
		select id, email_confirmed_at from auth.users where email = ${email}`;
	if (type === 'email_change') return await changeEmail(world, exchange);
	if (type === 'recovery') return void (await post('recover', { email }));
	if (type === 'invite') return void (await inviteTo(world, email));
	if (type === 'signup' && !user) {
		const recorded = userIn(world, exchange);
		return void (await post('signup', { email, password: 'Passw0rd-1', data: dataOf(recorded) }));
	}
	if (type === 'signup' && user?.email_confirmed_at === null)
		return void (await post('resend', { email, type: 'signup' }));
	await post('otp', { email, create_user: true });
}

async function inviteTo(world: World, email: string): Promise<void> {
	const { secretKey } = world.server.projectKeys;
	await sendJson(world, 'POST', '/auth/v1/invite', { email }, `Bearer ${secretKey}`);
}

/** Starts a change of address, whose end the exchange, or the next one, shows. */
async function changeEmail(world: World, exchange: Exchange): Promise<void> {
	const user = userIn(world, exchange);
	const id = user && (await userFor(world, user.id));
	if (!user || !id) return;
	const challenge = challengeOf(world, exchange);
	await sendJson(
		world,
		'PUT',
		'/auth/v1/user',
		{ email: user.email, ...challenge },
		await bearerFor(world, id),
	);
}

/** A session's token for a user of ours. */
export async function bearerFor(world: World, userId: string): Promise<string> {
	const { keys, clock } = world.server;
	const session_id = await openSession(world, userId, {});
	const exp = Math.floor(clock.now / 1000) + 3600;
	return `Bearer ${signToken({ sub: userId, session_id, exp, role: 'authenticated' }, 'HS256', keys)}`;
}

async function textTo(world: World, exchange: Exchange, number: string): Promise<void> {
	const [user] = await world.server.sql`select id from auth.users where phone = ${number}`;
	if (user) return void (await sendJson(world, 'POST', '/auth/v1/otp', { phone: number }));
	const body = { phone: number, password: 'Passw0rd-1', data: dataOf(userIn(world, exchange)) };
	await sendJson(world, 'POST', '/auth/v1/signup', body);
}

/** What a user gave at sign-up, beside what the service adds. */
function dataOf(user: RecordedUser | undefined): Record<string, unknown> {
	const added = ['email', 'email_verified', 'phone', 'phone_verified', 'sub'];
	const given = Object.entries((user?.user_metadata ?? {}) as Record<string, unknown>);
	return Object.fromEntries(given.filter(([name]) => !added.includes(name)));
}

/** The address that a link was sent to, going by whose session came of it. */
async function addressOf(
	world: World,
	exchange: Exchange,
	type: string,
): Promise<string | undefined> {
	const user = userIn(world, exchange);
	if (!user) return undefined;
	const known =
		world.names.get(user.id) ??
		(/^(signup|invite)$/.test(type) ? undefined : await userFor(world, user.id));
	if (!known) return user.email;
	const [row] = await world.server.sql<Array<{ email: string }>>`
		select email from auth.users where id = ${known}`;
	return row?.email;
}

/** The user whom an exchange is about: in its answer, in a token of it, or in what follows of it. */
function userIn(world: World, exchange: Exchange): RecordedUser | undefined {
	const [shown] = usersIn(exchange);
	if (shown) return shown;
	const { headers } = exchange.response;
	const token = JWT.exec(headers.location ?? '')?.[0];
	JWT.lastIndex = 0;
	const id = headers['sb-auth-user-id'] ?? (token && String(claimsOf(token).sub));
	const follows = follow(world, exchange);
	const later = world.exchanges.slice(world.index).flatMap(usersIn);
	if (id) {
		const email = token ? String(claimsOf(token).email) : undefined;
		const found = later.find((user) => user.id === id) ?? earlier(world, id);
		return found && email ? { ...found, email } : found;
	}
	return follows && userIn(world, follows);
}

function earlier({ exchanges, index }: World, id: string): RecordedUser | undefined {
	const before = exchanges.slice(0, index).reverse();
	return before.flatMap(usersIn).find((user) => user.id === id);
}

/** The exchange of the code that a link came back with; or the second of two confirmations. */
function follow(world: World, exchange: Exchange): Exchange | undefined {
	const rest = world.exchanges.slice(world.index + 1);
	const code = /[?&]code=([\w-]+)/.exec(exchange.response.headers.location ?? '')?.[1];
	if (code)
		return rest.find(
			({ request, response }) =>
				response.status === 200 &&
				(request.body as { auth_code?: string } | null)?.auth_code === code,
		);
	const isFirst = /first of two/.test(exchange.case);
	return isFirst ? rest.find(({ case: name }) => /second of two/.test(name)) : undefined;
}

/** The challenge whose verifier the recording uses later on. */
function challengeOf(world: World, exchange: Exchange): Record<string, string> {
	const { path, body } = exchange.request;
	const isPkce = /pkce_/.test(path + JSON.stringify(body ?? ''));
	if (!isPkce) return {};
	const code = /[?&]code=([\w-]+)/.exec(exchange.response.headers.location ?? '')?.[1];
	const verifier = world.exchanges
		.map(({ request }) => request.body as { auth_code?: string; code_verifier?: string } | null)
		.find(
			(one) => one?.auth_code === code && one?.code_verifier && !/^x+$/.test(one.code_verifier),
		);
	const text = verifier?.code_verifier ?? 'any verifier will do, since nobody asks for it';
	return {
		code_challenge: createHash('sha256').update(text).digest('base64url'),
		code_challenge_method: 's256',
	};
}

function bodyOf({ request }: Exchange): Record<string, unknown> {
	return typeof request.body === 'object' && request.body !== null
		? (request.body as Record<string, unknown>)
		: {};
}
