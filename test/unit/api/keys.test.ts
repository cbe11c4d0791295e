import { InvalidRequestError } from '../../../src/api/errors';
import {
	authorityHeaders,
	checkKey,
	keyKind,
	type Authority,
	type KeyKind,
	type ProjectKeys,
} from '../../../src/api/keys';
import type { Service } from '../../../src/api/service';
import { thrownBy } from '../thrown';
import { tokens, userToken } from '../tokens';

const authorities: Record<'service' | 'anon' | 'user', Authority> = {
	service: { role: 'service_role' },
	anon: { role: 'anon' },
	user: { role: 'user', accessToken: userToken },
};

describe('which key goes where', () => {
	const keys: Record<'sb' | 'legacy', Required<ProjectKeys>> = {
		sb: { publishableKey: tokens.sb_publishable, secretKey: tokens.sb_secret },
		legacy: { publishableKey: tokens.anon, secretKey: tokens.service_role },
	};

	const none = undefined;
	// An sb_ key is no JWT and goes into apikey alone; a legacy key is a JWT and goes into both.
	// prettier-ignore
	const table: Array<[keyof typeof keys, Service, keyof typeof authorities, apikey: string, bearer: string | undefined]> = [
		['sb', 'rest', 'service', tokens.sb_secret, none],
		['sb', 'rest', 'anon', tokens.sb_publishable, none],
		['sb', 'rest', 'user', tokens.sb_publishable, userToken],
		['sb', 'auth', 'service', tokens.sb_secret, none],
		['sb', 'auth', 'anon', tokens.sb_publishable, none],
		['sb', 'auth', 'user', tokens.sb_publishable, userToken],
		['sb', 'storage', 'service', tokens.sb_secret, none],
		['sb', 'storage', 'anon', tokens.sb_publishable, none],
		['sb', 'storage', 'user', tokens.sb_publishable, userToken],
		['sb', 'functions', 'service', tokens.sb_secret, none],
		['sb', 'functions', 'anon', tokens.sb_publishable, none],
		['sb', 'functions', 'user', tokens.sb_publishable, userToken],
		['sb', 'realtime', 'service', tokens.sb_secret, none],
		['sb', 'realtime', 'anon', tokens.sb_publishable, none],
		['sb', 'realtime', 'user', tokens.sb_publishable, userToken],
		['legacy', 'rest', 'service', tokens.service_role, tokens.service_role],
		['legacy', 'rest', 'anon', tokens.anon, tokens.anon],
		['legacy', 'rest', 'user', tokens.anon, userToken],
		['legacy', 'auth', 'service', tokens.service_role, tokens.service_role],
		['legacy', 'auth', 'anon', tokens.anon, tokens.anon],
		['legacy', 'auth', 'user', tokens.anon, userToken],
		['legacy', 'storage', 'service', tokens.service_role, tokens.service_role],
		['legacy', 'storage', 'anon', tokens.anon, tokens.anon],
		['legacy', 'storage', 'user', tokens.anon, userToken],
		['legacy', 'functions', 'service', tokens.service_role, tokens.service_role],
		['legacy', 'functions', 'anon', tokens.anon, tokens.anon],
		['legacy', 'functions', 'user', tokens.anon, userToken],
		['legacy', 'realtime', 'service', tokens.service_role, tokens.service_role],
		['legacy', 'realtime', 'anon', tokens.anon, tokens.anon],
		['legacy', 'realtime', 'user', tokens.anon, userToken],
	];

	it.each(table)('%s key, %s, as %s', (kind, service, authority, apikey, bearer) => {
		expect(authorityHeaders(keys[kind], service, authorities[authority])).toEqual(
			bearer === undefined ? { apikey } : { apikey, authorization: `Bearer ${bearer}` },
		);
	});

	it('opens the gateway for a user with the secret key where it is the only one', () => {
		const { secretKey } = keys.sb;
		expect(authorityHeaders({ secretKey }, 'rest', authorities.user)).toEqual({
			apikey: secretKey,
			authorization: `Bearer ${userToken}`,
		});
	});

	it('never shows the secret key to an edge function on behalf of a user', () => {
		const { secretKey } = keys.sb;
		expect(authorityHeaders({ secretKey }, 'functions', authorities.user)).toEqual({
			authorization: `Bearer ${userToken}`,
		});
	});

	it('sends no key at all where none is wanted', () => {
		expect(authorityHeaders(keys.sb, 'functions', { role: 'none' })).toEqual({});
		expect(authorityHeaders({}, 'functions', { role: 'none' })).toEqual({});
	});

	it('never falls back to the secret key for an anonymous caller', () => {
		const { secretKey } = keys.sb;
		const error = thrownBy(() => authorityHeaders({ secretKey }, 'rest', authorities.anon));
		expect(error).toBeInstanceOf(InvalidRequestError);
		expect(error.message).toBe('The credential has no Publishable Key');
		expect(error).toHaveProperty('hint', expect.stringContaining('Run As'));
	});

	it('never takes the publishable key for the service role', () => {
		const { publishableKey } = keys.sb;
		const error = thrownBy(() => authorityHeaders({ publishableKey }, 'rest', authorities.service));
		expect(error).toBeInstanceOf(InvalidRequestError);
		expect(error.message).toBe('The credential has no Secret Key');
	});
});

