import { createHmac } from 'node:crypto';

export type Claims = Record<string, unknown> & { role: string; exp: number };

/** A token that the server does not take: its texts at the upgrade, at a join and for a renewed token. */
export interface BadToken {
	upgrade: string;
	join: string;
	renewal: string;
}

const MALFORMED = 'The token provided is not a valid JWT';
const UNSIGNED = 'Failed to validate JWT signature';
const INCOMPLETE = 'Fields `role` and `exp` are required in JWT';

/** Reads a JWT signed with HS256, in the order in which the server checks it. */
export function readToken(token: string, secret: string): Claims | BadToken {
	const claims = claimsOf(token);
	if (!claims)
		return { upgrade: MALFORMED, join: `MalformedJWT: ${MALFORMED}`, renewal: MALFORMED };
	if (!isSigned(token, secret))
		return {
			upgrade: UNSIGNED,
			join: `JwtSignatureError: ${UNSIGNED}`,
			renewal: ':signature_error',
		};
	if (typeof claims.role !== 'string' || typeof claims.exp !== 'number')
		return { upgrade: INCOMPLETE, join: `InvalidJWTToken: ${INCOMPLETE}`, renewal: INCOMPLETE };
	const ago = Math.floor(Date.now() / 1000) - claims.exp;
	if (ago >= 0) return expired(ago);
	return claims as Claims;
}

export function expired(secondsAgo: number): BadToken {
	const text = `Token has expired ${secondsAgo} seconds ago`;
	return { upgrade: 'Token has expired', join: `InvalidJWTToken: ${text}`, renewal: text };
}

export function isBad(token: Claims | BadToken): token is BadToken {
	return 'upgrade' in token && 'renewal' in token;
}

function claimsOf(token: string): Record<string, unknown> | undefined {
	const parts = token.split('.');
	if (parts.length !== 3) return undefined;
	try {
		const claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()) as unknown;
		return typeof claims === 'object' && claims !== null
			? (claims as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

function isSigned(token: string, secret: string): boolean {
	const end = token.lastIndexOf('.');
	const signature = createHmac('sha256', secret).update(token.slice(0, end)).digest('base64url');
	return signature === token.slice(end + 1);
}
