import { createHash } from 'node:crypto';

import type { Call, Reply } from '../call';
import { AuthError, OAuthError } from '../errors';
import { signToken } from '../jwt';
import { ok, openSession, type SessionJson } from '../session/issue';
import { refreshWith } from '../session/refresh';
import { findUser, type UserRow } from '../user/users';
import type { AuthorizationRow } from './authorizations';
import { findClient, hashOfSecret, requireOAuthServer, type ClientRow } from './clients';

/** Applications exchange a user's consent for tokens, and renew them. */
export async function postOAuthToken(call: Call): Promise<Reply> {
	requireOAuthServer(call);
	const params = paramsOf(call);
	const client = await authenticateClient(call, params);
	const grant = params.get('grant_type');
	if (grant === 'authorization_code') return await exchangeCode(call, client, params);
	if (grant !== 'refresh_token')
		throw new OAuthError('unsupported_grant_type', 'Unsupported grant_type');
	const { body } = await refreshWith(call, params.get('refresh_token') ?? '');
	return ok(tokensOf(body as SessionJson));
}

function paramsOf({ content }: Call): URLSearchParams {
	if (!content.startsWith('{')) return new URLSearchParams(content);
	return new URLSearchParams(JSON.parse(content) as Record<string, string>);
}

async function authenticateClient(call: Call, params: URLSearchParams): Promise<ClientRow> {
	const basic = /^Basic (.+)$/i.exec(call.header('authorization') ?? '')?.[1];
	const [basicId, basicSecret] = basic
		? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
		: [];
	const id = basicId ?? params.get('client_id');
	const secret = basicSecret ?? params.get('client_secret');
	if (!id) throw badClient('Invalid client credentials: client_id is required');
	const client = await findClient(call.db, id);
	if (!client) throw badClient('invalid client credentials');
	const fits =
		client.client_secret_hash === null
			? !secret
			: secret && hashOfSecret(secret) === client.client_secret_hash;
	if (!fits) throw badClient('invalid client credentials');
	return client;
}

function badClient(message: string): AuthError {
	return new AuthError(400, 'invalid_credentials', message);
}

async function exchangeCode(
	call: Call,
	client: ClientRow,
	params: URLSearchParams,
): Promise<Reply> {
	const { db } = call;
	const code = params.get('code') ?? '';
	const [authorization] = await db<AuthorizationRow[]>`
		select * from auth.oauth_authorizations
		where authorization_code = ${code} and client_id = ${client.id} for update`;
	const user = authorization?.user_id && (await findUser(db, { id: authorization.user_id }));
	if (!user || !authorization) throw badGrant('Invalid authorization code');
	if (authorization.redirect_uri !== params.get('redirect_uri'))
		throw badGrant('Invalid redirect_uri');
	if (!fits(params.get('code_verifier') ?? '', authorization))
		throw badGrant(
			'PKCE verification failed: code challenge does not match previously saved code verifier',
		);
	await db`delete from auth.oauth_authorizations where id = ${authorization.id}`;
	const session = await openSession(call, user, 'oauth_provider/authorization_code');
	await db`update auth.sessions
		set oauth_client_id = ${client.id}, scopes = ${authorization.scope}
		where id = ${call.headers['sb-auth-session-id'] ?? null}`;
	const isOpenId = authorization.scope.split(' ').includes('openid');
	return ok({
		...tokensOf(session),
		...(isOpenId ? { id_token: idToken(call, user, client) } : {}),
	});
}

function badGrant(description: string): OAuthError {
	return new OAuthError('invalid_grant', description);
}

function fits(verifier: string, authorization: AuthorizationRow): boolean {
	const { code_challenge, code_challenge_method } = authorization;
	if (code_challenge_method === 'plain') return verifier === code_challenge;
	return createHash('sha256').update(verifier).digest('base64url') === code_challenge;
}

function idToken({ settings, service, now }: Call, user: UserRow, client: ClientRow): string {
	const iat = Math.floor(now.getTime() / 1000);
	const claims = {
		iss: service.externalUrl,
		sub: user.id,
		aud: client.id,
		iat,
		exp: iat + settings.accessTokenSeconds,
		email: user.email ?? '',
		email_verified: user.email_confirmed_at !== null,
	};
	return signToken(claims, settings.algorithm, service.keys);
}

function tokensOf({ access_token, expires_in, refresh_token, token_type }: SessionJson) {
	return { access_token, expires_in, refresh_token, token_type };
}
