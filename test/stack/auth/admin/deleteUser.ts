import { createHash } from 'node:crypto';

import { audit, ADMIN } from '../audit';
import { bodyType } from '../body';
import type { Call, Reply } from '../call';
import { dropTokens } from '../send/codes';
import { endSessions } from '../session/sessions';
import { ok } from '../session/issue';
import { identitiesOf } from '../user/identities';
import { saveUser, type UserRow } from '../user/users';
import { namedUser } from './adminUser';

const BODY = bodyType('adminUserDeleteParams', { should_soft_delete: 'boolean' });

/** A phone column holds no more of a hash. */
const PHONE_LENGTH = 15;

/** Deletes a user for good, or leaves a row that tells nothing of them any more. */
export async function deleteUser(call: Call): Promise<Reply> {
	const user = await namedUser(call);
	const isSoft = call.content !== '' && call.body(BODY).should_soft_delete;
	await audit(call, ADMIN, 'user_deleted', {
		user_id: user.id,
		user_email: user.email ?? '',
		user_phone: user.phone ?? '',
	});
	if (!isSoft) await call.db`delete from auth.users where id = ${user.id}`;
	else if (user.deleted_at === null) await obscure(call, user);
	return ok({});
}

async function obscure(call: Call, user: UserRow): Promise<void> {
	const { db, now } = call;
	const hidden = (value: string | null) =>
		createHash('sha256')
			.update(user.id + (value ?? ''))
			.digest('base64url');
	const short = (value: string | null) => hidden(value).slice(0, PHONE_LENGTH);
	for (const identity of await identitiesOf(db, user.id))
		await db`update auth.identities
			set provider_id = ${hidden(identity.provider_id)}, identity_data = '{}', updated_at = ${now}
			where id = ${identity.id}`;
	await endSessions(db, user.id);
	await db`delete from auth.mfa_factors where user_id = ${user.id}`;
	await dropTokens(db, user.id);
	await saveUser(
		db,
		user,
		{
			email: hidden(user.email),
			phone: short(user.phone),
			email_change: hidden(user.email_change),
			phone_change: short(user.phone_change),
			encrypted_password: '',
			confirmation_token: '',
			recovery_token: '',
			email_change_token_current: '',
			email_change_token_new: '',
			phone_change_token: '',
			raw_app_meta_data: {},
			raw_user_meta_data: {},
			deleted_at: now,
		},
		now,
	);
}
