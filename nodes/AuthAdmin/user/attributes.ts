import type { INodeProperties } from 'n8n-workflow';

import { emailAddress, phoneNumber } from '../../../src/api/auth/contact';
import type { UserAttributes } from '../../../src/api/auth/admin/users';
import type { Fields } from '../../../src/n8n/field';
import { metadata, metadataOf } from '../../Auth/options';
import { newPasswordOf } from '../../Auth/fields';
import { banDurationOf } from '../fields';

export const phone: INodeProperties = {
	displayName: 'Phone',
	name: 'phone',
	type: 'string',
	default: '',
	placeholder: '+49 170 1234567',
	description: 'With a plus sign and the country',
};

export const emailConfirm: INodeProperties = {
	displayName: 'Confirm E-Mail',
	name: 'emailConfirm',
	type: 'boolean',
	default: false,
	description: 'Whether the e-mail address counts as confirmed, without a mail to its owner',
};

export const phoneConfirm: INodeProperties = {
	displayName: 'Confirm Phone',
	name: 'phoneConfirm',
	type: 'boolean',
	default: false,
	description: 'Whether the phone number counts as confirmed, without a message to its owner',
};

export const userMetadata: INodeProperties = { ...metadata, name: 'userMetadata' };

export const appMetadata: INodeProperties = {
	displayName: 'App Metadata',
	name: 'appMetadata',
	type: 'json',
	default: '{}',
	placeholder: '{"plan": "pro"}',
	description:
		'Data that the user cannot change, as a JSON object: policies may decide on rights by it',
};

export const banDuration: INodeProperties = {
	displayName: 'Ban Duration',
	name: 'banDuration',
	type: 'string',
	default: '',
	placeholder: 'e.g. 24h, 7d, or none',
	description:
		'How long the user is locked out, in hours (h), minutes (m) or days (d); none lifts the ban',
};

export const role: INodeProperties = {
	displayName: 'Role',
	name: 'role',
	type: 'string',
	default: 'authenticated',
	description: 'The role of the database that the user has. Leave it out unless you made your own.',
};

/** What the members of a collection say of a user; only those that are there. */
export function attributesOf(field: Fields): UserAttributes {
	const read = <Value>(name: string, value: (field: ReturnType<Fields>) => Value) =>
		field(name).given ? value(field(name)) : undefined;
	return {
		email: read('email', (each) => emailAddress(each.text(), 'E-Mail')),
		phone: read('phone', (each) => phoneNumber(each.text())),
		password: read('password', newPasswordOf),
		email_confirm: read('emailConfirm', (each) => each.boolean()),
		phone_confirm: read('phoneConfirm', (each) => each.boolean()),
		user_metadata: metadataOf(field('userMetadata'), 'User Metadata'),
		app_metadata: metadataOf(field('appMetadata'), 'App Metadata'),
		ban_duration: read('banDuration', banDurationOf),
		role: read('role', (each) => each.required()),
	};
}
