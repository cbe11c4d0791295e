import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { createUser, type SignedInUser } from '../stack/users';
import { auth, newAddress, refused, type AuthResource } from './auth-helpers';
import { continueRegular, openBench } from './database-helpers';

const bench = openBench();
const password = 'A-long-passw0rd';
const factorId = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
const value = '={{ $json.value }}';
let ada: SignedInUser;

beforeAll(async () => {
	ada = await createUser();
});

afterAll(async () => {
	await bench.control.clearFaults();
});

/** How many requests reach auth while something is done. */
async function requestsDuring(act: () => Promise<unknown>): Promise<number> {
	await bench.control.clearRequests();
	await act();
	return (await bench.control.requests('/auth/v1')).length;
}

type Case = [resource: AuthResource, operation: string, parameters: INodeParameters];

const token = {
	accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwicm9sZSI6ImF1dGhlbnRpY2F0ZWQifQ.c2ln',
};
const email = 'ann@example.com';
const withOption = (name: string) => ({ options: { [name]: value } });

/** Each parameter that must not be taken for another where an expression gives nothing. */
const guards: Case[] = [
	['account', 'signUp', { email: value, password }],
	['account', 'signUp', { email, password: value }],
	['account', 'signUp', { identifyBy: value, email, password }],
	['account', 'signUp', { identifyBy: 'phone', phone: value, password }],
	['account', 'signUp', { identifyBy: 'phone', phone: '+491701234567', password, channel: value }],
	['account', 'signUp', { email, password, includeTokens: value }],
	['account', 'signUp', { email, password, ...withOption('redirectTo') }],
	['account', 'signUp', { email, password, ...withOption('captchaToken') }],
	['account', 'signUp', { email, password, ...withOption('linkReturns') }],
	['account', 'signUp', { email, password, ...withOption('useSecretKey') }],
	['account', 'signInWithPassword', { email, password: value }],
	['account', 'signInWithOtp', { email, createUser: value }],
	['account', 'signInWithIdToken', { provider: 'google', idToken: value }],
	['account', 'signInWithIdToken', { provider: value, idToken: 't' }],
	['account', 'signInWithIdToken', { provider: 'google', idToken: 't', ...withOption('nonce') }],
	['account', 'signInWithOAuth', { provider: value }],
	['account', 'signInWithOAuth', { provider: 'github', linkReturns: value }],
	['account', 'signInWithSso', { domain: value }],
	['account', 'signInWithSso', { findCompanyBy: 'providerId', providerId: value }],
	['account', 'verifyOtp', { email, code: value }],
	['account', 'verifyOtp', { email, code: '1', emailType: value }],
	['account', 'verifyOtp', { verifyBy: 'tokenHash', tokenHash: value }],
	['account', 'verifyOtp', { verifyBy: value, email, code: '1' }],
	['account', 'resend', { email, resendEmailType: value }],
	['account', 'resetPasswordForEmail', { email: value }],
	['session', 'get', { accessToken: value, refreshToken: 'r' }],
	['session', 'get', { ...token, refreshToken: value }],
	['session', 'refresh', { refreshToken: value }],
	['session', 'exchangeCode', { authCode: value, codeVerifier: 'x'.repeat(43) }],
	['session', 'exchangeCode', { authCode: 'c', codeVerifier: value }],
	['session', 'getClaims', { accessToken: value }],
	['session', 'getClaims', { ...token, ...withOption('allowExpired') }],
	['session', 'signOut', { accessToken: value }],
	['session', 'signOut', { ...token, scope: value }],
	['user', 'get', { accessToken: value }],
	['user', 'get', { ...token, userFrom: value }],
	['user', 'update', { ...token, changes: value }],
	['user', 'update', { ...token, changes: { email: value } }],
	['user', 'update', { ...token, changes: { phone: value } }],
	['user', 'update', { ...token, changes: { password: value } }],
	['user', 'update', { ...token, changes: { password }, ...withOption('nonce') }],
	['user', 'update', { ...token, changes: { password }, ...withOption('currentPassword') }],
	['identity', 'link', { ...token, provider: value }],
	['identity', 'unlink', { ...token, identityId: value }],
	['mfa', 'enroll', { ...token, factorType: value }],
	['mfa', 'enroll', { ...token, factorType: 'phone', phone: value }],
	['mfa', 'challenge', { ...token, factorId: value }],
	['mfa', 'challenge', { ...token, factorId, ...withOption('channel') }],
	['mfa', 'verify', { ...token, factorId, challengeId: value, code: '1' }],
	['mfa', 'verify', { ...token, factorId, challengeId: factorId, code: value }],
	['mfa', 'challengeAndVerify', { ...token, factorId, code: value }],
	['mfa', 'unenroll', { ...token, factorId: value }],
];

