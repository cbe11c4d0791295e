import { emailOf } from '../account/addresses';
import { ADMIN, audit } from '../audit';
import { bodyType } from '../body';
import type { Call, Reply } from '../call';
import { sendMail } from '../send/mails';
import { ok } from '../session/issue';
import { insertIdentity } from '../user/identities';
import { hashPassword } from '../user/passwords';
import { userJson } from '../user/userJson';
import { findByAddress, insertUser, type Metadata, type UserRow } from '../user/users';
import { emailTaken } from './adminUser';

const BODY = bodyType('InviteParams', { email: 'string', data: 'object' });

/** Makes a user who is yet to choose a password, and sends a mail that says so. */
export async function inviteUser(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	const email = emailOf(params.email);
	const user = await invitee(call, email, params.data);
	const sent = await sendMail(call, user, 'invite');
	return ok(await userJson(call.db, sent));
}

/** Who is invited: a new user, or one who has not accepted yet. */
export async function invitee(
	call: Call,
	email: string,
	data: Metadata | undefined,
): Promise<UserRow> {
	const known = await findByAddress(call.db, email, call.audience);
	if (known?.email_confirmed_at) throw emailTaken();
	const user = known ?? (await makeUser(call, email, data));
	await audit(call, ADMIN, 'user_invited', { user_id: user.id, user_email: email });
	return user;
}

/** Makes a user with an unconfirmed address. Whoever is invited has no password before they come. */
export async function makeUser(
	call: Call,
	email: string,
	data: Metadata | undefined,
	password?: string,
): Promise<UserRow> {
	const { db, now, audience } = call;
	const values = {
		aud: audience,
		email,
		encrypted_password: password === undefined ? null : await hashPassword(db, password),
		raw_app_meta_data: { provider: 'email', providers: ['email'] },
		raw_user_meta_data: data ?? {},
	};
	const user = await insertUser(db, values, now);
	await insertIdentity(db, user.id, 'email', { sub: user.id, email }, now);
	return user;
}
