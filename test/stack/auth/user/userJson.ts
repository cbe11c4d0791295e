import type { Db } from '../call';
import { factorsOf, type FactorRow } from '../mfa/factors';
import { identitiesOf, type IdentityRow } from './identities';
import type { UserRow } from './users';

/** A user as clients see it: times and lists that there are none of are missing. */
export async function userJson(db: Db, user: UserRow): Promise<Record<string, unknown>> {
	const [identities, factors] = [await identitiesOf(db, user.id), await factorsOf(db, user.id)];
	return { ...plainUserJson(user), ...listsOf(identities, factors), ...endOf(user) };
}

/** The same without asking the database for identities and factors. */
export function plainUserJson(user: UserRow): Record<string, unknown> {
	return {
		id: user.id,
		aud: user.aud,
		role: user.role,
		email: user.email ?? '',
		...time('email_confirmed_at', user),
		...time('invited_at', user),
		phone: user.phone ?? '',
		...time('phone_confirmed_at', user),
		...time('confirmation_sent_at', user),
		...time('confirmed_at', user),
		...time('recovery_sent_at', user),
		...(user.email_change ? { new_email: user.email_change } : {}),
		...time('email_change_sent_at', user),
		...(user.phone_change ? { new_phone: user.phone_change } : {}),
		...time('phone_change_sent_at', user),
		...time('reauthentication_sent_at', user),
		...time('last_sign_in_at', user),
		app_metadata: user.raw_app_meta_data,
		user_metadata: user.raw_user_meta_data,
	};
}

/** What comes last in a user: when it was made, and what became of it. */
export function endOf(user: UserRow): Record<string, unknown> {
	return {
		...time('created_at', user),
		...time('updated_at', user),
		...time('banned_until', user),
		...time('deleted_at', user),
		is_anonymous: user.is_anonymous,
	};
}

function listsOf(identities: IdentityRow[], factors: FactorRow[]) {
	return {
		...(factors.length > 0 ? { factors: factors.map(factorJson) } : {}),
		identities: identities.map(identityJson),
	};
}

export function identityJson(identity: IdentityRow): Record<string, unknown> {
	return {
		identity_id: identity.id,
		id: identity.provider_id,
		user_id: identity.user_id,
		...(Object.keys(identity.identity_data).length > 0
			? { identity_data: identity.identity_data }
			: {}),
		provider: identity.provider,
		...time('last_sign_in_at', identity),
		...time('created_at', identity),
		...time('updated_at', identity),
		...(identity.email ? { email: identity.email } : {}),
	};
}

/** A factor as it stands in its user. */
export function factorJson(factor: FactorRow): Record<string, unknown> {
	return {
		id: factor.id,
		...time('created_at', factor),
		...time('updated_at', factor),
		status: factor.status,
		...(factor.friendly_name ? { friendly_name: factor.friendly_name } : {}),
		factor_type: factor.factor_type,
		phone: factor.phone ?? '',
		last_challenged_at: factor.last_challenged_at?.toISOString() ?? null,
	};
}

function time<K extends string>(name: K, row: Record<K, Date | null>): Record<string, string> {
	const value = row[name];
	return value === null ? {} : { [name]: value.toISOString() };
}
