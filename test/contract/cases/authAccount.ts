import type { INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { anonymous, authing, givesNothing, givesSession, givesUser } from './auth';

const email = 'ann@example.com';
const phone = '+13334445555';
const password = ' p w ';
const captchaToken = 'cap';
const redirectTo = 'https://example.com/welcome?a=b c';
const byPhone: INodeParameters = { identifyBy: 'phone', phone: '+1 (333) 444-5555' };

export const authAccountCases: ContractCase[] = (
	[
		{
			name: 'signUp.email',
			official: (client) => client.auth.signUp({ email, password }),
			ours: authing('account', 'signUp', { email: ` ${email}\n`, password }),
			answers: givesUser,
		},
		{
			name: 'signUp.email.options',
			official: (client) =>
				client.auth.signUp({
					email,
					password,
					options: { data: { first: 'Ann' }, captchaToken, emailRedirectTo: redirectTo },
				}),
			ours: authing('account', 'signUp', {
				email,
				password,
				options: { metadata: '{"first": "Ann"}', captchaToken, redirectTo },
			}),
			answers: givesUser,
		},
		{
			name: 'signUp.phone',
			official: (client) => client.auth.signUp({ phone, password }),
			ours: authing('account', 'signUp', { ...byPhone, password }),
			answers: givesUser,
		},
		{
			name: 'signUp.phone.whatsapp',
			official: (client) =>
				client.auth.signUp({ phone, password, options: { channel: 'whatsapp', data: { a: 1 } } }),
			ours: authing('account', 'signUp', {
				...byPhone,
				password,
				channel: 'whatsapp',
				options: { metadata: '={{ { a: 1 } }}' },
			}),
			answers: givesUser,
		},
		{
			name: 'signUp.secretKey',
			runAs: 'serviceRole',
			official: (client) => client.auth.signUp({ email, password }),
			ours: authing('account', 'signUp', { email, password, options: { useSecretKey: true } }),
			answers: givesUser,
		},
		{
			name: 'signUp.newKeys',
			keys: 'new',
			official: (client) => client.auth.signUp({ email, password }),
			ours: authing('account', 'signUp', { email, password }),
			answers: givesUser,
		},
		{
			name: 'signInAnonymously',
			official: (client) => client.auth.signInAnonymously(),
			ours: authing('account', 'signInAnonymously'),
			answers: givesSession,
		},
		{
			name: 'signInAnonymously.options',
			official: (client) =>
				client.auth.signInAnonymously({ options: { data: { a: [1] }, captchaToken } }),
			ours: authing('account', 'signInAnonymously', {
				options: { metadata: '{"a": [1]}', captchaToken },
			}),
			answers: givesSession,
		},
		{
			name: 'signInWithPassword.email',
			official: (client) =>
				client.auth.signInWithPassword({ email, password, options: { captchaToken } }),
			ours: authing('account', 'signInWithPassword', {
				email,
				password,
				options: { captchaToken },
			}),
			answers: givesSession,
		},
		{
			name: 'signInWithPassword.phone',
			official: (client) => client.auth.signInWithPassword({ phone, password }),
			ours: authing('account', 'signInWithPassword', { ...byPhone, password }),
			answers: givesSession,
		},
		{
			name: 'signInWithIdToken',
			official: (client) => client.auth.signInWithIdToken({ provider: 'google', token: 't' }),
			ours: authing('account', 'signInWithIdToken', { provider: 'google', idToken: 't' }),
			answers: givesSession,
		},
		{
			name: 'signInWithIdToken.options',
			official: (client) =>
				client.auth.signInWithIdToken({
					provider: 'apple',
					token: 't',
					access_token: 'at',
					nonce: 'n',
				}),
			ours: authing('account', 'signInWithIdToken', {
				provider: 'apple',
				idToken: 't',
				options: { providerAccessToken: 'at', nonce: 'n' },
			}),
			answers: givesSession,
		},
		{
			name: 'signInWithOtp.email',
			official: (client) => client.auth.signInWithOtp({ email }),
			ours: authing('account', 'signInWithOtp', { email }),
			answers: givesNothing,
		},
		{
			name: 'signInWithOtp.email.options',
			official: (client) =>
				client.auth.signInWithOtp({
					email,
					options: {
						data: { a: 1 },
						captchaToken,
						emailRedirectTo: redirectTo,
						shouldCreateUser: false,
					},
				}),
			ours: authing('account', 'signInWithOtp', {
				email,
				createUser: false,
				options: { metadata: '{"a": 1}', captchaToken, redirectTo },
			}),
			answers: givesNothing,
		},
		{
			name: 'signInWithOtp.sms',
			official: (client) => client.auth.signInWithOtp({ phone }),
			ours: authing('account', 'signInWithOtp', byPhone),
			answers: givesNothing,
		},
		{
			name: 'signInWithOtp.whatsapp',
			official: (client) =>
				client.auth.signInWithOtp({
					phone,
					options: { channel: 'whatsapp', shouldCreateUser: false },
				}),
			ours: authing('account', 'signInWithOtp', {
				...byPhone,
				channel: 'whatsapp',
				createUser: false,
			}),
			answers: givesNothing,
		},
		{
			name: 'signInWithOAuth',
			async official(client) {
				const { data } = await client.auth.signInWithOAuth({ provider: 'github' });
				await fetch(data.url ?? '');
			},
			ours: {
				...authing('account', 'signInWithOAuth', { provider: 'github', linkReturns: 'tokens' }),
				follow: 'url',
			},
		},
		{
			name: 'signInWithOAuth.options',
			async official(client) {
				const { data } = await client.auth.signInWithOAuth({
					provider: 'github',
					options: {
						redirectTo,
						scopes: 'repo gist',
						queryParams: { access_type: 'offline', prompt: 'consent & more' },
					},
				});
				await fetch(data.url ?? '');
			},
			ours: {
				...authing('account', 'signInWithOAuth', {
					provider: 'github',
					linkReturns: 'tokens',
					options: {
						redirectTo,
						scopes: 'repo, gist',
						queryParameters: {
							parameter: [
								{ name: 'access_type', value: 'offline' },
								{ name: 'prompt', value: 'consent & more' },
							],
						},
					},
				}),
				follow: 'url',
			},
		},
		{
			name: 'signInWithSso.domain',
			official: (client) => client.auth.signInWithSSO({ domain: 'example.com' }),
			ours: authing('account', 'signInWithSso', {
				domain: 'ann@Example.com',
				linkReturns: 'tokens',
			}),
			answers: [{ status: 200, body: { url: 'https://idp.example.com/' } }],
		},
		{
			name: 'signInWithSso.provider',
			official: (client) =>
				client.auth.signInWithSSO({
					providerId: '21648a9d-8d5a-4555-a9d1-d6375dc14e92',
					options: { redirectTo, captchaToken },
				}),
			ours: authing('account', 'signInWithSso', {
				findCompanyBy: 'providerId',
				providerId: '21648a9d-8d5a-4555-a9d1-d6375dc14e92',
				linkReturns: 'tokens',
				options: { redirectTo, captchaToken },
			}),
			answers: [{ status: 200, body: { url: 'https://idp.example.com/' } }],
		},
		{
			name: 'resetPasswordForEmail',
			official: (client) => client.auth.resetPasswordForEmail(email),
			ours: authing('account', 'resetPasswordForEmail', { email }),
			answers: givesNothing,
		},
		{
			name: 'resetPasswordForEmail.options',
			official: (client) => client.auth.resetPasswordForEmail(email, { redirectTo, captchaToken }),
			ours: authing('account', 'resetPasswordForEmail', {
				email,
				options: { redirectTo, captchaToken },
			}),
			answers: givesNothing,
		},
		...(['email', 'signup', 'invite', 'magiclink', 'recovery', 'email_change'] as const).flatMap(
			(type): ContractCase[] => [
				{
					name: `verifyOtp.code.${type}`,
					official: (client) => client.auth.verifyOtp({ email, token: '123456', type }),
					ours: authing('account', 'verifyOtp', { email, code: '123 456', emailType: type }),
					answers: givesSession,
				},
				{
					name: `verifyOtp.tokenHash.${type}`,
					official: (client) => client.auth.verifyOtp({ token_hash: 'pkce_abc', type }),
					ours: authing('account', 'verifyOtp', {
						verifyBy: 'tokenHash',
						tokenHash: 'pkce_abc',
						hashType: type,
					}),
					answers: givesSession,
				},
			],
		),
		...(['sms', 'phone_change'] as const).map((type): ContractCase => ({
			name: `verifyOtp.code.${type}`,
			official: (client) => client.auth.verifyOtp({ phone, token: '123456', type }),
			ours: authing('account', 'verifyOtp', { ...byPhone, code: '123456', phoneType: type }),
			answers: givesSession,
		})),
		...(['signup', 'email_change'] as const).map((type): ContractCase => ({
			name: `resend.${type}`,
			official: (client) =>
				client.auth.resend({
					email,
					type,
					options: { captchaToken, emailRedirectTo: redirectTo },
				}),
			ours: authing('account', 'resend', {
				email,
				resendEmailType: type,
				options: { captchaToken, redirectTo },
			}),
			answers: givesNothing,
		})),
		...(['sms', 'phone_change'] as const).map((type): ContractCase => ({
			name: `resend.${type}`,
			official: (client) => client.auth.resend({ phone, type }),
			ours: authing('account', 'resend', { ...byPhone, resendPhoneType: type }),
			answers: givesNothing,
		})),
	] satisfies ContractCase[]
).map((each) => ({ ...anonymous, ...each, name: `auth.${each.name}` }));
