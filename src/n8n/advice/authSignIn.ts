import type { Advice } from './advice';

const PROVIDERS = 'in the dashboard under Authentication, Sign In / Providers';
const SIGN_IN_AGAIN = 'Sign in again, and use the new tokens.';

/** Who signs in, and how. */
const ACCOUNTS: readonly Advice[] = [
	{
		code: /^invalid_credentials$/,
		message: /too many attempts/i,
		title: 'Too many wrong passwords: Auth waits',
		mend: 'Try again in a while.',
	},
	{
		code: /^invalid_credentials$/,
		message: /client/,
		title: 'ID or secret of the OAuth client is wrong',
		mend: 'Check both. A new secret is made by Regenerate Secret of Auth Admin.',
	},
	{
		code: /^invalid_credentials$/,
		message: /grant_type/,
		title: 'Auth does not know this way of signing in',
		mend: 'Update the project, or choose another way.',
	},
	{
		code: /^invalid_credentials$/,
		title: 'E-mail, phone or password is wrong',
		mend: 'Check them. A user who signs in by links or through a provider has no password until one is set.',
	},
	{
		code: /^email_not_confirmed$/,
		title: 'The user has not confirmed the e-mail address yet',
		mend: 'They follow the link in the mail, or have a new one by Resend. An admin confirms it with Confirm Email.',
	},
	{
		code: /^phone_not_confirmed$/,
		title: 'The user has not confirmed the phone number yet',
		mend: 'They verify the code of the message, or have a new one by Resend. An admin confirms it with Confirm Phone.',
	},
	{
		code: /^user_banned$/,
		title: 'The user is banned',
		mend: 'The ban ends by itself at its time. An admin lifts it: Update, Ban Duration none.',
	},
	{
		code: /^identity_already_exists$/,
		message: /another user/,
		title: 'This sign-in belongs to another user already',
		mend: 'Unlink it there first, or link another one.',
	},
	{
		code: /^identity_already_exists$/,
		title: 'This sign-in is linked to the user already',
		mend: 'There is nothing to do.',
	},
	{
		code: /^(user_already_exists|email_exists)$/,
		title: '{email} is registered already',
		mend: 'Sign in, or have a link sent to the address. An admin finds the user by e-mail.',
	},
	{
		code: /^(user_already_exists|email_exists)$/,
		title: 'The e-mail address is registered already',
		mend: 'Sign in, or have a link sent to the address. An admin finds the user by e-mail.',
	},
	{
		code: /^phone_exists$/,
		title: 'The phone number is registered already',
		mend: 'Sign in with it, or use another one.',
	},
	{
		code: /^weak_password$/,
		title: 'The password is too weak',
		mend: `What a password needs is ${PROVIDERS}, Email; the words of Auth below say what is missing.`,
	},
	{
		code: /^same_password$/,
		title: 'The new password is the old one',
		mend: 'Choose another one.',
	},
	{
		code: /^captcha_failed$/,
		message: /no captcha_token/,
		title: 'The project asks for a captcha',
		mend: "Put the captcha's answer into Captcha Token in Options. For the secret key none is asked, and whoever signs in by a User Session credential cannot answer one.",
	},
	{
		code: /^captcha_failed$/,
		title: "The captcha's answer was not accepted",
		mend: 'It is good once and for minutes: get a new one from the page.',
	},
	{
		code: /^user_sso_managed$/,
		title: 'The user signs in with their company (SSO), where this is changed',
		mend: 'Change it at the provider.',
	},
	{
		code: /^email_address_not_authorized$/,
		title: 'The built-in mail server sends to members of the organisation alone',
		mend: 'Set up an SMTP server of your own in the dashboard under Authentication, Emails.',
	},
	{
		code: /^email_address_invalid$/,
		title: 'Auth does not take this e-mail address',
		mend: 'Addresses of examples and of tests are refused: use a real one.',
	},
];

