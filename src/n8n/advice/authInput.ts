import type { Advice } from './advice';

const EXPRESSION = 'If it comes from an expression, check what that gives for this item.';
const code = /^validation_failed$/;

/** What Auth says of values that it does not take. */
export const AUTH_INPUT: readonly Advice[] = [
	{
		code,
		message: /validate email address|Invalid email format/,
		title: 'The e-mail address is not one',
		mend: `It has no blanks around it and no name before it. ${EXPRESSION}`,
	},
	{
		code,
		message: /phone number format/,
		title: 'The phone number is not one',
		mend: `Write it with its country code, such as +49 170 1234567. ${EXPRESSION}`,
	},
	{
		code,
		message: /without either an email or phone/,
		title: 'A user needs an e-mail address or a phone number',
		mend: `Fill one of both in. ${EXPRESSION}`,
	},
	{
		code,
		message: /provider_id/,
		title: 'A company is found by its domain or by the ID of its provider, not by both',
		mend: `Fill one of both in. ${EXPRESSION}`,
	},
	{
		code,
		message: /^Only an email address or phone|^One of email or phone|^missing email or phone/,
		title: 'Auth takes either an e-mail address or a phone number',
		mend: `Fill one of both in, and leave the other empty. ${EXPRESSION}`,
	},
	{
		code,
		message: /the user to have an email or a phone/,
		title: 'The user has no e-mail address and no phone number, to which a code could be sent',
		mend: 'Give the user one first (Update).',
	},
	{
		code,
		message: /(requires|required).*email|email.* required/i,
		title: 'An e-mail address is missing',
		mend: `Fill it in. ${EXPRESSION}`,
	},
	{
		code,
		message: /(requires|required).*phone|phone.* required/i,
		title: 'A phone number is missing',
		mend: `Fill it in. ${EXPRESSION}`,
	},
	{
		code,
		message: /one of these types/,
		title: 'Type is none that Auth knows here',
		mend: 'It is signup, email_change, sms or phone_change.',
	},
	{
		code,
		message: /cannot be longer than 72/,
		title: 'The password is longer than 72 bytes',
		mend: 'Choose a shorter one; letters beyond a to z count for two or more.',
	},
	{
		code,
		message: /requires a valid password/,
		title: 'The password is empty',
		mend: `Fill it in. ${EXPRESSION}`,
	},
	{
		code,
		message: /anonymous user without/,
		title: 'An anonymous user has no password before an address',
		mend: 'Give the user an e-mail address or a phone number, and the password with it.',
	},
	{
		code,
		message: /channel/i,
		title: 'Channel does not fit',
		mend: 'It is sms or whatsapp, and goes with a phone number alone. WhatsApp needs Twilio.',
	},
	{
		code,
		message: /PKCE|code.?(challenge|verifier)|auth code/,
		title: 'The code challenge or verifier does not fit',
		mend: 'A verifier has 43 to 128 characters, and is the one that came with the request for the link.',
	},
	{
		code,
		message: /^(Verify|Only the token_hash|Code needs|Invalid .*type|factor_type|credential)/,
		title: 'What there is to verify does not go together',
		mend: 'Give a code with its address or number, or a token hash alone, and the type of the mail.',
	},
	{
		code,
		message: /logout scope/,
		title: 'Scope is none that Auth knows',
		mend: 'It is global, local or others.',
	},
	{
		code,
		message: /Pagination|Sort Parameters/,
		title: 'Auth does not take these pages or this order',
		mend: 'Pages count from 1, a page has at least one entry, and the order is by the time of creation.',
	},
	{
		code,
		message: /^Invalid query scope/,
		title: 'The audit log cannot be searched for this',
		mend: 'It is searched by action or by author.',
	},
	{
		code,
		message: /redirect_uri/i,
		title: 'A redirect URI is missing, or is none that Auth takes',
		mend: 'Give at least one: https, or http for localhost.',
	},
	{
		code,
		message: /public client/,
		title: 'A public client has no secret',
		mend: 'Only confidential clients have one.',
	},
	{
		code,
		message: /token_endpoint_auth_method/,
		title: "The client's type does not allow this method of authentication",
		mend: 'A confidential client keeps a secret method; a public one has none. Create another client to change it.',
	},
	{
		code,
		message: /No fields provided/,
		title: 'There is nothing to change',
		mend: 'Add at least one field.',
	},
	{
		code,
		message: /identifier/,
		title: 'The identifier does not begin with custom:',
		mend: 'Write it like custom:acme.',
	},
	{
		code,
		message: /HTTPS|loopback|resolve hostname/,
		title: 'Auth does not take this URL',
		mend: 'It wants https, and a host that the public network knows.',
	},
	{
		code,
		message: /metadata|'saml'/i,
		title: 'Auth takes the metadata of SAML alone, as a URL or as XML',
		mend: 'Give one of both; the URL begins with https.',
	},
	{
		code,
		message: /UUID|client_id format|nil uuid/i,
		title: 'The ID is not one',
		mend: `It is a UUID, such as 3f0c3a5e-8c0e-4a5e-9d6b-0c2f5d1f7a11. ${EXPRESSION}`,
	},
	{
		code,
		title: 'Auth does not take a value of this request',
		mend: `Its words below say which one. ${EXPRESSION}`,
	},
	{
		code: /^bad_json$/,
		title: 'Auth does not take a value, as it is of another kind',
		mend: 'Metadata is an object, IDs are UUIDs, addresses are texts.',
	},
];
