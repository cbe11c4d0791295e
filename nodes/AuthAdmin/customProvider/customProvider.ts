import { customProviders } from '../../../src/api/auth/admin/collections';
import { InvalidRequestError } from '../../../src/api/errors';
import { createOf, deleteOf, getAllOf, getOf, updateOf, type Kept } from '../kept';
import { locator } from '../locators';
import { choice, flag, json, names, secret, text, type Setting } from '../settings';

const customProvider = locator('customProvider', 'Custom Provider', 'searchCustomProviders', {
	displayName: 'By Identifier',
	placeholder: 'e.g. custom:acme',
});

const TYPES = [
	['OAuth 2', 'oauth2', 'By the addresses of its authorization, its tokens and its users'],
	['OpenID Connect', 'oidc', 'By its issuer, who tells the rest'],
] as const;

const type = { displayName: 'Provider Type', name: 'providerType' };
const providerType = choice('provider_type', type, TYPES);

const identifier = {
	...text('identifier', {
		displayName: 'Identifier',
		name: 'identifier',
		placeholder: 'custom:acme',
		description: 'The name by which apps ask for it; it begins with custom:',
	}),
	read: (field: { required(): string }) => identifierOf(field.required()),
};

const name = text('name', {
	displayName: 'Name',
	name: 'providerName',
	placeholder: 'e.g. Acme',
	description: 'The name that people see',
});

const clientId = text('client_id', {
	displayName: 'Client ID',
	name: 'clientId',
	description: 'The ID of this project at the provider',
});

const clientSecret = secret('client_secret', {
	displayName: 'Client Secret',
	name: 'clientSecret',
	description: 'The secret of this project at the provider; Auth never shows it again',
});

const forOAuth = [
	text('authorization_url', {
		displayName: 'Authorization URL',
		name: 'authorizationUrl',
		placeholder: 'https://provider.example.com/authorize',
	}),
	text('token_url', {
		displayName: 'Token URL',
		name: 'tokenUrl',
		placeholder: 'https://provider.example.com/token',
	}),
	text('userinfo_url', {
		displayName: 'User Info URL',
		name: 'userinfoUrl',
		placeholder: 'https://provider.example.com/userinfo',
	}),
];

const issuer = text('issuer', {
	displayName: 'Issuer',
	name: 'issuer',
	placeholder: 'https://provider.example.com',
	description: 'What tells the rest lies below it',
});

const scopes = names('scopes', {
	displayName: 'Scopes',
	name: 'scopes',
	placeholder: 'openid, email, profile',
	description: 'What is asked for, with commas between',
});

const general = [
	scopes,
	flag('enabled', { displayName: 'Enabled', name: 'enabled' }, true),
	flag('pkce_enabled', { displayName: 'PKCE', name: 'pkceEnabled' }, true),
	flag('email_optional', {
		displayName: 'E-Mail Optional',
		name: 'emailOptional',
		description: 'Whether users without an e-mail address may sign in',
	}),
	json('attribute_mapping', { displayName: 'Attribute Mapping', name: 'attributeMapping' }),
	json('authorization_params', {
		displayName: 'Authorization Parameters',
		name: 'authorizationParams',
		description: 'Sent along when a user is sent to the provider',
	}),
	names('acceptable_client_ids', {
		displayName: 'Acceptable Client IDs',
		name: 'acceptableClientIds',
		description: 'Others whose ID tokens are taken as well, with commas between',
	}),
	names('custom_claims_allowlist', {
		displayName: 'Custom Claims',
		name: 'customClaims',
		description: 'Claims of the provider that are kept with the user, with commas between',
	}),
];

const forOidc = [
	text('discovery_url', { displayName: 'Discovery URL', name: 'discoveryUrl' }),
	text('jwks_uri', { displayName: 'JWKS URI', name: 'jwksUri' }),
	flag('skip_nonce_check', { displayName: 'Skip Nonce Check', name: 'skipNonceCheck' }),
];

/** Shown for one type alone; the type stands beside it, or outside of the collection it is in. */
function only(value: string, settings: readonly Setting[], at: 'providerType' | '/providerType') {
	return settings.map((setting): Setting => ({
		...setting,
		property: { ...setting.property, displayOptions: { show: { [at]: [value] } } },
	}));
}

const kind: Kept = {
	noun: 'custom provider',
	article: 'a',
	requests: customProviders,
	locator: customProvider,
	idOf: identifierOf,
	listKey: 'providers',
	idKey: 'identifier',
	required: [
		providerType,
		identifier,
		name,
		clientId,
		clientSecret,
		...only('oauth2', forOAuth, 'providerType'),
		...only('oidc', [issuer], 'providerType'),
	],
	additional: [...general, ...only('oidc', forOidc, '/providerType')],
	changeable: [name, clientId, clientSecret, ...general, ...forOAuth, issuer, ...forOidc],
};

/** @throws InvalidRequestError for one that does not begin with `custom:` */
function identifierOf(given: string): string {
	if (/^custom:[^/]+$/.test(given)) return given;
	throw new InvalidRequestError(
		'The identifier of a custom provider begins with custom:',
		`It is ${JSON.stringify(given.slice(0, 60))}. Write it like custom:acme.`,
	);
}

export const createCustomProvider = createOf(
	kind,
	'Add a provider of sign-in, by OAuth 2 or OpenID Connect',
);
export const deleteCustomProvider = deleteOf(kind);
export const getCustomProvider = getOf(kind);
export const getCustomProviders = getAllOf(kind, [choice('type', type, TYPES)]);
export const updateCustomProvider = updateOf(kind);
