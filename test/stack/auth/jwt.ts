import {
	createHmac,
	createPublicKey,
	generateKeyPairSync,
	sign,
	timingSafeEqual,
	verify,
	type KeyObject,
} from 'node:crypto';

import { signJwt } from '../keys';
import { badJwt } from './errors';

export type Claims = Record<string, unknown>;

/** What signs and checks a project's tokens. */
export interface SigningKeys {
	/** The secret that REST and storage know. */
	secret: string;
	/** An ES256 key, for projects whose tokens others verify by its public half. */
	ec: { kid: string; privateKey: KeyObject };
}

export function createSigningKeys(secret: string, kid: string): SigningKeys {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return { secret, ec: { kid, privateKey } };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function signToken(
	claims: Claims,
	algorithm: 'HS256' | 'ES256',
	{ secret, ec }: SigningKeys,
): string {
	if (algorithm === 'HS256') return signJwt(claims, secret);
	const text = `${part({ alg: 'ES256', kid: ec.kid, typ: 'JWT' })}.${part(claims)}`;
	const signature = sign('sha256', Buffer.from(text), {
		key: ec.privateKey,
		dsaEncoding: 'ieee-p1363',
	});
	return `${text}.${signature.toString('base64url')}`;
}

/** The keys that anybody may verify tokens with: none where one secret signs and verifies. */
export function publicKeys(algorithm: 'HS256' | 'ES256', { ec }: SigningKeys): object[] {
	if (algorithm === 'HS256') return [];
	const { kty, crv, x, y } = createPublicKey(ec.privateKey).export({ format: 'jwk' });
	const use = { alg: 'ES256', ext: true, key_ops: ['verify'], kid: ec.kid, use: 'sig' };
	return [{ ...use, kty, crv, x, y }];
}

/**
 * The claims of a token of this project that still holds.
 *
 * @param now in milliseconds
 * @throws AuthError `bad_jwt` in the words of the service's library
 */
export function verifyToken(token: string, keys: SigningKeys, now: number): Claims {
	const parts = token.split('.');
	if (parts.length !== 3)
		throw badJwt('token is malformed: token contains an invalid number of segments');
	const [head = '', payload = '', signature = ''] = parts;
	const { alg, kid } = decode(head, 'header') as { alg?: unknown; kid?: unknown };
	const text = `${head}.${payload}`;
	const given = Buffer.from(signature, 'base64url');
	if (alg === 'ES256' && kid === keys.ec.kid) {
		const key = { key: createPublicKey(keys.ec.privateKey), dsaEncoding: 'ieee-p1363' as const };
		if (!verify('sha256', Buffer.from(text), key, given))
			throw badJwt('token signature is invalid: crypto/ecdsa: verification error');
	} else if (alg === 'HS256') {
		const expected = createHmac('sha256', keys.secret).update(text).digest();
		if (given.length !== expected.length || !timingSafeEqual(given, expected))
			throw badJwt('token signature is invalid: signature is invalid');
	} else if (alg === 'ES256' || alg === 'RS256') {
		throw badJwt(
			`token is unverifiable: error while executing keyfunc: unrecognized JWT kid ${typeof kid === 'string' ? kid : '<nil>'} for algorithm ${alg}`,
		);
	} else {
		throw badJwt(`token signature is invalid: signing method ${String(alg)} is invalid`);
	}
	const claims = decode(payload, 'claim') as Claims;
	if (typeof claims.exp === 'number' && claims.exp <= Math.floor(now / 1000))
		throw badJwt('token has invalid claims: token is expired');
	return claims;
}

function decode(text: string, what: string): object {
	try {
		const value = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
		if (typeof value === 'object' && value !== null) return value;
	} catch {
		// Said below.
	}
	throw badJwt(`token is malformed: could not JSON decode ${what}`);
}
