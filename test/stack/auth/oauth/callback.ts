import { audit } from '../audit';
import { UUID } from '../body';
import { isBanned, type Call, type Reply } from '../call';
import { AuthError, refusal } from '../errors';
import { isOlder } from '../send/codes';
import { noteIssued, type FlowRow } from '../session/flows';
import { openSession, sessionFragment, sortedQuery } from '../session/issue';
import { account } from './account';
import { exchange } from './providers';

/** How long a person may take at the provider. */
const STATE_SECONDS = 300;

/** Where providers send people back to: they get a session, or a code to exchange for one. */
export async function getCallback(call: Call): Promise<Reply> {
	const { query, settings } = call;
	const state = query.get('state') ?? '';
	if (state === '')
		return badState(settings.siteUrl, 'bad_oauth_callback', 'OAuth state parameter missing');
	if (!UUID.test(state))
		return badState(settings.siteUrl, 'bad_oauth_state', 'OAuth state parameter is invalid');
	const flow = await flowOf(call, state);
	if (!flow)
		return badState(settings.siteUrl, 'bad_oauth_state', 'OAuth state not found or expired');
	const target = flow.referrer ?? settings.siteUrl;
	const error = query.get('error');
	if (error !== null)
		return failure(target, { error, error_description: query.get('error_description') ?? '' });
	const code = query.get('code') ?? '';
	if (code === '')
		return failure(target, {
			error: 'invalid_request',
			error_code: 'bad_oauth_callback',
			error_description: 'OAuth callback with missing authorization code missing',
		});
	try {
		return { status: 302, location: await cameBack(call, flow, target, code) };
	} catch (refused) {
		if (!(refused instanceof AuthError)) throw refused;
		return failure(target, {
			error: refused.status < 500 && refused.status !== 422 ? 'access_denied' : 'server_error',
			error_code: refused.code,
			error_description: refused.message,
		});
	}
}

async function flowOf({ db, now }: Call, state: string): Promise<FlowRow | undefined> {
	const [flow] = await db<FlowRow[]>`select * from auth.flow_state where id = ${state} for update`;
	if (!flow || flow.auth_code_issued_at !== null) return undefined;
	return isOlder(flow.created_at, STATE_SECONDS, now) ? undefined : flow;
}

/** A state is good for one return with a code. */
async function cameBack(call: Call, flow: FlowRow, target: string, code: string): Promise<string> {
	const { db, now } = call;
	if (flow.auth_code === null) await db`delete from auth.flow_state where id = ${flow.id}`;
	const { token, data } = await exchange(call, flow.provider_type, code);
	const user = await account(call, flow, data);
	if (isBanned(user, now)) throw refusal('banned');
	await audit(call, user, 'login', { provider: flow.provider_type });
	if (flow.auth_code === null) {
		const session = await openSession(call, user, 'oauth');
		return `${target}#${sessionFragment(session, { provider_token: token })}`;
	}
	await db`update auth.flow_state set user_id = ${user.id}, provider_access_token = ${token}
		where id = ${flow.id}`;
	await noteIssued(db, flow.id, now);
	return withQuery(target, `code=${flow.auth_code}`);
}

/** Without a state nobody knows where the person was going. */
function badState(siteUrl: string, code: string, message: string): Reply {
	const values = { error: 'invalid_request', error_code: code, error_description: message };
	return {
		status: 303,
		location: withQuery(siteUrl, sortedQuery(values)),
		body: { code: 400, error_code: code, msg: message },
	};
}

/** What went wrong stands in the query, and in the fragment: pages read the one or the other. */
function failure(target: string, values: Record<string, string>): Reply {
	const query = sortedQuery(values);
	const told = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
	// The service escapes the fragment once more.
	const fragment = sortedQuery(told).replaceAll('%', '%25');
	return { status: 302, location: `${withQuery(target, query)}#${fragment}&sb=` };
}

function withQuery(address: string, query: string): string {
	return `${address}${address.includes('?') ? '&' : '?'}${query}`;
}