/** Ways in that a project has switched off. */
const SWITCHED_OFF: readonly Advice[] = [
	{
		code: /^signup_disabled$/,
		title: 'The project takes no new users',
		mend: `Allow New Users is ${PROVIDERS}. An admin may still create and invite users.`,
	},
	{
		code: /^otp_disabled$/,
		title: 'There is no user with this address or number',
		mend: 'Switch Create User on in Options, or sign the user up first.',
	},
	{
		code: /^email_provider_disabled$/,
		title: 'The project does not take e-mail addresses to sign in',
		mend: `Switch Email on ${PROVIDERS}.`,
	},
	{
		code: /^phone_provider_disabled$/,
		title: 'The project does not take phone numbers to sign in',
		mend: `Switch Phone on ${PROVIDERS}.`,
	},
	{
		code: /^anonymous_provider_disabled$/,
		title: 'The project takes no anonymous users',
		mend: `Switch Allow Anonymous Sign-ins on ${PROVIDERS}.`,
	},
	{
		code: /^(provider_disabled|oauth_provider_not_supported)$/,
		title: 'The provider is switched off in this project',
		mend: `Switch it on ${PROVIDERS}.`,
	},
	{
		code: /^validation_failed$/,
		message: /^Unsupported provider: provider .*could not be found|^Custom OIDC provider/i,
		title: 'Auth does not know the provider',
		mend: 'Its name is in lower case, such as github or linkedin_oidc; one of your own begins with custom:.',
	},
	{
		code: /^validation_failed$/,
		message: /^Unsupported provider/,
		title: 'The provider is switched off in this project',
		mend: `Switch it on ${PROVIDERS}.`,
	},
	{
		code: /^manual_linking_disabled$/,
		title: 'The project does not let users link sign-ins themselves',
		mend: `Switch Allow Manual Linking on ${PROVIDERS}.`,
	},
	{
		code: /^(web3_provider_disabled|web3_unsupported_chain)$/,
		title: 'The project does not take this kind of wallet',
		mend: `Switch Web3 Wallet on ${PROVIDERS}; it knows Ethereum and Solana.`,
	},
	{
		code: /^passkey_disabled$/,
		title: 'The project has passkeys switched off',
		mend: `Switch them on ${PROVIDERS}.`,
	},
];

/** Codes, links and what they come back with. */
const CODES: readonly Advice[] = [
	{
		code: /^otp_expired$/,
		title: 'The code or link is wrong, used, out of date, or not the newest',
		mend: 'Each is good once, and a newer mail or link ends the one before. Compare Type with the mail: E-Mail Code takes those of sign-up, sign-in and recovery. Otherwise have a new one sent.',
	},
	{
		code: /^bad_code_verifier$/,
		title: 'The code verifier does not belong to this code',
		mend: 'Take the one that came with the request which sent the link. The code is still good.',
	},
	{
		code: /^flow_state_not_found$/,
		title: 'The code of the link is used, or unknown',
		mend: 'A code is good once: if a session came of it before, use that. Otherwise begin again.',
	},
	{
		code: /^flow_state_expired$/,
		title: 'The code of the link is out of date',
		mend: 'It lives five minutes. Begin again.',
	},
	{
		code: /^invalid_grant$/,
		message: /Signature|message/,
		title: "The wallet's signature was not accepted",
		mend: 'It has to be of this message, for this site, and not older than some minutes. Sign anew.',
	},
	{
		code: /^invalid_grant$/,
		title: 'The code is wrong, used or out of date',
		mend: 'A code is good once and goes with its own verifier. Begin again.',
	},
	{
		code: /^invalid nonce$/,
		title: 'The nonce is not that of the ID token',
		mend: 'Give the nonce as it is; the token holds its SHA-256 in hexadecimal digits.',
	},
	{
		code: /^invalid request$/,
		message: /nonce/,
		title: 'Nonce and ID token do not go together',
		mend: 'Give the nonce where the ID token holds one, and leave it out otherwise.',
	},
	{
		code: /^invalid request$/,
		message: /audience/,
		title: 'The ID token was made for another app',
		mend: `Add its client ID to the provider's Client IDs ${PROVIDERS}.`,
	},
	{
		code: /^invalid request$/,
		title: 'Auth does not take this ID token',
		mend: 'Check provider and token: it is a JWT of three parts, of that provider, and not out of date.',
	},
	{
		code: /^(bad_oauth_state|bad_oauth_callback)$/,
		title: 'The way back from the provider was not the one that began',
		mend: 'A URL is good once. Begin again.',
	},
];

