import { createHash, randomBytes } from 'node:crypto';

import { InvalidRequestError } from '../errors';

/** What a request says of the code that its link is to come back with; nulls for a link with tokens. */
export type Challenge =
	| { readonly code_challenge: string; readonly code_challenge_method: 's256' }
	| { readonly code_challenge: null; readonly code_challenge_method: null };

/** For a link that comes back with tokens. */
export const NO_CHALLENGE: Challenge = { code_challenge: null, code_challenge_method: null };

/** A secret of 64 characters, for one link. Whoever has it and the link's code gets the session. */
export function newVerifier(): string {
	return randomBytes(48).toString('base64url');
}

/** The challenge that stands for a verifier: its SHA-256 in base64url (RFC 7636, section 4.2). */
export function challengeOf(verifier: string | undefined): Challenge {
	if (verifier === undefined) return NO_CHALLENGE;
	return {
		code_challenge: createHash('sha256').update(verifier).digest('base64url'),
		code_challenge_method: 's256',
	};
}

/**
 * Checks a verifier that somebody kept.
 *
 * @throws InvalidRequestError for what never was one; it is not in the message
 */
export function checkVerifier(verifier: string): string {
	if (/^[\w.~-]{43,128}$/.test(verifier)) return verifier;
	throw new InvalidRequestError(
		'Code Verifier is not one',
		`It has ${verifier.length} characters, where a verifier has 43 to 128 letters and digits. Use the codeVerifier that the operation gave which made the link.`,
	);
}
