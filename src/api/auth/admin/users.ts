import { InvalidRequestError } from '../../errors';
import type { ApiRequest } from '../../request';
import { authRequest } from '../request';

/** What an admin says of a user. What is left out stays as it is, or is Auth's own choice. */
export interface UserAttributes {
	/** When a user is made. */
	readonly id?: string;
	readonly email?: string;
	readonly phone?: string;
	readonly password?: string;
	/** Of bcrypt, Argon2 or Firebase scrypt, when a user is made; Auth takes no notice of it later. */
	readonly password_hash?: string;
	/** The address counts as confirmed. */
	readonly email_confirm?: boolean;
	readonly phone_confirm?: boolean;
	/** The user's own data: merged into what there is, a key with null is taken away. */
	readonly user_metadata?: Readonly<Record<string, unknown>>;
	/** What the user may not change: merged likewise. */
	readonly app_metadata?: Readonly<Record<string, unknown>>;
	/** Go's form of a duration, without days, such as `24h` or `1h30m`; `none` lifts a ban. */
	readonly ban_duration?: string;
	readonly role?: string;
}

/** `GET /admin/users/{id}`: the user with identities and factors, which lists leave out. */
export function getUser(id: string): ApiRequest {
	return authRequest('GET', ['admin', 'users', id]);
}

/** `POST /admin/users`: sends no mail. */
export function createUser(attributes: UserAttributes): ApiRequest {
	return authRequest('POST', ['admin', 'users'], { body: attributes });
}

/**
 * `PUT /admin/users/{id}`: an address changes at once, and no mail is sent.
 *
 * @throws InvalidRequestError for a password hash, of which Auth takes no notice here
 */
export function updateUser(id: string, attributes: Omit<UserAttributes, 'id'>): ApiRequest {
	if (attributes.password_hash !== undefined) {
		throw new InvalidRequestError(
			'A password hash cannot be set for a user who is there already',
			'Supabase Auth takes no notice of it then, and says nothing. Set a password, or make the user anew with the hash.',
		);
	}
	return authRequest('PUT', ['admin', 'users', id], { body: attributes, repeatable: true });
}

/**
 * `DELETE /admin/users/{id}`.
 *
 * It is not repeated: a second one is answered as if there had been no user.
 *
 * @param soft leaves the user's ID and a hash of the address behind
 */
export function deleteUser(id: string, soft: boolean): ApiRequest {
	return authRequest('DELETE', ['admin', 'users', id], { body: { should_soft_delete: soft } });
}

/** `POST /invite`: makes the user unless there is one who has not confirmed yet, and sends a mail. */
export function inviteUser(
	email: string,
	{ data, redirectTo }: { data?: object; redirectTo?: string } = {},
): ApiRequest {
	return authRequest('POST', ['invite'], {
		query: [['redirect_to', redirectTo]],
		body: { email, data },
	});
}
