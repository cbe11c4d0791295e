import { createHmac, timingSafeEqual } from 'node:crypto';

import { signJwt } from '../keys';
import { invalidJwt, invalidParameter, invalidSignature } from './errors';

/** Reads and makes JWTs; `now` is in milliseconds. */
export interface Tokens {
	secret: string;
	now: () => number;
}

export type Claims = Record<string, unknown>;

/**
 * The claims of a token that this project has signed and that still holds.
 *
 * @throws Error with the words of the service's own library
 */
export function verify(token: string, { secret, now }: Tokens): Claims {
	const [head = '', payload = '', signature = '', ...more] = token.split('.');
	if (!head || !payload || !signature || more.length > 0) throw new Error('Invalid Compact JWS');
	const expected = createHmac('sha256', secret).update(`${head}.${payload}`).digest();
	const given = Buffer.from(signature, 'base64url');
	if (given.length !== expected.length || !timingSafeEqual(given, expected))
		throw new Error('signature verification failed');
	const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
	if (typeof claims.exp === 'number' && claims.exp <= Math.floor(now() / 1000))
		throw new Error('"exp" claim timestamp check failed');
	return claims;
}

export type Scope = 'download' | 'upload';

/** Signs the right to download or to upload one object. */
export function signObject(
	claims: Claims & { url: string; scope: Scope },
	expiresIn: number,
	tokens: Tokens,
): string {
	const iat = Math.floor(tokens.now() / 1000);
	if (!Number.isSafeInteger((iat + expiresIn) * 1000)) throw invalidParameter('expiresIn');
	return signJwt({ ...claims, iat, exp: iat + expiresIn }, tokens.secret);
}

/**
 * The claims of a signed URL's token.
 *
 * @param path bucket and key that the token must be for
 * @throws StorageError when it is expired, tampered with, for something else or for another object
 */
export function verifyObject(token: string, path: string, scope: Scope, tokens: Tokens): Claims {
	let claims: Claims;
	try {
		claims = verify(token, tokens);
	} catch (error) {
		throw invalidJwt((error as Error).message);
	}
	if (claims.scope !== scope) throw invalidSignature(`Token is not scoped for ${scope}`);
	if (claims.url !== path) throw invalidSignature();
	return claims;
}
