import {
	isAlreadyRegistered,
	isAwaited,
	isDue,
	listOf,
	readAnswer,
	readMade,
	readSessionAnswer,
	readUrl,
	readUser,
	withoutTokens,
} from '../../../../src/api/auth/answers';
import { assuranceLevel } from '../../../../src/api/auth/assurance';
import { challengeOf, checkVerifier, newVerifier } from '../../../../src/api/auth/pkce';
import { SupabaseApiError } from '../../../../src/api/errors';
import { onlyReads } from '../../../../src/api/request';
import { challenge } from '../../../../src/api/auth/factors';
import { reauthenticate, updateUser } from '../../../../src/api/auth/user';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: object) => `${part({ alg: 'none' })}.${part(claims)}.c2ln`;
const user = { id: 'ann', identities: [{}] };
const whole = { access_token: token({ exp: 2000 }), refresh_token: 'r', expires_in: 60, user };

test.each([undefined, null, '', 'ok', 5, [], [{}], true])('%j is no answer', (body) => {
	for (const read of [readAnswer, readSessionAnswer, readUser, readUrl, readMade]) {
		expect(() => read(body)).toThrow(SupabaseApiError);
	}
});

test.each([
	{ ...whole, refresh_token: undefined },
	{ ...whole, refresh_token: '' },
	{ ...whole, user: undefined },
	{ ...whole, user: [] },
	{ ...whole, access_token: null },
	{ ...whole, access_token: '' },
])('half a session is none, and its tokens are told nobody', (body) => {
	const thrown = (() => {
		try {
			readAnswer(body);
			return undefined;
		} catch (error) {
			return error as SupabaseApiError;
		}
	})();
	expect(thrown?.message).toContain('half a session');
	expect(JSON.stringify({ ...thrown, message: thrown?.message })).not.toContain('eyJ');
});

test('a session says when it ends, by the token or by how long it lasts', () => {
	expect(readAnswer(whole, 1000).session).toMatchObject({ expires_at: 2000, expires_in: 60 });
	const opaque = { ...whole, access_token: 'opaque' };
	expect(readAnswer(opaque, 1000).session).toMatchObject({ expires_at: 1060 });
	const short = { ...whole, expires_in: undefined, expires_at: 1500 };
	expect(readAnswer(short, 1000).session).toMatchObject({ expires_at: 1500, expires_in: 500 });
	expect(readAnswer(whole).session).not.toHaveProperty('user');
});

test('without its tokens a session still says that it is there', () => {
	const answer = readAnswer({
		...whole,
		provider_token: 'p',
		weak_password: { reasons: ['length'] },
	});
	const told = withoutTokens(answer);
	expect(told).toEqual({
		user,
		session: { token_type: 'bearer', expires_in: 60, expires_at: 2000 },
		weakPassword: { reasons: ['length'] },
	});
	expect(withoutTokens(readAnswer(user))).toEqual({ user, session: null });
});

test('an address that is registered has no identities; one that waits has an older account', () => {
	const made = { id: 'x', created_at: '2026-01-01T00:00:00Z' };
	const later = { confirmation_sent_at: '2026-01-01T00:01:00Z' };
	expect(isAlreadyRegistered(readAnswer({ ...made, identities: [] }))).toBe(true);
	expect(isAlreadyRegistered(readAnswer({ ...made, identities: [{}] }))).toBe(false);
	expect(isAlreadyRegistered(readAnswer(made))).toBe(false);
	expect(isAwaited(readAnswer({ ...made, ...later }))).toBe(true);
	expect(isAwaited(readAnswer({ ...made, confirmation_sent_at: made.created_at }))).toBe(false);
	expect(isAwaited(readAnswer(made))).toBe(false);
});

test.each([
	[undefined, true],
	['5000', true],
	[1e9, false],
	[999, true],
	[1089, true],
	[1091, false],
])('a token that ends at %p is due: %p', (exp, due) => {
	expect(isDue(exp, 90, 1000)).toBe(due);
});

test('lists have objects alone', () => {
	expect(listOf(undefined)).toEqual([]);
	expect(listOf(null)).toEqual([]);
	expect(listOf([null, { a: 1 }, 'x', [1]])).toEqual([{ a: 1 }]);
});

test('the level of a session is by its token, the next by the verified factors', () => {
	const first = token({ aal: 'aal1', amr: [{ method: 'password' }] });
	const factors = (status: string) => ({ id: 'ann', factors: [{ status }] });
	expect(assuranceLevel(first, factors('verified'))).toEqual({
		currentLevel: 'aal1',
		nextLevel: 'aal2',
		currentAuthenticationMethods: [{ method: 'password' }],
	});
	expect(assuranceLevel(first, factors('unverified')).nextLevel).toBe('aal1');
	expect(assuranceLevel('', { id: 'ann' })).toEqual({
		currentLevel: null,
		nextLevel: null,
		currentAuthenticationMethods: [],
	});
});

test('a challenge is what RFC 7636 says of its verifier', () => {
	expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toEqual({
		code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
		code_challenge_method: 's256',
	});
	const verifiers = Array.from({ length: 100 }, newVerifier);
	expect(new Set(verifiers.map(checkVerifier)).size).toBe(100);
	for (const wrong of ['', 'x'.repeat(42), 'x'.repeat(129), `${'x'.repeat(50)} `]) {
		expect(() => checkVerifier(wrong)).toThrow('Code Verifier is not one');
	}
});

test('what sends a message is never repeated, whatever its method', () => {
	expect([onlyReads(reauthenticate()), reauthenticate().repeatable]).toEqual([false, false]);
	expect(updateUser({ data: {} }).repeatable).toBe(true);
	for (const changes of [{ email: 'a@b.c' }, { phone: '+4' }, { password: 'p', data: {} }]) {
		expect(updateUser(changes).repeatable).toBe(false);
	}
	expect(challenge('f', { sends: true }).repeatable).toBe(false);
	expect(challenge('f', { sends: false }).repeatable).toBe(true);
});
