import { formPicture, openSession, type Session } from './browser';
import { openPrepared } from './workflow';

/** What a form shows, in its order. */
type Shows = readonly [resource: string, operation: string, ...labels: string[]];

const ACCOUNT = ['Identify By', 'E-Mail'];
const USER = ['User From', 'Access Token'];
const TOKENS = ['Include Tokens', 'Options'];

const forms: Shows[] = [
	['account', 'signUp', ...ACCOUNT, 'Password', ...TOKENS],
	['account', 'signInWithPassword', ...ACCOUNT, 'Password', ...TOKENS],
	['account', 'signInWithOtp', ...ACCOUNT, 'Create User', 'Options'],
	['account', 'signInAnonymously', ...TOKENS],
	['account', 'signInWithIdToken', 'Provider', 'ID Token', ...TOKENS],
	['account', 'signInWithOAuth', 'Provider', 'Link Returns', 'Options'],
	['account', 'signInWithSso', 'Find Company By', 'Domain', 'Link Returns', 'Options'],
	['account', 'verifyOtp', 'Verify By', ...ACCOUNT, 'Code', 'Type', ...TOKENS],
	['account', 'resend', ...ACCOUNT, 'Type', 'Options'],
	['account', 'resetPasswordForEmail', 'E-Mail', 'Options'],
	['session', 'get', 'Access Token', 'Refresh Token', ...TOKENS],
	['session', 'set', 'Access Token', 'Refresh Token', ...TOKENS],
	['session', 'refresh', 'Refresh Token', ...TOKENS],
	['session', 'exchangeCode', 'Code', 'Code Verifier', ...TOKENS],
	['session', 'getClaims', 'Access Token', 'Options'],
	['session', 'signOut', 'Access Token', 'Scope', 'Options'],
	['user', 'get', ...USER, 'Options'],
	['user', 'update', ...USER, 'Fields to Update', 'Options'],
	['user', 'reauthenticate', ...USER, 'Options'],
	['identity', 'getAll', ...USER, 'Options'],
	['identity', 'link', ...USER, 'Provider', 'Link Returns', 'Options'],
	['identity', 'unlink', ...USER, 'Identity ID', 'Options'],
	['mfa', 'enroll', ...USER, 'Factor Type', 'Friendly Name', 'Put QR Code in Field', 'Options'],
	['mfa', 'challenge', ...USER, 'Factor ID', 'Options'],
	['mfa', 'verify', ...USER, 'Factor ID', 'Challenge ID', 'Code', ...TOKENS],
	['mfa', 'challengeAndVerify', ...USER, 'Factor ID', 'Code', ...TOKENS],
	['mfa', 'unenroll', ...USER, 'Factor ID', 'Options'],
	['mfa', 'getAll', ...USER, 'Options'],
	['mfa', 'getAssuranceLevel', ...USER, 'Options'],
];

/** What n8n itself has in every form, on its page for settings among others. */
const OF_N8N = new Set([
	'Credential',
	'Always Output Data',
	'Execute Once',
	'Retry On Fail',
	'On Error',
	'Notes',
	'Display Note in Flow?',
]);

let session: Session;

beforeAll(async () => {
	session = await openSession();
	await session.page.setViewportSize({ width: 1200, height: 1100 });
});

afterAll(async () => await session?.close());

test.each(forms)('the form of %s, %s', async (resource, operation, ...labels) => {
	const { page } = session;
	const parameters = { resource, operation };
	await openPrepared(page, `${resource} ${operation}`, { type: 'supabaseAuth', parameters });
	const form = page.getByTestId('node-parameters');
	await form.waitFor();
	const shown = await form.locator('label').allInnerTexts();
	const names = shown
		.map((text) => text.split('\n')[0]?.trim() ?? '')
		.filter((name) => name && !OF_N8N.has(name));
	await formPicture(form, `auth-${resource}-${operation}`);
	expect(names).toEqual(['Resource', 'Operation', ...labels]);
});
