import type { Reply } from '../call';
import { refusal } from '../errors';

/** `grant_type=id_token`: a session by what another provider says of a user. */
export async function signInWithIdToken(): Promise<Reply> {
	throw refusal('grantType');
}
