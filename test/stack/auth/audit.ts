import { randomUUID } from 'node:crypto';

import type { Call } from './call';
import type { UserRow } from './user/users';

/** What the audit log knows, and under which heading it stands there. */
const ACTIONS = {
	login: 'account',
	logout: 'account',
	invite_accepted: 'account',
	user_signedup: 'team',
	user_invited: 'team',
	user_deleted: 'team',
	token_revoked: 'token',
	token_refreshed: 'token',
	user_modified: 'user',
	user_recovery_requested: 'user',
	user_reauthenticate_requested: 'user',
	user_confirmation_requested: 'user',
	user_repeated_signup: 'user',
	user_updated_password: 'user',
	identity_linked: 'user',
	identity_unlinked: 'user',
	factor_in_progress: 'factor',
	factor_unenrolled: 'factor',
	challenge_created: 'factor',
	verification_attempted: 'factor',
	factor_deleted: 'factor',
	factor_updated: 'factor',
} as const;

export type AuditAction = keyof typeof ACTIONS;

/** Whoever did it: a user, or the bearer of a secret key, who has a role for a name. */
type Actor = Pick<UserRow, 'id' | 'email' | 'phone' | 'is_sso_user' | 'raw_user_meta_data'>;

/** Who uses a secret key. */
export const ADMIN: Actor = {
	id: '00000000-0000-0000-0000-000000000000',
	email: 'service_role',
	phone: null,
	is_sso_user: false,
	raw_user_meta_data: null,
};

/** Writes an entry of the audit log. */
export async function audit(
	{ db, now }: Pick<Call, 'db' | 'now'>,
	actor: Actor,
	action: AuditAction,
	traits?: Record<string, unknown>,
	ip = '',
): Promise<void> {
	const name = actor.raw_user_meta_data?.full_name;
	const payload = {
		action,
		actor_id: actor.id,
		...(name === undefined ? {} : { actor_name: name }),
		actor_username: actor.phone ?? actor.email ?? '',
		actor_via_sso: actor.is_sso_user,
		log_type: ACTIONS[action],
		...(traits ? { traits } : {}),
	};
	await db`insert into auth.audit_log_entries (id, payload, created_at, ip_address)
		values (${randomUUID()}, ${db.json(payload as never)}, ${now}, ${ip})`;
}
