import { randomUUID } from 'node:crypto';

import { phoneOf } from '../account/addresses';
import { audit } from '../audit';
import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid, refusal, Unexpected } from '../errors';
import { ok } from '../session/issue';
import { factorsOf, type FactorRow } from './factors';
import { qrSvg } from './qr';
import { newSecret } from './totp';

const BODY = bodyType('EnrollFactorParams', {
	factor_type: 'string',
	friendly_name: 'string',
	issuer: 'string',
	phone: 'string',
});

type Params = Read<typeof BODY.shape>;

/** Makes a second factor, which counts once a code of it was verified. */
export async function postFactor(call: Call): Promise<Reply> {
	if (!call.session)
		throw new Unexpected(
			'A valid session and a registered user are required to enroll a factor',
			true,
		);
	const params = call.body(BODY);
	if (params.factor_type === 'totp') return await enrollTotp(call, params);
	if (params.factor_type === 'phone') return await enrollPhone(call, params);
	throw invalid('factor_type needs to be totp, phone, or webauthn');
}

async function enrollTotp(call: Call, { friendly_name, issuer }: Params): Promise<Reply> {
	if (!call.settings.mfa.totp) throw refusal('totpDisabled');
	await requireRoom(call, friendly_name);
	const secret = newSecret();
	const factor = await insertFactor(call, { factor_type: 'totp', friendly_name, secret });
	const name = issuer === '' ? new URL(call.settings.siteUrl).host : issuer;
	const label = `${encodeURIComponent(name)}:${encodeURI(call.user.email ?? '')}`;
	const query = `algorithm=SHA1&digits=6&issuer=${encodeURIComponent(name)}&period=30&secret=${secret}`;
	const uri = `otpauth://totp/${label}?${query}`;
	await audit(call, call.user, 'factor_in_progress', { factor_id: factor.id }, call.ip);
	return ok({
		id: factor.id,
		type: 'totp',
		friendly_name,
		totp: { qr_code: qrSvg(uri), secret, uri },
	});
}

async function enrollPhone(call: Call, { friendly_name, phone }: Params): Promise<Reply> {
	if (!call.settings.mfa.phone) throw refusal('phoneFactorsDisabled');
	if (phone === '') throw invalid('Phone number required to enroll Phone factor');
	const number = phoneOf(phone);
	for (const { id, status, phone: other } of await factorsOf(call.db, call.user.id)) {
		if (other !== number) continue;
		if (status === 'verified') throw refusal('phoneFactorExists');
		await call.db`delete from auth.mfa_factors where id = ${id}`;
	}
	await requireRoom(call, friendly_name);
	const factor = await insertFactor(call, { factor_type: 'phone', friendly_name, phone: number });
	const traits = { factor_id: factor.id, factor_type: 'phone' };
	await audit(call, call.user, 'factor_in_progress', traits, call.ip);
	return ok({ id: factor.id, type: 'phone', friendly_name, phone });
}

/** @throws AuthError for a name that is taken, for too many factors, or in too weak a session */
async function requireRoom({ db, user, session, settings }: Call, name: string): Promise<void> {
	const factors = await factorsOf(db, user.id);
	if (factors.some(({ friendly_name }) => (friendly_name ?? '') === name))
		throw new AuthError(
			422,
			'mfa_factor_name_conflict',
			`A factor with the friendly name "${name}" for this user already exists`,
		);
	if (factors.length >= settings.mfa.maxFactors) throw refusal('tooManyFactors');
	const hasVerified = factors.some(({ status }) => status === 'verified');
	if (hasVerified && session?.aal !== 'aal2') throw refusal('aalForEnroll');
}

async function insertFactor(
	{ db, user, now }: Call,
	values: Partial<FactorRow>,
): Promise<FactorRow> {
	const row = {
		id: randomUUID(),
		user_id: user.id,
		status: 'unverified',
		created_at: now,
		updated_at: now,
		...values,
	};
	const [factor] = await db<FactorRow[]>`
		insert into auth.mfa_factors ${db(row as never)} returning *`;
	return factor as FactorRow;
}
