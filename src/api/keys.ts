import { InvalidRequestError } from './errors';
import { parseJson } from './json';
import type { Service } from './service';

/**
 * On whose behalf a request is made: `service_role` bypasses row level security, the others do not.
 * `none` sends no key at all, for edge functions that are open to all.
 */
export type Authority =
	| { readonly role: 'service_role' }
	| { readonly role: 'anon' }
	| { readonly role: 'none' }
	| { readonly role: 'user'; readonly accessToken: string };

export interface ProjectKeys {
	readonly publishableKey?: string;
	readonly secretKey?: string;
}

/**
 * What a key is, by its prefix or by the role in its JWT:
 * `sb_publishable_…` and `sb_secret_…`, the legacy JWT keys `anon` and `service_role`, a JWT of any
 * other role (a user's access token, for one), a personal access token of the management API, or
 * none of these.
 */
export type KeyKind =
	| 'sb_publishable'
	| 'sb_secret'
	| 'anon'
	| 'service_role'
	| 'other_jwt'
	| 'personal_access_token'
	| 'unknown';

const PREFIXES: ReadonlyArray<readonly [prefix: string, kind: KeyKind]> = [
	['sb_publishable_', 'sb_publishable'],
	['sb_secret_', 'sb_secret'],
	['sbp_', 'personal_access_token'],
];

/** Tells what kind of key a text is. Never throws. */
export function keyKind(key: string): KeyKind {
	const known = PREFIXES.find(([prefix]) => key.startsWith(prefix));
	if (known) return known[1];
	const claims = jwtClaims(key);
	if (!claims) return 'unknown';
	return claims.role === 'anon' || claims.role === 'service_role' ? claims.role : 'other_jwt';
}

/** The claims of a JWT, not verified; `undefined` for any other text. */
export function jwtClaims(token: string): Record<string, unknown> | undefined {
	const parts = token.split('.');
	if (parts.length !== 3) return undefined;
	const claims = parseJson(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
	return typeof claims === 'object' && claims !== null ? { ...claims } : undefined;
}

/** What is wrong with a key of that kind in that field; a kind that is not listed may stand there. */
const MISPLACED: Record<keyof ProjectKeys, Partial<Record<KeyKind, string>>> = {
	publishableKey: {
		sb_secret: 'is a secret key (sb_secret_…): it bypasses row level security',
		service_role: 'is the service_role key: it bypasses row level security',
		other_jwt: "is a token of another role, such as a user's access token",
		personal_access_token: 'is a personal access token (sbp_…) of the management API',
		unknown: 'is not a Supabase key',
	},
	secretKey: {
		sb_publishable: 'is a publishable key (sb_publishable_…)',
		anon: 'is the anon key',
		other_jwt: "is a token of another role, such as a user's access token",
		personal_access_token: 'is a personal access token (sbp_…) of the management API',
		unknown: 'is not a Supabase key',
	},
};

const EXPECTED: Record<keyof ProjectKeys, string> = {
	publishableKey:
		'Publishable Key takes the key that begins with sb_publishable_, or the legacy anon key. Both are in the dashboard under Project Settings, API Keys.',
	secretKey:
		'Secret Key takes a key that begins with sb_secret_, or the legacy service_role key. Both are in the dashboard under Project Settings, API Keys.',
};

const LABELS: Record<keyof ProjectKeys, string> = {
	publishableKey: 'Publishable Key',
	secretKey: 'Secret Key',
};

/**
 * Checks that a key stands in its own field, since *Anonymous* with a secret key would bypass every
 * policy.
 *
 * @throws InvalidRequestError with the reason; the key itself is not in it
 */
export function checkKey(field: keyof ProjectKeys, key: string): void {
	const reason = /[^\w.-]/.test(key)
		? 'holds a character that no key has, such as a blank'
		: MISPLACED[field][keyKind(key)];
	if (reason)
		throw new InvalidRequestError(`What is in ${LABELS[field]} ${reason}`, EXPECTED[field]);
}

/**
 * Whether a service wants the project's key as a bearer token beside `apikey`. Legacy keys are JWTs,
 * and self-hosted gateways pass `Authorization` on as it is; an `sb_…` key is no JWT, and every
 * gateway that knows it reads `apikey`.
 */
const KEY_AS_BEARER: Record<'legacy' | 'sb', Record<Service, boolean>> = {
	legacy: { rest: true, auth: true, storage: true, functions: true, realtime: true },
	sb: { rest: false, auth: false, storage: false, functions: false, realtime: false },
};

/**
 * The headers that carry the authority of a request.
 *
 * @param keys the project's keys; either may be missing
 * @param service where the request goes
 * @param authority on whose behalf it is made
 * @returns `apikey`, and `authorization` where it is needed; nothing for `none`
 * @throws InvalidRequestError when the key for that authority is missing, or the access token is
 * not a user's
 */
export function authorityHeaders(
	keys: ProjectKeys,
	service: Service,
	authority: Authority,
): Record<string, string> {
	if (authority.role === 'none') return {};
	const key = keyFor(keys, service, authority.role);
	if (authority.role === 'user') {
		const authorization = `Bearer ${userToken(authority.accessToken)}`;
		if (key) return { apikey: key, authorization };
		if (service === 'functions') return { authorization };
	}
	if (!key) throw missingKey(authority);
	const format = key.startsWith('sb_') ? 'sb' : 'legacy';
	return KEY_AS_BEARER[format][service]
		? { apikey: key, authorization: `Bearer ${key}` }
		: { apikey: key };
}

/**
 * With a user's token in `Authorization` the secret key opens the gateway, and no more than that. An
 * edge function, though, sees all headers, and may do anything for who shows it the secret key.
 */
function keyFor(
	{ publishableKey, secretKey }: ProjectKeys,
	service: Service,
	role: 'service_role' | 'anon' | 'user',
): string | undefined {
	if (role === 'service_role') return secretKey;
	const opens = role === 'user' && service !== 'functions';
	return publishableKey ?? (opens ? secretKey : undefined);
}

function missingKey({ role }: Authority): InvalidRequestError {
	return role === 'service_role'
		? new InvalidRequestError(
				'The credential has no Secret Key',
				'Add the Secret Key to the credential, or choose another Run As.',
			)
		: new InvalidRequestError(
				'The credential has no Publishable Key',
				'Add the Publishable Key to the credential, or choose Service Role in Run As.',
			);
}

function userToken(text: string): string {
	const token = text.trim().replace(/^bearer(\s+|$)/i, '');
	if (!token) {
		throw new InvalidRequestError(
			'The access token is empty',
			"Run As is User: put the user's access token into Access Token, for example the access_token of a sign-in.",
		);
	}
	if (keyKind(token) !== 'other_jwt' || /[^\w.-]/.test(token)) {
		throw new InvalidRequestError(
			"What is in Access Token is not a user's access token",
			'It takes the access_token of a session: a JWT of three parts with dots between, not an API key.',
		);
	}
	return token;
}
