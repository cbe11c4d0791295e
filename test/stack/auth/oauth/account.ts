import { audit } from '../audit';
import type { Call } from '../call';
import { AuthError, refusal } from '../errors';
import type { FlowRow } from '../session/flows';
import { findIdentity, insertIdentity, providersOf, saveIdentity } from '../user/identities';
import {
	findByAddress,
	findUser,
	insertUser,
	mergeMetadata,
	saveUser,
	type UserChanges,
	type UserRow,
} from '../user/users';
import type { SignedInAtProvider } from './providers';

type Data = SignedInAtProvider['data'];

/**
 * The user whom a provider's account belongs to: the one who has it, the one who adds it, the one
 * with the same confirmed address, or a new one.
 */
export async function account(
	call: Call,
	flow: Pick<FlowRow, 'provider_type' | 'linking_target_id'>,
	data: Data,
): Promise<UserRow> {
	const { db, now } = call;
	const provider = flow.provider_type;
	const identity = await findIdentity(db, provider, data.sub);
	if (flow.linking_target_id !== null) {
		if (identity) throw alreadyLinked(identity.user_id === flow.linking_target_id);
		return await link(call, flow.linking_target_id, provider, data);
	}
	if (identity) {
		await saveIdentity(db, identity, data, now);
		await db`update auth.identities set last_sign_in_at = ${now} where id = ${identity.id}`;
		const user = (await findUser(db, { id: identity.user_id })) as UserRow;
		return await withMetadata(call, user, data);
	}
	const known = data.email_verified && (await findByAddress(db, data.email, call.audience));
	return known ? await join(call, known, provider, data) : await signUp(call, provider, data);
}

async function signUp(call: Call, provider: string, data: Data): Promise<UserRow> {
	const { db, now } = call;
	if (call.settings.signupDisabled) throw refusal('signupDisabled');
	const values = {
		aud: call.audience,
		email: data.email.toLowerCase(),
		...(data.email_verified ? { email_confirmed_at: now } : {}),
		raw_app_meta_data: { provider, providers: [provider] },
		raw_user_meta_data: data,
	};
	const user = await insertUser(db, values, now);
	await insertIdentity(db, user.id, provider, data, now);
	await audit(call, user, 'user_signedup', { provider });
	return user;
}

/** Somebody with the same address: an unconfirmed sign-up loses what it came with. */
async function join(call: Call, user: UserRow, provider: string, data: Data): Promise<UserRow> {
	const { db, now } = call;
	let present = user;
	if (user.email_confirmed_at === null) {
		await db`delete from auth.identities where user_id = ${user.id}`;
		const changes = {
			email_confirmed_at: now,
			encrypted_password: null,
			confirmation_token: '',
			raw_user_meta_data: {},
		};
		present = await saveUser(db, user, changes, now);
		await audit(call, present, 'user_signedup', { provider });
	}
	await insertIdentity(db, user.id, provider, data, now);
	return await withProviders(call, await withMetadata(call, present, data));
}

/** A user adds the account to their own. One who was anonymous gets its address, and is no longer. */
async function link(call: Call, userId: string, provider: string, data: Data): Promise<UserRow> {
	const { db, now } = call;
	const user = await findUser(db, { id: userId });
	if (!user) throw refusal('tokenUserGone');
	const { id: identity_id, provider_id } = await insertIdentity(db, user.id, provider, data, now);
	const traits = { identity_id, provider, provider_id };
	await audit(call, user, 'identity_linked', traits, call.ip);
	const changes: UserChanges = user.is_anonymous
		? {
				is_anonymous: false,
				email: data.email.toLowerCase(),
				email_confirmed_at: now,
				raw_user_meta_data: { ...user.raw_user_meta_data, email_verified: true },
			}
		: {};
	return await withProviders(call, await saveUser(db, user, changes, now));
}

async function withMetadata({ db, now }: Call, user: UserRow, data: Data): Promise<UserRow> {
	const metadata = mergeMetadata(user.raw_user_meta_data, data);
	return await saveUser(db, user, { raw_user_meta_data: metadata }, now);
}

/** Notes in a user's app metadata what they sign in with. */
export async function withProviders({ db, now }: Call, user: UserRow): Promise<UserRow> {
	const providers = await providersOf(db, user.id);
	const metadata = { ...user.raw_app_meta_data, provider: providers[0], providers };
	return await saveUser(db, user, { raw_app_meta_data: metadata }, now);
}

function alreadyLinked(isOwn: boolean): AuthError {
	const whose = isOwn ? '' : ' to another user';
	return new AuthError(422, 'identity_already_exists', `Identity is already linked${whose}`);
}
