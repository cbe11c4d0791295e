import { bodyType, UUID } from '../body';
import type { Call } from '../call';
import { AuthError, invalid, refusal } from '../errors';
import { findUser, type UserRow } from '../user/users';
import { durationOf } from './duration';

/** What an admin may say of a user. */
export const USER = bodyType('AdminUserParams', {
	id: 'string',
	aud: 'string',
	role: 'string',
	email: 'string',
	phone: 'string',
	password: 'optional',
	password_hash: 'string',
	email_confirm: 'boolean',
	phone_confirm: 'boolean',
	user_metadata: 'object',
	app_metadata: 'object',
	ban_duration: 'string',
});

/** The user whom the path names. */
export async function namedUser(call: Call): Promise<UserRow> {
	const id = call.param('user_id');
	const user = UUID.test(id) ? await findUser(call.db, { id }) : undefined;
	if (!user) throw new AuthError(404, 'user_not_found', 'User not found');
	return user;
}

/** Until when a user is banned: null for `none`, undefined where nothing is said of it. */
export function bannedUntil(duration: string, now: Date): Date | null | undefined {
	if (duration === '') return undefined;
	if (duration === 'none') return null;
	try {
		const milliseconds = durationOf(duration);
		return milliseconds === 0 ? null : new Date(now.getTime() + milliseconds);
	} catch (error) {
		throw invalid(`invalid format for ban duration: ${(error as Error).message}`);
	}
}

export function phoneTaken(): AuthError {
	return new AuthError(422, 'phone_exists', 'Phone number already registered by another user');
}

export function emailTaken(): AuthError {
	return refusal('emailExists');
}
