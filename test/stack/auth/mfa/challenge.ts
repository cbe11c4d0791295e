import { randomUUID } from 'node:crypto';

import { audit } from '../audit';
import { bodyType } from '../body';
import type { Call, Reply } from '../call';
import { refusal } from '../errors';
import { channelOf, sendFactorText } from '../send/texts';
import { ok } from '../session/issue';
import { factorsOf, type FactorRow } from './factors';

const BODY = bodyType('ChallengeFactorParams', { channel: 'string' });

/** Opens a challenge of a factor. A phone is sent the code for it. */
export async function postChallenge(call: Call): Promise<Reply> {
	const { db, user, now, ip, settings } = call;
	const factor = await factorOf(call);
	const code = factor.factor_type === 'phone' ? sendCode(call, factor) : null;
	const id = randomUUID();
	await db`
		insert into auth.mfa_challenges (id, factor_id, created_at, ip_address, otp_code)
		values (${id}, ${factor.id}, ${now}, ${ip}, ${code})`;
	await noteChallenged(call, factor);
	const traits = { factor_id: factor.id, factor_status: factor.status };
	await audit(call, user, 'challenge_created', traits, ip);
	const expiresAt = Math.floor(now.getTime() / 1000) + settings.mfa.challengeSeconds;
	return ok({ id, type: factor.factor_type, expires_at: expiresAt });
}

function sendCode(call: Call, { phone }: FactorRow): string {
	return sendFactorText(call, phone ?? '', channelOf(call.body(BODY).channel));
}

/** The database wants that time to be unlike that of every other factor. */
async function noteChallenged({ db, now }: Call, { id }: FactorRow): Promise<void> {
	const [taken] = await db<[{ newest: Date | null }]>`
		select max(last_challenged_at) as newest from auth.mfa_factors`;
	const time = Math.max(now.getTime(), (taken.newest?.getTime() ?? 0) + 1);
	await db`update auth.mfa_factors set last_challenged_at = ${new Date(time)} where id = ${id}`;
}

/** The factor that the path names, if it is the user's. */
export async function factorOf(call: Call): Promise<FactorRow> {
	const id = call.param('factor_id').toLowerCase();
	const found = (await factorsOf(call.db, call.user.id)).find((factor) => factor.id === id);
	if (!found) throw refusal('factorNotFound');
	return found;
}
