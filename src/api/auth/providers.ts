import { InvalidRequestError } from '../errors';
import type { ApiRequest, Query } from '../request';
import type { Challenge } from './pkce';
import { authRequest } from './request';
import { security } from './security';

/** Where a person goes to sign in elsewhere, and how they come back. */
export interface AtProvider {
	/** Auth's name for it, such as `github`, `linkedin_oidc` or `custom:acme`. */
	readonly provider: string;
	readonly redirectTo?: string;
	readonly scopes?: readonly string[];
	/** Parameters that are the provider's own affair. */
	readonly parameters?: Query;
	readonly challenge: Challenge;
}

/** Parameters of the address that are Auth's own. */
const RESERVED = [
	'provider',
	'redirect_to',
	'scopes',
	'code_challenge',
	'code_challenge_method',
	'skip_http_redirect',
];

/**
 * The address at which a person signs in with a provider. Nothing is asked: Auth tells only whoever
 * opens it that it does not know the provider.
 *
 * @param address of Auth, without a slash at its end
 * @throws InvalidRequestError for a parameter that is Auth's own
 */
export function signInWithOAuth(address: string, at: AtProvider): string {
	const pairs = parametersOf(at).map(([name, value]): [string, string] => [name, value]);
	return `${address}/authorize?${new URLSearchParams(pairs).toString()}`;
}

/**
 * `GET /user/identities/authorize`, as the user: the address at which they add an identity.
 *
 * @throws InvalidRequestError for a parameter that is Auth's own
 */
export function linkIdentity(at: AtProvider): ApiRequest {
	return authRequest('GET', ['user', 'identities', 'authorize'], {
		query: [...parametersOf(at), ['skip_http_redirect', 'true']],
	});
}

function parametersOf({
	provider,
	redirectTo,
	scopes = [],
	parameters = [],
	challenge,
}: AtProvider): Query {
	const taken = parameters.find(([name]) => RESERVED.includes(name));
	if (taken) {
		throw new InvalidRequestError(
			`The query parameter "${taken[0]}" is set by the node itself`,
			'Use the field or option for it, and leave it out of Query Parameters.',
		);
	}
	const own: ReadonlyArray<readonly [string, string | null | undefined]> = [
		['provider', provider],
		['redirect_to', redirectTo],
		['scopes', scopes.join(' ') || undefined],
		['code_challenge', challenge.code_challenge],
		['code_challenge_method', challenge.code_challenge_method],
	];
	return [
		...own.filter((pair): pair is Query[number] => typeof pair[1] === 'string'),
		...parameters,
	];
}

/** A company's own sign-in (SAML): by the domain of its addresses, or by its ID in the project. */
export type SsoProvider = { readonly domain: string } | { readonly provider_id: string };

/** `POST /sso`: the address at which a person signs in with their company. It changes nothing. */
export function signInWithSso(
	provider: SsoProvider,
	{
		redirectTo,
		captchaToken,
		challenge,
	}: { redirectTo?: string; captchaToken?: string; challenge: Challenge },
): ApiRequest {
	return authRequest('POST', ['sso'], {
		body: {
			...provider,
			redirect_to: redirectTo,
			...(captchaToken !== undefined && security(captchaToken)),
			skip_http_redirect: true,
			...challenge,
		},
		reads: true,
	});
}
