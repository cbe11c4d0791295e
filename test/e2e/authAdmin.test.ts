import { formPicture, openSession, type Session } from './browser';
import { openPrepared } from './workflow';

/** What a form shows, in its order. */
type Shows = readonly [resource: string, operation: string, ...labels: string[]];

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

let session: Session;

beforeAll(async () => {
	session = await openSession();
	await session.page.setViewportSize({ width: 1200, height: 1100 });
});

afterAll(async () => await session?.close());

test.each(forms)('the form of %s, %s', async (resource, operation, ...labels) => {
	const { page } = session;
	const parameters = { resource, operation };
	await openPrepared(page, `${resource} ${operation}`, { type: 'supabaseAuthAdmin', parameters });
	const form = page.getByTestId('node-parameters');
	await form.waitFor();
	const shown = await form.locator('label').allInnerTexts();
	const names = shown.map((text) => text.split('\n')[0]?.trim() ?? '').filter(Boolean);
	await formPicture(form, `auth-admin-${resource}-${operation}`);
	// Before them stands the credential, behind them what n8n lets one set of any node.
	const own = names.slice(names.indexOf('Resource'), names.indexOf('Always Output Data'));
	expect(own).toEqual(['Resource', 'Operation', ...labels]);
});
