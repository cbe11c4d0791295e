import { emailOf, phoneOf } from '../account/addresses';
import { unknownPassword } from '../account/signup';
import { audit, ADMIN } from '../audit';
import { UUID, type Read } from '../body';
import type { Call, Reply } from '../call';
import { invalid, Unexpected } from '../errors';
import { ok } from '../session/issue';
import { insertIdentity } from '../user/identities';
import { hashPassword } from '../user/passwords';
import { userJson } from '../user/userJson';
import {
	findByAddress,
	findUser,
	insertUser,
	mergeMetadata,
	type Metadata,
	type NewUser,
} from '../user/users';
import { bannedUntil, emailTaken, phoneTaken, USER } from './adminUser';

type Params = Read<typeof USER.shape>;

/** Makes a user. Nothing is sent, and how strong the password is does not matter. */
export async function createUser(call: Call): Promise<Reply> {
	const { db, now } = call;
	const params = call.body(USER);
	const aud = params.aud || call.audience;
	if (params.email === '' && params.phone === '')
		throw invalid('Cannot create a user without either an email or phone');
	const email = params.email === '' ? undefined : emailOf(params.email);
	if (email !== undefined && (await findByAddress(db, email, aud))) throw emailTaken();
	const phone = params.phone === '' ? undefined : phoneOf(params.phone);
	if (phone !== undefined && (await findUser(db, { phone, aud }))) throw phoneTaken();
	const id = idOf(params);
	const until = bannedUntil(params.ban_duration, now);
	const providers = [...(email ? ['email'] : []), ...(phone ? ['phone'] : [])];
	const values: NewUser = {
		...(id ? { id } : {}),
		aud,
		role: params.role || 'authenticated',
		...(email ? { email } : {}),
		...(phone ? { phone } : {}),
		encrypted_password: await passwordOf(call, params),
		...(params.email_confirm ? { email_confirmed_at: now } : {}),
		...(params.phone_confirm ? { phone_confirmed_at: now } : {}),
		raw_app_meta_data: mergeMetadata(
			{ provider: providers[0], providers },
			params.app_metadata ?? {},
		),
		raw_user_meta_data: metadataOf(params),
		...(until ? { banned_until: until } : {}),
	};
	const user = await insertUser(db, values, now, 'Database error creating new user');
	if (email) await insertIdentity(db, user.id, 'email', { sub: user.id, email }, now);
	// Identities are in order of their time.
	const later = new Date(now.getTime() + 1);
	if (phone) await insertIdentity(db, user.id, 'phone', { sub: user.id, phone }, later);
	await audit(call, ADMIN, 'user_signedup', {
		provider: providers[0],
		user_id: user.id,
		user_email: user.email ?? '',
		user_phone: user.phone ?? '',
	});
	// The service answers what it wrote; the database alone knows when the user was confirmed.
	return ok({ ...(await userJson(db, user)), confirmed_at: undefined });
}

/** As it is given; a user with a password hash has none where nothing is given. */
function metadataOf({ user_metadata, email_confirm, password_hash }: Params): Metadata | null {
	if (email_confirm) return { ...user_metadata, email_verified: true };
	return user_metadata ?? (password_hash === '' ? {} : null);
}

function idOf({ id }: Params): string | undefined {
	if (id === '') return undefined;
	if (!UUID.test(id)) throw invalid('ID must conform to the uuid v4 format');
	if (/^[0-]+$/.test(id)) throw invalid('ID cannot be a nil uuid');
	return id;
}

async function passwordOf({ db }: Call, params: Params): Promise<string> {
	const { password, password_hash: hash } = params;
	if (password !== undefined && hash !== '')
		throw invalid('Only a password or a password hash should be provided');
	if (hash !== '') {
		if (!/^\$(2[aby]?|argon2(i|id)|fbscrypt)\$/.test(hash))
			throw new Unexpected('Error creating user', true);
		return hash;
	}
	if (Buffer.byteLength(password ?? '') > 72) throw new Unexpected('Internal Server Error');
	return await hashPassword(db, password || unknownPassword());
}
