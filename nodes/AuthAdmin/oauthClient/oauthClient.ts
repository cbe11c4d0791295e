import { oauthClients } from '../../../src/api/auth/admin/collections';
import { uuid } from '../../../src/api/auth/ids';
import { createOf, deleteOf, getAllOf, getOf, updateOf, type Kept } from '../kept';
import { locator } from '../locators';
import { choice, names, text } from '../settings';

export const oauthClient = locator('oauthClient', 'OAuth Client', 'searchOAuthClients', {
	displayName: 'By ID',
	placeholder: 'e.g. 8f14e45f-ceea-467f-a9b1-0c2f5d1f7a11',
});

export function clientId(id: string): string {
	return uuid(id, 'OAuth Client', 'Get Many lists it as client_id.');
}

const clientName = text('client_name', {
	displayName: 'Client Name',
	name: 'clientName',
	placeholder: 'e.g. My App',
	description: 'What users see when they are asked to let the app in',
});

const redirectUris = names('redirect_uris', {
	displayName: 'Redirect URIs',
	name: 'redirectUris',
	placeholder: 'https://app.example.com/callback',
	description: 'Where the app may come back to, with commas between: https, or http for localhost',
});

const clientUri = text('client_uri', {
	displayName: 'Client URI',
	name: 'clientUri',
	placeholder: 'https://app.example.com',
	description: 'The home page of the app',
});

const logoUri = text('logo_uri', {
	displayName: 'Logo URI',
	name: 'logoUri',
	placeholder: 'https://app.example.com/logo.png',
});

const METHODS = [
	['Client Secret (Basic)', 'client_secret_basic', 'A confidential client, with a secret'],
	['Client Secret (Post)', 'client_secret_post', 'A confidential client, with a secret'],
	['None', 'none', 'A public client without a secret, such as an app in the browser'],
] as const;

const authMethod = choice(
	'token_endpoint_auth_method',
	{
		displayName: 'Token Endpoint Auth Method',
		name: 'tokenEndpointAuthMethod',
		description: 'How the app shows who it is. It decides whether the client has a secret.',
	},
	METHODS,
);

const grantTypes = names('grant_types', {
	displayName: 'Grant Types',
	name: 'grantTypes',
	placeholder: 'authorization_code, refresh_token',
	description: 'With commas between; both, unless told otherwise',
});

const responseTypes = names('response_types', {
	displayName: 'Response Types',
	name: 'responseTypes',
	placeholder: 'code',
	description: 'With commas between; code is what there is',
});

const scope = text('scope', {
	displayName: 'Scope',
	name: 'scope',
	placeholder: 'openid email profile',
	description: 'What the app may ask for, with blanks between',
});

export const oauthClientKind: Kept = {
	noun: 'OAuth client',
	article: 'an',
	requests: oauthClients,
	locator: oauthClient,
	idOf: clientId,
	listKey: 'clients',
	idKey: 'client_id',
	required: [clientName, redirectUris],
	additional: [authMethod, clientUri, logoUri, scope, grantTypes, responseTypes],
	changeable: [clientName, redirectUris, clientUri, logoUri, authMethod, grantTypes],
};

export const createOAuthClient = createOf(
	oauthClientKind,
	'Let an app sign its users in with this project; its secret is in this output alone',
);
export const deleteOAuthClient = deleteOf(oauthClientKind);
export const getOAuthClient = getOf(oauthClientKind);
export const getOAuthClients = getAllOf(oauthClientKind);
export const updateOAuthClient = updateOf(oauthClientKind);
