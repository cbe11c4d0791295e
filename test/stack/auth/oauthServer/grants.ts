import { UUID } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid } from '../errors';
import { ok } from '../session/issue';
import { clientInShort } from './authorizations';
import {
	registerClient,
	clientJson,
	clientParams,
	requireOAuthServer,
	type ClientRow,
} from './clients';

/** An application makes itself known. */
export async function registerDynamically(call: Call): Promise<Reply> {
	requireOAuthServer(call);
	const { client, secret } = await registerClient(call, clientParams(call), 'dynamic');
	return { status: 201, body: clientJson(client, secret) };
}

/** What a user has allowed applications. */
export async function listGrants({ db, user }: Call): Promise<Reply> {
	const grants = await db<Array<ClientRow & { scopes: string; granted_at: Date }>>`
		select c.*, g.scopes, g.granted_at
		from auth.oauth_consents g join auth.oauth_clients c on c.id = g.client_id
		where g.user_id = ${user.id} and g.revoked_at is null order by g.granted_at desc`;
	return ok(
		grants.map((grant) => ({
			client: clientInShort(grant),
			scopes: grant.scopes.split(' '),
			granted_at: grant.granted_at,
		})),
	);
}

/** A user takes back what they allowed: the application's sessions end. */
export async function revokeGrant({ db, user, query, now }: Call): Promise<Reply> {
	const id = query.get('client_id') ?? '';
	if (id === '') throw invalid('client_id query parameter is required');
	if (!UUID.test(id)) throw invalid('invalid client_id format');
	const revoked = await db`
		update auth.oauth_consents set revoked_at = ${now}
		where user_id = ${user.id} and client_id = ${id} and revoked_at is null returning id`;
	if (revoked.length === 0)
		throw new AuthError(404, 'oauth_consent_not_found', 'No active grant found for this client');
	await db`delete from auth.sessions where user_id = ${user.id} and oauth_client_id = ${id}`;
	return { status: 204 };
}

/** Who a token is of, as far as its scopes tell: a token of the project's own has none. */
export function getUserInfo({ user, session }: Call): Reply {
	const scopes = session?.scopes?.split(' ') ?? [];
	const metadata = user.raw_user_meta_data ?? {};
	const name = metadata.full_name ?? metadata.name;
	const email = { email: user.email ?? '', email_verified: user.email_confirmed_at !== null };
	const profile = {
		...(name === undefined ? {} : { name }),
		updated_at: Math.floor(user.updated_at.getTime() / 1000),
		user_metadata: metadata,
	};
	return ok({
		sub: user.id,
		...(scopes.includes('email') ? email : {}),
		...(scopes.includes('profile') ? profile : {}),
	});
}
