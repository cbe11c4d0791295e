import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readProject, type Project } from '../api/project';
import { SERVICES, type Service } from '../api/request';

/** The credential's name in n8n; `supabaseApi` is that of n8n's own node. */
export const CREDENTIAL = 'supabaseProjectApi';

/** What stands in the credential's Options. */
type CredentialOptions = Partial<Record<`${Service}Address`, string>> & {
	ignoreTlsErrors?: boolean;
	headers?: { header?: Array<{ name?: string; value?: string }> };
};

/**
 * Reads the credential's fields.
 *
 * @throws InvalidRequestError for a URL or key that cannot be right
 */
export function projectOf(credential: ICredentialDataDecryptedObject): Project {
	const options = (credential.options ?? {}) as CredentialOptions;
	return readProject({
		url: text(credential.url) ?? '',
		publishableKey: text(credential.publishableKey),
		secretKey: text(credential.secretKey),
		ignoreTlsErrors: options.ignoreTlsErrors,
		services: Object.fromEntries(
			SERVICES.map((service) => [service, options[`${service}Address`]]),
		),
		headers: Object.fromEntries(
			(options.headers?.header ?? [])
				.map(({ name = '', value = '' }) => [name.trim(), value.trim()])
				.filter(([name]) => name),
		) as Record<string, string>,
	});
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
