import type { Advice } from './advice';

const AGAIN = 'Make a new challenge, and verify that.';

/** What Auth says of second factors and passkeys. */
export const AUTH_MFA: readonly Advice[] = [
	{
		code: /^insufficient_aal$/,
		title: 'The user has a second factor, and has not shown it in this session',
		mend: 'Challenge and verify the factor first, and use the access token of that answer.',
	},
	{
		code: /^mfa_ip_address_mismatch$/,
		title: 'Challenge and verify left n8n from different addresses, or the challenge was used',
		mend: 'Use Challenge and Verify, which asks for both in one go. n8n needs one address to the outside.',
	},
	{
		code: /^mfa_challenge_expired$/,
		title: 'The challenge is out of date',
		mend: `It lives five minutes. ${AGAIN}`,
	},
	{
		code: /^mfa_factor_not_found$/,
		status: /^422$/,
		title: 'There is no such challenge of this factor any more',
		mend: `It lives five minutes, and is good once. ${AGAIN}`,
	},
	{
		code: /^mfa_factor_not_found$/,
		title: 'The user has no such factor',
		mend: 'Take the ID of Get Many factors.',
	},
	{
		code: /^mfa_factor_name_conflict$/,
		message: /name ""/,
		title: 'The user has a factor without a name already',
		mend: 'Give this one a Friendly Name, or unenroll the other.',
	},
	{
		code: /^mfa_factor_name_conflict$/,
		message: /name "(?<name>.*?)"/,
		title: 'The user has a factor called {name} already',
		mend: 'Give this one another Friendly Name, or unenroll the other.',
	},
	{
		code: /^mfa_factor_name_conflict$/,
		title: 'The user has a factor of this name already',
		mend: 'Give this one another Friendly Name, or unenroll the other.',
	},
	{
		code: /^mfa_verification_failed$/,
		title: 'The code of the factor is wrong',
		mend: 'A code of an authenticator app is good for half a minute: is the clock of its phone right? The challenge is still good.',
	},
	{
		code: /^mfa_verification_rejected$/,
		message: /^(?<said>[^]+)/,
		title: 'A hook of the project rejected the code: {said}',
		mend: 'The words are its own; the user may be signed out. Sign in again.',
	},
	{
		code: /^mfa_(?<type>\w+)_(enroll|verify)_not_enabled$/,
		title: 'The project has factors of type {type} switched off',
		mend: 'Switch them on in the dashboard under Authentication, Multi-Factor.',
	},
	{
		code: /^mfa_verified_factor_exists$/,
		title: 'The user has a verified phone factor already',
		mend: 'Unenroll it first.',
	},
	{
		code: /^too_many_enrolled_mfa_factors$/,
		title: 'The user has as many factors as may be',
		mend: 'The limit is ten, and those that were never verified count: unenroll some.',
	},
	{
		code: /^webauthn_challenge_not_found$/,
		title: 'There is no such challenge of a passkey any more',
		mend: 'It is good once, also where it failed. Begin again.',
	},
	{
		code: /^webauthn_verification_failed$/,
		title: 'The passkey was not accepted',
		mend: "It has to be one that was made for this project's site. Begin again.",
	},
	{
		code: /^validation_failed$/,
		message: /^Passkey not found/,
		title: 'There is no such passkey',
		mend: 'Take the ID of Get Many passkeys.',
	},
];
