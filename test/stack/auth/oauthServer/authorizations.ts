import { randomBytes, randomUUID } from 'node:crypto';

import { UUID } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid } from '../errors';
import { ok, sortedQuery } from '../session/issue';
import { findClient, objectOf, requireOAuthServer, type ClientRow } from './clients';

/** A row of `auth.oauth_authorizations`: what an application asks a user for. */
export interface AuthorizationRow {
	id: string;
	authorization_id: string;
	client_id: string;
	user_id: string | null;
	redirect_uri: string;
	/** Separated by spaces. */
	scope: string;
	state: string | null;
	code_challenge: string;
	code_challenge_method: 's256' | 'plain';
	status: 'pending' | 'approved' | 'denied' | 'expired';
	authorization_code: string | null;
	created_at: Date;
}

/** Where the page is that asks a user, on the project's site. */
const CONSENT_PATH = '/oauth/consent';

/** An application asks: the user goes on to the project's page that asks them. */
export async function getOAuthAuthorize(call: Call): Promise<Reply> {
	requireOAuthServer(call);
	const { db, query, now, settings } = call;
	const value = (name: string) => query.get(name) ?? '';
	const client = await namedClient(call, value('client_id'));
	const target = value('redirect_uri');
	if (target === '') throw invalid('redirect_uri is required');
	if (!client.redirect_uris.split(',').includes(target)) throw invalid('invalid redirect_uri');
	const state = value('state');
	const [challenge, method] = [value('code_challenge'), value('code_challenge_method')];
	const scope = value('scope') || 'email';
	const reason = faultOf(value('response_type'), challenge, method, scope);
	if (reason) return refused(target, state, 'invalid_request', reason);
	const row = {
		authorization_id: randomBytes(20).toString('hex').slice(0, 32),
		client_id: client.id,
		redirect_uri: target,
		scope,
		state: state || null,
		code_challenge: challenge,
		code_challenge_method: method.toLowerCase(),
		created_at: now,
	};
	await db`insert into auth.oauth_authorizations ${db(row)}`;
	const consent = `${settings.siteUrl}${CONSENT_PATH}`;
	return { status: 302, location: `${consent}?authorization_id=${row.authorization_id}` };
}

async function namedClient({ db }: Call, id: string): Promise<ClientRow> {
	if (id === '') throw invalid('client_id is required');
	if (!UUID.test(id))
		throw new AuthError(400, 'oauth_client_not_found', 'invalid client_id format');
	const client = await findClient(db, id);
	if (!client) throw new AuthError(400, 'oauth_client_not_found', 'invalid client_id');
	return client;
}

const SCOPES = ['openid', 'profile', 'email', 'phone', 'offline_access'];

/** Why an application's question cannot be put to the user. */
function faultOf(type: string, challenge: string, method: string, scope: string) {
	if (type !== '' && type !== 'code') return 'only response_type=code is supported';
	const unknown = scope.split(' ').find((one) => !SCOPES.includes(one));
	if (unknown !== undefined) return `unsupported scope: ${unknown}`;
	if (challenge === '' || method === '')
		return 'PKCE flow requires both code_challenge and code_challenge_method';
	if (!['s256', 'plain'].includes(method.toLowerCase()))
		return "code_challenge_method must be 'S256' or 'plain'";
	if (challenge.length < 43 || challenge.length > 128)
		return 'code_challenge must be between 43 and 128 characters';
	return undefined;
}

/** What an application asks for; who looks at it is the one who is asked. */
export async function getAuthorization(call: Call): Promise<Reply> {
	const { db, user } = call;
	const authorization = await find(call, 'authorization request cannot be processed');
	const client = (await findClient(db, authorization.client_id)) as ClientRow;
	await db`update auth.oauth_authorizations set user_id = ${user.id} where id = ${authorization.id}`;
	if (await hasConsented(call, authorization))
		return ok({ redirect_url: await approve(call, authorization) });
	return ok({
		authorization_id: authorization.authorization_id,
		redirect_uri: authorization.redirect_uri,
		client: clientInShort(client),
		user: { id: user.id, email: user.email ?? '' },
		scope: authorization.scope,
	});
}

/** The user says yes or no. */
export async function postConsent(call: Call): Promise<Reply> {
	const { action } = objectOf(call.content, 'invalid JSON body');
	if (action !== 'approve' && action !== 'deny')
		throw invalid("action must be 'approve' or 'deny'");
	const authorization = await find(call, 'authorization request is no longer pending');
	if (authorization.user_id !== call.user.id) throw notFound();
	if (action === 'approve') return ok({ redirect_url: await approve(call, authorization) });
	await call.db`update auth.oauth_authorizations set status = 'denied' where id = ${authorization.id}`;
	const { redirect_uri, state } = authorization;
	const { location } = refused(
		redirect_uri,
		state ?? '',
		'access_denied',
		'User denied the request',
	);
	return ok({ redirect_url: location });
}

async function find(call: Call, done: string): Promise<AuthorizationRow> {
	const [found] = await call.db<AuthorizationRow[]>`
		select * from auth.oauth_authorizations
		where authorization_id = ${call.param('authorization')} for update`;
	if (!found || (found.user_id !== null && found.user_id !== call.user.id)) throw notFound();
	if (found.status !== 'pending') throw invalid(done);
	return found;
}

function notFound(): AuthError {
	return new AuthError(404, 'oauth_authorization_not_found', 'authorization not found');
}

async function hasConsented({ db, user }: Call, { client_id, scope }: AuthorizationRow) {
	const [consent] = await db<Array<{ scopes: string }>>`
		select scopes from auth.oauth_consents
		where user_id = ${user.id} and client_id = ${client_id} and revoked_at is null`;
	const given = consent?.scopes.split(' ') ?? [];
	return consent !== undefined && scope.split(' ').every((one) => given.includes(one));
}

/** @returns where the user goes with the code */
async function approve({ db, user, now }: Call, authorization: AuthorizationRow): Promise<string> {
	const code = randomUUID();
	await db`update auth.oauth_authorizations
		set status = 'approved', approved_at = ${now}, authorization_code = ${code}
		where id = ${authorization.id}`;
	await db`insert into auth.oauth_consents (user_id, client_id, scopes, granted_at)
		values (${user.id}, ${authorization.client_id}, ${authorization.scope}, ${now})
		on conflict (user_id, client_id)
		do update set scopes = excluded.scopes, granted_at = excluded.granted_at, revoked_at = null`;
	const { redirect_uri, state } = authorization;
	return `${redirect_uri}?${sortedQuery({ code, ...(state ? { state } : {}) })}`;
}

function refused(target: string, state: string, error: string, reason: string): Reply {
	const values = { error, error_description: reason, ...(state ? { state } : {}) };
	return { status: 302, location: `${target}?${sortedQuery(values)}` };
}

export function clientInShort({ id, client_name, client_uri, logo_uri }: ClientRow) {
	return {
		id,
		name: client_name ?? '',
		...(client_uri ? { uri: client_uri } : {}),
		...(logo_uri ? { logo_uri } : {}),
	};
}
