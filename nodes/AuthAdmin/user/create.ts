import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readUser } from '../../../src/api/auth/answers';
import { createUser as builder, type UserAttributes } from '../../../src/api/auth/admin/users';
import { emailAddress } from '../../../src/api/auth/contact';
import { uuid } from '../../../src/api/auth/ids';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachItem } from '../../../src/n8n/each';
import { filledIn } from '../../../src/n8n/parameters';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { email as emailField, newPasswordOf, password as passwordField } from '../../Auth/fields';
import { adminOperation } from '../admin';
import { collectionOf, membersOf } from '../fields';
import {
	appMetadata,
	attributesOf,
	banDuration,
	emailConfirm,
	phone,
	phoneConfirm,
	role,
	userMetadata,
} from './attributes';

const email: INodeProperties = {
	...emailField,
	required: false,
	hint: 'No mail is sent: for that, use Invite',
	description: 'The e-mail address of the user. Without one, add Phone below.',
};

const password: INodeProperties = {
	...passwordField,
	required: false,
	hint: 'Empty: none, and the user signs in by links and codes until one is set',
};

const confirm: INodeProperties = {
	...emailConfirm,
	hint: 'Off: the user cannot sign in before the address is confirmed, and no mail asks for that',
};

const id: INodeProperties = {
	displayName: 'User ID',
	name: 'id',
	type: 'string',
	default: '',
	placeholder: 'e.g. 8f14e45f-ceea-467f-a9b1-0c2f5d1f7a11',
	description: 'The ID (a UUID) that the user is to have, such as in the system they come from',
};

const passwordHash: INodeProperties = {
	displayName: 'Password Hash',
	name: 'passwordHash',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: '$2a$10$…',
	description:
		'In place of a password, for users of another system: a hash of bcrypt, Argon2 or Firebase scrypt',
};

const additional = collectionOf('additionalFields', [
	userMetadata,
	appMetadata,
	phone,
	phoneConfirm,
	banDuration,
	role,
	id,
	passwordHash,
]);

const options = optionsOf([itemsAtOnce, ...requestOptions]);

interface Plan {
	readonly attributes: UserAttributes;
}

export const createUser = adminOperation<Plan>({
	name: 'Create',
	value: 'create',
	action: 'Create a user',
	description: 'Make a user, without a mail to them',
	writes: ['user', 'made'],
	parameters: [email, password, confirm, additional, options],
	compile(get) {
		const fields = membersOf(get, additional);
		const address = filledIn(get, 'email');
		const secret = filledIn(get, 'password');
		const attributes: UserAttributes = {
			...attributesOf(fields),
			id: fields('id').given ? userId(fields('id').required()) : undefined,
			email: address && emailAddress(address.text(), 'E-Mail'),
			password: secret && newPasswordOf(secret),
			email_confirm: get.boolean('emailConfirm') || undefined,
			password_hash: fields('passwordHash').given ? fields('passwordHash').required() : undefined,
		};
		check(attributes);
		return { attributes };
	},
	execute: eachItem(
		async ({ plan: { attributes }, send }) => ({
			json: readUser((await send(builder(attributes))).body) as IDataObject,
		}),
		{
			targetsOf: ({ plan: { attributes } }) =>
				[attributes.id, attributes.email, attributes.phone].flatMap(
					(each) => each?.toLowerCase() ?? [],
				),
		},
	),
});

function userId(text: string): string {
	return uuid(text, 'User ID', 'It is a UUID.');
}

function check({ email: address, phone: number, ...rest }: UserAttributes): void {
	if (!address && !number) {
		throw new InvalidRequestError(
			'A user needs an e-mail address or a phone number',
			'Fill E-Mail in, or add Phone. If they come from an expression, check what that gives for this item.',
		);
	}
	if (rest.password && rest.password_hash) {
		throw new InvalidRequestError(
			'A password and a password hash do not go together',
			'Leave Password empty, or remove Password Hash.',
		);
	}
	if (rest.email_confirm && !address) {
		throw new InvalidRequestError(
			'Confirm E-Mail is on, but there is no e-mail address',
			'Switch it off, or fill E-Mail in.',
		);
	}
}
