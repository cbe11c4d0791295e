import { randomUUID } from 'node:crypto';

import { insertRefreshToken, encodeToken } from '../session/refreshTokens';
import type { Claims } from '../jwt';
import type { SessionRow } from '../session/sessions';
import { hashPassword } from '../user/passwords';
import { codeOf, usersIn, type Exchange, type RecordedUser } from './exchange';
import type { World } from './world';

/**
 * Not every request was recorded: users, sessions and factors appear that nobody has made. They are
 * put into the database when they are first met, as they must have been by then.
 */

/** Our id of a recorded user; one who is not there yet is made. */
export async function userFor(
	world: World,
	theirs: string,
	claims?: Claims,
): Promise<string | undefined> {
	const known = world.names.get(theirs);
	if (known) return known;
	const recorded = withClaims(recordedUser(world, theirs), theirs, claims);
	if (!recorded) return undefined;
	const { sql } = world.server;
	const [present] = await sql<Array<{ id: string }>>`
		select id from auth.users
		where email = ${recorded.email || null} or phone = ${recorded.phone || null}`;
	const id = present?.id ?? (await makeUser(world, recorded));
	world.names.set(theirs, id);
	return id;
}

/** The same for a user of whom nothing is shown but the id; and one who is shown as signed in, is. */
export async function anyUserFor(world: World, exchange: Exchange, theirs: string): Promise<void> {
	const { sql, clock } = world.server;
	const now = new Date(clock.now).toISOString();
	const id = await userFor(world, theirs);
	if (id === undefined && exchange.response.status < 400)
		world.names.set(
			theirs,
			await makeUser(world, {
				id: theirs,
				email: `${theirs}@example.com`,
				phone: '',
				identities: null,
				app_metadata: {},
				user_metadata: {},
				created_at: now,
				email_confirmed_at: now,
			}),
		);
	const shown = usersIn(exchange).find((user) => user.id === theirs);
	if (id !== undefined && shown?.last_sign_in_at !== undefined)
		await sql`update auth.users set last_sign_in_at = ${shown.last_sign_in_at as string}
			where id = ${id} and last_sign_in_at is null`;
}

/** A session whose token shows the second level has been verified by then. */
export async function raise({ server: { sql, clock } }: World, sessionId: string): Promise<void> {
	const [session] = await sql`
		update auth.sessions s set aal = 'aal2', factor_id = (
			select id from auth.mfa_factors f
			where f.user_id = s.user_id and status = 'verified' and factor_type = 'totp' limit 1
		)
		where id = ${sessionId} and aal = 'aal1' returning id`;
	if (session)
		await sql`
			insert into auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method)
			values (${sessionId}, ${new Date(clock.now)}, ${new Date(clock.now)}, 'totp')
			on conflict do nothing`;
}

/** Makes sure that somebody has an address. */
export async function userWith(
	world: World,
	{ email = '', phone = '' }: { email?: string; phone?: string },
): Promise<void> {
	const { sql, clock } = world.server;
	const [present] = await sql`
		select id from auth.users where email = ${email || null} or phone = ${phone || null}`;
	if (present) return;
	const order = [...world.exchanges.slice(world.index), ...world.exchanges].flatMap(usersIn);
	const recorded = order.find((user) => user.email === email && user.phone === phone);
	if (recorded) return void (await userFor(world, recorded.id));
	const now = new Date(clock.now).toISOString();
	await makeUser(world, {
		id: randomUUID(),
		email,
		phone,
		identities: null,
		app_metadata: {},
		user_metadata: {},
		created_at: now,
		updated_at: now,
		...(email ? { email_confirmed_at: now } : { phone_confirmed_at: now }),
	});
}

/** The user as a token says that they were, where there is one. */
function withClaims(
	recorded: RecordedUser | undefined,
	id: string,
	claims: Claims | undefined,
): RecordedUser | undefined {
	if (!claims) return recorded;
	const { email = '', phone = '', app_metadata, user_metadata, is_anonymous } = claims;
	return {
		identities: is_anonymous === true ? [] : null,
		...(is_anonymous === true ? {} : recorded),
		id,
		email: String(email),
		phone: String(phone),
		app_metadata,
		user_metadata,
		is_anonymous,
	};
}

/** The user as the next answer shows them, or an earlier one. */
function recordedUser({ exchanges, index }: World, id: string): RecordedUser | undefined {
	const order = [...exchanges.slice(index), ...exchanges.slice(0, index).reverse()];
	for (const exchange of order)
		for (const user of usersIn(exchange)) if (user.id === id) return user;
	return undefined;
}

async function makeUser(world: World, recorded: RecordedUser): Promise<string> {
	const { sql, clock } = world.server;
	const id = randomUUID();
	const own = (value: unknown) =>
		JSON.parse(JSON.stringify(value ?? null).replaceAll(recorded.id, id)) as never;
	const time = (name: string) => (recorded[name] as string | undefined) ?? null;
	const password = passwordOf(world, recorded);
	const row = {
		id,
		aud: 'authenticated',
		role: 'authenticated',
		email: recorded.email || null,
		phone: recorded.phone || null,
		encrypted_password: recorded.is_anonymous ? null : await hashPassword(sql, password),
		email_confirmed_at: time('email_confirmed_at'),
		phone_confirmed_at: time('phone_confirmed_at'),
		invited_at: time('invited_at'),
		confirmation_sent_at: time('confirmation_sent_at'),
		last_sign_in_at: time('last_sign_in_at'),
		raw_app_meta_data: own(recorded.app_metadata),
		raw_user_meta_data: own(recorded.user_metadata),
		is_anonymous: recorded.is_anonymous === true,
		created_at: time('created_at') ?? new Date(clock.now),
		updated_at: time('updated_at') ?? new Date(clock.now),
	};
	await sql`insert into auth.users ${sql(row as never)}`;
	for (const identity of recorded.identities ?? []) {
		const identityId = randomUUID();
		world.names.set(String(identity.identity_id), identityId);
		const identityRow = {
			id: identityId,
			user_id: id,
			provider: identity.provider,
			provider_id: own(identity.id),
			identity_data: own(identity.identity_data),
			last_sign_in_at: identity.last_sign_in_at ?? null,
			created_at: identity.created_at,
			updated_at: identity.updated_at,
		};
		await sql`insert into auth.identities ${sql(identityRow as never)}`;
	}
	return id;
}

