import type { INodeParameters } from 'n8n-workflow';

import { codeAt } from '../stack/auth/mfa/totp';
import type { AuthSettings } from '../stack/auth/settings';
import {
	auth,
	codeTo,
	done,
	landedAt,
	mailTo,
	newAddress,
	newNumber,
	refused,
	withAuth,
	type Answered,
	type AuthResource,
} from './auth-helpers';
import { openBench, type RunOptions } from './database-helpers';

const bench = openBench();
const password = 'A-long-passw0rd';
const home = 'http://localhost:3000/home';
let settings: AuthSettings;

beforeAll(async () => {
	settings = await bench.control.getAuth();
	await bench.control.setAuth({ email: { ...settings.email, autoconfirm: false } });
});

afterAll(async () => {
	await bench.control.setAuth(settings);
});

async function carriedOut<Json = Answered>(
	resource: AuthResource,
	operation: string,
	parameters: INodeParameters = {},
	options: RunOptions = {},
): Promise<Json> {
	return await done<Json>(bench, resource, operation, parameters, options);
}

/** A user with a confirmed address, and their session. */
async function member(email = newAddress()): Promise<Answered> {
	await carriedOut('account', 'signUp', { email, password });
	const { code } = await mailTo(bench.control, email);
	return await carriedOut('account', 'verifyOtp', { email, code });
}

const exchange = async (url: URL, codeVerifier: unknown) =>
	await carriedOut('session', 'exchangeCode', {
		authCode: url.searchParams.get('code'),
		codeVerifier: codeVerifier as string,
	});

