import { testForms, type Shows } from './forms';

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

testForms('supabaseAuth', 'auth', forms);
