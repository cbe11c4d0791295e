import { randomUUID } from 'node:crypto';

import { insertRefreshToken, encodeToken } from '../session/refreshTokens';
import type { SessionRow } from '../session/sessions';
import { hashPassword } from '../user/passwords';
import { codeOf, usersIn, type Exchange, type RecordedUser } from './exchange';
import type { World } from './world';

/**
 * Not every request was recorded: users, sessions and factors appear that nobody has made. They are
 * put into the database when they are first met, as they must have been by then.
 */

/** Our id of a recorded user; one who is not there yet is made. */
export async function userFor(world: World, theirs: string): Promise<string | undefined> {
	const known = world.names.get(theirs);
	if (known) return known;
	const recorded = recordedUser(world, theirs);
	if (!recorded) return undefined;
	const { sql } = world.server;
	const [present] = await sql<Array<{ id: string }>>`
		select id from auth.users
		where email = ${recorded.email || null} or phone = ${recorded.phone || null}`;
	const id = present?.id ?? (await makeUser(world, recorded));
	world.names.set(theirs, id);
	return id;
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

/** A refresh token that nobody was seen to get: its session, and itself, are made. */
export async function refreshTokenFor(
	world: World,
	exchange: Exchange,
	theirs: string,
): Promise<void> {
	if (world.names.get(theirs) || /not_found|validation_failed/.test(codeOf(exchange) ?? '')) return;
	const { sql, clock } = world.server;
	const { 'sb-auth-session-id': sessionId, 'sb-auth-user-id': user } = exchange.response.headers;
	const userId = user && (await userFor(world, user));
	if (!userId || !sessionId) return;
	const id = await sessionFor(world, sessionId, userId);
	const [session] = await sql<SessionRow[]>`select * from auth.sessions where id = ${id}`;
	if (!session) return;
	world.names.set(
		theirs,
		session.refresh_token_counter === null
			? await insertRefreshToken(sql, session, new Date(clock.now))
			: encodeToken(session, Number(session.refresh_token_counter)),
	);
}
