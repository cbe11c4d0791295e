import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	generateLink as builder,
	LINK_TYPES,
	readLink,
	type GeneratedLink,
	type WantedLink,
} from '../../../src/api/auth/admin/link';
import { emailAddress } from '../../../src/api/auth/contact';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachItem } from '../../../src/n8n/each';
import type { Run } from '../../../src/n8n/operation';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { email, newPasswordOf, password as passwordField } from '../../Auth/fields';
import { metadataOf, redirectTo, redirectToOf } from '../../Auth/options';
import { adminOperation } from '../admin';
import { userMetadata } from './attributes';

const linkType: INodeProperties = {
	displayName: 'Type',
	name: 'linkType',
	type: 'options',
	// By how often they are wanted.
	// eslint-disable-next-line n8n-nodes-base/node-param-options-type-unsorted-items
	options: [
		{
			name: 'Magic Link',
			value: 'magiclink',
			description: 'To sign in. Makes the user where there is none.',
		},
		{ name: 'Password Recovery', value: 'recovery', description: 'To set a new password' },
		{ name: 'Invitation', value: 'invite', description: 'Makes the user, who accepts by the link' },
		{
			name: 'Sign-Up',
			value: 'signup',
			description: 'Makes the user with a password; the link confirms the address',
		},
		{
			name: 'Email Change (New Address)',
			value: 'email_change_new',
			description: 'To confirm a new address; for the owner of the new one',
		},
		{
			name: 'Email Change (Current Address)',
			value: 'email_change_current',
			description:
				'The same for the owner of the address of now, where the project asks both (Secure Email Change)',
		},
	],
	default: 'magiclink',
	hint: 'No mail is sent: send the link yourself. Each new link ends the one before.',
	description: 'What the link is for. For a change of the phone number Auth makes none.',
};

const CHANGES = ['email_change_new', 'email_change_current'];

const newEmail: INodeProperties = {
	...email,
	displayName: 'New E-Mail',
	name: 'newEmail',
	displayOptions: { show: { linkType: CHANGES } },
	description: 'The address that the user is to have',
};

const password: INodeProperties = {
	...passwordField,
	displayOptions: { show: { linkType: ['signup'] } },
	description: 'With which the user signs in later',
};

const options = optionsOf([
	redirectTo,
	{
		...userMetadata,
		displayOptions: { show: { '/linkType': ['signup', 'invite', 'magiclink'] } },
	},
	itemsAtOnce,
	...requestOptions,
]);

interface Plan {
	readonly wanted: WantedLink;
}

export const generateLink = adminOperation<Plan>({
	name: 'Generate Link',
	value: 'generateLink',
	action: 'Generate a link',
	description: 'Make a link that you send yourself: to sign in, to confirm, to recover',
	writes: ['link', 'made'],
	parameters: [linkType, email, newEmail, password, options],
	compile(get) {
		const type = get.oneOf('linkType', LINK_TYPES);
		if (!type)
			throw new InvalidRequestError('Type is empty', `Use one of ${LINK_TYPES.join(', ')}.`);
		const isChange = CHANGES.includes(type);
		return {
			wanted: {
				type,
				email: emailAddress(get.text('email'), 'E-Mail'),
				password: type === 'signup' ? newPasswordOf(get.field('password')) : undefined,
				newEmail: isChange ? emailAddress(get.text('newEmail'), 'New E-Mail') : undefined,
				data: metadataOf(get.option('userMetadata')),
				redirectTo: redirectToOf(get.option('redirectTo')),
			},
		};
	},
	execute: eachItem(
		async ({ plan: { wanted }, send }, run) => {
			const made = readLink((await send(builder(wanted))).body);
			tell(wanted, made, run);
			return { json: { type: wanted.type, ...made } as unknown as IDataObject };
		},
		{ targetsOf: ({ plan }) => [plan.wanted.email.toLowerCase()] },
	),
});

/** What a person would not see from the output at once. */
function tell(wanted: WantedLink, made: GeneratedLink, run: Run): void {
	if (wanted.type === 'magiclink' && made.verificationType === 'signup') {
		run.hint(
			'An address had no user yet, so one was made: its link is a sign-up (verificationType is signup).',
		);
	}
	if (wanted.redirectTo && made.redirectTo !== wanted.redirectTo) {
		run.hint(
			`Redirect To was not taken: a link leads to ${made.redirectTo} instead. Add the address to the Redirect URLs in the dashboard under Authentication, URL Configuration.`,
		);
	}
}
