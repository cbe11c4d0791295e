import { testForms, type Shows } from './forms';

const PAGES = ['Return All', 'Limit', 'Options'];
const ADDED = ['Additional Fields', 'Options'];
const CHANGED = ['Update Fields', 'Options'];
const CLIENT = 'OAuth Client';
const SSO = 'SSO Provider';
const CUSTOM = 'Custom Provider';

const forms: Shows[] = [
	['user', 'create', 'E-Mail', 'Password', 'Confirm E-Mail', ...ADDED],
	['user', 'delete', 'User', 'Soft Delete', 'Options'],
	['user', 'generateLink', 'Type', 'E-Mail', 'Options'],
	['user', 'get', 'User', 'Options'],
	['user', 'getAll', ...PAGES],
	['user', 'invite', 'E-Mail', 'Options'],
	['user', 'signOut', 'Access Token', 'Scope', 'Options'],
	['user', 'update', 'User', ...CHANGED],
	['factor', 'delete', 'User', 'Factor ID', 'Options'],
	['factor', 'getAll', 'User', 'Options'],
	['passkey', 'delete', 'User', 'Passkey ID', 'Options'],
	['passkey', 'getAll', 'User', 'Options'],
	['oauthClient', 'create', 'Client Name', 'Redirect URIs', ...ADDED],
	['oauthClient', 'delete', CLIENT, 'Options'],
	['oauthClient', 'get', CLIENT, 'Options'],
	['oauthClient', 'getAll', 'Options'],
	['oauthClient', 'regenerateSecret', CLIENT, 'Options'],
	['oauthClient', 'update', CLIENT, ...CHANGED],
	['ssoProvider', 'create', 'Metadata From', 'Metadata URL', ...ADDED],
	['ssoProvider', 'delete', SSO, 'Options'],
	['ssoProvider', 'get', SSO, 'Options'],
	['ssoProvider', 'getAll', 'Options'],
	['ssoProvider', 'update', SSO, ...CHANGED],
	[
		'customProvider',
		'create',
		'Provider Type',
		'Identifier',
		'Name',
		'Client ID',
		'Client Secret',
		'Authorization URL',
		'Token URL',
		'User Info URL',
		...ADDED,
	],
	['customProvider', 'delete', CUSTOM, 'Options'],
	['customProvider', 'get', CUSTOM, 'Options'],
	['customProvider', 'getAll', 'Options'],
	['customProvider', 'update', CUSTOM, ...CHANGED],
	['auditLog', 'getAll', ...PAGES],
];

testForms('supabaseAuthAdmin', 'auth-admin', forms);
