import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readUser } from '../../../src/api/auth/answers';
import { inviteUser as builder } from '../../../src/api/auth/admin/users';
import { emailAddress } from '../../../src/api/auth/contact';
import { eachItem } from '../../../src/n8n/each';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { email as emailField } from '../../Auth/fields';
import { metadataOf, redirectTo, redirectToOf } from '../../Auth/options';
import { adminOperation } from '../admin';
import { userMetadata } from './attributes';

const email: INodeProperties = {
	...emailField,
	hint: 'Supabase sends the mail. Who has not accepted yet gets a new one.',
	description: 'Whom to invite',
};

const options = optionsOf([redirectTo, userMetadata, itemsAtOnce, ...requestOptions]);

interface Plan {
	readonly email: string;
	readonly data?: object;
	readonly redirectTo?: string;
}

export const inviteUser = adminOperation<Plan>({
	name: 'Invite',
	value: 'invite',
	action: 'Invite a user',
	description: 'Make a user and send them a mail with a link to accept',
	writes: ['invitation', 'sent'],
	parameters: [email, options],
	compile: (get) => ({
		email: emailAddress(get.text('email'), 'E-Mail'),
		data: metadataOf(get.option('userMetadata')),
		redirectTo: redirectToOf(get.option('redirectTo')),
	}),
	execute: eachItem(
		async ({ plan: { email: address, ...rest }, send }) => ({
			json: readUser((await send(builder(address, rest))).body) as IDataObject,
		}),
		{ targetsOf: ({ plan }) => [plan.email.toLowerCase()] },
	),
});
