import type { Call, Reply } from '../call';
import { signToken } from '../jwt';
import { userJson } from '../user/userJson';
import { saveUser, type UserRow } from '../user/users';
import { encodeToken, insertRefreshToken } from './refreshTokens';
import { addMethod, createSession, levelOf, type Allowed, type Method } from './sessions';

/** What a client gets when it has signed in. */
export interface SessionJson extends Record<string, unknown> {
	access_token: string;
	token_type: 'bearer';
	expires_in: number;
	expires_at: number;
	refresh_token: string;
	user: Record<string, unknown>;
}

/** Opens a session for a user who has shown who they are, and gives its tokens. */
export async function openSession(
	call: Call,
	user: UserRow,
	method: Method,
	allowed?: Allowed,
): Promise<SessionJson> {
	const { db, now } = call;
	const session = await createSession(call, user.id, allowed);
	const signedIn = await saveUser(db, user, { last_sign_in_at: now }, now);
	await addMethod(db, session.id, method, now);
	call.headers['sb-auth-user-id'] = user.id;
	call.headers['sb-auth-session-id'] = session.id;
	return await sessionJson(
		call,
		signedIn,
		session.id,
		session.refresh_token_counter === null
			? oldForm(call, await insertRefreshToken(db, session, now))
			: newForm(call, encodeToken(session, 0), 0),
	);
}

/** Notes an old token's first letters in the answer's headers, as the service does for its logs. */
export function oldForm(call: Call, token: string): string {
	call.headers['sb-auth-refresh-token-prefix'] = token.slice(0, 5);
	return token;
}

export function newForm(call: Call, token: string, counter: number): string {
	call.headers['sb-auth-refresh-token-counter'] = String(counter);
	return token;
}

/** The answer for a session that is there, with a new access token. */
export async function sessionJson(
	call: Call,
	user: UserRow,
	sessionId: string,
	refreshToken: string,
): Promise<SessionJson> {
	const { accessTokenSeconds } = call.settings;
	const issuedAt = Math.floor(call.now.getTime() / 1000);
	return {
		access_token: await accessToken(call, user, sessionId, issuedAt),
		token_type: 'bearer',
		expires_in: accessTokenSeconds,
		expires_at: issuedAt + accessTokenSeconds,
		refresh_token: refreshToken,
		user: await userJson(call.db, user),
	};
}

async function accessToken(
	{ db, settings, service }: Call,
	user: UserRow,
	sessionId: string,
	iat: number,
): Promise<string> {
	const { aal, amr } = await levelOf(db, sessionId);
	const [allowed] = await db<Allowed[]>`
		select oauth_client_id, scopes from auth.sessions where id = ${sessionId}`;
	const claims = {
		iss: service.externalUrl,
		sub: user.id,
		aud: user.aud,
		exp: iat + settings.accessTokenSeconds,
		iat,
		email: user.email ?? '',
		phone: user.phone ?? '',
		app_metadata: user.raw_app_meta_data,
		user_metadata: user.raw_user_meta_data,
		role: user.role,
		aal,
		amr,
		session_id: sessionId,
		is_anonymous: user.is_anonymous,
		...(allowed?.oauth_client_id
			? { client_id: allowed.oauth_client_id, scope: allowed.scopes }
			: {}),
	};
	return signToken(claims, settings.algorithm, service.keys);
}

/** A session as the fragment of an address that a link leads to. */
export function sessionFragment(session: SessionJson, more: Record<string, string>): string {
	const { access_token, token_type, expires_in, expires_at, refresh_token } = session;
	return sortedQuery({
		access_token,
		token_type,
		expires_in: String(expires_in),
		expires_at: String(expires_at),
		refresh_token,
		sb: '',
		...more,
	});
}

/** Names in order of the alphabet, as the service writes them. */
export function sortedQuery(values: Record<string, string>): string {
	const query = new URLSearchParams(values);
	query.sort();
	return query.toString();
}

export function ok(body: unknown): Reply {
	return { status: 200, body };
}
