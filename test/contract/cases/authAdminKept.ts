import type { ContractCase } from '../case';
import { administering, byId, uid } from './authAdmin';

const oauthClient = byId(uid);
const customProvider = byId('custom:acme');
const aClient = [{ status: 200, body: { client_id: uid } }];
const aProvider = [{ status: 200, body: { identifier: 'custom:acme' } }];

/** OAuth clients and custom providers; of SSO providers the official client knows nothing. */
export const authAdminKeptCases: ContractCase[] = [
	{
		name: 'admin.oauthClient.create',
		official: (client) =>
			client.auth.admin.oauth.createClient({
				client_name: 'My App',
				redirect_uris: ['https://e.x/cb', 'http://localhost:3000/cb'],
				client_uri: 'https://e.x',
				grant_types: ['authorization_code', 'refresh_token'],
				response_types: ['code'],
				scope: 'openid email',
				token_endpoint_auth_method: 'none',
			}),
		ours: administering('oauthClient', 'create', {
			clientName: 'My App',
			redirectUris: 'https://e.x/cb, http://localhost:3000/cb',
			additionalFields: {
				clientUri: 'https://e.x',
				grantTypes: 'authorization_code, refresh_token',
				responseTypes: 'code',
				scope: 'openid email',
				tokenEndpointAuthMethod: 'none',
			},
		}),
		answers: [{ status: 201, body: { client_id: uid } }],
	},
	{
		name: 'admin.oauthClient.getAll',
		official: (client) => client.auth.admin.oauth.listClients(),
		ours: administering('oauthClient', 'getAll'),
		answers: [{ status: 200, body: {} }],
	},
	{
		name: 'admin.oauthClient.get',
		official: (client) => client.auth.admin.oauth.getClient(uid),
		ours: administering('oauthClient', 'get', { oauthClient }),
		answers: aClient,
	},
	{
		name: 'admin.oauthClient.update',
		official: (client) =>
			client.auth.admin.oauth.updateClient(uid, {
				client_name: 'm',
				logo_uri: 'https://e.x/l.png',
				redirect_uris: ['https://e.x/cb'],
				grant_types: ['authorization_code'],
				token_endpoint_auth_method: 'client_secret_post',
				client_uri: 'https://e.x',
			}),
		ours: administering('oauthClient', 'update', {
			oauthClient,
			updateFields: {
				clientName: 'm',
				logoUri: 'https://e.x/l.png',
				redirectUris: 'https://e.x/cb',
				grantTypes: 'authorization_code',
				tokenEndpointAuthMethod: 'client_secret_post',
				clientUri: 'https://e.x',
			},
		}),
		answers: aClient,
	},
	{
		name: 'admin.oauthClient.delete',
		official: (client) => client.auth.admin.oauth.deleteClient(uid),
		ours: administering('oauthClient', 'delete', { oauthClient }),
		answers: [{ status: 204 }],
	},
	{
		name: 'admin.oauthClient.regenerateSecret',
		official: (client) => client.auth.admin.oauth.regenerateClientSecret(uid),
		ours: administering('oauthClient', 'regenerateSecret', { oauthClient }),
		answers: aClient,
	},
	{
		name: 'admin.customProvider.create.oauth2',
		official: (client) =>
			client.auth.admin.customProviders.createProvider({
				provider_type: 'oauth2',
				identifier: 'custom:acme',
				name: 'Acme',
				client_id: 'c',
				client_secret: 's',
				authorization_url: 'https://i/a',
				token_url: 'https://i/t',
				userinfo_url: 'https://i/u',
				scopes: ['email', 'profile'],
				enabled: false,
				pkce_enabled: true,
				email_optional: true,
				attribute_mapping: { email: 'mail' },
				authorization_params: { prompt: 'consent' },
				acceptable_client_ids: ['d'],
				custom_claims_allowlist: ['groups'],
			}),
		ours: administering('customProvider', 'create', {
			providerType: 'oauth2',
			identifier: 'custom:acme',
			providerName: 'Acme',
			clientId: 'c',
			clientSecret: 's',
			authorizationUrl: 'https://i/a',
			tokenUrl: 'https://i/t',
			userinfoUrl: 'https://i/u',
			additionalFields: {
				scopes: 'email, profile',
				enabled: false,
				pkceEnabled: true,
				emailOptional: true,
				attributeMapping: '{"email": "mail"}',
				authorizationParams: '{"prompt": "consent"}',
				acceptableClientIds: 'd',
				customClaims: 'groups',
			},
		}),
		answers: [{ status: 201, body: { identifier: 'custom:acme' } }],
	},
	{
		name: 'admin.customProvider.create.oidc',
		official: (client) =>
			client.auth.admin.customProviders.createProvider({
				provider_type: 'oidc',
				identifier: 'custom:x',
				name: 'X',
				client_id: 'c',
				client_secret: 's',
				issuer: 'https://i',
				discovery_url: 'https://i/d',
				jwks_uri: 'https://i/j',
				skip_nonce_check: true,
			}),
		ours: administering('customProvider', 'create', {
			providerType: 'oidc',
			identifier: 'custom:x',
			providerName: 'X',
			clientId: 'c',
			clientSecret: 's',
			issuer: 'https://i',
			additionalFields: {
				discoveryUrl: 'https://i/d',
				jwksUri: 'https://i/j',
				skipNonceCheck: true,
			},
		}),
		answers: [{ status: 201, body: { identifier: 'custom:x' } }],
	},
	{
		name: 'admin.customProvider.getAll',
		official: (client) => client.auth.admin.customProviders.listProviders(),
		ours: administering('customProvider', 'getAll'),
		answers: [{ status: 200, body: { providers: [] } }],
	},
	{
		name: 'admin.customProvider.getAll.type',
		official: (client) => client.auth.admin.customProviders.listProviders({ type: 'oidc' }),
		ours: administering('customProvider', 'getAll', { options: { providerType: 'oidc' } }),
		answers: [{ status: 200, body: { providers: [] } }],
	},
	{
		name: 'admin.customProvider.get',
		official: (client) => client.auth.admin.customProviders.getProvider('custom:acme'),
		ours: administering('customProvider', 'get', { customProvider }),
		answers: aProvider,
	},
	{
		name: 'admin.customProvider.update',
		official: (client) =>
			client.auth.admin.customProviders.updateProvider('custom:acme', {
				name: 'Y',
				client_secret: 't',
				token_url: 'https://i/t2',
				issuer: 'https://i2',
			}),
		ours: administering('customProvider', 'update', {
			customProvider,
			updateFields: {
				providerName: 'Y',
				clientSecret: 't',
				tokenUrl: 'https://i/t2',
				issuer: 'https://i2',
			},
		}),
		answers: aProvider,
	},
	{
		name: 'admin.customProvider.delete',
		official: (client) => client.auth.admin.customProviders.deleteProvider('custom:acme'),
		ours: administering('customProvider', 'delete', { customProvider }),
		answers: [{ status: 204 }],
	},
];
