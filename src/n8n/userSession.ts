import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { userSession, type Login, type UserSession } from '../api/auth/userSession';
import { InvalidRequestError } from '../api/errors';
import { projectUrl, type Project } from '../api/project';
import { projectOf } from './credential';

/** The name in n8n of the credential of a user who signs in by themselves. */
export const USER_SESSION = 'supabaseUserSession';

/**
 * Reads the credential's fields.
 *
 * @throws InvalidRequestError where one is missing, or cannot be right
 */
export function loginOf(credential: ICredentialDataDecryptedObject): {
	readonly project: Project;
	readonly login: Login;
} {
	const { email, password } = credential;
	const address = typeof email === 'string' ? email.trim() : '';
	if (!address) throw missing('E-Mail');
	if (typeof password !== 'string' || !password) throw missing('Password');
	// A user's session needs no secret key, even where somebody wrote one into the credential's data.
	const project = projectOf({ ...credential, secretKey: '' });
	return { project, login: { email: address, password } };
}

function missing(field: string): InvalidRequestError {
	return new InvalidRequestError(
		`The Supabase User Session credential has no ${field}`,
		'Enter it in the credential. If it comes from an expression, check what that gives.',
	);
}

/**
 * The session of a credential's user, shared by all who use the same.
 *
 * @param credential the decrypted `supabaseUserSession`
 * @param projectCredential the decrypted credential of the project that the token is for
 * @throws InvalidRequestError where they are of different projects, or a field cannot be right
 */
export function sessionOf(
	credential: ICredentialDataDecryptedObject,
	projectCredential: ICredentialDataDecryptedObject,
): UserSession {
	const { project, login } = loginOf(credential);
	const [theirs, ours] = [credential.url, projectCredential.url].map((url) =>
		projectUrl(String(url as string)),
	);
	if (theirs === ours) return userSession(project, login);
	throw new InvalidRequestError(
		`The user signs in to another project (${theirs}) than the node's (${ours})`,
		'A token is good for its own project alone: make the Project URL of both credentials the same.',
	);
}

/**
 * The session that a node's credential stands for.
 *
 * @throws InvalidRequestError where none is chosen, and as `sessionOf`
 */
export async function sessionOfNode(
	node: Pick<IExecuteFunctions, 'getNode' | 'getCredentials'>,
	projectCredential: ICredentialDataDecryptedObject,
): Promise<UserSession> {
	if (!node.getNode().credentials?.[USER_SESSION]) {
		throw new InvalidRequestError(
			'No Supabase User Session credential is chosen',
			'User From is User Session: choose the credential of the user in the node.',
		);
	}
	return sessionOf(await node.getCredentials(USER_SESSION), projectCredential);
}
