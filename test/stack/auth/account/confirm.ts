import { audit } from '../audit';
import type { Call } from '../call';
import { dropTokens, PKCE_PREFIX } from '../send/codes';
import {
	findIdentity,
	identitiesOf,
	insertIdentity,
	providersOf,
	saveIdentity,
} from '../user/identities';
import { hashPassword } from '../user/passwords';
import { mergeMetadata, NOTHING_PENDING, saveUser, type UserRow } from '../user/users';
import { confirmEmail, confirmPhone, unknownPassword } from './signup';

/** A code or link was right: what that changes, by what it was sent for. */
export type Confirmation =
	'signup' | 'invite' | 'magiclink' | 'recovery' | 'email_change' | 'sms' | 'phone_change';

/** @returns undefined when an address that changes waits for its second confirmation */
export async function confirm(
	call: Call,
	type: Confirmation,
	user: UserRow,
	hash: string,
): Promise<UserRow | undefined> {
	const confirmed = await CONFIRM[type](call, user, hash);
	return confirmed && (await withProviders(call, confirmed));
}

const CONFIRM: Record<
	Confirmation,
	(call: Call, user: UserRow, hash: string) => Promise<UserRow | undefined>
> = {
	signup: confirmSignup,
	invite: confirmSignup,
	magiclink: confirmSignIn,
	recovery: confirmSignIn,
	email_change: confirmEmailChange,
	sms: async (call, user) => {
		await audit(call, user, 'user_signedup', { provider: 'phone' });
		return await noLongerAnonymous(call, await confirmPhone(call, user));
	},
	phone_change: confirmPhoneChange,
};

async function confirmSignup(call: Call, user: UserRow): Promise<UserRow> {
	let known = user;
	if (!user.encrypted_password && user.invited_at !== null) {
		const encrypted_password = await hashPassword(call.db, unknownPassword());
		const changes = { encrypted_password, ...NOTHING_PENDING };
		known = await saveUser(call.db, user, changes, call.now);
	}
	await audit(call, known, 'user_signedup', { provider: 'email' });
	const confirmed = await confirmEmail(call, known);
	for (const identity of await identitiesOf(call.db, user.id))
		if (identity.email && identity.email === user.email)
			await saveIdentity(call.db, identity, { email_verified: true }, identity.updated_at);
	return confirmed;
}

async function confirmSignIn(call: Call, user: UserRow): Promise<UserRow> {
	await dropTokens(call.db, user.id);
	const recovered = await saveUser(call.db, user, { recovery_token: '' }, call.now);
	if (user.email_confirmed_at !== null) {
		await audit(call, user, 'login');
		return recovered;
	}
	await audit(call, user, 'user_signedup', { provider: 'email' });
	return await confirmEmail(call, recovered);
}

/** Where both addresses have to agree the first only counts. */
async function confirmEmailChange(
	call: Call,
	user: UserRow,
	hash: string,
): Promise<UserRow | undefined> {
	const { autoconfirm, doubleChange } = call.settings.email;
	const needsBoth = !autoconfirm && doubleChange && Boolean(user.email);
	if (!needsBoth || user.email_change_confirm_status !== 0) return await changeEmail(call, user);
	const isCurrent = [hash, PKCE_PREFIX + hash].includes(user.email_change_token_current);
	const column = isCurrent ? 'email_change_token_current' : 'email_change_token_new';
	await dropTokens(call.db, user.id, column);
	const changes = { [column]: '', email_change_confirm_status: 1 };
	await saveUser(call.db, user, changes, call.now);
	return undefined;
}

/** The user's address becomes the one that was asked for. */
export async function changeEmail(call: Call, user: UserRow): Promise<UserRow> {
	const { db, now } = call;
	const email = user.email_change;
	await audit(call, user, 'user_modified');
	const identity = await findIdentity(db, 'email', user.id);
	const data = { email, email_verified: true };
	if (identity) await saveIdentity(db, identity, data, now);
	else await insertIdentity(db, user.id, 'email', { sub: user.id, ...data }, now);
	await dropTokens(db, user.id);
	const changed = await saveUser(
		db,
		user,
		{
			email,
			email_change: '',
			email_change_token_current: '',
			email_change_token_new: '',
			email_change_confirm_status: 0,
			is_anonymous: false,
		},
		now,
	);
	return user.email_confirmed_at === null ? await confirmEmail(call, changed) : changed;
}

async function confirmPhoneChange(call: Call, user: UserRow): Promise<UserRow> {
	return await changePhone(call, user);
}

/** The user's number becomes the one that was asked for. */
export async function changePhone(call: Call, user: UserRow): Promise<UserRow> {
	const { db, now } = call;
	const phone = user.phone_change;
	await audit(call, user, 'user_modified');
	const identity = await findIdentity(db, 'phone', user.id);
	const data = { phone, phone_verified: true };
	if (identity) await saveIdentity(db, identity, data, now);
	else await insertIdentity(db, user.id, 'phone', { sub: user.id, ...data }, now);
	await dropTokens(db, user.id);
	const changes = { phone, phone_change: '', phone_change_token: '', phone_confirmed_at: now };
	return await noLongerAnonymous(call, await saveUser(db, user, changes, now));
}

async function noLongerAnonymous(call: Call, user: UserRow): Promise<UserRow> {
	if (!user.is_anonymous) return user;
	return await saveUser(call.db, user, { is_anonymous: false }, call.now);
}

/** A user's app metadata name the providers that they have identities of. */
export async function withProviders(call: Call, user: UserRow): Promise<UserRow> {
	const providers = await providersOf(call.db, user.id);
	const [provider] = providers;
	const changes = { providers, ...(provider === undefined ? {} : { provider }) };
	const raw_app_meta_data = mergeMetadata(user.raw_app_meta_data, changes);
	return await saveUser(call.db, user, { raw_app_meta_data }, call.now);
}
