import { generateKeyPairSync, sign } from 'node:crypto';

import type { ContractCase } from '../case';
import {
	accessToken,
	anonymous,
	authing,
	expiredToken,
	givesSession,
	givesUser,
	session,
	signedIn,
	user,
} from './auth';

const refreshToken = session.refresh_token;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A token that is signed with a published key. */
function signedToken(kid: string): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const text = `${part({ alg: 'ES256', typ: 'JWT', kid })}.${part({ sub: user.id, role: 'authenticated', exp: session.expires_at })}`;
	const signature = sign('sha256', Buffer.from(text), {
		key: key.privateKey,
		dsaEncoding: 'ieee-p1363',
	});
	return `${text}.${signature.toString('base64url')}`;
}

const published = {
	to: '/auth/v1/.well-known/jwks.json',
	status: 200,
	body: { keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'known', alg: 'ES256' }] },
};
const known = signedToken('known');
const unknown = signedToken('unknown');

export const authSessionCases: ContractCase[] = (
	[
		{
			name: 'session.get.expired',
			official: async (client) =>
				(await signedIn(client, { access_token: expiredToken, expires_at: 1 })).auth.getSession(),
			ours: authing('session', 'get', { accessToken: expiredToken, refreshToken }),
			answers: givesSession,
		},
		{
			name: 'session.refresh',
			official: (client) => client.auth.refreshSession({ refresh_token: refreshToken }),
			ours: authing('session', 'refresh', { refreshToken }),
			answers: givesSession,
		},
		{
			name: 'session.set.fresh',
			official: (client) =>
				client.auth.setSession({ access_token: accessToken, refresh_token: refreshToken }),
			ours: authing('session', 'set', { accessToken, refreshToken }),
			answers: givesUser,
		},
		{
			name: 'session.set.expired',
			official: (client) =>
				client.auth.setSession({ access_token: expiredToken, refresh_token: refreshToken }),
			ours: authing('session', 'set', { accessToken: expiredToken, refreshToken }),
			answers: givesSession,
		},
		...(['global', 'local', 'others'] as const).map((scope): ContractCase => ({
			name: `session.signOut.${scope}`,
			official: async (client) => (await signedIn(client)).auth.signOut({ scope }),
			ours: authing('session', 'signOut', { accessToken, scope }),
			answers: [{ status: 204 }],
		})),
		{
			name: 'session.getClaims.publicKey',
			official: (client) => client.auth.getClaims(known),
			ours: authing('session', 'getClaims', { accessToken: known }),
			answers: [published],
		},
		{
			name: 'session.getClaims.secret',
			official: (client) => client.auth.getClaims(accessToken),
			ours: authing('session', 'getClaims', { accessToken }),
			answers: givesUser,
		},
		{
			name: 'session.getClaims.unknownKey',
			official: (client) => client.auth.getClaims(unknown),
			ours: authing('session', 'getClaims', { accessToken: unknown }),
			answers: [published, ...givesUser],
		},
	] satisfies ContractCase[]
).map((each) => ({ ...anonymous, ...each, name: `auth.${each.name}` }));
