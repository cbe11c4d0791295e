import { createHash, randomBytes } from 'node:crypto';

import { UUID } from '../body';
import type { Call, Db } from '../call';
import { AuthError, invalid } from '../errors';

/** A row of `auth.oauth_clients`: an application that users of the project sign in to. */
export interface ClientRow {
	id: string;
	client_secret_hash: string | null;
	registration_type: 'dynamic' | 'manual';
	/** Separated by commas, as the grant types are. */
	redirect_uris: string;
	grant_types: string;
	client_name: string | null;
	client_uri: string | null;
	logo_uri: string | null;
	client_type: 'public' | 'confidential';
	token_endpoint_auth_method: string;
	created_at: Date;
	updated_at: Date;
}

const METHODS = {
	public: ['none'],
	confidential: ['client_secret_basic', 'client_secret_post'],
};

const GRANT_TYPES = ['authorization_code', 'refresh_token'];

/** What may be said of a client. */
export interface ClientParams {
	client_name?: string;
	client_uri?: string;
	logo_uri?: string;
	redirect_uris?: string[];
	grant_types?: string[];
	token_endpoint_auth_method?: string;
	client_type?: string;
}

type FieldName = keyof ClientParams;

const FIELDS: Record<FieldName, 'text' | 'texts'> = {
	client_name: 'text',
	client_uri: 'text',
	logo_uri: 'text',
	redirect_uris: 'texts',
	grant_types: 'texts',
	token_endpoint_auth_method: 'text',
	client_type: 'text',
};

/** @throws AuthError `bad_json`, in words of this part of the service */
export function clientParams({ content }: Call): ClientParams {
	const given = objectOf(content, 'Invalid JSON body');
	const params: Record<string, unknown> = {};
	for (const [name, type] of Object.entries(FIELDS)) {
		const value = given[name] ?? undefined;
		if (value === undefined) continue;
		const fits = type === 'text' ? isText(value) : Array.isArray(value) && value.every(isText);
		if (!fits) throw new AuthError(400, 'bad_json', 'Invalid JSON body');
		params[name] = value;
	}
	return params;
}

const isText = (value: unknown) => typeof value === 'string';

/** @throws AuthError `bad_json` for what is no object */
export function objectOf(content: string, message: string): Record<string, unknown> {
	try {
		const value = JSON.parse(content) as unknown;
		if (typeof value === 'object' && !Array.isArray(value))
			return (value ?? {}) as Record<string, unknown>;
	} catch {
		// Said below.
	}
	throw new AuthError(400, 'bad_json', message);
}

/** The feature may be off. */
export function requireOAuthServer({ settings }: Call): void {
	if (!settings.oauthServer)
		throw new AuthError(404, 'feature_disabled', 'OAuth server is disabled');
}

/** Makes a client, with a secret unless it is public. */
export async function registerClient(
	{ db, now }: Call,
	params: ClientParams,
	registration: ClientRow['registration_type'],
): Promise<{ client: ClientRow; secret: string | undefined }> {
	const method = params.token_endpoint_auth_method || undefined;
	let type: ClientRow['client_type'];
	try {
		if (!params.redirect_uris?.length) throw invalid('redirect_uris is required');
		type = typeOf(params.client_type || undefined, method);
		checkClient(params, type);
	} catch (error) {
		// Here the service puts the status before its words.
		throw error instanceof AuthError ? invalid(`400: ${error.message}`) : error;
	}
	const secret = type === 'public' ? undefined : newSecret();
	const row = {
		client_secret_hash: secret ? hashOfSecret(secret) : null,
		registration_type: registration,
		redirect_uris: params.redirect_uris.join(','),
		grant_types: (params.grant_types?.length ? params.grant_types : GRANT_TYPES).join(','),
		client_name: params.client_name ?? null,
		client_uri: params.client_uri ?? null,
		logo_uri: params.logo_uri ?? null,
		client_type: type,
		token_endpoint_auth_method: method ?? (type === 'public' ? 'none' : 'client_secret_basic'),
		created_at: now,
		updated_at: now,
	};
	const [client] = await db<ClientRow[]>`
		insert into auth.oauth_clients ${db(row)} returning *`;
	return { client: client as ClientRow, secret };
}

