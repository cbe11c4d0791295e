import { jwtClaims } from '../keys';
import { listOf, type User } from './answers';

/** How sure it is that a session is the user's: `aal1` with one factor, `aal2` with a second. */
export interface AssuranceLevel {
	/** Of the session; `null` where its token does not say. */
	readonly currentLevel: string | null;
	/** What it can come to: `aal2` where the user has a verified factor. */
	readonly nextLevel: string | null;
	/** How the user proved themselves, the latest first, each with its time in seconds. */
	readonly currentAuthenticationMethods: readonly unknown[];
}

/**
 * The level of a session, as auth-js tells it.
 *
 * @param accessToken of the session
 * @param user whose session it is, as Auth tells them
 */
export function assuranceLevel(accessToken: string, user: User): AssuranceLevel {
	const { aal, amr } = jwtClaims(accessToken) ?? {};
	const currentLevel = typeof aal === 'string' ? aal : null;
	const isVerified = listOf(user.factors).some(({ status }) => status === 'verified');
	return {
		currentLevel,
		nextLevel: isVerified ? 'aal2' : currentLevel,
		currentAuthenticationMethods: Array.isArray(amr) ? amr : [],
	};
}
