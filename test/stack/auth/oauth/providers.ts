import { createHash, randomBytes } from 'node:crypto';

import { findCustom } from '../admin/customProviders';
import type { Call } from '../call';
import { AuthError, invalid } from '../errors';
import { PROVIDERS } from '../meta';
import { sortedQuery } from '../session/issue';
import type { Metadata } from '../user/users';
import type { ProviderUser } from './provider';

interface Known {
	authorizeUrl: string;
	scopes: string;
	issuer: string;
}

/** Providers that this server knows the addresses of. */
const KNOWN: Record<string, Known> = {
	github: {
		authorizeUrl: 'https://github.com/login/oauth/authorize',
		scopes: 'user:email',
		issuer: 'https://api.github.com',
	},
	google: {
		authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
		scopes: 'email profile',
		issuer: 'https://accounts.google.com',
	},
	azure: {
		authorizeUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
		scopes: 'openid',
		issuer: 'https://login.microsoftonline.com/common/v2.0',
	},
};

/** Parameters that are meant for this server, not for the provider. */
const OWN = ['provider', 'scopes', 'code_challenge', 'code_challenge_method', 'invite_token'];

/** Refuses a provider that is off, or that there is none of. */
export async function requireProvider(call: Call, name: string): Promise<void> {
	if (name in call.settings.providers) return;
	if (name.startsWith('custom:')) {
		const custom = await findCustom(call.db, name);
		if (custom?.enabled) return;
		throw unsupported(
			custom ? `custom provider ${name} is disabled` : `custom provider ${name} not found`,
		);
	}
	throw unsupported(
		PROVIDERS.includes(name) ? 'provider is not enabled' : `Provider ${name} could not be found`,
	);
}

function unsupported(reason: string): AuthError {
	return invalid(`Unsupported provider: ${reason}`);
}

/** Where a person signs in to a provider; they come back with the state. */
export async function providerUrl(call: Call, name: string, state: string): Promise<string> {
	const { query, service, settings } = call;
	const extra = [...query].filter(([key]) => !OWN.includes(key));
	const common = { redirect_uri: `${service.externalUrl}/callback`, response_type: 'code', state };
	const custom = name.startsWith('custom:') ? await findCustom(call.db, name) : undefined;
	if (custom) {
		const values = {
			...custom.authorization_params,
			...Object.fromEntries(extra),
			...common,
			client_id: custom.client_id,
			...scopeOf(custom.scopes.join(' '), query),
			...(custom.pkce_enabled ? challenge() : {}),
		};
		return `${custom.authorization_url ?? `${custom.issuer}/authorize`}?${sortedQuery(values)}`;
	}
	const { authorizeUrl, scopes } = KNOWN[name] ?? { authorizeUrl: '', scopes: 'email' };
	const values = {
		...Object.fromEntries(extra),
		...common,
		client_id: settings.providers[name]?.clientId ?? '',
		...scopeOf(scopes, query),
	};
	const page = settings.ownProviderPages
		? authorizeUrl
		: `${service.providerUrl}/${name}/authorize`;
	return `${page}?${sortedQuery(values)}`;
}

function scopeOf(own: string, query: URLSearchParams): { scope?: string } {
	const scope = [own, query.get('scopes') ?? ''].filter(Boolean).join(' ').replaceAll(',', ' ');
	return scope === '' ? {} : { scope };
}

function challenge(): Record<string, string> {
	const value = createHash('sha256').update(randomBytes(32)).digest('base64url');
	return { code_challenge: value, code_challenge_method: 'S256' };
}

/** What a provider says of whoever came back with a code, and its token. */
export interface SignedInAtProvider {
	token: string;
	/** As they stand in an identity. */
	data: Metadata & { sub: string; email: string; email_verified: boolean };
}

/** Asks the provider's stand-in; its refusal is told in the service's words. */
export async function exchange(
	call: Call,
	name: string,
	code: string,
): Promise<SignedInAtProvider> {
	const base = `${call.service.providerUrl}/${encodeURIComponent(name)}`;
	const answer = await fetch(`${base}/token`, {
		method: 'POST',
		body: new URLSearchParams({ code, grant_type: 'authorization_code' }),
	});
	if (!answer.ok)
		throw new AuthError(500, 'unexpected_failure', `Unable to exchange external code: ${code}`);
	const { access_token: token } = (await answer.json()) as { access_token: string };
	const found = await fetch(`${base}/user`, { headers: { authorization: `Bearer ${token}` } });
	const user = (await found.json()) as ProviderUser;
	return { token, data: dataOf(user, KNOWN[name]?.issuer ?? base) };
}

function dataOf(user: ProviderUser, iss: string): SignedInAtProvider['data'] {
	return {
		avatar_url: user.avatar_url,
		email: user.email,
		email_verified: user.verified,
		full_name: user.name,
		iss,
		name: user.name,
		phone_verified: false,
		preferred_username: user.login,
		provider_id: String(user.id),
		sub: String(user.id),
		user_name: user.login,
	};
}