/** What a client is, by what is said of it. */
function typeOf(given: string | undefined, method: string | undefined): ClientRow['client_type'] {
	if (given !== undefined && given !== 'public' && given !== 'confidential')
		throw invalid("client_type must be 'public' or 'confidential'");
	const all = [...METHODS.public, ...METHODS.confidential];
	if (method === undefined) return given ?? 'confidential';
	if (!all.includes(method))
		throw invalid(`token_endpoint_auth_method must be one of: [${all.join(' ')}]`);
	const byMethod = METHODS.public.includes(method) ? 'public' : 'confidential';
	if (given !== undefined && given !== byMethod)
		throw invalid(
			`client_type '${given}' is inconsistent with token_endpoint_auth_method '${method}' (expected client_type '${byMethod}')`,
		);
	return byMethod;
}

/** @throws AuthError for a value that a client cannot have */
export function checkClient(params: ClientParams, type: ClientRow['client_type']): void {
	if ((params.redirect_uris?.length ?? 0) > 10)
		throw invalid('redirect_uris cannot exceed 10 items');
	for (const uri of params.redirect_uris ?? []) checkRedirect(uri);
	if (params.grant_types?.some((one) => !GRANT_TYPES.includes(one)))
		throw invalid("grant_types must only contain 'authorization_code' and/or 'refresh_token'");
	if ((params.client_name?.length ?? 0) > 1024)
		throw invalid('client_name cannot exceed 1024 characters');
	for (const name of ['client_uri', 'logo_uri'] as const)
		if (params[name] && !URL.canParse(params[name])) throw invalid(`${name} must be a valid URL`);
	const { token_endpoint_auth_method: method } = params;
	if (method && !METHODS[type].includes(method))
		throw invalid(
			`token_endpoint_auth_method '${method}' is not valid for client_type '${type}'; valid methods: [${METHODS[type].join(' ')}]`,
		);
}

function checkRedirect(uri: string): void {
	const url = URL.canParse(uri) ? new URL(uri) : undefined;
	if (!url?.host) throw invalid(`invalid redirect_uri '${uri}': must have scheme and host`);
	if (url.hash)
		throw invalid(`invalid redirect_uri '${uri}': fragment not allowed in redirect URI`);
	if (url.protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
		throw invalid(`invalid redirect_uri '${uri}': HTTP scheme only allowed for localhost`);
}

export async function findClient(db: Db, id: string): Promise<ClientRow | undefined> {
	if (!UUID.test(id)) return undefined;
	const [client] = await db<ClientRow[]>`
		select * from auth.oauth_clients where id = ${id} and deleted_at is null`;
	return client;
}

/** A client as it is answered; its secret is shown when it is made, and never again. */
export function clientJson(client: ClientRow, secret?: string): Record<string, unknown> {
	return {
		client_id: client.id,
		...(secret ? { client_secret: secret } : {}),
		client_type: client.client_type,
		redirect_uris: client.redirect_uris.split(','),
		token_endpoint_auth_method: client.token_endpoint_auth_method,
		grant_types: client.grant_types.split(','),
		response_types: ['code'],
		...(client.client_name ? { client_name: client.client_name } : {}),
		...(client.client_uri ? { client_uri: client.client_uri } : {}),
		...(client.logo_uri ? { logo_uri: client.logo_uri } : {}),
		registration_type: client.registration_type,
		created_at: client.created_at,
		updated_at: client.updated_at,
	};
}

export function newSecret(): string {
	return randomBytes(32).toString('base64url');
}

export function hashOfSecret(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}
