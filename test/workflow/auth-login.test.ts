import type { INodeExecutionData } from 'n8n-workflow';

import { codeAt } from '../stack/auth/mfa/totp';
import type { AuthSettings } from '../stack/auth/settings';
import { auth, done, mailTo, newAddress, refused, type Answered } from './auth-helpers';
import { insert, openBench, orderBy, select } from './database-helpers';

const bench = openBench();
const password = 'A-long-passw0rd';
let settings: AuthSettings;

beforeAll(async () => {
	settings = await bench.control.getAuth();
	await bench.control.setAuth({ email: { ...settings.email, autoconfirm: false } });
});

afterAll(async () => {
	await bench.control.setAuth(settings);
});

/** A user who has signed up, read the mail and confirmed the address. */
async function confirmed(email: string): Promise<Answered> {
	const signedUp = await done(bench, 'account', 'signUp', {
		email,
		password,
		options: { metadata: '{"name": "Ann"}' },
	});
	expect(signedUp).toMatchObject({ user: { email }, session: null });
	const { code } = await mailTo(bench.control, email);
	return await done(bench, 'account', 'verifyOtp', { email, code });
}

test('a user signs up, confirms, proves a second factor, and has their own rows until they sign out', async () => {
	const notes = await bench.createTable(
		'id int generated always as identity primary key, owner uuid default auth.uid(), body text',
	);
	await bench.define(
		`alter table "${notes}" enable row level security;
		create policy own on "${notes}" to authenticated using (owner = auth.uid())
			with check (owner = auth.uid() and (auth.jwt() ->> 'aal') = 'aal2')`,
	);
	const other = await confirmed(newAddress('other'));
	await bench.sql(`insert into "${notes}" (owner, body) values ($1, 'of another')`, [
		other.user.id,
	]);

	const email = newAddress('ann');
	const early = await refused(bench, auth('account', 'signInWithPassword', { email, password }));
	expect(early.code).toBe('invalid_credentials');
	const verified = await confirmed(email);
	expect(verified.user).toMatchObject({ email, user_metadata: { name: 'Ann' } });

	const signedIn = await done(bench, 'account', 'signInWithPassword', { email, password });
	expect(signedIn.user.id).toBe(verified.user.id);
	const { access_token: first } = signedIn.session;
	expect(await done(bench, 'mfa', 'getAssuranceLevel', { accessToken: first })).toMatchObject({
		currentLevel: 'aal1',
		nextLevel: 'aal1',
		currentAuthenticationMethods: [{ method: 'password' }],
	});

	const writing = (accessToken: string) =>
		insert(notes, {
			rowSource: 'json',
			rowJson: '{"body": "mine"}',
			return: 'rows',
			runAs: 'user',
			accessToken,
		});
	expect(await refused(bench, writing(first))).toMatchObject({ code: '42501' });

	const enrolled = await bench.succeed(
		auth('mfa', 'enroll', { accessToken: first, friendlyName: 'My app' }),
	);
	const [item] = enrolled.output;
	const { json: factor, binary } = item as INodeExecutionData;
	const { secret, uri } = factor.totp as { secret: string; uri: string };
	expect(factor).toMatchObject({ type: 'totp', friendly_name: 'My app' });
	expect(uri).toContain(`secret=${secret}`);
	expect(JSON.stringify(factor)).not.toContain('<svg');
	const picture = binary?.data;
	expect(picture).toMatchObject({ mimeType: 'image/svg+xml', fileName: 'qr-code.svg' });
	expect(String(await bench.engine.readBinary(picture as never))).toMatch(/<svg[\s\S]*<\/svg>/);

	const proven = await done(bench, 'mfa', 'challengeAndVerify', {
		accessToken: first,
		factorId: factor.id as string,
		code: codeAt(secret, Date.now()),
	});
	const { access_token: accessToken, refresh_token: refreshToken } = proven.session;
	expect(await done(bench, 'session', 'getClaims', { accessToken })).toMatchObject({
		claims: { sub: verified.user.id, aal: 'aal2', email },
	});
	const { json: factors } = await bench.succeed(auth('mfa', 'getAll', { accessToken }));
	expect(factors).toMatchObject([{ id: factor.id, status: 'verified', factor_type: 'totp' }]);

	await bench.succeed(writing(accessToken));
	const seen = await bench.succeed(select(notes, { ...orderBy('id'), runAs: 'user', accessToken }));
	expect(seen.json).toMatchObject([{ body: 'mine', owner: verified.user.id }]);

	expect(await done(bench, 'session', 'signOut', { accessToken })).toEqual({ success: true });
	expect(await done(bench, 'session', 'signOut', { accessToken })).toEqual({
		success: true,
		alreadySignedOut: true,
	});
	const gone = await refused(bench, auth('user', 'get', { accessToken }));
	expect(gone.code).toBe('session_not_found');
	expect(gone.message).not.toMatch(/session_id|claim/);
	const renewed = await refused(bench, auth('session', 'refresh', { refreshToken }));
	expect(renewed.code).toBe('refresh_token_not_found');
	for (const { message, description } of [gone, renewed, early]) {
		expect(`${message} ${description}`).not.toContain(accessToken);
		expect(`${message} ${description}`).not.toContain(refreshToken);
	}
});

test('the same user by the credential of a session', async () => {
	const email = newAddress('bot');
	const { user } = await confirmed(email);
	const session = { email, password };
	const asBot = { userFrom: 'userSession' };
	expect(await done(bench, 'user', 'get', asBot, { session })).toMatchObject({
		user: { id: user.id },
		session: null,
	});
	expect(await done(bench, 'mfa', 'getAssuranceLevel', asBot, { session })).toMatchObject({
		currentLevel: 'aal1',
	});
	const { user: updated } = await done(
		bench,
		'user',
		'update',
		{ ...asBot, changes: { metadata: '{"seen": true, "name": null}' } },
		{ session },
	);
	expect(updated.user_metadata).toMatchObject({ seen: true });
	expect(updated.user_metadata).not.toHaveProperty('name');
});