describe('keyKind', () => {
	it.each(Object.entries(tokens))('%s', (kind, token) => expect(keyKind(token)).toBe(kind));

	it.each([
		['', 'unknown'],
		['a.b.c', 'unknown'],
		['a.bnVsbA.c', 'unknown'], // null
		['a.WzFd.c', 'other_jwt'], // a list has no role
		['sb_temp_x', 'unknown'],
		['SB_SECRET_x', 'unknown'],
	] satisfies Array<[string, KeyKind]>)('%j is %s', (text, kind) => {
		expect(keyKind(text)).toBe(kind);
	});
});

describe('checkKey', () => {
	const fits: Array<[keyof ProjectKeys, KeyKind]> = [
		['publishableKey', 'sb_publishable'],
		['publishableKey', 'anon'],
		['secretKey', 'sb_secret'],
		['secretKey', 'service_role'],
	];
	const misplaced: Array<[keyof ProjectKeys, KeyKind, reason: RegExp]> = [
		['publishableKey', 'sb_secret', /^What is in Publishable Key is a secret key .*bypasses/],
		[
			'publishableKey',
			'service_role',
			/^What is in Publishable Key is the service_role key.*bypas/,
		],
		['publishableKey', 'other_jwt', /^What is in Publishable Key is a token of another role/],
		['publishableKey', 'personal_access_token', /^What is in Publishable Key is a personal access/],
		['publishableKey', 'unknown', /^What is in Publishable Key is not a Supabase key$/],
		['secretKey', 'sb_publishable', /^What is in Secret Key is a publishable key/],
		['secretKey', 'anon', /^What is in Secret Key is the anon key$/],
		['secretKey', 'other_jwt', /^What is in Secret Key is a token of another role/],
		['secretKey', 'personal_access_token', /^What is in Secret Key is a personal access token/],
		['secretKey', 'unknown', /^What is in Secret Key is not a Supabase key$/],
	];

	it('is asked about every kind in both fields', () => {
		const asked = [...fits, ...misplaced].map(([field, kind]) => `${field} ${kind}`);
		expect(new Set(asked).size).toBe(2 * Object.keys(tokens).length);
	});

	it.each(fits)('%s takes %s', (field, kind) => {
		expect(() => checkKey(field, tokens[kind])).not.toThrow();
	});

	it.each(misplaced)('%s refuses %s', (field, kind, reason) => {
		const error = thrownBy(() => checkKey(field, tokens[kind]));
		expect(error).toBeInstanceOf(InvalidRequestError);
		expect(error.message).toMatch(reason);
		const { hint } = error as InvalidRequestError;
		expect(hint).toContain(field === 'secretKey' ? 'sb_secret_' : 'sb_publishable_');
		expect(`${error.message} ${hint} ${error.stack}`).not.toContain(tokens[kind]);
	});

	it.each(['sb_secret_a b', 'sb_secret_a\nb', 'sb_secret_a\u00e9', 'sb_secret_\u201cx\u201d'])(
		'refuses the key %j, which no header can hold',
		(key) => {
			const error = thrownBy(() => checkKey('secretKey', key));
			expect(error).toBeInstanceOf(InvalidRequestError);
			expect(error.message).toMatch(/^What is in Secret Key /);
			expect(error.message).not.toContain(key);
		},
	);
});

describe("a user's access token", () => {
	const as = (accessToken: string) =>
		authorityHeaders({ publishableKey: tokens.anon }, 'rest', { role: 'user', accessToken });

	it.each([
		`Bearer ${userToken}`,
		`bearer   ${userToken}`,
		`BEARER ${userToken}`,
		`  ${userToken}\n`,
	])('is taken as %j', (text) => {
		expect(as(text)).toEqual({ apikey: tokens.anon, authorization: `Bearer ${userToken}` });
	});

	it.each(['', ' ', '\n', 'Bearer ', 'bearer'])('cannot be %j', (text) => {
		const error = thrownBy(() => as(text));
		expect(error).toBeInstanceOf(InvalidRequestError);
		expect(error.message).toBe('The access token is empty');
	});

	it.each([
		['the service_role key', tokens.service_role],
		['the service_role key behind Bearer', `Bearer ${tokens.service_role}`],
		['the anon key', tokens.anon],
		['a secret key', tokens.sb_secret],
		['a publishable key', tokens.sb_publishable],
		['a personal access token', tokens.personal_access_token],
		['no token at all', tokens.unknown],
		['a token with a new line in it', userToken.replace('.', '.\n')],
		['a token and a second header', `${userToken}\r\nx-evil: 1`],
		['two tokens', `${userToken} ${userToken}`],
		['a token of four parts', `${userToken}.x`],
	])('cannot be %s', (_what, text) => {
		const error = thrownBy(() => as(text));
		expect(error).toBeInstanceOf(InvalidRequestError);
		expect(error.message).toBe("What is in Access Token is not a user's access token");
		expect(`${error.message} ${(error as InvalidRequestError).hint}`).not.toContain(text);
	});
});