/** The first password that the user goes on to sign in with. */
function passwordOf({ exchanges, index }: World, { email, phone }: RecordedUser): string {
	for (const { request, response } of exchanges.slice(index)) {
		if (!request.path.includes('grant_type=password') || response.status !== 200) continue;
		const body = request.body as Record<string, string>;
		const isTheirs = email ? body.email?.toLowerCase() === email : body.phone?.endsWith(phone);
		if (isTheirs && body.password) return body.password;
	}
	return 'Passw0rd-1';
}

/** Our id of a recorded session; one that is not there yet is opened for its user. */
export async function sessionFor(
	world: World,
	theirs: string,
	userId: string,
	level: { aal?: unknown; amr?: unknown } = {},
): Promise<string> {
	const known = world.names.get(theirs);
	if (known) return known;
	const id = await openSession(world, userId, level);
	world.names.set(theirs, id);
	return id;
}

/** Opens a session in the database. */
export async function openSession(
	{ server: { sql, clock, settings } }: World,
	userId: string,
	{ aal = 'aal1', amr = [{ method: 'password' }] }: { aal?: unknown; amr?: unknown },
): Promise<string> {
	const now = new Date(clock.now);
	const isNew = settings.refreshTokens.version === 2;
	const row = {
		id: randomUUID(),
		user_id: userId,
		created_at: now,
		updated_at: now,
		aal,
		refresh_token_hmac_key: isNew ? Buffer.alloc(32, 7).toString('base64') : null,
		refresh_token_counter: isNew ? 0 : null,
	};
	await sql`insert into auth.sessions ${sql(row as never)}`;
	for (const { method } of amr as Array<{ method: string }>)
		await sql`
			insert into auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method)
			values (${row.id}, ${now}, ${now}, ${method})`;
	await sql`update auth.users set last_sign_in_at = ${now} where id = ${userId}`;
	return row.id;
}

/** A session that is over. */
const ENDED = {
	id: randomUUID(),
	refresh_token_hmac_key: Buffer.alloc(32, 9).toString('base64'),
};

/** A refresh token that nobody was seen to get: its session, and itself, are made. */
export async function refreshTokenFor(
	world: World,
	exchange: Exchange,
	theirs: string,
): Promise<void> {
	const code = codeOf(exchange) ?? '';
	if (world.names.get(theirs) || code === 'validation_failed') return;
	if (code === 'refresh_token_not_found') {
		if (theirs.length > 12) world.names.set(theirs, encodeToken(ENDED, 1));
		return;
	}
	const { sql, clock } = world.server;
	const { 'sb-auth-session-id': sessionId, 'sb-auth-user-id': user } = exchange.response.headers;
	const userId = user && (await userFor(world, user));
	if (!userId) return;
	const id = sessionId
		? await sessionFor(world, sessionId, userId)
		: await openSession(world, userId, {});
	const [session] = await sql<SessionRow[]>`select * from auth.sessions where id = ${id}`;
	if (!session) return;
	world.names.set(
		theirs,
		session.refresh_token_counter === null
			? await insertRefreshToken(sql, session, new Date(clock.now))
			: encodeToken(session, Number(session.refresh_token_counter)),
	);
}

/** A challenge that nobody was seen to open: it is there, of the factor in the path. */
export async function challengeFor(world: World, exchange: Exchange): Promise<void> {
	const { challenge_id: theirs } = (exchange.request.body ?? {}) as { challenge_id?: unknown };
	const factor = /factors\/([^/]+)\/verify/.exec(exchange.request.path)?.[1] ?? '';
	const isUnknown = exchange.case === 'unknown challenge';
	if (typeof theirs !== 'string' || world.names.get(theirs) || isUnknown) return;
	const id = randomUUID();
	const { sql, clock } = world.server;
	const { count } = await sql`
		insert into auth.mfa_challenges (id, factor_id, created_at, ip_address)
		select ${id}, id, ${new Date(clock.now)}, '127.0.0.1' from auth.mfa_factors
		where id::text = ${world.names.get(factor) ?? factor}`;
	if (count > 0) world.names.set(theirs, id);
}

/** Gives a user factors. */
export async function addFactors(
	world: World,
	userId: string,
	names: string[],
	status: 'verified' | 'unverified' = 'unverified',
): Promise<string[]> {
	const { sql, clock } = world.server;
	const now = new Date(clock.now);
	const rows = names.map((friendly_name) => ({
		id: randomUUID(),
		user_id: userId,
		friendly_name,
		factor_type: 'totp',
		status,
		secret: 'QPX5V72UGVUWK2ULUYY5WODWD4CFQE3T',
		created_at: now,
		updated_at: now,
	}));
	await sql`insert into auth.mfa_factors ${sql(rows)}`;
	return rows.map(({ id }) => id);
}
