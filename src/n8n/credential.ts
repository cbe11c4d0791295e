import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { objectOf } from '../api/json';
import { readProject, type Project } from '../api/project';
import { SERVICES } from '../api/service';

/** The credential's name in n8n; `supabaseApi` is that of n8n's own node. */
export const CREDENTIAL = 'supabaseProjectApi';

/**
 * Reads the credential's fields.
 *
 * @throws InvalidRequestError for a URL or key that cannot be right
 */
export function projectOf(credential: ICredentialDataDecryptedObject): Project {
	const { url, publishableKey, secretKey } = credential;
	return readProject({
		url: text(url) ?? '',
		publishableKey: text(publishableKey),
		secretKey: text(secretKey),
		...(credential.selfHosted === true && {
			ignoreTlsErrors: credential.ignoreTlsErrors === true,
			services: Object.fromEntries(
				SERVICES.map((service) => [service, text(credential[`${service}Address`])]),
			),
			headers: headersOf(credential.headers),
		}),
	});
}

function headersOf(value: unknown): Record<string, string> {
	const headers = objectOf(typeof value === 'string' && !value.trim() ? {} : value);
	if (!headers) {
		throw new InvalidRequestError(
			'The Headers of the credential are not an object',
			'Write them like {"name": "value"}.',
		);
	}
	return Object.fromEntries(
		Object.entries(headers).map(([name, each]) => [name, headerText(name, each)]),
	);
}

function headerText(name: string, value: unknown): string {
	if (typeof value === 'string' || typeof value === 'number') return String(value);
	throw new InvalidRequestError(
		`The header ${JSON.stringify(name)} of the credential is not a text`,
		'Write its value in quotes.',
	);
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
