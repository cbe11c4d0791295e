import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { stackControl } from '../control';
import type { Mail } from './inbox';
import { codeAt } from './mfa/totp';
import type { AuthSettings } from './settings';

const url = process.env.SUPABASE_URL ?? '';
const publishableKey = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
const secretKey = process.env.SUPABASE_SECRET_KEY ?? '';

const PASSWORD = 'Correct-horse-1';

/** The official client, with a store of its own for the session and the PKCE verifier. */
function client(key = publishableKey, flowType: 'implicit' | 'pkce' = 'implicit'): SupabaseClient {
	const stored = new Map<string, string>();
	return createClient(url, key, {
		auth: {
			flowType,
			autoRefreshToken: false,
			detectSessionInUrl: false,
			storage: {
				getItem: (name: string) => stored.get(name) ?? null,
				setItem: (name: string, value: string) => void stored.set(name, value),
				removeItem: (name: string) => void stored.delete(name),
			},
		},
		realtime: { transport: WebSocket as never },
	});
}

function newEmail(): string {
	return `${randomUUID()}@example.com`;
}

describe('the official client on the local auth', () => {
	const control = stackControl();
	let usual: AuthSettings;

	beforeAll(async () => {
		usual = await control.getAuth();
		await control.setAuth({ email: { ...usual.email, autoconfirm: false } });
	});

	afterAll(async () => await control.setAuth(usual));

	async function mailTo(email: string): Promise<Mail> {
		const mail = (await control.mails()).filter(({ to }) => to === email).pop();
		if (!mail) throw new Error(`Nothing was sent to ${email}`);
		return mail;
	}

	async function textTo(phone: string): Promise<string> {
		const text = (await control.texts()).filter(({ to }) => to === phone).pop();
		return text?.code ?? '';
	}

	/** Follows a link in a mail as a browser does, but not the address that it leads to. */
	async function follow(link: string | undefined): Promise<URL> {
		const answer = await fetch(link ?? '', { redirect: 'manual' });
		return new URL(answer.headers.get('location') ?? '');
	}

	async function confirmedUser(email = newEmail()): Promise<SupabaseClient> {
		const { auth } = client();
		await auth.signUp({ email, password: PASSWORD });
		const one = client();
		const { code = '' } = await mailTo(email);
		const { error } = await one.auth.verifyOtp({ email, token: code, type: 'email' });
		expect(error).toBeNull();
		return one;
	}

	it('signs up, confirms by the code in the mail, and signs in by password', async () => {
		const email = newEmail();
		const { auth } = client();
		const { data } = await auth.signUp({ email, password: PASSWORD, options: { data: { a: 1 } } });
		expect(data.session).toBeNull();
		expect(data.user).toMatchObject({ email, user_metadata: { a: 1 } });
		expect((await auth.signInWithPassword({ email, password: PASSWORD })).error).toMatchObject({
			code: 'email_not_confirmed',
		});
		const { code = '' } = await mailTo(email);
		const verified = await auth.verifyOtp({ email, token: code, type: 'signup' });
		expect(verified.data.session?.user.email_confirmed_at).toBeDefined();
		const again = await auth.signInWithPassword({ email, password: PASSWORD });
		expect(again.data.user?.id).toBe(data.user?.id);
		expect((await auth.signInWithPassword({ email, password: 'wrong' })).error).toMatchObject({
			code: 'invalid_credentials',
		});
	});

	it('confirms by the link in the mail: tokens in the fragment', async () => {
		const email = newEmail();
		await client().auth.signUp({ email, password: PASSWORD });
		const { hash } = await follow((await mailTo(email)).link);
		const given = new URLSearchParams(hash.slice(1));
		const session = {
			access_token: given.get('access_token') ?? '',
			refresh_token: given.get('refresh_token') ?? '',
		};
		const { data } = await client().auth.setSession(session);
		expect(data.user?.email).toBe(email);
	});

	it('exchanges the code that a PKCE link comes back with', async () => {
		const email = newEmail();
		const { auth } = client(publishableKey, 'pkce');
		await auth.signUp({ email, password: PASSWORD });
		const code = (await follow((await mailTo(email)).link)).searchParams.get('code') ?? '';
		const { data } = await auth.exchangeCodeForSession(code);
		expect(data.session?.user.email).toBe(email);
		expect((await client().auth.exchangeCodeForSession(code)).error).not.toBeNull();
	});

	it('signs in by codes: of a mail, and of a text message', async () => {
		const email = newEmail();
		const { auth } = client();
		expect((await auth.signInWithOtp({ email })).error).toBeNull();
		const { code = '' } = await mailTo(email);
		const byMail = await auth.verifyOtp({ email, token: code, type: 'email' });
		expect(byMail.data.user?.email).toBe(email);
		const phone = `1555${String(Date.now()).slice(-7)}`;
		expect((await auth.signInWithOtp({ phone })).error).toBeNull();
		const byText = await auth.verifyOtp({ phone, token: await textTo(phone), type: 'sms' });
		expect(byText.data.user?.phone).toBe(phone);
	});

	it('refreshes a session, and ends it by signing out', async () => {
		const { auth } = await confirmedUser();
		const before = (await auth.getSession()).data.session;
		const { data } = await auth.refreshSession();
		expect(data.session?.refresh_token).not.toBe(before?.refresh_token);
		const token = data.session?.access_token;
		expect((await auth.getUser(token)).error).toBeNull();
		expect((await auth.signOut()).error).toBeNull();
		expect((await client().auth.getUser(token)).error).not.toBeNull();
	});

	it('sets a new password by a link for that', async () => {
		const email = newEmail();
		await confirmedUser(email);
		const { auth } = client();
		expect((await auth.resetPasswordForEmail(email)).error).toBeNull();
		const { code = '' } = await mailTo(email);
		await auth.verifyOtp({ email, token: code, type: 'recovery' });
		expect((await auth.updateUser({ password: 'Another-horse-2' })).error).toBeNull();
		const signedIn = await client().auth.signInWithPassword({ email, password: 'Another-horse-2' });
		expect(signedIn.error).toBeNull();
	});

	it('changes the address once both have agreed', async () => {
		const [email, next] = [newEmail(), newEmail()];
		const { auth } = await confirmedUser(email);
		const { data } = await auth.updateUser({ email: next });
		expect(data.user).toMatchObject({ email, new_email: next });
		for (const address of [email, next]) {
			const { code = '' } = await mailTo(address);
			const verified = await auth.verifyOtp({ email: address, token: code, type: 'email_change' });
			expect(verified.error).toBeNull();
		}
		expect((await auth.getUser()).data.user?.email).toBe(next);
	});

	it('asks for a nonce to change the password, where the project wants that', async () => {
		const email = newEmail();
		const { auth } = await confirmedUser(email);
		expect((await auth.reauthenticate()).error).toBeNull();
		const { code: nonce } = await mailTo(email);
		expect((await auth.updateUser({ password: 'Third-horse-3', nonce })).error).toBeNull();
	});

	it('makes an anonymous user permanent', async () => {
		const { auth } = client();
		const { data } = await auth.signInAnonymously({ options: { data: { plan: 'free' } } });
		expect(data.user).toMatchObject({ is_anonymous: true, user_metadata: { plan: 'free' } });
		const email = newEmail();
		await auth.updateUser({ email });
		const { code = '' } = await mailTo(email);
		const verified = await auth.verifyOtp({ email, token: code, type: 'email_change' });
		expect(verified.data.user).toMatchObject({ id: data.user?.id, email, is_anonymous: false });
	});

	it('lifts a session to the second level by an app, and by a phone', async () => {
		const { auth } = await confirmedUser();
		const enrolled = await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'app' });
		if (enrolled.error) throw enrolled.error;
		const { id, totp } = enrolled.data;
		expect(totp.qr_code).toContain('<svg');
		const code = codeAt(totp.secret, Date.now());
		expect((await auth.mfa.challengeAndVerify({ factorId: id, code })).error).toBeNull();
		const { data: level } = await auth.mfa.getAuthenticatorAssuranceLevel();
		expect(level).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' });
		expect(level?.currentAuthenticationMethods).toContainEqual(
			expect.objectContaining({ method: 'totp' }),
		);

		const phone = `1556${String(Date.now()).slice(-7)}`;
		const other = await auth.mfa.enroll({ factorType: 'phone', friendlyName: 'phone', phone });
		const factorId = other.data?.id ?? '';
		const challenge = await auth.mfa.challenge({ factorId });
		const challengeId = challenge.data?.id ?? '';
		const byPhone = { factorId, challengeId, code: await textTo(phone) };
		expect((await auth.mfa.verify(byPhone)).error).toBeNull();
		const { data: factors } = await auth.mfa.listFactors();
		expect(factors).toMatchObject({ totp: [{ id }], phone: [{ id: factorId }] });
		expect((await auth.mfa.unenroll({ factorId: id })).error).toBeNull();
	});

	it('lets a secret key make, find and remove users, and make links', async () => {
		const { admin } = client(secretKey).auth;
		const email = newEmail();
		const made = await admin.createUser({ email, password: PASSWORD, email_confirm: true });
		const id = made.data.user?.id ?? '';
		expect((await admin.getUserById(id)).data.user?.email).toBe(email);
		const link = await admin.generateLink({ type: 'magiclink', email });
		const { auth } = client();
		const token_hash = link.data.properties?.hashed_token ?? '';
		const signedIn = await auth.verifyOtp({ token_hash, type: 'magiclink' });
		expect(signedIn.data.user?.id).toBe(id);
		expect((await admin.deleteUser(id)).error).toBeNull();
		expect((await auth.getUser()).error).not.toBeNull();
		expect((await client().auth.admin.listUsers()).error).toMatchObject({ code: 'not_admin' });
	});

	it('signs tokens that anybody can verify, where the project uses ES256', async () => {
		await control.setAuth({ algorithm: 'ES256' });
		try {
			const { auth } = await confirmedUser();
			const { data } = await auth.getClaims();
			expect(data?.header).toMatchObject({ alg: 'ES256' });
			expect(data?.claims).toMatchObject({ aal: 'aal1', role: 'authenticated' });
		} finally {
			await control.setAuth({ algorithm: 'HS256' });
		}
	});

	it.each([
		['requests', 'over_request_rate_limit'],
		['emails', 'over_email_send_rate_limit'],
		['sms', 'over_sms_send_rate_limit'],
	] as const)('refuses more %s when the limit counts as reached', async (limit, code) => {
		await control.setAuth({ reached: [limit] });
		try {
			const to = limit === 'sms' ? { phone: '15550001234' } : { email: newEmail() };
			expect((await client().auth.signInWithOtp(to)).error).toMatchObject({ status: 429, code });
		} finally {
			await control.setAuth({ reached: [] });
		}
	});

	it('leaves nothing behind in the inbox for a sign-up that was refused', async () => {
		const before = (await control.mails()).length;
		const { error } = await client().auth.signUp({ email: newEmail(), password: 'short' });
		expect(error).toMatchObject({ code: 'weak_password' });
		expect(await control.mails()).toHaveLength(before);
	});

	it('shows a person what was sent', async () => {
		const email = newEmail();
		await client().auth.signInWithOtp({ email });
		const page = await (await fetch(`${url}/__mail`)).text();
		const { code = '', link = '' } = await mailTo(email);
		expect(page).toContain(email);
		expect(page).toContain(`<code>${code}</code>`);
		expect(page).toContain(link.replaceAll('&', '&#38;'));
	});
});
