import { createHash, randomUUID } from 'node:crypto';

import { bodyType } from '../body';
import type { Call, Db, Reply } from '../call';
import { invalid, refusal, Unexpected } from '../errors';
import { isOlder } from '../send/codes';
import { findUser } from '../user/users';
import { ok, openSession } from './issue';
import type { Method } from './sessions';

/** How long the code that a link comes back with can be exchanged. */
const CODE_SECONDS = 300;

/** A row of `auth.flow_state`: a way that began here, and comes back with a code. */
export interface FlowRow {
	id: string;
	user_id: string | null;
	auth_code: string | null;
	code_challenge: string | null;
	code_challenge_method: 's256' | 'plain' | null;
	provider_type: string;
	provider_access_token: string | null;
	provider_refresh_token: string | null;
	authentication_method: Method;
	auth_code_issued_at: Date | null;
	created_at: Date;
	referrer: string | null;
	linking_target_id: string | null;
}

/** The challenge in a request, by which only its sender can exchange the code. */
export interface Challenge {
	code_challenge: string;
	code_challenge_method: string;
}

/** @throws AuthError for a challenge without a method, or of another length */
export function checkChallenge({ code_challenge, code_challenge_method }: Challenge): void {
	if ((code_challenge === '') !== (code_challenge_method === ''))
		throw invalid('PKCE flow requires code_challenge_method and code_challenge');
	if (code_challenge === '') return;
	if (code_challenge.length < 43 || code_challenge.length > 128)
		throw invalid('code challenge has to be between 43 and 128 characters');
	if (!/^[a-zA-Z._~0-9-]+$/.test(code_challenge))
		throw invalid(
			'code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes',
		);
}

/** Notes the challenge of a way whose link will come back with a code. */
export async function startFlow(
	{ db, now }: Pick<Call, 'db' | 'now'>,
	challenge: Challenge,
	method: Method,
	more: Partial<FlowRow> & { provider_type: string },
): Promise<FlowRow> {
	const { code_challenge, code_challenge_method } = challenge;
	const hasChallenge = code_challenge !== '';
	const kind = code_challenge_method.toLowerCase();
	if (hasChallenge && kind !== 's256' && kind !== 'plain') throw new Unexpected();
	const row = {
		id: randomUUID(),
		authentication_method: method,
		code_challenge: hasChallenge ? code_challenge : null,
		code_challenge_method: hasChallenge ? kind : null,
		auth_code: hasChallenge ? randomUUID() : null,
		created_at: now,
		updated_at: now,
		...more,
	};
	const [flow] = await db<FlowRow[]>`insert into auth.flow_state ${db(row as never)} returning *`;
	return flow as FlowRow;
}

/** The code that a user's link comes back with; undefined when no such way has begun. */
export async function issueCode(
	{ db, now }: Pick<Call, 'db' | 'now'>,
	userId: string,
	method: Method,
): Promise<string | undefined> {
	const [flow] = await db<FlowRow[]>`
		select * from auth.flow_state where user_id = ${userId} and authentication_method = ${method}
		order by created_at desc limit 1`;
	if (!flow?.auth_code) return undefined;
	await noteIssued(db, flow.id, now);
	return flow.auth_code;
}

export async function noteIssued(db: Db, flowId: string, now: Date): Promise<void> {
	await db`update auth.flow_state set auth_code_issued_at = ${now}, updated_at = ${now}
		where id = ${flowId}`;
}

const BODY = bodyType('PKCEGrantParams', { auth_code: 'string', code_verifier: 'string' });

/** `grant_type=pkce`: the code that a link came back with becomes a session. */
export async function exchangeCode(call: Call): Promise<Reply> {
	const { auth_code: code, code_verifier: verifier } = call.body(BODY);
	if (code === '' || verifier === '')
		throw invalid('invalid request: both auth code and code verifier should be non-empty');
	const [flow] = await call.db<FlowRow[]>`
		select * from auth.flow_state where auth_code = ${code} limit 1`;
	if (!flow?.user_id) throw refusal('noFlow');
	if (isOlder(flow.auth_code_issued_at ?? flow.created_at, CODE_SECONDS, call.now))
		throw refusal('flowExpired');
	const user = await findUser(call.db, { id: flow.user_id });
	if (!user) throw new Unexpected();
	if (!fits(verifier, flow)) throw refusal('badVerifier');
	const session = await openSession(call, user, flow.authentication_method);
	await call.db`delete from auth.flow_state where id = ${flow.id}`;
	return ok({
		...session,
		...(flow.provider_access_token ? { provider_token: flow.provider_access_token } : {}),
		...(flow.provider_refresh_token ? { provider_refresh_token: flow.provider_refresh_token } : {}),
	});
}

function fits(verifier: string, { code_challenge, code_challenge_method }: FlowRow): boolean {
	const challenge =
		code_challenge_method === 'plain'
			? verifier
			: createHash('sha256').update(verifier).digest('base64url');
	return challenge === code_challenge;
}
