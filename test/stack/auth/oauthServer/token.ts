import { createHash } from 'node:crypto';

import { UUID } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, OAuthError, refusal, Unexpected } from '../errors';
import { signToken } from '../jwt';
import { ok, openSession, type SessionJson } from '../session/issue';
import { refreshWith } from '../session/refresh';
import { isOldForm, parseToken } from '../session/refreshTokens';
import { findUser, type UserRow } from '../user/users';
import type { AuthorizationRow } from './authorizations';
import { findClient, hashOfSecret, requireOAuthServer, type ClientRow } from './clients';

/** Applications exchange a user's consent for tokens, and renew them. */
export async function postOAuthToken(call: Call): Promise<Reply> {
	requireOAuthServer(call);
	const params = paramsOf(call);
	const client = await authenticateClient(call, params);
	const grant = params.get('grant_type') ?? '';
	if (grant === '') throw new OAuthError('invalid_request', 'grant_type is required');
	if (!client.grant_types.split(',').includes(grant))
		throw new OAuthError(
			'unauthorized_client',
			`Client is not allowed to use grant type: ${grant}`,
		);
	if (grant === 'authorization_code') return await exchangeCode(call, client, params);
	const given = required(params, 'refresh_token', grant);
	if (!isOldForm(given) && !parseToken(given)) throw refusal('refreshNotFound');
	const { body } = await refreshWith(call, given);
	return ok(tokensOf(body as SessionJson));
}

function required(params: URLSearchParams, name: string, grant: string): string {
	const value = params.get(name) ?? '';
	if (value === '')
		throw new OAuthError('invalid_request', `${name} is required for ${grant} grant`);
	return value;
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
	if (!UUID.test(id)) throw badClient('Invalid client_id format');
	const client = await findClient(call.db, id);
	if (!client) throw badClient('Invalid client credentials');
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
	const code = required(params, 'code', 'authorization_code');
	const [authorization] = await db<AuthorizationRow[]>`
		select * from auth.oauth_authorizations
		where authorization_code = ${code} and client_id = ${client.id} for update`;
	const user = authorization?.user_id && (await findUser(db, { id: authorization.user_id }));
	if (!user || !authorization) throw badGrant('Invalid authorization code');
	const target = params.get('redirect_uri') ?? '';
	if (target !== '' && authorization.redirect_uri !== target)
		throw badGrant('Invalid redirect_uri');
	if (!fits(params.get('code_verifier') ?? '', authorization))
		throw badGrant(
			'PKCE verification failed: code challenge does not match previously saved code verifier',
		);
	await db`delete from auth.oauth_authorizations where id = ${authorization.id}`;
	const session = await openSession(call, user, 'oauth_provider/authorization_code', {
		oauth_client_id: client.id,
		scopes: authorization.scope,
	});
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

/** @throws Unexpected where tokens are signed by the secret, which no application knows */
function idToken({ settings, service, now }: Call, user: UserRow, client: ClientRow): string {
	if (settings.algorithm === 'HS256') throw new Unexpected('Error generating ID token', true);
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
