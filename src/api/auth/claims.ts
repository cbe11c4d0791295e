import { createPublicKey, verify } from 'node:crypto';

import { SupabaseApiError } from '../errors';
import { objectOf } from '../json';
import type { Send } from '../transport';
import { publishedKey, type PublishedKey } from './jwks';
import { getUser } from './user';

/** What a token says, once it is known to be the project's own. */
export interface Claims {
	readonly claims: Readonly<Record<string, unknown>>;
	readonly header: Readonly<Record<string, unknown>>;
	/** By the project's published key, or by Auth where that cannot be: it uses one secret for both. */
	readonly verifiedBy: 'publicKey' | 'server';
}

/** How signatures of each algorithm are checked, and of which keys they are. */
const ALGORITHMS: Readonly<
	Record<string, { readonly hash: string | null; readonly kty: string; readonly raw?: true }>
> = {
	ES256: { hash: 'sha256', kty: 'EC', raw: true },
	RS256: { hash: 'sha256', kty: 'RSA' },
	EdDSA: { hash: null, kty: 'OKP' },
};

/**
 * Verifies an access token by the keys that the project publishes, or by asking Auth where it is
 * signed with a secret or with a key that is not published.
 *
 * @param token a JWT
 * @param address of the project's Auth
 * @param send as the user whose token it is
 * @param allowExpired whether an old one is as good
 * @throws SupabaseApiError where it is no token, has expired, or is not the project's own
 */
export async function getClaims(
	token: string,
	address: string,
	send: Send,
	{ allowExpired = false, now = Date.now }: { allowExpired?: boolean; now?: () => number } = {},
): Promise<Claims> {
	const [head = '', payload = '', signature = ''] = token.split('.');
	const header = decoded(head);
	const claims = decoded(payload);
	if (!header || !claims || !signature) throw refused('is not a JWT', 'bad_jwt', TAKES);
	if (!allowExpired) checkTime(claims, now() / 1000);
	const { alg, kid } = header;
	const algorithm = ALGORITHMS[String(alg)];
	const key =
		algorithm && typeof kid === 'string' && kid
			? await publishedKey(address, kid, send, now)
			: undefined;
	if (!key || !algorithm) {
		await send(getUser());
		return { claims, header, verifiedBy: 'server' };
	}
	if (!isSigned(`${head}.${payload}`, signature, key, String(alg))) {
		throw refused('has a signature that is not of this project', 'bad_jwt', FOREIGN);
	}
	return { claims, header, verifiedBy: 'publicKey' };
}

const TAKES = 'It takes the access_token of a session: three parts with dots between.';
const FOREIGN =
	'It was changed on its way, or another project made it. Check which project the credential is for.';

function decoded(part: string): Record<string, unknown> | undefined {
	return objectOf(Buffer.from(part, 'base64url').toString('utf8'));
}

function checkTime({ exp, nbf }: Record<string, unknown>, now: number): void {
	if (typeof exp !== 'number') {
		throw refused('does not say when it ends', 'bad_jwt', 'Access tokens of Supabase Auth do.');
	}
	if (exp <= now) {
		throw refused(
			'has expired',
			'bad_jwt',
			'Renew the session (Session, Refresh), or let the user sign in again.',
		);
	}
	if (typeof nbf === 'number' && nbf > now) {
		throw refused(
			'is not valid yet',
			'bad_jwt',
			'Check the clock of the machine that n8n runs on.',
		);
	}
}

/** A key says what it is for: one of another kind would be used in a way that it was not made for. */
function isSigned(text: string, signature: string, key: PublishedKey, alg: string): boolean {
	const algorithm = ALGORITHMS[alg];
	if (!algorithm || key.kty !== algorithm.kty || (key.alg && key.alg !== alg)) return false;
	try {
		return verify(
			algorithm.hash,
			Buffer.from(text),
			{
				key: createPublicKey({ key, format: 'jwk' }),
				...(algorithm.raw && { dsaEncoding: 'ieee-p1363' as const }),
			},
			Buffer.from(signature, 'base64url'),
		);
	} catch {
		return false;
	}
}

function refused(what: string, code: string, hint: string): SupabaseApiError {
	return new SupabaseApiError('auth', 'refused', {
		message: `The access token ${what}`,
		ours: true,
		code,
		hint,
	});
}
