import type { Db } from '../call';

/** A row of `auth.mfa_factors`. */
export interface FactorRow {
	id: string;
	user_id: string;
	friendly_name: string | null;
	factor_type: 'totp' | 'phone' | 'webauthn';
	status: 'verified' | 'unverified';
	secret: string | null;
	phone: string | null;
	created_at: Date;
	updated_at: Date;
	last_challenged_at: Date | null;
}

/** A user's factors, the oldest first. */
export async function factorsOf(db: Db, userId: string): Promise<FactorRow[]> {
	return await db<FactorRow[]>`
		select * from auth.mfa_factors where user_id = ${userId} order by created_at, id`;
}

export async function hasVerifiedFactor(db: Db, userId: string): Promise<boolean> {
	return (await factorsOf(db, userId)).some(({ status }) => status === 'verified');
}

/** What a factor of a type is called among a session's methods. */
export const METHOD_OF_FACTOR = {
	totp: 'totp',
	phone: 'mfa/phone',
	webauthn: 'mfa/webauthn',
} as const;

/**
 * Removes a factor; sessions that were verified by it are back at the first level.
 */
export async function deleteFactor(db: Db, factor: FactorRow): Promise<void> {
	const method = METHOD_OF_FACTOR[factor.factor_type];
	await db`delete from auth.mfa_amr_claims
		where authentication_method = ${method}
			and session_id in (select id from auth.sessions where factor_id = ${factor.id})`;
	await db`update auth.sessions set aal = 'aal1', factor_id = null where factor_id = ${factor.id}`;
	await db`delete from auth.mfa_factors where id = ${factor.id}`;
}
