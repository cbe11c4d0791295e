import { randomUUID } from 'node:crypto';

import type { Db } from '../call';
import { databaseFault, Unexpected } from '../errors';

/** Times of the user that start and end confirmations, or say what happened last. */
type Times =
	| 'email_confirmed_at'
	| 'phone_confirmed_at'
	| 'invited_at'
	| 'confirmation_sent_at'
	| 'recovery_sent_at'
	| 'email_change_sent_at'
	| 'phone_change_sent_at'
	| 'reauthentication_sent_at'
	| 'last_sign_in_at'
	| 'banned_until'
	| 'deleted_at';

/** Hashes of codes that wait to be used; empty when there is none. */
type Tokens =
	| 'confirmation_token'
	| 'recovery_token'
	| 'email_change_token_new'
	| 'email_change_token_current'
	| 'phone_change_token'
	| 'reauthentication_token';

export type Metadata = Record<string, unknown>;

/** A row of `auth.users`. */
export interface UserRow extends Record<Times, Date | null>, Record<Tokens, string> {
	id: string;
	aud: string;
	role: string;
	email: string | null;
	phone: string | null;
	encrypted_password: string | null;
	confirmed_at: Date | null;
	email_change: string;
	email_change_confirm_status: number;
	phone_change: string;
	raw_app_meta_data: Metadata | null;
	raw_user_meta_data: Metadata | null;
	is_sso_user: boolean;
	is_anonymous: boolean;
	created_at: Date;
	updated_at: Date;
}

export type UserChanges = Partial<Omit<UserRow, 'id' | 'confirmed_at'>>;

/** Finds a user by id, or by e-mail or phone in an audience. Those who come by SSO have no e-mail here. */
export async function findUser(
	db: Db,
	by: { id: string } | { email: string; aud: string } | { phone: string; aud: string },
): Promise<UserRow | undefined> {
	const [row] =
		'id' in by
			? await db<UserRow[]>`select * from auth.users where id = ${by.id}`
			: 'email' in by
				? await db<UserRow[]>`select * from auth.users
					where lower(email) = ${by.email.toLowerCase()} and aud = ${by.aud}
						and is_sso_user = false limit 1`
				: await db<UserRow[]>`select * from auth.users
					where phone = ${by.phone} and aud = ${by.aud} and is_sso_user = false limit 1`;
	return row;
}

/** The user who has an address already, as their own or through an identity. */
export async function findByAddress(
	db: Db,
	email: string,
	aud: string,
	exceptId?: string,
): Promise<UserRow | undefined> {
	const [row] = await db<UserRow[]>`
		select u.* from auth.users u join auth.identities i on i.user_id = u.id
		where i.email = ${email.toLowerCase()} and i.provider not like 'sso:%' and u.aud = ${aud}
			and u.id is distinct from ${exceptId ?? null} limit 1`;
	return row ?? (await findUser(db, { email, aud }));
}

/** What a new user is made of. */
export interface NewUser extends UserChanges {
	id?: string;
}

/**
 * Makes a user; columns that are not given have the service's own defaults.
 *
 * @throws Unexpected for whatever the database refuses, a trigger of the project's included
 */
export async function insertUser(
	db: Db,
	values: NewUser,
	now: Date,
	failure = 'Database error saving new user',
): Promise<UserRow> {
	const row = {
		id: randomUUID(),
		aud: 'authenticated',
		role: 'authenticated',
		raw_app_meta_data: {},
		raw_user_meta_data: {},
		created_at: now,
		updated_at: now,
		...values,
	};
	try {
		const [user] = await db<UserRow[]>`insert into auth.users ${db(row as never)} returning *`;
		return user as UserRow;
	} catch (error) {
		throw new Unexpected(failure, true, databaseFault(error));
	}
}

/** Writes some columns of a user, and gives the whole row as it is then. */
export async function saveUser(
	db: Db,
	{ id }: { id: string },
	changes: UserChanges,
	now: Date,
	failure = 'Database error updating user',
): Promise<UserRow> {
	const row = { ...changes, updated_at: now };
	const users = await db<UserRow[]>`
		update auth.users set ${db(row as never)} where id = ${id} returning *`.catch((error: unknown) => {
		throw new Unexpected(failure, true, databaseFault(error));
	});
	if (!users[0]) throw new Unexpected(failure, true);
	return users[0];
}

/** Top-level keys are replaced; null removes one. */
export function mergeMetadata(present: Metadata | null, changes: Metadata): Metadata {
	const merged = { ...present, ...changes };
	return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** Whoever knows the old password may no longer be trusted: what they have begun ends. */
export const NOTHING_PENDING: Partial<UserRow> = {
	confirmation_token: '',
	confirmation_sent_at: null,
	recovery_token: '',
	recovery_sent_at: null,
	email_change_token_current: '',
	email_change_token_new: '',
	email_change_sent_at: null,
	phone_change_token: '',
	phone_change_sent_at: null,
	reauthentication_token: '',
	reauthentication_sent_at: null,
};
