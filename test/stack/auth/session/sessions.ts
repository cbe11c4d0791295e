import { randomBytes, randomUUID } from 'node:crypto';

import type { Call, Db } from '../call';

/** A row of `auth.sessions`. */
export interface SessionRow {
	id: string;
	user_id: string;
	created_at: Date;
	updated_at: Date;
	refreshed_at: Date | null;
	factor_id: string | null;
	aal: 'aal1' | 'aal2' | 'aal3' | null;
	not_after: Date | null;
	refresh_token_hmac_key: string | null;
	refresh_token_counter: string | null;
	oauth_client_id: string | null;
	scopes: string | null;
}

/** What an application may do in a session that a user has allowed it. */
export type Allowed = Pick<SessionRow, 'oauth_client_id' | 'scopes'>;

/** How somebody has shown who they are. */
export type Method =
	| 'password'
	| 'otp'
	| 'oauth'
	| 'oauth_provider/authorization_code'
	| 'anonymous'
	| 'totp'
	| 'mfa/phone'
	| 'mfa/webauthn'
	| 'email/signup'
	| 'magiclink'
	| 'recovery'
	| 'invite'
	| 'email_change'
	| 'sso/saml'
	| 'web3'
	| 'passkey';

const SECOND_LEVEL: Method[] = ['totp', 'mfa/phone', 'mfa/webauthn'];

export async function findSession(db: Db, id: string): Promise<SessionRow | undefined> {
	const [row] = await db<SessionRow[]>`select * from auth.sessions where id = ${id}`;
	return row;
}

export async function createSession(
	call: Call,
	userId: string,
	allowed?: Allowed,
): Promise<SessionRow> {
	const { db, now, ip, settings } = call;
	const isNew = settings.refreshTokens.version === 2;
	const row = {
		id: randomUUID(),
		user_id: userId,
		created_at: now,
		updated_at: now,
		aal: 'aal1',
		user_agent: call.header('user-agent') ?? null,
		ip,
		refresh_token_hmac_key: isNew ? randomBytes(32).toString('base64') : null,
		refresh_token_counter: isNew ? 0 : null,
		...allowed,
	};
	const [session] = await db<SessionRow[]>`
		insert into auth.sessions ${db(row as never)} returning *`;
	return session as SessionRow;
}

/** Notes that somebody has shown who they are in a session. */
export async function addMethod(
	db: Db,
	sessionId: string,
	method: Method,
	now: Date,
): Promise<void> {
	await db`
		insert into auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method)
		values (${sessionId}, ${now}, ${now}, ${method})
		on conflict (session_id, authentication_method) do update set updated_at = excluded.updated_at`;
}

/** A session's level and methods, as they stand in its tokens: the newest method first. */
export async function levelOf(
	db: Db,
	sessionId: string,
): Promise<{ aal: 'aal1' | 'aal2'; amr: Array<{ method: Method; timestamp: number }> }> {
	const rows = await db<Array<{ authentication_method: Method; updated_at: Date }>>`
		select authentication_method, updated_at from auth.mfa_amr_claims
		where session_id = ${sessionId} order by updated_at desc`;
	return {
		aal: rows.some(({ authentication_method: one }) => SECOND_LEVEL.includes(one))
			? 'aal2'
			: 'aal1',
		amr: rows.map(({ authentication_method, updated_at }) => ({
			method: authentication_method,
			timestamp: Math.floor(updated_at.getTime() / 1000),
		})),
	};
}

/** Ends sessions of a user: all, one, or all but one. Their access tokens are refused from then on. */
export async function endSessions(
	db: Db,
	userId: string,
	which: { only?: string; except?: string } = {},
): Promise<void> {
	const { only = null, except = null } = which;
	await db`delete from auth.sessions where user_id = ${userId}
		and (${only}::uuid is null or id = ${only}) and id is distinct from ${except}`;
}
