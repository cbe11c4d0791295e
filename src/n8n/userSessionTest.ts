import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { openSession } from '../api/auth/userSession';
import { InvalidRequestError, SupabaseApiError } from '../api/errors';
import { explain as inWords } from './advice/lookup';
import { explain } from './credentialTest';
import { loginOf } from './userSession';

/** Tests the credential of a user: signs in anew, whatever session there is. */
export async function testUserSession(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const { project, login } = loginOf(credential.data ?? {});
		await openSession(project, login).accessToken();
		return { status: 'OK', message: 'The user signed in' };
	} catch (error) {
		return { status: 'Error', message: explain(advised(error)) };
	}
}

function advised(error: unknown): unknown {
	if (!(error instanceof SupabaseApiError) || error.ours) return error;
	const { title = error.message, mend = error.hint } = inWords(error, { role: 'anon' });
	return new InvalidRequestError(title, mend);
}
