import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { getClaims } from '../../../../src/api/auth/claims';
import { SupabaseApiError } from '../../../../src/api/errors';
import type { ApiRequest } from '../../../../src/api/request';
import type { Send } from '../../../../src/api/transport';

const NOW = 1_800_000_000_000;
const good = { sub: 'ann', exp: NOW / 1000 + 60 };

const pairs = {
	ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
	RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
	EdDSA: generateKeyPairSync('ed25519'),
};

type Algorithm = keyof typeof pairs;

function signed(header: object, claims: object, key: KeyObject, algorithm: Algorithm): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const text = `${part(header)}.${part(claims)}`;
	const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from(text), {
		key,
		...(algorithm === 'ES256' && { dsaEncoding: 'ieee-p1363' as const }),
	});
	return `${text}.${signature.toString('base64url')}`;
}

const tokenOf = (alg: Algorithm, claims: object = good, kid: string = alg) =>
	signed({ alg, kid, typ: 'JWT' }, claims, pairs[alg].privateKey, alg);

const published = Object.entries(pairs).map(([alg, { publicKey }]) => ({
	...publicKey.export({ format: 'jwk' }),
	kid: alg,
	alg,
}));

let project = 0;

/** A project of its own, which writes down what it is asked. */
function open({
	cacheControl = 'max-age=600',
	keys = published as object[],
	knowsUser = true,
} = {}) {
	const asked: string[] = [];
	const address = `https://project-${(project += 1)}.example.com/auth/v1`;
	let at = NOW;
	const send = (async ({ path }: ApiRequest) => {
		asked.push(path.join('/'));
		await Promise.resolve();
		if (path[0] === 'user') {
			if (knowsUser) return { status: 200, headers: {}, body: { id: 'ann' } };
			throw new SupabaseApiError('auth', 'refused', { message: 'no', code: 'bad_jwt' });
		}
		return { status: 200, headers: { 'cache-control': cacheControl }, body: { keys } };
	}) as Send;
	const claimsOf = async (token: string, options = {}) =>
		await getClaims(token, address, send, { now: () => at, ...options });
	return { asked, claimsOf, wait: (seconds: number) => (at += seconds * 1000) };
}

test.each(Object.keys(pairs) as Algorithm[])('%s is verified by the published key', async (alg) => {
	const { claimsOf, asked } = open();
	expect(await claimsOf(tokenOf(alg))).toEqual({
		claims: good,
		header: { alg, kid: alg, typ: 'JWT' },
		verifiedBy: 'publicKey',
	});
	expect(asked).toEqual(['.well-known/jwks.json']);
});

test.each(Object.keys(pairs) as Algorithm[])('%s with other claims is refused', async (alg) => {
	const [head, , signature] = tokenOf(alg).split('.');
	const [, claims] = tokenOf(alg, { ...good, sub: 'eve' }).split('.');
	await expect(open().claimsOf([head, claims, signature].join('.'))).rejects.toThrow(
		'signature that is not of this project',
	);
});

test('a key is used for nothing but what it is for', async () => {
	const { claimsOf } = open();
	for (const [alg, kid] of [
		['ES256', 'RS256'],
		['RS256', 'EdDSA'],
		['EdDSA', 'ES256'],
	] as const) {
		await expect(claimsOf(tokenOf(alg, good, kid))).rejects.toThrow('signature');
	}
	const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const forged = signed({ alg: 'ES256', kid: 'ES256' }, good, foreign.privateKey, 'ES256');
	await expect(claimsOf(forged)).rejects.toThrow('signature');
});

test.each(['HS256', 'none', 'ES512', 'PS256', undefined])(
	'what is signed with %s is for the server to say',
	async (alg) => {
		const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const token = `${part({ alg, kid: 'ES256' })}.${part(good)}.c2ln`;
		const { claimsOf, asked } = open();
		expect((await claimsOf(token)).verifiedBy).toBe('server');
		expect(asked).toEqual(['user']);
		await expect(open({ knowsUser: false }).claimsOf(token)).rejects.toThrow('no');
	},
);

test('a token that has expired is refused before anything is asked, unless it is as good', async () => {
	const { claimsOf, asked } = open();
	const old = tokenOf('ES256', { ...good, exp: NOW / 1000 - 1 });
	await expect(claimsOf(old)).rejects.toThrow('has expired');
	await expect(claimsOf(tokenOf('ES256', { sub: 'ann' }))).rejects.toThrow('does not say');
	await expect(claimsOf(tokenOf('ES256', { ...good, nbf: NOW }))).rejects.toThrow('not valid yet');
	expect(asked).toEqual([]);
	expect((await claimsOf(old, { allowExpired: true })).verifiedBy).toBe('publicKey');
});

test.each(['', 'a', 'a.b', 'a.b.c', '{}.{}.{}', 'e30.W10.c2ln', 'e30.e30.'])(
	'%j is no token',
	async (token) => {
		await expect(open().claimsOf(token)).rejects.toThrow('is not a JWT');
	},
);

describe('the keys are kept', () => {
	const token = tokenOf('ES256');

	test('as long as the answer says, and all who ask at once wait for the same', async () => {
		const { claimsOf, asked, wait } = open({ cacheControl: 'public, max-age=100' });
		await Promise.all(Array.from({ length: 50 }, async () => await claimsOf(token)));
		expect(asked).toHaveLength(1);
		wait(30);
		await claimsOf(token);
		expect(asked).toHaveLength(1);
		wait(71);
		await expect(claimsOf(token)).rejects.toThrow('has expired');
		await claimsOf(token, { allowExpired: true });
		expect(asked).toHaveLength(2);
	});

	test.each(['no-store', 'no-cache, max-age=9', 'max-age=0'])(
		'not with %s',
		async (cacheControl) => {
			const { claimsOf, asked } = open({ cacheControl });
			await claimsOf(token);
			await claimsOf(token);
			expect(asked).toHaveLength(2);
		},
	);

	test('for ten minutes where nothing is said', async () => {
		const { claimsOf, asked, wait } = open({ cacheControl: '' });
		await claimsOf(token);
		wait(599);
		await claimsOf(token, { allowExpired: true });
		expect(asked).toHaveLength(1);
		wait(2);
		await claimsOf(token, { allowExpired: true });
		expect(asked).toHaveLength(2);
	});

	test('an ID that is not among them is asked for anew, but not again and again', async () => {
		const { claimsOf, asked, wait } = open();
		const unknown = tokenOf('ES256', good, 'new');
		await claimsOf(token);
		wait(6);
		await claimsOf(unknown);
		await claimsOf(unknown);
		expect(asked).toEqual(['.well-known/jwks.json', '.well-known/jwks.json', 'user', 'user']);
	});

	test('not where they could not be read', async () => {
		const { claimsOf, asked } = open({ keys: null as never });
		expect((await claimsOf(token)).verifiedBy).toBe('server');
		expect(asked).toEqual(['.well-known/jwks.json', 'user']);
	});
});
