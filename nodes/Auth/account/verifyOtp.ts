import type { INodeProperties } from 'n8n-workflow';

import { readAnswer } from '../../../src/api/auth/answers';
import {
	VERIFY_TYPES,
	verifyOtp as builder,
	type Verification,
} from '../../../src/api/auth/verify';
import { InvalidRequestError } from '../../../src/api/errors';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asApp, eachByAccount } from '../as';
import {
	accountOf,
	chosenBy,
	code,
	codeOf,
	contactOf,
	contactParameters,
	includeTokens,
} from '../fields';

const verifyBy: INodeProperties = {
	displayName: 'Verify By',
	name: 'verifyBy',
	type: 'options',
	options: [
		{
			name: 'Code',
			value: 'code',
			description: 'What the user types in, with their address or phone',
		},
		{
			name: 'Token Hash',
			value: 'tokenHash',
			description: 'What stands in the link of the mail as token or token_hash',
		},
	],
	default: 'code',
	description: 'What proves that the user got the mail or message',
};

const withCode = contactParameters.map((property) => ({
	...property,
	displayOptions: { show: { ...property.displayOptions?.show, verifyBy: ['code'] } },
}));

const tokenHash: INodeProperties = {
	displayName: 'Token Hash',
	name: 'tokenHash',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	displayOptions: { show: { verifyBy: ['tokenHash'] } },
	hint: 'The token of the link in the mail, or {{ .TokenHash }} of a mail template of your own',
};

const MAIL_TYPE: INodeProperties = {
	displayName: 'Type',
	name: 'emailType',
	type: 'options',
	// By how often they are wanted.
	// eslint-disable-next-line n8n-nodes-base/node-param-options-type-unsorted-items
	options: [
		{
			name: 'E-Mail Code',
			value: 'email',
			description: 'Of a sign-up, a magic link or a password reset, whichever it was',
		},
		{ name: 'Sign-Up', value: 'signup' },
		{
			name: 'Magic Link',
			value: 'magiclink',
			description: 'Not of the first mail to a new user: that is a sign-up',
		},
		{ name: 'Password Reset', value: 'recovery' },
		{ name: 'Invite', value: 'invite' },
		{ name: 'E-Mail Change', value: 'email_change' },
	],
	default: 'email',
	description: 'What the mail was sent for',
};

const emailType: INodeProperties = {
	...MAIL_TYPE,
	displayOptions: { show: { verifyBy: ['code'], identifyBy: ['email'] } },
};

const hashType: INodeProperties = {
	...MAIL_TYPE,
	name: 'hashType',
	displayOptions: { show: { verifyBy: ['tokenHash'] } },
};

const phoneType: INodeProperties = {
	...MAIL_TYPE,
	name: 'phoneType',
	displayOptions: { show: { verifyBy: ['code'], identifyBy: ['phone'] } },
	options: [
		{ name: 'Code by SMS or WhatsApp', value: 'sms' },
		{ name: 'Phone Change', value: 'phone_change' },
	],
	default: 'sms',
	description: 'What the message was sent for',
};

const options = optionsOf(requestOptions);

interface Plan {
	readonly account: string;
	readonly verification: Verification;
	readonly includeTokens: boolean;
}

export const verifyOtp = operation<Plan>({
	name: 'Verify OTP',
	value: 'verifyOtp',
	action: 'Verify a one time password',
	description: 'Get a session for the code or the token hash of a mail or message',
	writes: ['code', 'used'],
	authority: asApp,
	parameters: [
		verifyBy,
		...withCode,
		chosenBy(code, { verifyBy: ['code'] }),
		tokenHash,
		emailType,
		hashType,
		phoneType,
		includeTokens,
		options,
	],
	compile: (get) => ({ ...verificationOf(get), includeTokens: get.boolean('includeTokens') }),
	execute: eachByAccount(async ({ plan, send }, run) => {
		const { body } = await send(builder(plan.verification));
		const answer = readAnswer(body);
		if (answer.message && !answer.session) run.hint(ONE_OF_TWO);
		return answered(answer, plan.includeTokens);
	}),
});

const ONE_OF_TWO =
	'One of the two confirmations of a change of address is done (message says so): the other one, sent to the other address, completes it.';

function verificationOf(get: ItemParameters): Pick<Plan, 'account' | 'verification'> {
	if (get.oneOf('verifyBy', ['code', 'tokenHash']) === 'tokenHash') {
		const hash = get.required('tokenHash');
		const type = typeOf(get, 'hashType', VERIFY_TYPES.email);
		return { account: hash, verification: { type, token_hash: hash } };
	}
	const contact = contactOf(get);
	const token = codeOf(get);
	const verification =
		'email' in contact
			? { ...contact, token, type: typeOf(get, 'emailType', VERIFY_TYPES.email) }
			: { ...contact, token, type: typeOf(get, 'phoneType', VERIFY_TYPES.phone) };
	return { account: accountOf(contact), verification };
}

function typeOf<Type extends string>(
	get: ItemParameters,
	name: string,
	types: readonly Type[],
): Type {
	const type = get.oneOf(name, types);
	if (type !== undefined) return type;
	throw new InvalidRequestError('Type is empty', `Use one of ${types.join(', ')}.`);
}
