import { audit } from '../audit';
import { bodyType } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid, refusal, Unexpected } from '../errors';
import { isOlder } from '../send/codes';
import { ok, sessionJson } from '../session/issue';
import {
	activeTokenOf,
	encodeToken,
	insertRefreshToken,
	swapToken,
} from '../session/refreshTokens';
import { addMethod, type SessionRow } from '../session/sessions';
import { factorOf } from './challenge';
import { METHOD_OF_FACTOR, type FactorRow } from './factors';
import { isCode } from './totp';

const BODY = bodyType('VerifyFactorParams', { challenge_id: 'uuid', code: 'string' });

interface ChallengeRow {
	id: string;
	created_at: Date;
	verified_at: Date | null;
	ip: string;
	otp_code: string | null;
}

/** The code for a challenge lifts the session to the second level, and gives it new tokens. */
export async function postFactorVerify(call: Call): Promise<Reply> {
	const { db, user, session, now } = call;
	const factor = await factorOf(call);
	const { challenge_id: id, code } = call.body(BODY);
	if (code === '') throw invalid('Code needs to be non-empty');
	const challenge = await challengeOf(call, factor, id);
	if (factor.factor_type === 'totp') {
		if (!isCode(factor.secret ?? '', code, now.getTime())) throw refusal('wrongTotp');
	} else if (challenge.otp_code !== code) throw refusal('wrongPhoneCode');
	if (!session) throw new Unexpected('Cannot read SessionId claim as UUID', true);
	const traits = { factor_id: factor.id, challenge_id: id, factor_type: factor.factor_type };
	await audit(call, user, 'verification_attempted', traits, call.ip);
	await db`update auth.mfa_challenges set verified_at = ${now} where id = ${challenge.id}`;
	if (factor.status === 'unverified')
		await db`update auth.mfa_factors set status = 'verified', updated_at = ${now}
			where id = ${factor.id}`;
	await addMethod(db, session.id, METHOD_OF_FACTOR[factor.factor_type], now);
	await db`update auth.sessions set aal = 'aal2', factor_id = ${factor.id} where id = ${session.id}`;
	const answer = await sessionJson(call, user, session.id, await nextToken(call, session));
	await db`delete from auth.sessions where user_id = ${user.id} and aal < 'aal2'`;
	await db`delete from auth.mfa_factors where user_id = ${user.id}
		and status = 'unverified' and factor_type = ${factor.factor_type}`;
	return ok(answer);
}

/** @throws AuthError for a challenge that is unknown, used, expired or somebody else's */
async function challengeOf(
	{ db, now, ip, settings }: Call,
	factor: FactorRow,
	id: string,
): Promise<ChallengeRow> {
	const [challenge] = await db<ChallengeRow[]>`
		select *, host(ip_address) as ip from auth.mfa_challenges
		where id = ${id} and factor_id = ${factor.id}`;
	if (!challenge) throw refusal('challengeNotFound');
	if (challenge.verified_at !== null || challenge.ip !== ip) throw refusal('otherAddress');
	if (isOlder(challenge.created_at, settings.mfa.challengeSeconds, now)) {
		await db`delete from auth.mfa_challenges where id = ${id}`;
		throw new AuthError(
			422,
			'mfa_challenge_expired',
			`MFA challenge ${id} has expired, verify against another challenge or create a new challenge.`,
			{ keep: true },
		);
	}
	return challenge;
}

/** A token of the new level. Those of before do not give one of it: the newer form skips one. */
async function nextToken({ db, now }: Call, session: SessionRow): Promise<string> {
	if (session.refresh_token_counter !== null) {
		const counter = Number(session.refresh_token_counter) + 2;
		await db`update auth.sessions set refresh_token_counter = ${counter} where id = ${session.id}`;
		return encodeToken(session, counter);
	}
	const active = await activeTokenOf(db, session.id);
	return active
		? await swapToken(db, session, active, now)
		: await insertRefreshToken(db, session, now);
}
