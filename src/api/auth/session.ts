import type { ApiRequest } from '../request';
import { authRequest } from './request';
import { tokenRequest } from './signIn';

/** Whose sessions end: the token's own, all others of the user, or all of them. */
export const SCOPES = ['global', 'local', 'others'] as const;

export type Scope = (typeof SCOPES)[number];

/**
 * A new pair of tokens. May be repeated: the token before the newest goes on giving the newest pair.
 */
export function refreshSession(refreshToken: string): ApiRequest {
	return tokenRequest('refresh_token', { refresh_token: refreshToken }, { repeatable: true });
}

/** The session for the code that a link came back with; a code is good once, for five minutes. */
export function exchangeCode(code: string, verifier: string): ApiRequest {
	return tokenRequest('pkce', { auth_code: code, code_verifier: verifier });
}

/** `POST /logout`, as the user: ends sessions. */
export function signOut(scope: Scope): ApiRequest {
	return authRequest('POST', ['logout'], { query: [['scope', scope]], repeatable: true });
}