const described = guards.map(([resource, operation, parameters]): [string, ...Case] => {
	const said = JSON.stringify(parameters);
	const name = /"(\w+)":"={{/.exec(said)?.[1] ?? '';
	return [`${resource}.${operation}, ${name}`, resource, operation, parameters];
});

test.each(described)(
	'nothing, in %s: an error of each item, before anything is sent',
	async (_, resource, operation, parameters) => {
		const items = [{}, { value: '' }, { value: null }, { value: [] }, { value: {} }];
		const asked = await requestsDuring(async () => {
			const { json } = await bench.succeed(auth(resource, operation, parameters, continueRegular), {
				items: items as IDataObject[],
			});
			expect(json).toHaveLength(items.length);
			for (const { error } of json) expect(error).toEqual(expect.any(String));
		});
		expect(asked).toBe(0);
	},
);

test.each<[string, ...Case, expected: RegExp]>([
	[
		'a phone without country',
		'account',
		'signInWithOtp',
		{ identifyBy: 'phone', phone: '0170 123456' },
		/without the country/,
	],
	[
		'an address that is none',
		'account',
		'signUp',
		{ email: 'ann', password },
		/not an e-mail address/,
	],
	[
		'a password that is too long',
		'account',
		'signUp',
		{ email, password: 'ü'.repeat(37) },
		/72 bytes/,
	],
	[
		'metadata that is no object',
		'account',
		'signUp',
		{ email, password, options: { metadata: '[1]' } },
		/not a JSON object/,
	],
	[
		'an unknown scope',
		'session',
		'signOut',
		{ ...token, scope: '={{ "all" }}' },
		/Scope is not one of global, local, others/,
	],
	[
		'an unknown type',
		'account',
		'verifyOtp',
		{ email, code: '1', emailType: '={{ "sms" }}' },
		/Type is not one of/,
	],
	[
		'an unknown provider',
		'account',
		'signInWithOAuth',
		{ provider: '={{ "githup" }}' },
		/knows no provider "githup"/,
	],
	[
		'another provider that is no name',
		'account',
		'signInWithOAuth',
		{ provider: 'other', otherProvider: '../x' },
		/no name of one/,
	],
	[
		'a redirect that is no URL',
		'account',
		'signUp',
		{ email, password, options: { redirectTo: '/home' } },
		/Redirect To is not a URL/,
	],
	[
		'a parameter of ours',
		'account',
		'signInWithOAuth',
		{
			provider: 'github',
			options: { queryParameters: { parameter: [{ name: 'redirect_to', value: 'x' }] } },
		},
		/redirect_to/,
	],
	[
		'a factor that is no ID',
		'mfa',
		'unenroll',
		{ ...token, factorId: '../../logout' },
		/not an ID/,
	],
	[
		'an identity by its id at the provider',
		'identity',
		'unlink',
		{ ...token, identityId: '2002' },
		/not an ID/,
	],
	[
		'a verifier that is none',
		'session',
		'exchangeCode',
		{ authCode: 'c', codeVerifier: 'short' },
		/Code Verifier is not one/,
	],
	['nothing to update', 'user', 'update', { ...token, changes: {} }, /nothing to update/],
	['a token that is none', 'user', 'get', { accessToken: 'abc' }, /not a user's access token/],
])('%s: refused before anything is sent', async (_, resource, operation, parameters, expected) => {
	const asked = await requestsDuring(async () => {
		const { message } = await refused(bench, auth(resource, operation, parameters));
		expect(message).toMatch(expected);
	});
	expect(asked).toBe(0);
});

describe('keys', () => {
	const signIn = (options: INodeParameters = {}) =>
		auth('account', 'signInWithPassword', { email, password, options });

	test('the secret one never stands in for the publishable one', async () => {
		const credential = { publishableKey: '' };
		for (const node of [signIn(), auth('user', 'get', token)]) {
			const asked = await requestsDuring(async () => {
				const { message } = await refused(bench, node, { credential });
				expect(message).toBe('The credential has no Publishable Key');
			});
			expect(asked).toBe(0);
		}
	});

	test('the secret one is missing where it is asked for', async () => {
		const { message, description } = await refused(bench, signIn({ useSecretKey: true }), {
			credential: { secretKey: '' },
		});
		expect(message).toBe('The credential has no Secret Key');
		expect(description).toContain('Skip Captcha');
	});

	test('where a user is meant', async () => {
		const { message } = await refused(
			bench,
			auth('user', 'get', { accessToken: bench.place.publishableKey }),
		);
		expect(message).toContain("not a user's access token");
	});
});

test.each([
	[
		'of another project',
		'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwicm9sZSI6ImF1dGhlbnRpY2F0ZWQiLCJleHAiOjQwMDAwMDAwMDB9.c2ln',
	],
	[
		'expired',
		'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwicm9sZSI6ImF1dGhlbnRpY2F0ZWQiLCJleHAiOjE3MDAwMDAwMDB9.c2ln',
	],
])('a token that is %s', async (_, accessToken) => {
	for (const node of [
		auth('user', 'get', { accessToken }),
		auth('session', 'getClaims', { accessToken }),
	]) {
		const { code, message, description } = await refused(bench, node);
		expect(code).toBe('bad_jwt');
		expect(`${message} ${description}`).not.toContain(accessToken);
	}
});

test('of 1,000 items with one bad each has its own outcome', async () => {
	const items = Array.from({ length: 1000 }, (_, index) => ({
		token: index === 500 ? '' : ada.accessToken,
		index,
	}));
	const node = auth('user', 'get', { accessToken: '={{ $json.token }}' }, continueRegular);
	const { json } = await bench.succeed(node, { items });
	expect(json).toHaveLength(1000);
	expect(json[500]).toMatchObject({ error: 'Access Token is empty' });
	const others = json.filter(({ user }) => (user as IDataObject | undefined)?.id === ada.id);
	expect(others).toHaveLength(999);
});

describe('an answer that is none', () => {
	const session =
		'{"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln","refresh_token":"r3fr35h","us';

	test.each([
		['a page', '<html><title>Welcome</title></html>', 'text/html'],
		['nothing', '', 'application/json'],
		['half a session', session, 'application/json'],
		['a list', '[]', 'application/json'],
		['no session', '{}', 'application/json'],
		['half of what a session has', '{"access_token":"eyJhIjoxfQ.e30.c2ln"}', 'application/json'],
	])('%s', async (_, body, type) => {
		await bench.control.addFault({
			path: '/auth/v1/token',
			action: { kind: 'status', status: 200, headers: { 'content-type': type }, body },
		});
		const node = auth('account', 'signInWithPassword', { email: newAddress(), password });
		const { message, description } = await refused(bench, node);
		expect(message).toMatch(/answer/i);
		expect(`${message} ${description}`).not.toMatch(/eyJ|r3fr35h/);
	});
});