describe('accounts', () => {
	test('a sign-up of an address that is registered says so, as probable', async () => {
		const { user } = await member();
		const { json, hints } = await bench.succeed(
			auth('account', 'signUp', { email: user.email, password }),
		);
		expect(json[0]).toMatchObject({ alreadyRegistered: true, session: null });
		expect(hints.join()).toContain('probably');
		const first = await carriedOut('account', 'signUp', { email: newAddress(), password });
		expect(first).not.toHaveProperty('alreadyRegistered');
	});

	test('where nothing is to be confirmed a sign-up gives the session', async () => {
		const email = newAddress();
		const answered = await withAuth(
			bench.control,
			{ email: { ...settings.email, autoconfirm: true } },
			async () => await carriedOut('account', 'signUp', { email, password }),
		);
		expect(answered).toMatchObject({ user: { email }, session: { token_type: 'bearer' } });
		expect(answered.session).not.toHaveProperty('user');
	});

	test('tokens stay out of the output where they are not wanted', async () => {
		const { user } = await member();
		const answered = await carriedOut('account', 'signInWithPassword', {
			email: user.email,
			password,
			includeTokens: false,
		});
		expect(Object.keys(answered.session)).toEqual(['token_type', 'expires_in', 'expires_at']);
		expect(JSON.stringify(answered)).not.toMatch(/eyJ|_token"/);
	});

	test('a telephone signs up, verifies, and signs in with its password', async () => {
		const phone = newNumber();
		const by = { identifyBy: 'phone', phone: phone.replace('+49', '0049 ') };
		await carriedOut('account', 'signUp', { ...by, password });
		const code = await codeTo(bench.control, phone);
		const { user } = await carriedOut('account', 'verifyOtp', { ...by, code });
		expect(user.phone).toBe(phone.slice(1));
		const signedIn = await carriedOut('account', 'signInWithPassword', {
			identifyBy: 'phone',
			phone: user.phone as string,
			password,
		});
		expect(signedIn.user.id).toBe(user.id);
	});

	test('a code signs a new user in, whichever mail it came with', async () => {
		const email = newAddress();
		expect(await carriedOut('account', 'signInWithOtp', { email })).toEqual({
			user: null,
			session: null,
		});
		const first = await mailTo(bench.control, email);
		const made = await carriedOut('account', 'verifyOtp', { email, code: first.code ?? '' });
		await carriedOut('account', 'signInWithOtp', { email });
		const second = await mailTo(bench.control, email);
		const again = await carriedOut('account', 'verifyOtp', { email, code: second.code ?? '' });
		expect(again.user.id).toBe(made.user.id);
		const unknown = await refused(
			bench,
			auth('account', 'signInWithOtp', { email: newAddress(), createUser: false }),
		);
		expect(unknown.code).toBe('otp_disabled');
	});

	test('a message by WhatsApp', async () => {
		const phone = newNumber();
		const by = { identifyBy: 'phone', phone };
		await carriedOut('account', 'signInWithOtp', { ...by, channel: 'whatsapp' });
		const message = (await bench.control.texts()).at(-1);
		expect(message).toMatchObject({ to: phone.slice(1), channel: 'whatsapp' });
		const { session } = await carriedOut('account', 'verifyOtp', {
			...by,
			code: message?.code ?? '',
		});
		expect(session.access_token).toMatch(/^eyJ/);
	});

	test('a forgotten password is replaced in the session that the mail gives', async () => {
		const { user } = await member();
		await carriedOut('account', 'resetPasswordForEmail', { email: user.email });
		const { code } = await mailTo(bench.control, user.email);
		const { session } = await carriedOut('account', 'verifyOtp', { email: user.email, code });
		await carriedOut('user', 'update', {
			accessToken: session.access_token,
			changes: { password: 'Another-passw0rd' },
		});
		const old = auth('account', 'signInWithPassword', { email: user.email, password });
		expect((await refused(bench, old)).code).toBe('invalid_credentials');
		await carriedOut('account', 'signInWithPassword', {
			email: user.email,
			password: 'Another-passw0rd',
		});
	});

	test('a mail of a sign-up is sent again, and the token hash of its link is enough', async () => {
		const email = newAddress();
		await carriedOut('account', 'signUp', { email, password });
		const before = (await bench.control.mails()).length;
		await carriedOut('account', 'resend', { email });
		expect((await bench.control.mails()).length).toBe(before + 1);
		const { link = '' } = await mailTo(bench.control, email);
		const { user } = await carriedOut('account', 'verifyOtp', {
			verifyBy: 'tokenHash',
			tokenHash: new URL(link).searchParams.get('token'),
		});
		expect(user.email).toBe(email);
	});

	test('an anonymous user becomes one with an address', async () => {
		const { user, session } = await carriedOut('account', 'signInAnonymously', {
			options: { metadata: '{"cart": 5}' },
		});
		expect(user).toMatchObject({ is_anonymous: true, user_metadata: { cart: 5 } });
		const email = newAddress();
		await carriedOut('user', 'update', {
			accessToken: session.access_token,
			changes: { email, password },
		});
		const { code } = await mailTo(bench.control, email);
		await carriedOut('account', 'verifyOtp', { email, code, emailType: 'email_change' });
		const signedIn = await carriedOut('account', 'signInWithPassword', { email, password });
		expect(signedIn.user).toMatchObject({ id: user.id, is_anonymous: false });
	});

	test('a captcha is asked of the publishable key alone', async () => {
		const { user } = await member();
		const signIn = (options: INodeParameters) =>
			auth('account', 'signInWithPassword', { email: user.email, password, options });
		await withAuth(bench.control, { captchaToken: 'solved' }, async () => {
			expect((await refused(bench, signIn({}))).code).toBe('captcha_failed');
			await bench.succeed(signIn({ captchaToken: 'solved' }));
			await bench.succeed(signIn({ useSecretKey: true }));
		});
	});
});

describe('links that come back with a code', () => {
	const returnsCode = { redirectTo: home, linkReturns: 'code' };

	test.each<[operation: string, parameters: INodeParameters]>([
		['signUp', { password }],
		['signInWithOtp', {}],
	])('%s of a new user', async (operation, parameters) => {
		const email = newAddress();
		const { codeVerifier } = await carriedOut('account', operation, {
			...parameters,
			email,
			options: returnsCode,
		});
		expect(codeVerifier).toMatch(/^[\w-]{64}$/);
		const { link = '' } = await mailTo(bench.control, email);
		const { user } = await exchange(await landedAt(link, home), codeVerifier);
		expect(user.email).toBe(email);
	});

	test.each(['resetPasswordForEmail', 'signInWithOtp'])('%s of a member', async (operation) => {
		const { user } = await member();
		const { codeVerifier } = await carriedOut('account', operation, {
			email: user.email,
			options: returnsCode,
		});
		const { link = '' } = await mailTo(bench.control, user.email);
		const url = await landedAt(link, home);
		const foreign = auth('session', 'exchangeCode', {
			authCode: url.searchParams.get('code'),
			codeVerifier: 'x'.repeat(64),
		});
		expect((await refused(bench, foreign)).code).toBe('bad_code_verifier');
		expect((await exchange(url, codeVerifier)).user.id).toBe(user.id);
	});

	test('signing in with a provider, with parameters of its own', async () => {
		const email = newAddress();
		const { url, codeVerifier, provider } = await carriedOut('account', 'signInWithOAuth', {
			provider: 'github',
			options: {
				redirectTo: home,
				scopes: 'repo gist',
				queryParameters: { parameter: [{ name: 'login_hint', value: email }] },
			},
		});
		expect(provider).toBe('github');
		const { user, session } = await exchange(await landedAt(url as string, home), codeVerifier);
		expect(user.email).toBe(email);
		expect(session.provider_token).toMatch(/^gho_/);
	});

	test('an identity is linked, listed and unlinked', async () => {
		const { session } = await member();
		const accessToken = session.access_token;
		const { url, codeVerifier } = await carriedOut('identity', 'link', {
			accessToken,
			provider: 'github',
			options: {
				redirectTo: home,
				queryParameters: { parameter: [{ name: 'login_hint', value: newAddress() }] },
			},
		});
		await exchange(await landedAt(url as string, home), codeVerifier);
		const listed = async () =>
			(await bench.succeed(auth('identity', 'getAll', { accessToken }))).json;
		const identities = await listed();
		expect(identities.map(({ provider }) => provider).sort()).toEqual(['email', 'github']);
		const github = identities.find(({ provider }) => provider === 'github');
		const identityId = github?.identity_id as string;
		expect(await carriedOut('identity', 'unlink', { accessToken, identityId })).toEqual({
			success: true,
		});
		expect((await listed()).map(({ provider }) => provider)).toEqual(['email']);
	});

	test('a company', async () => {
		const { code, message } = await refused(
			bench,
			auth('account', 'signInWithSso', { domain: 'nobody.example.com' }),
		);
		expect(code).toBe('sso_provider_not_found');
		expect(message).not.toBe('');
	});
});

describe('sessions', () => {
	test('is as it was while it is good, and renewed when it is about to end', async () => {
		const { session } = await member();
		const { access_token: accessToken, refresh_token: refreshToken } = session;
		for (const operation of ['get', 'set']) {
			const held = await carriedOut('session', operation, { accessToken, refreshToken });
			expect(held.session.access_token).toBe(accessToken);
			expect(held.session.expires_at).toBe(session.expires_at);
		}
		const short = await withAuth(
			bench.control,
			{ accessTokenSeconds: 60 },
			async () => await carriedOut('session', 'refresh', { refreshToken }),
		);
		const parameters = {
			accessToken: short.session.access_token,
			refreshToken: short.session.refresh_token,
		};
		const set = await carriedOut('session', 'set', parameters);
		expect(set.session.access_token).toBe(parameters.accessToken);
		const got = await carriedOut('session', 'get', parameters);
		expect(got.session.refresh_token).not.toBe(parameters.refreshToken);
		expect(got.session.expires_at).toBeGreaterThan(short.session.expires_at);
	});

	test('of others end, and the own stays', async () => {
		const { user, session } = await member();
		const other = await carriedOut('account', 'signInWithPassword', {
			email: user.email,
			password,
		});
		const accessToken = session.access_token;
		await carriedOut('session', 'signOut', { accessToken, scope: 'others' });
		const ended = auth('user', 'get', { accessToken: other.session.access_token });
		expect((await refused(bench, ended)).code).toBe('session_not_found');
		await carriedOut('user', 'get', { accessToken });
	});

	test.each(['HS256', 'ES256'] as const)('claims of a token signed with %s', async (algorithm) => {
		await withAuth(bench.control, { algorithm }, async () => {
			const { user, session } = await member();
			const accessToken = session.access_token;
			const { claims, header, verifiedBy } = await carriedOut('session', 'getClaims', {
				accessToken,
			});
			expect(header).toMatchObject({ alg: algorithm });
			expect(verifiedBy).toBe(algorithm === 'HS256' ? 'server' : 'publicKey');
			expect(claims).toMatchObject({ sub: user.id, role: 'authenticated', aal: 'aal1' });
			const [head, , signature] = accessToken.split('.');
			const forged = Buffer.from(JSON.stringify({ ...(claims as object), role: 'admin' }));
			const parts = [head, forged.toString('base64url'), signature];
			const asking = auth('session', 'getClaims', { accessToken: parts.join('.') });
			expect((await refused(bench, asking)).code).toBe('bad_jwt');
		});
	});
});

describe('users', () => {
	test('a change of address is confirmed from both, and the first says that it is one of two', async () => {
		const { user, session } = await member();
		const email = newAddress('new');
		const updated = await carriedOut('user', 'update', {
			accessToken: session.access_token,
			changes: { email },
		});
		expect(updated.user).toMatchObject({ email: user.email, new_email: email });
		const type = { emailType: 'email_change' };
		const { code } = await mailTo(bench.control, user.email);
		const first = await bench.succeed(
			auth('account', 'verifyOtp', { email: user.email, code, ...type }),
		);
		expect(first.json[0]).toMatchObject({ user: null, session: null });
		expect(first.json[0]?.message).toContain('other email');
		expect(first.hints.join()).toContain('One of the two');
		const last = await mailTo(bench.control, email);
		const second = await carriedOut('account', 'verifyOtp', {
			email,
			code: last.code ?? '',
			...type,
		});
		expect(second.user.email).toBe(email);
	});

	test('a new password with a nonce', async () => {
		const { user, session } = await member();
		const accessToken = session.access_token;
		await carriedOut('user', 'reauthenticate', { accessToken });
		const { code } = await mailTo(bench.control, user.email);
		await carriedOut('user', 'update', {
			accessToken,
			changes: { password: 'Another-passw0rd' },
			options: { nonce: code },
		});
	});

	test('a new password with the present one, where the project wants that', async () => {
		const { user } = await member();
		const { session } = await carriedOut('account', 'signInWithPassword', {
			email: user.email,
			password,
		});
		const update = (options: INodeParameters) =>
			auth('user', 'update', {
				accessToken: session.access_token,
				changes: { password: 'Another-passw0rd' },
				options,
			});
		const currentRequired = { password: { ...settings.password, currentRequired: true } };
		await withAuth(bench.control, currentRequired, async () => {
			expect((await refused(bench, update({}))).code).toBe('current_password_required');
			await bench.succeed(update({ currentPassword: password }));
		});
	});
});

describe('second factors', () => {
	test('a telephone is enrolled, challenged, verified and unenrolled', async () => {
		const { session } = await member();
		const phone = newNumber();
		const first = { accessToken: session.access_token };
		const { id: factorId } = await carriedOut<{ id: string }>('mfa', 'enroll', {
			...first,
			factorType: 'phone',
			phone,
			friendlyName: 'Phone',
		});
		expect((await bench.succeed(auth('mfa', 'getAll', first))).json).toMatchObject([
			{ id: factorId, status: 'unverified' },
		]);
		const only = { ...first, options: { verifiedOnly: true } };
		expect((await bench.succeed(auth('mfa', 'getAll', only))).json).toEqual([]);
		const { id: challengeId } = await carriedOut<{ id: string }>('mfa', 'challenge', {
			...first,
			factorId,
		});
		const code = await codeTo(bench.control, phone);
		const { session: proven } = await carriedOut('mfa', 'verify', {
			...first,
			factorId,
			challengeId,
			code,
		});
		const accessToken = proven.access_token;
		expect(await carriedOut('mfa', 'getAssuranceLevel', { accessToken })).toMatchObject({
			currentLevel: 'aal2',
			nextLevel: 'aal2',
		});
		expect(await carriedOut('mfa', 'unenroll', { accessToken, factorId })).toEqual({
			id: factorId,
		});
		expect((await bench.succeed(auth('mfa', 'getAll', { accessToken }))).json).toEqual([]);
	});

	test('a wrong code leaves the challenge good', async () => {
		const { session } = await member();
		const accessToken = session.access_token;
		const enrolled = await carriedOut<{ id: string; totp: { secret: string } }>('mfa', 'enroll', {
			accessToken,
		});
		const factorId = enrolled.id;
		const { id: challengeId } = await carriedOut<{ id: string }>('mfa', 'challenge', {
			accessToken,
			factorId,
		});
		const verify = (code: string) =>
			auth('mfa', 'verify', { accessToken, factorId, challengeId, code });
		const right = codeAt(enrolled.totp.secret, Date.now());
		const wrong = right.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10));
		expect((await refused(bench, verify(wrong))).code).toBe('mfa_verification_failed');
		await bench.succeed(verify(right));
	});
});
