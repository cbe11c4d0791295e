import { isBanned, type Call, type Reply } from '../call';
import { AuthError, invalid, refusal } from '../errors';
import { findUser, type UserRow } from '../user/users';
import { bodyType } from '../body';
import { newForm, ok, oldForm, sessionJson } from './issue';
import {
	activeTokenOf,
	encodeToken,
	isOldForm,
	isSignedBy,
	parseToken,
	swapToken,
	type NewToken,
	type RefreshTokenRow,
} from './refreshTokens';
import { endSessions, findSession, type SessionRow } from './sessions';

const BODY = bodyType('RefreshTokenGrantParams', { refresh_token: 'string' });

/** `grant_type=refresh_token`: a new pair of tokens for a session. */
export async function refresh(call: Call): Promise<Reply> {
	return await refreshWith(call, call.body(BODY).refresh_token);
}

/** The same with the token of an application, which comes as a form. */
export async function refreshWith(call: Call, given: string): Promise<Reply> {
	const parsed = given.length > 12 ? parseToken(given) : undefined;
	if (!isOldForm(given) && !parsed) throw invalid('Refresh token is not valid');
	return parsed ? await refreshNew(call, parsed) : await refreshOld(call, given);
}

async function refreshOld(call: Call, given: string): Promise<Reply> {
	const { db, now, settings } = call;
	// Two at once come one after the other: the second finds the token used.
	const [token] = await db<RefreshTokenRow[]>`
		select * from auth.refresh_tokens where token = ${given} for update`;
	const session = token && (await findSession(db, token.session_id));
	if (!token || !session) throw refusal('refreshNotFound');
	const user = await userOf(call, session);
	let issued: string | undefined;
	if (token.revoked) {
		const active = await activeTokenOf(db, session.id);
		if (active?.parent === token.token) issued = active.token;
		else if (ageOf(token.updated_at, now) > settings.refreshTokens.reuseSeconds) {
			await db`update auth.refresh_tokens set revoked = true, updated_at = ${now}
				where session_id = ${session.id} and not revoked`;
			throw alreadyUsed();
		}
	}
	if (issued === undefined) {
		issued = await swapToken(db, session, token, now);
		call.headers['sb-auth-refresh-token-reuse'] = 'false';
	}
	return await refreshed(call, user, session, oldForm(call, issued));
}

async function refreshNew(call: Call, token: NewToken): Promise<Reply> {
	const { db, now, settings } = call;
	const [session] = await db<SessionRow[]>`
		select * from auth.sessions where id = ${token.sessionId} for update`;
	if (!session || session.refresh_token_counter === null || !isSignedBy(token, session))
		throw refusal('refreshNotFound');
	const user = await userOf(call, session);
	const newest = Number(session.refresh_token_counter);
	const behind = newest - token.counter;
	if (behind < 0) throw invalid('Invalid Refresh Token: Not Issued By This Server');
	if (behind === 0) {
		call.headers['sb-auth-refresh-token-reuse'] = 'false';
		await db`update auth.sessions set refresh_token_counter = ${newest + 1} where id = ${session.id}`;
		const issued = newForm(call, encodeToken(session, newest + 1), newest + 1);
		return await refreshed(call, user, session, issued);
	}
	const last = session.refreshed_at ?? session.created_at;
	const causes = [
		...(ageOf(last, now) < settings.refreshTokens.reuseSeconds ? ['concurrent-refresh'] : []),
		...(behind === 1 ? ['fail-to-save'] : []),
	];
	if (causes.length === 0) {
		await endSessions(db, session.user_id, { only: session.id });
		call.headers['sb-auth-refresh-token-rotated'] = 'true';
		throw alreadyUsed();
	}
	call.headers['sb-auth-refresh-token-reuse-cause'] = causes.join(',');
	return await refreshed(call, user, session, newForm(call, encodeToken(session, newest), newest));
}

async function userOf(call: Call, session: SessionRow): Promise<UserRow> {
	const user = await findUser(call.db, { id: session.user_id });
	if (!user) throw refusal('refreshNotFound');
	call.headers['sb-auth-user-id'] = user.id;
	if (isBanned(user, call.now)) throw refusal('bannedRefresh');
	call.headers['sb-auth-session-id'] = session.id;
	if (session.not_after !== null && session.not_after < call.now)
		throw new AuthError(400, 'session_expired', 'Invalid Refresh Token: Session Expired');
	return user;
}

async function refreshed(
	call: Call,
	user: UserRow,
	session: SessionRow,
	token: string,
): Promise<Reply> {
	await call.db`update auth.sessions
		set refreshed_at = ${call.now}, updated_at = ${call.now}, ip = ${call.ip},
			user_agent = ${call.header('user-agent') ?? null}
		where id = ${session.id}`;
	return ok(await sessionJson(call, user, session.id, token));
}

/** The tokens that this ends stay ended, though the request is refused. */
function alreadyUsed(): AuthError {
	return new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used', {
		keep: true,
	});
}

function ageOf(time: Date, now: Date): number {
	return (now.getTime() - time.getTime()) / 1000;
}
