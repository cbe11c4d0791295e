import type { IncomingHttpHeaders } from 'node:http';

import { claimsOf, JWT } from './jwts';

/** What is compared of an answer, with what is volatile taken out. */
export interface Comparable {
	status: number;
	headers: Record<string, unknown>;
	body: unknown;
}

const EXACT_HEADERS = [
	'allow',
	'cache-control',
	'content-type',
	'sb-auth-refresh-token-counter',
	'sb-auth-refresh-token-reuse',
	'sb-auth-refresh-token-reuse-cause',
	'sb-auth-refresh-token-rotated',
	'x-content-type-options',
	'x-sb-error-code',
	'x-supabase-api-version',
	'x-total-count',
];
const PRESENT_HEADERS = ['sb-auth-refresh-token-prefix', 'sb-auth-session-id', 'sb-auth-user-id'];

export function comparable(
	status: number,
	headers: IncomingHttpHeaders,
	body: unknown,
): Comparable {
	const kept: Record<string, unknown> = {};
	for (const name of EXACT_HEADERS) if (headers[name]) kept[name] = headers[name];
	for (const name of PRESENT_HEADERS) if (headers[name]) kept[name] = 'given';
	for (const name of ['location', 'link'])
		if (headers[name]) kept[name] = plain(String(headers[name]));
	return { status, headers: kept, body: withoutVolatile(body) };
}

/** Values that differ from one run to the next, whoever answers: only their kind is compared. */
const VOLATILE = /(_at|^banned_until|^iat|^exp|^timestamp|^time)$/;
const MADE_UP = new Set([
	'refresh_token',
	'hashed_token',
	'email_otp',
	'secret',
	'qr_code',
	'client_secret',
	'authorization_id',
	'metadata_xml',
	'next_cursor',
	'x',
	'y',
	'version',
	'password',
]);

function withoutVolatile(value: unknown, key = ''): unknown {
	if (value !== null && (VOLATILE.test(key) || MADE_UP.has(key))) return typeof value;
	if (Array.isArray(value))
		return inOrder(
			value.map((one) => withoutVolatile(one)),
			key,
		);
	if (typeof value === 'string')
		return key === 'access_token' && value.startsWith('eyJ')
			? withoutVolatile(claimsOf(value))
			: plain(value);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => [name, withoutVolatile(one, name)]),
	);
}

/** Lists without an order of their own: PostgreSQL's, or that of things of the same second. */
function inOrder(list: unknown[], key: string): unknown[] {
	if (!['factors', 'amr', 'identities'].includes(key)) return list;
	const nameOf = (one: unknown) => {
		const { provider, method, factor_type, friendly_name } = (one ?? {}) as Record<string, unknown>;
		return JSON.stringify([provider, method, factor_type, friendly_name]);
	};
	return list.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** A text with its ids and tokens taken out. */
function plain(text: string): string {
	return text
		.replace(JWT, '<jwt>')
		.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
		.replace(/\b(pkce_)?[0-9a-f]{56}\b/g, '$1<hash>')
		.replace(/(expires_at|refresh_token|cursor|secret)=[\w-]+/g, '$1=<>')
		.replace(/(SAMLRequest|RelayState|Signature)=[^&"#]+/g, '$1=<>')
		.replace(/(authorization_id|code_challenge)=[\w-]+/g, '$1=<>')
		.replace(/^(?=.*[A-Za-z])[\w-]{15}$|^[\w-]{43}$/, '<tombstone>');
}
