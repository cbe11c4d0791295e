import type { SupabaseClient } from '@supabase/supabase-js';

import type { ContractCase, NodeRun } from '../case';
import type { Answer } from '../recorder';
import {
	accessToken,
	anonymous,
	authing,
	givesNothing,
	givesSession,
	givesUser,
	signedIn,
} from './auth';

const email = 'ann@example.com';
const password = 'p';
const returnsCode = { options: { linkReturns: 'code' } };
const givesUrl = [{ status: 200, body: { url: 'https://provider.example.com/' } }];

const exchange = authing('session', 'exchangeCode', {
	authCode: 'c0de',
	codeVerifier: '={{ $json.codeVerifier }}',
});

/** A link that comes back with a code, and the exchange of that code with what was given before. */
function exchanged(
	name: string,
	official: (client: SupabaseClient) => PromiseLike<unknown>,
	ours: NodeRun,
	answers: readonly Answer[],
): ContractCase {
	return {
		...anonymous,
		name: `auth.pkce.${name}`,
		flow: 'pkce',
		async official(client) {
			await official(client);
			await client.auth.exchangeCodeForSession('c0de');
		},
		ours: { ...ours, then: exchange },
		answers: [...answers, ...givesSession],
	};
}

/** `linkReturns` is a field of its own where the URL is what is asked for. */
export const authPkceCases: ContractCase[] = [
	exchanged(
		'signUp',
		(client) => client.auth.signUp({ email, password }),
		authing('account', 'signUp', { email, password, ...returnsCode }),
		givesUser,
	),
	exchanged(
		'signInWithOtp',
		(client) => client.auth.signInWithOtp({ email }),
		authing('account', 'signInWithOtp', { email, ...returnsCode }),
		givesNothing,
	),
	exchanged(
		'resetPasswordForEmail',
		(client) => client.auth.resetPasswordForEmail(email),
		authing('account', 'resetPasswordForEmail', { email, ...returnsCode }),
		givesNothing,
	),
	exchanged(
		'resend',
		(client) => client.auth.resend({ email, type: 'signup' }),
		authing('account', 'resend', { email, ...returnsCode }),
		givesNothing,
	),
	exchanged(
		'signInWithSso',
		(client) => client.auth.signInWithSSO({ domain: 'example.com' }),
		authing('account', 'signInWithSso', { domain: 'example.com' }),
		givesUrl,
	),
	{
		...anonymous,
		name: 'auth.pkce.signInWithOAuth',
		flow: 'pkce',
		async official(client) {
			const { data } = await client.auth.signInWithOAuth({ provider: 'google' });
			await client.auth.exchangeCodeForSession('c0de');
			await fetch(data.url ?? '');
		},
		ours: {
			...authing('account', 'signInWithOAuth', { provider: 'google' }),
			then: exchange,
			follow: 'url',
		},
		answers: givesSession,
	},
	exchanged(
		'updateUser',
		async (client) => (await signedIn(client)).auth.updateUser({ email }),
		authing('user', 'update', { accessToken, changes: { email }, ...returnsCode }),
		givesUser,
	),
	exchanged(
		'linkIdentity',
		async (client) => (await signedIn(client)).auth.linkIdentity({ provider: 'google' }),
		authing('identity', 'link', { accessToken, provider: 'google' }),
		givesUrl,
	),
];
