import type { ApiRequest } from '../request';
import type { Contact } from './contact';
import { authRequest } from './request';
import { security } from './security';

/** `POST /token?grant_type=…`: what gives a session. */
export function tokenRequest(
	grant: 'password' | 'id_token' | 'refresh_token' | 'pkce',
	body: object,
	rest: Pick<ApiRequest, 'repeatable'> = {},
): ApiRequest {
	return authRequest('POST', ['token'], { query: [['grant_type', grant]], body, ...rest });
}

/** Signs in with a password. */
export function signInWithPassword(
	contact: Contact,
	password: string,
	captchaToken?: string,
): ApiRequest {
	return tokenRequest('password', { ...contact, password, ...security(captchaToken) });
}

/** What a provider gave an app that signed somebody in by itself. */
export interface IdToken {
	readonly provider: string;
	readonly token: string;
	/** Where the ID token has `at_hash`. */
	readonly accessToken?: string;
	/** As it was made; in the ID token stands its SHA-256. */
	readonly nonce?: string;
}

/** Signs in with the ID token of a provider; Auth wants no captcha here. */
export function signInWithIdToken({ provider, token, accessToken, nonce }: IdToken): ApiRequest {
	return tokenRequest('id_token', {
		provider,
		id_token: token,
		access_token: accessToken,
		nonce,
		...security(undefined),
	});
}
