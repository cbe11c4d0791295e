import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { InvalidRequestError, refusal, SupabaseApiError } from '../api/errors';
import type { Authority } from '../api/keys';
import type { Project } from '../api/project';
import { send } from '../api/transport';
import { projectOf } from './credential';

/** How long to wait for an answer, in milliseconds: a person is looking. */
const TIMEOUT = 10_000;

/**
 * Tests the credential: that the URL is a project's, and each key that was given.
 *
 * It asks for a table that no project has. The refusal with PostgREST's own code (`PGRST205`) proves
 * address and key; `/rest/v1/` itself would refuse a publishable key.
 */
export async function testProject(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const project = projectOf(credential.data ?? {});
		if (project.publishableKey) await checkKey(project, 'Publishable Key', { role: 'anon' });
		if (project.secretKey) await checkKey(project, 'Secret Key', { role: 'service_role' });
		return { status: 'OK', message: 'Connection successful' };
	} catch (error) {
		return { status: 'Error', message: explain(error) };
	}
}

async function checkKey(project: Project, label: string, authority: Authority): Promise<void> {
	const answer = await send(
		project,
		{ service: 'rest', method: 'GET', path: ['n8n_connection_test'], query: [['limit', '0']] },
		{ authority, timeout: TIMEOUT, maxRepeats: 0 },
	).catch(refusal);
	if (!(answer instanceof SupabaseApiError)) {
		// A project that has such a table answers with rows; any other server, with something else.
		if (Array.isArray(answer.body)) return;
		throw noProject(answer.status);
	}
	const { code = '', status, message } = answer;
	if (/^(PGRST205|42P01|42501)$/.test(code)) return;
	if (status === 401 || status === 403) {
		throw new InvalidRequestError(
			`The ${label} was not accepted (${message})`,
			'Copy it again from the dashboard, Project Settings, API Keys, of the same project.',
		);
	}
	if (status !== undefined && !code.startsWith('PGRST')) {
		throw noProject(status);
	}
	throw answer;
}

function noProject(status: number): InvalidRequestError {
	return new InvalidRequestError(
		`A server answers at the Project URL, but no Supabase project (HTTP status ${status})`,
		'Copy the URL from the dashboard, Project Settings, Data API.',
	);
}

/** What a person is told who presses the test button. */
export function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { hint } = error as InvalidRequestError | SupabaseApiError;
	return [error.message, hint].filter(Boolean).join('. ').replace(/\.+/g, '.');
}