/** Sessions and their tokens. */
const SESSIONS: readonly Advice[] = [
	{
		code: /^bad_jwt$/,
		message: /expired/,
		title: 'The access token has expired',
		mend: 'Refresh the session, or sign in again, and use the new access token.',
	},
	{
		code: /^bad_jwt$/,
		message: /missing sub/,
		title: "A user's access token is needed here, and a key was sent",
		mend: 'Put the access_token of a session into Access Token.',
	},
	{
		code: /^bad_jwt$/,
		as: /^service_role$/,
		title: 'The secret key was not accepted',
		mend: 'Copy it again from the dashboard, Project Settings, API Keys, of the same project.',
	},
	{
		code: /^bad_jwt$/,
		title: 'The access token is not one of this project',
		mend: 'It is of another project, was changed, or is cut off. Take the access_token of a session.',
	},
	{
		code: /^no_authorization$/,
		message: /anonymous/i,
		title: 'Anonymous users may not do this',
		mend: 'Give the user an e-mail address or a phone number first (Update).',
	},
	{
		code: /^no_authorization$/,
		title: 'No key or token reached Auth',
		mend: 'A gateway between may have taken it away. A self-hosted project that does not know the new sb_ keys needs the legacy ones.',
	},
	{
		code: /^session_not_found$/,
		title: 'The session has ended',
		mend: `Somebody signed out, or the password or the second factors were changed. ${SIGN_IN_AGAIN}`,
	},
	{
		code: /^session_expired$/,
		title: 'The session is over by the rules of the project',
		mend: `It was too old, unused for too long, or the user signed in elsewhere. ${SIGN_IN_AGAIN}`,
	},
	{
		code: /^refresh_token_already_used$/,
		title: 'The refresh token was used before, so the whole session is ended',
		mend: `Keep the refresh token of each answer: it replaces the one before. Two workflows cannot share one. ${SIGN_IN_AGAIN}`,
	},
	{
		code: /^refresh_token_not_found$/,
		title: 'There is no session with this refresh token',
		mend: `It has ended, or the token is of another project. ${SIGN_IN_AGAIN}`,
	},
	{
		code: /^validation_failed$/,
		message: /^Refresh token is not valid/,
		title: 'What is in Refresh Token is none',
		mend: 'It takes the refresh_token of a session, not the access token.',
	},
	{
		code: /^user_not_found$/,
		status: /^403$/,
		title: 'The user of this token was deleted',
		mend: 'Sign in as another user.',
	},
	{
		code: /^reauthentication_needed$/,
		title: 'The session is too old to change the password without a code',
		mend: 'Use Reauthenticate, which sends one, and put it into Nonce.',
	},
	{
		code: /^reauthentication_not_valid$/,
		title: 'The code in Nonce is wrong, used or out of date',
		mend: 'Use Reauthenticate for a new one.',
	},
	{
		code: /^current_password_required$/,
		title: 'The project asks for the current password to set a new one',
		mend: 'Put it into Current Password.',
	},
	{
		code: /^current_password_invalid$/,
		title: 'The current password is wrong',
		mend: 'Check Current Password.',
	},
	{
		code: /^single_identity_not_deletable$/,
		title: 'This is the only way in that the user has',
		mend: 'Link another one first.',
	},
	{
		code: /^(identity_not_found|email_conflict_identity_not_deletable)$/,
		title: 'The user has no such identity, or needs it',
		mend: 'Take the identity_id (a UUID) of Get Many identities, not the id.',
	},
];

/** What Auth says of signing up and in, and of the sessions that come of it. */
export const AUTH_SIGN_IN: readonly Advice[] = [
	...ACCOUNTS,
	...SWITCHED_OFF,
	...CODES,
	...SESSIONS,
];
