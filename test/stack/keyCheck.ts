import type { IncomingHttpHeaders } from 'node:http';

import { roleOfJwt, type ProjectKeys, type ProjectRole } from './keys';

/** Who a request comes from, once its keys have been checked. */
export interface Caller {
	/** Which project key it holds; undefined where a route asks for none. */
	key?: ProjectRole;
	/** The `Authorization` that the service behind gets: a user's, or the one that stands for the key. */
	authorization?: string;
	/** Role that the database will see, going by the claims. */
	role: string;
}

/** A request that the gateway refuses itself. */
export interface Refusal {
	status: number;
	body: Record<string, unknown>;
}

const MISSING: Refusal = {
	status: 401,
	body: {
		message: 'No API key found in request',
		hint: 'No `apikey` request header or url param was found.',
	},
};

const UNKNOWN: Refusal = {
	status: 401,
	body: {
		message: 'Invalid API key',
		hint: 'Double check your Supabase `anon` or `service_role` API key.',
	},
};

const IN_BROWSER: Refusal = {
	status: 401,
	body: {
		message: 'Forbidden use of secret API key in browser',
		hint: 'Secret API keys can only be used in a protected environment and should never be used in a browser. Delete this secret API key immediately.',
	},
};

/**
 * Checks a request's keys as Supabase's gateway does: `apikey` in a header or in the query must be
 * a key of the project; an `sb_` key is exchanged for its role's JWT; a user's token in
 * `Authorization` decides the role. A legacy key stands for its role only when it is sent as
 * bearer token too.
 *
 * @param optional the route may be used without a key (public files, links in mails)
 */
export function checkKeys(
	headers: IncomingHttpHeaders,
	url: URL,
	keys: ProjectKeys,
	optional = false,
): Caller | Refusal {
	const apikey = single(headers.apikey) ?? url.searchParams.get('apikey') ?? undefined;
	const bearer = /^Bearer\s+(.*)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
	if (!apikey) {
		return optional ? { authorization: headers.authorization, role: roleOf(bearer) } : MISSING;
	}
	const key = keyRole(apikey, keys);
	if (!key) return UNKNOWN;
	if (apikey === keys.secretKey && /^\s*Mozilla\//i.test(headers['user-agent'] ?? ''))
		return IN_BROWSER;
	if (bearer?.startsWith('sb_') && bearer !== apikey) return UNKNOWN;

	if (bearer !== undefined && bearer !== apikey) {
		return { key, authorization: `Bearer ${bearer}`, role: roleOf(bearer) };
	}
	const legacyWithoutBearer = !apikey.startsWith('sb_') && bearer === undefined;
	const role = legacyWithoutBearer ? 'anon' : key;
	const jwt = role === 'service_role' ? keys.serviceRoleJwt : keys.anonJwt;
	return { key, authorization: `Bearer ${jwt}`, role };
}

/**
 * Exchanges `sb_` keys for their JWTs and refuses none, as the gateway does before storage: a key
 * that it does not know reaches the service as it is. Only a secret key in a browser goes no
 * further.
 */
export function exchangeKeys(
	headers: IncomingHttpHeaders,
	url: URL,
	keys: ProjectKeys,
): Caller | Refusal {
	const checked = checkKeys(headers, url, keys, true);
	if (checked !== UNKNOWN) return checked;
	const apikey = single(headers.apikey) ?? url.searchParams.get('apikey') ?? '';
	const authorization = headers.authorization ?? `Bearer ${apikey}`;
	return { authorization, role: 'anon' };
}

export function isRefusal(value: Caller | Refusal): value is Refusal {
	return 'status' in value;
}

/** The role that a project key stands for. */
export function keyRole(key: string, keys: ProjectKeys): ProjectRole | undefined {
	if (key === keys.publishableKey || key === keys.anonJwt) return 'anon';
	if (key === keys.secretKey || key === keys.serviceRoleJwt) return 'service_role';
	return undefined;
}

function roleOf(bearer: string | undefined): string {
	return (bearer && roleOfJwt(bearer)) ?? 'anon';
}

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}
