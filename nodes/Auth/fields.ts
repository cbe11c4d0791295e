import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import {
	CHANNELS,
	emailAddress,
	phoneNumber,
	type Channel,
	type Contact,
} from '../../src/api/auth/contact';
import { uuid } from '../../src/api/auth/ids';
import { InvalidRequestError } from '../../src/api/errors';
import type { Field } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';

export const email: INodeProperties = {
	displayName: 'E-Mail',
	name: 'email',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'name@example.com',
	description: 'The e-mail address of the account',
};

export const phone: INodeProperties = {
	displayName: 'Phone',
	name: 'phone',
	type: 'string',
	default: '',
	required: true,
	placeholder: '+49 170 1234567',
	hint: 'With a plus sign and the country. Blanks and dashes do no harm.',
	description: 'The telephone number of the account',
};

export const identifyBy: INodeProperties = {
	displayName: 'Identify By',
	name: 'identifyBy',
	type: 'options',
	options: [
		{ name: 'E-Mail', value: 'email' },
		{ name: 'Phone', value: 'phone' },
	],
	default: 'email',
	description: 'By what the account is known',
};

const CONTACTS = ['email', 'phone'] as const;

/**
 * A parameter that a choice shows. Where the choice is an expression n8n shows all that it may lead
 * to, and would not run the node with one of them empty: that it is filled in is checked later.
 */
export function chosenBy(
	property: INodeProperties,
	show: NonNullable<IDisplayOptions['show']>,
): INodeProperties {
	return { ...property, required: undefined, displayOptions: { show } };
}

/** An account, by its e-mail address or its telephone number. */
export const contactParameters: INodeProperties[] = [
	identifyBy,
	chosenBy(email, { identifyBy: ['email'] }),
	chosenBy(phone, { identifyBy: ['phone'] }),
];

/**
 * The account that an item names.
 *
 * @throws InvalidRequestError for an address or a number that cannot be one
 */
export function contactOf(get: ItemParameters): Contact {
	return get.oneOf('identifyBy', CONTACTS) === 'phone'
		? { phone: phoneNumber(get.text('phone')) }
		: { email: emailAddress(get.text('email')) };
}

/** What stands for an account in the order of items: Auth takes no notice of case. */
export function accountOf(contact: Contact): string {
	return 'email' in contact
		? contact.email.toLowerCase()
		: `phone ${contact.phone.replace(/^\+/, '')}`;
}

export const password: INodeProperties = {
	displayName: 'Password',
	name: 'password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
};

/**
 * A password as it is, with the blanks around it.
 *
 * @throws InvalidRequestError where it is empty
 */
export function passwordOf(field: Field): string {
	return field.exact() || field.required();
}

/** Auth takes no more of a password. */
const LONGEST_PASSWORD = 72;

/**
 * The same for a new password.
 *
 * @throws InvalidRequestError where it is empty, or longer than Auth takes
 */
export function newPasswordOf(field: Field): string {
	const found = passwordOf(field);
	if (Buffer.byteLength(found) <= LONGEST_PASSWORD) return found;
	throw new InvalidRequestError(
		`The password is longer than ${LONGEST_PASSWORD} bytes`,
		'Choose a shorter one. A letter beyond a to z may take two to four bytes.',
	);
}

export const channel: INodeProperties = {
	displayName: 'Send Message By',
	name: 'channel',
	type: 'options',
	options: [
		{ name: 'SMS', value: 'sms' },
		{
			name: 'WhatsApp',
			value: 'whatsapp',
			description: 'With Twilio as the provider of the project',
		},
	],
	default: 'sms',
	description: 'How the code gets to the telephone',
};

/** The same where it matters only with a telephone. */
export const phoneChannel: INodeProperties = {
	...channel,
	displayOptions: { show: { identifyBy: ['phone'] } },
};

/** `undefined` where it is not shown. */
export function channelOf(get: ItemParameters): Channel | undefined {
	return get.oneOf('channel', CHANNELS);
}

/** The same where it is a member of Options. */
export function channelOptionOf(get: ItemParameters): Channel | undefined {
	return get.option('channel').oneOf(CHANNELS);
}

export const refreshToken: INodeProperties = {
	displayName: 'Refresh Token',
	name: 'refreshToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.session.refresh_token }}',
	hint: 'The refresh_token of a session. Renewing gives a new one: keep the newest.',
};

export const includeTokens: INodeProperties = {
	displayName: 'Include Tokens',
	name: 'includeTokens',
	type: 'boolean',
	default: true,
	description:
		"Whether the output holds the session's tokens. n8n keeps what nodes put out in the data of executions: switch it off where the tokens are not used.",
};

export const factorId: INodeProperties = {
	displayName: 'Factor ID',
	name: 'factorId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 6f9619ff-8b86-4011-b42d-00c04fc964ff',
	hint: 'The id that Enroll gave, or one of those of Get Many',
};

/** @throws InvalidRequestError for anything but a UUID */
export function factorIdOf(get: ItemParameters): string {
	return uuid(get.text('factorId'), 'Factor ID', 'Enroll gives it as id, and Get Many lists it.');
}

export const code: INodeProperties = {
	displayName: 'Code',
	name: 'code',
	type: 'string',
	default: '',
	required: true,
	placeholder: '123456',
	description: 'The code that the user was sent, or reads from their app',
};

/**
 * A code, without the blanks that people write into it.
 *
 * @throws InvalidRequestError where it is empty
 */
export function codeOf(get: ItemParameters): string {
	return get.required('code').replace(/\s+/g, '');
}
