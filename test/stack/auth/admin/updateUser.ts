import { emailOf, phoneOf } from '../account/addresses';
import { audit, ADMIN } from '../audit';
import type { Read } from '../body';
import type { Call, Reply } from '../call';
import { endSessions } from '../session/sessions';
import { ok } from '../session/issue';
import { identitiesOf, insertIdentity, saveIdentity } from '../user/identities';
import { hashPassword, requireStrong } from '../user/passwords';
import { identityJson, userJson } from '../user/userJson';
import { mergeMetadata, saveUser, type UserChanges, type UserRow } from '../user/users';
import { bannedUntil, namedUser, USER } from './adminUser';

type Params = Read<typeof USER.shape>;

/** Changes a user at once: nothing is sent, and nothing has to be confirmed. */
export async function updateUser(call: Call): Promise<Reply> {
	const { db, now } = call;
	const user = await namedUser(call);
	const params = call.body(USER);
	const email = params.email === '' ? undefined : emailOf(params.email);
	const phone = params.phone === '' ? undefined : phoneOf(params.phone);
	const until = bannedUntil(params.ban_duration, now);
	if (params.password !== undefined) requireStrong(params.password, call.settings.password);
	const changes: UserChanges = {
		...(params.role ? { role: params.role } : {}),
		...(email ? { email } : {}),
		...(phone ? { phone } : {}),
		...(params.email_confirm ? { email_confirmed_at: now } : {}),
		...(params.phone_confirm ? { phone_confirmed_at: now } : {}),
		...(until === undefined ? {} : { banned_until: until }),
		...(params.app_metadata
			? { raw_app_meta_data: mergeMetadata(user.raw_app_meta_data, params.app_metadata) }
			: {}),
		...userMetadataOf(user, params),
		...permanence(user, params),
		...(params.password === undefined
			? {}
			: { encrypted_password: await hashPassword(db, params.password) }),
	};
	const saved = await saveUser(db, user, changes, now, 'Error updating user');
	const before = await identitiesOf(db, user.id);
	const made = [
		...(email ? await adopt(call, user, 'email', email, params.email_confirm) : []),
		...(phone ? await adopt(call, user, 'phone', phone, params.phone_confirm) : []),
	];
	if (params.password !== undefined) await endSessions(db, user.id);
	await audit(call, ADMIN, 'user_modified', {
		user_id: user.id,
		user_email: user.email ?? '',
		user_phone: user.phone ?? '',
	});
	// The service answers what it knew: the database alone knows when the user was confirmed, and
	// identities are shown as they were.
	return ok({
		...(await userJson(db, saved)),
		confirmed_at: user.confirmed_at?.toISOString(),
		identities: [...before, ...made].map(identityJson),
	});
}

function userMetadataOf(user: UserRow, params: Params): UserChanges {
	if (!params.user_metadata && !params.email_confirm) return {};
	const changed = mergeMetadata(user.raw_user_meta_data, params.user_metadata ?? {});
	const verified = params.email_confirm ? { email_verified: true } : {};
	return { raw_user_meta_data: { ...changed, ...verified } };
}

/** An anonymous user who gets a confirmed address is one no longer. */
function permanence(user: UserRow, params: Params): UserChanges {
	const confirms =
		(params.email !== '' && params.email_confirm) || (params.phone !== '' && params.phone_confirm);
	return user.is_anonymous && confirms ? { is_anonymous: false } : {};
}

/** A user's identity of a kind gets the address; where there is none yet, it is made. */
async function adopt(
	{ db, now }: Call,
	user: UserRow,
	provider: 'email' | 'phone',
	address: string,
	isConfirmed: boolean,
) {
	const present = (await identitiesOf(db, user.id)).find((one) => one.provider === provider);
	if (present) {
		await saveIdentity(db, present, { [provider]: address }, now);
		return [];
	}
	const data = { sub: user.id, [provider]: address, [`${provider}_verified`]: isConfirmed };
	return [await insertIdentity(db, user.id, provider, data, now)];
}
