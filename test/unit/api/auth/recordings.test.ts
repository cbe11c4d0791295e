import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	isAlreadyRegistered,
	listOf,
	readAnswer,
	readMade,
	readUrl,
	readUser,
} from '../../../../src/api/auth/answers';
import { getClaims } from '../../../../src/api/auth/claims';
import { readEnrolled } from '../../../../src/api/auth/factors';
import { readErrorBody } from '../../../../src/api/errors';
import type { Send } from '../../../../src/api/transport';

interface Exchange {
	readonly op: string;
	readonly case: string;
	readonly server: string;
	readonly request: { path: string; headers: Record<string, string>; body?: unknown };
	readonly response: { status: number; headers: Record<string, string>; body?: unknown };
	/** What auth-js made of it: names of types instead of values. */
	readonly client?: { data: unknown; error: { code?: string } | null } | null;
}

const fixture = join(__dirname, '../../../fixtures/auth/exchanges.jsonl');
const exchanges = readFileSync(fixture, 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Exchange);

/** The operations of the node; links and pages that a browser opens are none. */
const OURS =
	/^(account\.(signUp|signInAnonymously|signInWith(Password|IdToken|Otp|Sso)|verifyOtp|resend|resetPasswordForEmail)|session\.(get|set|refresh|exchangeCode|signOut)|user\.(get|update|reauthenticate)|identity\.(getAll|link|unlink)|mfa\.(enroll|challenge|verify|challengeAndVerify|unenroll|getAll|getAssuranceLevel))$/;

const own = exchanges.filter(({ op }) => OURS.test(op));
const named = (each: Exchange): [string, Exchange] => [
	`${each.server}: ${each.op}, ${each.case}`,
	each,
];
const succeeded = own.filter(({ response }) => response.status < 300);
const failed = own.filter(({ response }) => response.status >= 400);

test('there is something to read', () => {
	expect([succeeded.length > 200, failed.length > 150]).toEqual([true, true]);
});

test.each(succeeded.map(named))('is read: %s', (_, { op, request, response, client }) => {
	const { body } = response;
	const data = Object(client?.data) as Record<string, unknown>;
	const [, route = ''] = /^\/auth\/v1\/([^?]*)/.exec(request.path) ?? [];
	if (response.status === 204) return expect(op).toBe('session.signOut');
	if (/^(sso|user\/identities\/authorize)$/.test(route)) {
		return expect(URL.canParse(readUrl(body))).toBe(true);
	}
	if (route === 'user') {
		const user = readUser(body);
		expect(user).toBe(body);
		return expect(listOf(user.factors)).toEqual(user.factors ?? []);
	}
	if (route === 'factors') {
		const { factor, qrCode } = readEnrolled(body);
		expect(factor.id).toEqual(expect.any(String));
		expect(JSON.stringify(factor)).not.toContain('<svg');
		return expect(qrCode === undefined).toBe(factor.type !== 'totp');
	}
	if (/^factors\/[^/]+(\/challenge)?$/.test(route)) {
		return expect(readMade(body).id).toBe((body as { id: string }).id);
	}
	const answer = readAnswer(body);
	const isMfa = op.startsWith('mfa.');
	if (client?.data && 'session' in data && !isMfa) {
		expect([answer.session !== null, answer.user !== null]).toEqual([
			data.session !== null,
			data.user !== null,
		]);
	}
	const text = JSON.stringify(body ?? {});
	expect(answer.session !== null).toBe(text.includes('"access_token"'));
	if (answer.session) expect(answer.session.expires_at).toBeGreaterThan(1_767_000_000);
	expect(isAlreadyRegistered(answer)).toBe(text.includes('"identities":[]') && !answer.session);
});

test.each(failed.map(named))('its refusal is read: %s', (_, { response, client }) => {
	const { status, headers, body } = response;
	const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
	const parts = readErrorBody(status, headers, text, 'auth');
	const { code, error_code, error, weak_password } = Object(body) as Record<string, unknown>;
	const expected = [error_code, typeof code === 'string' ? code : undefined, error].find(Boolean);
	expect(parts.status).toBe(status);
	expect(parts.message).not.toBe('');
	if (expected) expect(parts.code).toBe(expected);
	if (client?.error?.code && status < 500) expect(parts.code).toBe(client.error.code);
	if (weak_password) expect(parts.code).toBe('weak_password');
});

describe('claims', () => {
	const [jwks] = exchanges.filter(({ op, server }) => op === 'settings.jwks' && server === 'main');
	const send = (async ({ path }) => {
		if (path.at(-1) !== 'jwks.json') throw new Error('The server was asked');
		return await Promise.resolve(jwks?.response);
	}) as Send;
	const tokens = exchanges.flatMap(({ server, response }) => {
		const token = (response.body as { access_token?: string } | undefined)?.access_token;
		const [head = ''] = token?.split('.') ?? [];
		const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString() || '{}') as {
			alg?: string;
		};
		return server === 'main' && token && alg === 'ES256' ? [token] : [];
	});
	const now = () => Date.parse('2026-01-01T00:00:00Z');

	test('of every recorded token are verified by the recorded keys', async () => {
		expect(tokens.length).toBeGreaterThan(50);
		for (const token of tokens) {
			const { claims, verifiedBy } = await getClaims(token, 'https://recorded', send, { now });
			expect(verifiedBy).toBe('publicKey');
			expect(claims.aud).toBe('authenticated');
		}
	});
});
