import type { ApiRequest } from '../request';
import type { Channel } from './contact';
import { NO_CHALLENGE, type Challenge } from './pkce';
import { authRequest } from './request';
import type { Metadata } from './signUp';

/** `GET /user`: the user whose token it is. */
export function getUser(): ApiRequest {
	return authRequest('GET', ['user']);
}

/** What users may change of themselves. */
export interface UserChanges {
	/** Comes into force when it is confirmed. */
	readonly email?: string;
	/** Comes into force when it is confirmed. */
	readonly phone?: string;
	readonly password?: string;
	/** Merged at the top level; a member that is null is removed. */
	readonly data?: Metadata;
	/** From `reauthenticate`, where the project wants it of older sessions. */
	readonly nonce?: string;
	/** Where the project wants it. */
	readonly current_password?: string;
	/** How the code for a new phone is sent. */
	readonly channel?: Channel;
}

/** `PUT /user`: only metadata may be set twice; the rest sends messages or is refused at repetition. */
export function updateUser(
	changes: UserChanges,
	{ redirectTo, challenge = NO_CHALLENGE }: { redirectTo?: string; challenge?: Challenge } = {},
): ApiRequest {
	return authRequest('PUT', ['user'], {
		query: [['redirect_to', redirectTo]],
		body: { ...changes, ...challenge },
		repeatable: Object.keys(changes).every((name) => name === 'data'),
	});
}

/** `GET /reauthenticate`: sends a code, so that nothing but the method is that of a reading. */
export function reauthenticate(): ApiRequest {
	return authRequest('GET', ['reauthenticate'], { reads: false, repeatable: false });
}

/** `DELETE /user/identities/…`: by `identity_id`, which is not the `id` at the provider. */
export function unlinkIdentity(identityId: string): ApiRequest {
	return authRequest('DELETE', ['user', 'identities', identityId]);
}
