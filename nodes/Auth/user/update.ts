import type { INodeProperties } from 'n8n-workflow';

import { readUser } from '../../../src/api/auth/answers';
import { emailAddress, phoneNumber } from '../../../src/api/auth/contact';
import { challengeOf } from '../../../src/api/auth/pkce';
import { updateUser as builder, type UserChanges } from '../../../src/api/auth/user';
import { InvalidRequestError } from '../../../src/api/errors';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import {
	channel,
	channelOptionOf,
	email,
	newPasswordOf,
	password,
	passwordOf,
	phone,
} from '../fields';
import {
	givenText,
	mailReturns,
	metadata,
	metadataOf,
	redirectTo,
	redirectToOf,
	verifierFor,
} from '../options';

const changes: INodeProperties = {
	displayName: 'Fields to Update',
	name: 'changes',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [
		{
			...email,
			required: undefined,
			hint: 'It changes when the mails are confirmed: one goes to the present address, too, unless the project is set otherwise',
			description: 'The new address',
		},
		{
			...password,
			required: undefined,
			description: 'The new password. Other sessions of the user end.',
		},
		{
			...phone,
			required: undefined,
			description: 'The new number. It changes when the code is verified.',
		},
		{
			...metadata,
			description:
				"The user's own data, as a JSON object. Members are added or replaced; one that is null is removed.",
		},
	],
};

const nonce: INodeProperties = {
	displayName: 'Nonce',
	name: 'nonce',
	type: 'string',
	default: '',
	description:
		'The code that Reauthenticate sent, where the project wants it for a new password in a session of more than a day',
};

const currentPassword: INodeProperties = {
	displayName: 'Current Password',
	name: 'currentPassword',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description: 'The password until now, where the project wants it for a new one',
};

const options = optionsOf([
	redirectTo,
	mailReturns,
	nonce,
	currentPassword,
	channel,
	...requestOptions,
]);

interface Plan {
	readonly account: string;
	readonly changes: UserChanges;
	readonly redirectTo: string | undefined;
	readonly verifier: () => string | undefined;
}

export const updateUser = operation<Plan>({
	name: 'Update',
	value: 'update',
	action: 'Update a user',
	description:
		'Change the e-mail address, phone, password or metadata of the user who is signed in',
	writes: ['user', 'updated'],
	authority: asUser,
	parameters: [...userParameters, changes, options],
	compile: (get) => ({
		account: userOf(get),
		changes: changesOf(get),
		redirectTo: redirectToOf(get.option('redirectTo')),
		verifier: verifierFor(get.option('linkReturns')),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		const codeVerifier = plan.changes.email === undefined ? undefined : plan.verifier();
		const challenge = challengeOf(codeVerifier);
		const { redirectTo: to } = plan;
		const { body } = await send(builder(plan.changes, { redirectTo: to, challenge }));
		return answered({ user: readUser(body), session: null }, true, codeVerifier);
	}),
});

/** A field that was added is to change: an expression that gives nothing is no wish to leave it. */
function changesOf(get: ItemParameters): UserChanges {
	const field = get.field('changes').collection();
	const isGiven = (name: string) => Object.hasOwn(get.object('changes'), name);
	const wanted: UserChanges = {
		...(isGiven('email') && { email: emailAddress(field('email').text()) }),
		...(isGiven('phone') && { phone: phoneNumber(field('phone').text()) }),
		...(isGiven('password') && { password: newPasswordOf(field('password')) }),
		...(isGiven('metadata') && { data: metadataOf(field('metadata')) }),
	};
	if (Object.keys(wanted).length === 0) {
		throw new InvalidRequestError(
			'There is nothing to update',
			'Add what is to change in Fields to Update.',
		);
	}
	const current = get.option('currentPassword');
	return {
		...wanted,
		...(wanted.phone !== undefined && { channel: channelOptionOf(get) }),
		nonce: givenText(get, 'nonce'),
		current_password: current.given ? passwordOf(current) : undefined,
	};
}
