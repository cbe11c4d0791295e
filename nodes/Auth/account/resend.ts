import type { INodeProperties } from 'n8n-workflow';

import { readAnswer } from '../../../src/api/auth/answers';
import type { Contact } from '../../../src/api/auth/contact';
import {
	resend as builder,
	RESEND_TYPES,
	type Message,
	type ResendType,
} from '../../../src/api/auth/messages';
import { challengeOf } from '../../../src/api/auth/pkce';
import { InvalidRequestError } from '../../../src/api/errors';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asAppOrSecret, eachByAccount, useSecretKey } from '../as';
import { accountOf, contactOf, contactParameters } from '../fields';
import {
	captchaToken,
	givenText,
	mailOrPhoneReturns,
	mailRedirectTo,
	redirectToOf,
	verifierFor,
} from '../options';

const emailType: INodeProperties = {
	displayName: 'Type',
	name: 'resendEmailType',
	type: 'options',
	displayOptions: { show: { identifyBy: ['email'] } },
	options: [
		{
			name: 'E-Mail Change',
			value: 'email_change',
			description: 'E-Mail is the present address, not the new one',
		},
		{ name: 'Sign-Up', value: 'signup' },
	],
	default: 'signup',
	hint: 'Magic links and password resets are sent again by the operations that sent them first',
	description: 'Which mail to send again',
};

const phoneType: INodeProperties = {
	displayName: 'Type',
	name: 'resendPhoneType',
	type: 'options',
	displayOptions: { show: { identifyBy: ['phone'] } },
	options: [
		{
			name: 'Phone Change',
			value: 'phone_change',
			description: 'Phone is the present number, not the new one',
		},
		{ name: 'Sign-Up', value: 'sms' },
	],
	default: 'sms',
	description: 'Which message to send again',
};

const options = optionsOf([
	mailRedirectTo,
	captchaToken,
	mailOrPhoneReturns,
	useSecretKey,
	...requestOptions,
]);

interface Plan {
	readonly account: string;
	readonly contact: Contact;
	readonly type: ResendType;
	readonly message: Message;
	readonly verifier: () => string | undefined;
}

export const resend = operation<Plan>({
	name: 'Resend',
	value: 'resend',
	action: 'Resend a mail or message',
	description:
		'Send the mail or message of a sign-up or a change of address again; nothing is sent where none is due',
	writes: ['message', 'sent'],
	authority: asAppOrSecret,
	parameters: [...contactParameters, emailType, phoneType, options],
	compile(get) {
		const contact = contactOf(get);
		return {
			account: accountOf(contact),
			contact,
			type: typeOf(get, contact),
			message: {
				redirectTo: redirectToOf(get.option('redirectTo')),
				captchaToken: givenText(get, 'captchaToken'),
			},
			verifier: verifierFor(get.option('linkReturns')),
		};
	},
	execute: eachByAccount(async ({ plan: { contact, type, message, verifier }, send }) => {
		const codeVerifier = 'email' in contact ? verifier() : undefined;
		const challenge = challengeOf(codeVerifier);
		const { body } = await send(builder(contact, type, { ...message, challenge }));
		return answered(readAnswer(body), true, codeVerifier);
	}),
});

function typeOf(get: ItemParameters, contact: Contact): ResendType {
	const type =
		'email' in contact
			? get.oneOf('resendEmailType', RESEND_TYPES.email)
			: get.oneOf('resendPhoneType', RESEND_TYPES.phone);
	if (type) return type;
	throw new InvalidRequestError('Type is empty', 'Choose which message to send again.');
}
