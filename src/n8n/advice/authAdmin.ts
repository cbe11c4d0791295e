import type { Advice } from './advice';

const LIST = 'Take it from the list, or check the ID.';

/** Users, as an admin changes them. */
const USERS: readonly Advice[] = [
	{
		code: /^not_admin$/,
		message: /app_metadata/,
		title: 'Users may not change their app metadata themselves',
		mend: "Use Auth Admin for it, or User Metadata, which is the user's own.",
	},
	{
		code: /^not_admin$/,
		title: 'Only the secret key may do this',
		mend: "Put the Secret Key into the credential; a publishable key or a user's token has no right to it.",
	},
	{
		code: /^user_not_found$/,
		message: /email/,
		title: 'There is no user with the address {email}',
		mend: 'Check it. Links for sign-up, invitation and sign-in make the user; the others need one.',
	},
	{
		code: /^user_not_found$/,
		title: 'There is no user {user}',
		mend: 'They may be deleted, or of another project. Check the ID, or choose the user by e-mail.',
	},
	{
		code: /^user_not_found$/,
		title: 'There is no such user',
		mend: 'They may be deleted, or of another project. Check the ID, or choose the user by e-mail.',
	},
	{
		code: /^unexpected_failure$/,
		message: /^Error updating user/,
		title: 'Another user has this e-mail address or phone number already',
		mend: 'Find that user, or use another address. If none has it, a trigger on auth.users refused the change.',
	},
	{
		code: /^unexpected_failure$/,
		message: /^Database error creating new user/,
		title: 'The database did not take the new user: perhaps the ID is in use',
		mend: 'Leave User ID out, or choose another one. A trigger on auth.users can be why, too: the logs in the dashboard tell.',
	},
	{
		code: /^unexpected_failure$/,
		message: /^Error creating user/,
		title: 'Auth does not take this user, most likely for the password hash',
		mend: 'It takes hashes of bcrypt, Argon2 (argon2i, argon2id) and Firebase scrypt.',
	},
	{
		code: /^validation_failed$/,
		message: /secure email change/i,
		title: 'The project confirms a change of e-mail at the new address alone',
		mend: 'Choose the type Email Change (New Address), or switch Secure Email Change on in the dashboard.',
	},
	{
		code: /^validation_failed$/,
		message: /^Invalid email action link type/,
		title: 'Auth makes no link of this type',
		mend: 'Choose another Type. For a change of the phone number it makes none.',
	},
	{
		code: /^validation_failed$/,
		message: /^Only a password or a password hash/,
		title: 'A password and a password hash do not go together',
		mend: 'Give one of both.',
	},
	{
		code: /^validation_failed$/,
		message: /ban duration/,
		title: 'Ban Duration is not one',
		mend: 'Write a number and a unit, such as 24h or 90m; none lifts the ban.',
	},
];

/** OAuth clients, SSO and custom providers. */
const OTHERS: readonly Advice[] = [
	{
		code: /^oauth_client_not_found$/,
		title: 'There is no such OAuth client',
		mend: LIST,
	},
	{
		code: /^oauth_(authorization|consent)_not_found$/,
		title: 'There is no such authorization, or not of this user',
		mend: "Get its details first, which makes it this user's.",
	},
	{
		code: /^custom_provider_not_found$/,
		title: 'There is no such custom provider',
		mend: 'Check the identifier: it begins with custom:.',
	},
	{
		code: /^conflict$/,
		message: /custom OAuth provider/,
		title: 'There is a custom provider with this identifier already',
		mend: 'Update that one, or choose another identifier.',
	},
	{
		code: /^conflict$/,
		title: 'Something else was changed at the same moment',
		mend: 'Try again.',
	},
	{
		code: /^sso_provider_not_found$/,
		message: /domain/,
		title: 'No SSO provider has this domain',
		mend: 'Check the domain, or add it to the provider (Auth Admin).',
	},
	{
		code: /^sso_provider_not_found$/,
		title: 'There is no such SSO provider',
		mend: LIST,
	},
	{
		code: /^(sso_provider_disabled|saml_provider_disabled)$/,
		title: 'Sign-in with a company (SAML) is switched off',
		mend: 'Switch the provider on (Auth Admin, Update), and SAML 2.0 in the dashboard.',
	},
	{
		code: /^saml_idp_already_exists$/,
		title: 'There is an SSO provider of this company already',
		mend: 'Update that one: its metadata has the same EntityID.',
	},
	{
		code: /^sso_domain_already_exists$/,
		message: /'(?<domain>[^']*)'/,
		title: '{domain} belongs to another SSO provider',
		mend: 'Take it away there first.',
	},
	{
		code: /^sso_domain_already_exists$/,
		title: 'A domain belongs to another SSO provider',
		mend: 'Take it away there first.',
	},
	{
		code: /^saml_entity_id_mismatch$/,
		title: 'The new metadata is of another company (EntityID)',
		mend: 'Create another provider for it.',
	},
	{
		code: /^saml_metadata_fetch_failed$/,
		title: 'Auth could not read the metadata at its URL',
		mend: 'The URL has to answer to everybody, by https, with XML.',
	},
	{
		code: /^saml_/,
		title: "Auth does not take this of the company's sign-in (SAML)",
		mend: "Compare the metadata and the provider's settings.",
	},
	{
		code: /^unexpected_failure$/,
		on: /^ssoProvider\./,
		title: 'Auth does not understand the metadata',
		mend: 'It takes the XML of SAML 2.0 metadata as it came from the provider.',
	},
];

/** What Auth says to an admin. */
export const AUTH_ADMIN: readonly Advice[] = [...USERS, ...OTHERS];
