import { createHmac, createPublicKey, verify, type JsonWebKey } from 'node:crypto';

import { signToken, type Claims, type SigningKeys } from '../jwt';
import type { Exchange } from './exchange';

/** The secret that the recorded HS256 tokens are signed with. */
export const SECRET = 'fixture-jwt-secret-0123456789abcdefghij';

export const JWT = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*/g;

/** The recorded key that verifies the recorded ES256 tokens. */
export interface RecordedKey extends JsonWebKey {
	kid: string;
}

export function recordedKey(exchanges: Exchange[]): RecordedKey {
	const found = exchanges.find(({ op, server }) => op === 'settings.jwks' && server === 'main');
	const { keys } = found?.response.body as { keys: [RecordedKey] };
	return keys[0];
}

export function claimsOf(token: string): Claims {
	return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}

/**
 * A recorded token as our server would have signed it, with other claims. One that the real server
 * would not take stays as it is: ours must not take it either.
 */
export function resign(
	token: string,
	claims: Claims,
	keys: SigningKeys,
	recorded: RecordedKey,
): string {
	const [head = '', payload = '', signature = ''] = token.split('.');
	const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as {
		alg: string;
		kid?: string;
	};
	const text = Buffer.from(`${head}.${payload}`);
	const given = Buffer.from(signature, 'base64url');
	if (alg === 'HS256') {
		const expected = createHmac('sha256', SECRET).update(text).digest();
		return expected.equals(given) ? signToken(claims, 'HS256', keys) : token;
	}
	const key = createPublicKey({ key: recorded, format: 'jwk' });
	const holds =
		kid === recorded.kid && verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, given);
	return holds ? signToken(claims, 'ES256', keys) : token;
}
