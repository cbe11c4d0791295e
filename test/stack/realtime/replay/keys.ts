import { signJwt, type ProjectKeys } from '../../keys';

const SECRET = 'a-secret-of-the-recorded-project-alone';
const ALICE = '11111111-1111-4111-8111-111111111111';
const BOB = '22222222-2222-4222-8222-222222222222';

/** Keys of the project that was recorded. */
export const KEYS: ProjectKeys = {
	publishableKey: 'sb_publishable_FAKEfakeFAKEfakeFAKE_ab12cd34',
	secretKey: 'sb_secret_FAKEfakeFAKEfakeFAKE_ef56gh78',
	anonJwt: jwt({ role: 'anon' }),
	serviceRoleJwt: jwt({ role: 'service_role' }),
	jwtSecret: SECRET,
};

function jwt(claims: Record<string, unknown>, seconds = 36_000, secret = SECRET): string {
	return signJwt({ ...claims, exp: now() + seconds }, secret);
}

function now(): number {
	return Math.floor(Date.now() / 1000);
}

const alice = { role: 'authenticated', sub: ALICE };
const TOKENS: Record<string, () => string> = {
	anon: () => KEYS.anonJwt,
	service_role: () => KEYS.serviceRoleJwt,
	alice: () => jwt(alice),
	bob: () => jwt({ role: 'authenticated', sub: BOB }),
	'alice-1h': () => jwt(alice, 3_600),
	'alice-2h': () => jwt(alice, 7_200),
	// Long waits are shortened.
	'alice-10s': () => jwt(alice, 3),
	'alice-12s': () => jwt(alice, 2),
	expired: () => jwt({ role: 'anon' }, -95_616_067),
	wrong_secret: () => jwt({ role: 'anon' }, 3_600, 'another-secret'),
	no_role: () => jwt({}),
	no_exp: () => signJwt({ role: 'anon' }, SECRET),
	bad_role: () => jwt({ role: 'nosuchrole' }),
};

/** Puts tokens where a session has placeholders; the same one each time. */
export function tokensOfSession(): (text: string) => string {
	const made = new Map<string, string>();
	return (text) =>
		text.replace(/<jwt:([\w-]+)>/g, (placeholder, name: string) => {
			const token = made.get(name) ?? TOKENS[name]?.();
			if (token === undefined) throw new Error(`No token for ${placeholder}`);
			made.set(name, token);
			return token;
		});
}
