import { createHash } from 'node:crypto';

import { audit } from '../audit';
import { bodyType, type Read } from '../body';
import { isBanned, type Call, type Reply } from '../call';
import { AuthError, invalid, OAuthError, refusal } from '../errors';
import { verifyToken, type Claims } from '../jwt';
import { account } from '../oauth/account';
import { ok, openSession } from '../session/issue';
import type { Metadata } from '../user/users';

const BODY = bodyType('IdTokenGrantParams', {
	id_token: 'string',
	access_token: 'string',
	nonce: 'string',
	provider: 'string',
	client_id: 'string',
	issuer: 'string',
	link_identity: 'boolean',
});

/** Providers whose ID tokens are taken, and who they say that they are. */
const ISSUERS: Record<string, string> = {
	apple: 'https://appleid.apple.com',
	azure: 'https://login.microsoftonline.com/',
	facebook: 'https://www.facebook.com',
	google: 'https://accounts.google.com',
	kakao: 'https://kauth.kakao.com',
};

/**
 * `grant_type=id_token`: a session by what another provider says of a user. The provider is a stand-in
 * that signs with the stack's own ES256 key.
 */
export async function signInWithIdToken(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	if (params.id_token === '') throw badRequest('id_token required');
	if (params.provider === '' && (params.client_id === '' || params.issuer === ''))
		throw badRequest('provider or client_id and issuer required');
	const linkTo = params.link_identity ? (await linkingUser(call)).id : null;
	requireProvider(call, params.provider, params.id_token);
	const claims = readToken(call, params);
	requireAudience(call, params.provider, claims);
	requireNonce(claims, params.nonce);
	const flow = { provider_type: params.provider, linking_target_id: linkTo };
	const user = await account(call, flow, dataOf(claims));
	if (isBanned(user, call.now)) throw refusal('banned');
	await audit(call, user, 'login', { provider: params.provider });
	return ok(await openSession(call, user, 'oauth'));
}

async function linkingUser(call: Call) {
	if (call.header('authorization') === undefined)
		throw badRequest('Linking requires a valid user access token in Authorization');
	return await call.authenticateUser();
}

function requireProvider({ settings }: Call, provider: string, token: string): void {
	const issuer = ISSUERS[provider];
	if (issuer === undefined) throw invalid(`Custom OIDC provider "${provider}" not allowed`);
	if (provider === 'azure' && !String(unverified(token).iss).startsWith(issuer))
		throw invalid('Detected ID token issuer is not an Azure ID token issuer');
	if (!(provider in settings.providers))
		throw new AuthError(400, 'provider_disabled', `Provider (issuer "${issuer}") is not enabled`);
}

function unverified(token: string): Claims {
	try {
		return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
	} catch {
		throw invalid('Unable to detect issuer in ID token for Azure provider');
	}
}

/** @throws OAuthError for a token that the provider has not signed, or that is of another access token */
function readToken({ service, now }: Call, params: Read<typeof BODY.shape>): Claims {
	const claims = orBad(() => verifyToken(params.id_token, service.keys, now.getTime()));
	const issuer = ISSUERS[params.provider] ?? '';
	if (!String(claims.iss).startsWith(issuer)) throw badRequest('Bad ID token');
	if (params.access_token !== '' && claims.at_hash !== undefined) {
		const half = createHash('sha256').update(params.access_token).digest().subarray(0, 16);
		if (claims.at_hash !== half.toString('base64url')) throw badRequest('Bad ID token');
	}
	return claims;
}

function orBad<T>(read: () => T): T {
	try {
		return read();
	} catch {
		throw badRequest('Bad ID token');
	}
}

function requireAudience({ settings }: Call, provider: string, { aud }: Claims): void {
	const audiences = [aud].flat().map(String);
	if (!audiences.includes(settings.providers[provider]?.clientId ?? ''))
		throw badRequest(`Unacceptable audience in id_token: [${audiences.join(' ')}]`);
}

function requireNonce({ nonce }: Claims, given: string): void {
	const expected = typeof nonce === 'string' ? nonce : '';
	if ((expected !== '') !== (given !== ''))
		throw badRequest('Passed nonce and nonce in id_token should either both exist or not.');
	if (given !== '' && createHash('sha256').update(given).digest('hex') !== expected)
		throw new OAuthError('invalid nonce', 'Nonces mismatch');
}

/** What an identity keeps of a token. */
function dataOf(
	claims: Claims,
): Metadata & { sub: string; email: string; email_verified: boolean } {
	const { sub, email = '', email_verified, name, picture, iss } = claims;
	return {
		...(picture === undefined ? {} : { avatar_url: picture, picture }),
		email: String(email),
		email_verified: email_verified === true,
		...(name === undefined ? {} : { full_name: name, name }),
		iss,
		phone_verified: false,
		provider_id: String(sub),
		sub: String(sub),
	};
}

function badRequest(description: string): OAuthError {
	return new OAuthError('invalid request', description);
}
