import type { ApiRequest } from '../../request';
import { authRequest } from '../request';

/** The requests about what Auth keeps by one path, all built alike. */
export interface Collection {
	/** @param query names and values; what has no value is left out */
	list(query?: ReadonlyArray<readonly [string, string | undefined]>): ApiRequest;
	/** Made once for each request: it may not be repeated. */
	create(settings: object): ApiRequest;
	get(id: string): ApiRequest;
	update(id: string, settings: object): ApiRequest;
	/** It is not repeated: a second one is answered as if there had been nothing. */
	delete(id: string): ApiRequest;
}

function collection(...path: readonly string[]): Collection {
	return {
		list: (query = []) => authRequest('GET', path, { query }),
		create: (settings) => authRequest('POST', path, { body: settings }),
		get: (id) => authRequest('GET', [...path, id]),
		update: (id, settings) =>
			authRequest('PUT', [...path, id], { body: settings, repeatable: true }),
		delete: (id) => authRequest('DELETE', [...path, id]),
	};
}

/** Apps that sign their users in with this project; `{}` is an empty list, and there are no pages. */
export const oauthClients = collection('admin', 'oauth', 'clients');

/** `POST …/regenerate_secret`: the client with its new secret, which is shown here alone. */
export function regenerateSecret(clientId: string): ApiRequest {
	return authRequest('POST', ['admin', 'oauth', 'clients', clientId, 'regenerate_secret']);
}

/** Companies that sign their people in themselves, by SAML 2.0. */
export const ssoProviders = collection('admin', 'sso', 'providers');

/** Providers of sign-in that a project adds itself, by OAuth 2 or OpenID Connect. */
export const customProviders = collection('admin', 'custom-providers');

/**
 * `GET /admin/audit`: a bare list, the newest first, with `link` and `x-total-count`.
 *
 * @param query `action:…` or `author:…`
 */
export function listAudit(page: number, perPage: number, query?: string): ApiRequest {
	return authRequest('GET', ['admin', 'audit'], {
		query: [
			['page', String(page)],
			['per_page', String(perPage)],
			['query', query],
		],
	});
}
