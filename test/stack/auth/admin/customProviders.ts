import { bodyType, type Read } from '../body';
import type { Call, Db, Reply } from '../call';
import { AuthError, invalid, Unexpected } from '../errors';
import { ok } from '../session/issue';

/** A row of `auth.custom_oauth_providers`: a provider that the project has added by itself. */
export interface CustomProvider {
	id: string;
	provider_type: 'oauth2' | 'oidc';
	/** With `custom:` before it. */
	identifier: string;
	name: string;
	client_id: string;
	client_secret: string;
	scopes: string[];
	pkce_enabled: boolean;
	enabled: boolean;
	authorization_params: Record<string, string>;
	authorization_url: string | null;
	issuer: string | null;
	[column: string]: unknown;
}

const BODY = bodyType('AdminCustomOAuthProviderParams', {
	provider_type: 'string',
	identifier: 'string',
	name: 'string',
	client_id: 'string',
	client_secret: 'string',
	acceptable_client_ids: 'strings',
	scopes: 'strings',
	pkce_enabled: 'optionalBoolean',
	attribute_mapping: 'object',
	custom_claims_allowlist: 'strings',
	authorization_params: 'object',
	enabled: 'optionalBoolean',
	email_optional: 'optionalBoolean',
	skip_nonce_check: 'optionalBoolean',
	issuer: 'string',
	discovery_url: 'string',
	authorization_url: 'string',
	token_url: 'string',
	userinfo_url: 'string',
	jwks_uri: 'string',
});

type Params = Read<typeof BODY.shape>;

const URLS = [
	'issuer',
	'discovery_url',
	'authorization_url',
	'token_url',
	'userinfo_url',
	'jwks_uri',
] as const;

/** What the table itself asks of one. */
const IDENTIFIER = /^custom:[a-z0-9][a-z0-9:_-]*$/;

export async function createCustom(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	const { provider_type: type, identifier } = params;
	if (type !== 'oauth2' && type !== 'oidc')
		throw invalid("provider_type must be either 'oauth2' or 'oidc'");
	checkIdentifier(identifier);
	for (const name of ['name', 'client_id', 'client_secret'] as const)
		if (params[name] === '') throw invalid(`${name} is required`);
	requireUrls(params);
	checkUrls(params);
	if (await findCustom(call.db, identifier))
		throw new AuthError(
			400,
			'conflict',
			'A custom OAuth provider with this identifier already exists',
		);
	if (!IDENTIFIER.test(identifier))
		throw new Unexpected('Error creating custom OAuth provider', true);
	const nonce = type === 'oauth2' ? { skip_nonce_check: false } : {};
	const row = { ...given(params), ...nonce, created_at: call.now, updated_at: call.now };
	const [provider] = await call.db<CustomProvider[]>`
		insert into auth.custom_oauth_providers ${call.db(row as never)} returning *`;
	return { status: 201, body: customJson(provider as CustomProvider) };
}

export async function listCustom({ db, query }: Call): Promise<Reply> {
	const type = query.get('type') ?? '';
	if (type !== '' && type !== 'oauth2' && type !== 'oidc')
		throw invalid("type must be either 'oauth2' or 'oidc'");
	const providers = await db<CustomProvider[]>`
		select * from auth.custom_oauth_providers
		where ${type} = '' or provider_type = ${type} order by created_at desc`;
	return ok({ providers: providers.map(customJson) });
}

export async function getCustom(call: Call): Promise<Reply> {
	return ok(customJson(await named(call)));
}

export async function updateCustom(call: Call): Promise<Reply> {
	const provider = await named(call);
	const params = call.body(BODY);
	checkUrls(params);
	const fixed = { identifier: '', provider_type: '' };
	const row = { ...given({ ...params, ...fixed }), updated_at: call.now };
	const [saved] = await call.db<CustomProvider[]>`
		update auth.custom_oauth_providers set ${call.db(row as never)}
		where id = ${provider.id} returning *`;
	return ok(customJson(saved as CustomProvider));
}

export async function deleteCustom(call: Call): Promise<Reply> {
	const { id } = await named(call);
	await call.db`delete from auth.custom_oauth_providers where id = ${id}`;
	return { status: 204 };
}

export async function findCustom(db: Db, identifier: string): Promise<CustomProvider | undefined> {
	const [provider] = await db<CustomProvider[]>`
		select * from auth.custom_oauth_providers where identifier = ${identifier}`;
	return provider;
}

/** The fields that have been given a value. */
function given(params: Params): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(params).filter(([, value]) => value !== undefined && value !== ''),
	);
}

function checkIdentifier(identifier: string): void {
	if (identifier === '') throw invalid('identifier is required');
	if (!identifier.startsWith('custom:'))
		throw invalid(`identifier must start with 'custom:' prefix, e.g. 'custom:${identifier}'`);
}

function requireUrls(params: Params): void {
	if (params.provider_type === 'oidc') {
		if (params.issuer === '') throw invalid('issuer is required for OIDC providers');
		return;
	}
	for (const name of ['authorization_url', 'token_url', 'userinfo_url'] as const)
		if (params[name] === '') throw invalid(`${name} is required for OAuth2 providers`);
}

function checkUrls(params: Params): void {
	for (const name of URLS) {
		if (params[name] === '') continue;
		const url = URL.canParse(params[name]) ? new URL(params[name]) : undefined;
		if (url?.protocol !== 'https:') throw invalid('URL must use HTTPS');
		if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname))
			throw invalid('URL cannot point to localhost or loopback addresses');
		if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/.test(url.hostname))
			throw invalid('URL cannot resolve to private network addresses');
		if (url.hostname.endsWith('.invalid')) throw invalid('Unable to resolve hostname');
	}
}

const SHOWN = [
	'id',
	'provider_type',
	'identifier',
	'name',
	'client_id',
	'acceptable_client_ids',
	'scopes',
	'pkce_enabled',
	'attribute_mapping',
	'custom_claims_allowlist',
	'authorization_params',
	'enabled',
	'email_optional',
	'skip_nonce_check',
	...URLS,
	'created_at',
	'updated_at',
];

/** A provider as it is answered: never with its secret. */
function customJson(provider: CustomProvider): Record<string, unknown> {
	return Object.fromEntries(
		SHOWN.flatMap((name) => (provider[name] === null ? [] : [[name, provider[name]]])),
	);
}

async function named(call: Call): Promise<CustomProvider> {
	const identifier = call.param('identifier');
	checkIdentifier(identifier);
	const provider = await findCustom(call.db, identifier);
	if (!provider)
		throw new AuthError(404, 'custom_provider_not_found', 'Custom OAuth provider not found');
	return provider;
}
