import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readUser } from '../../../src/api/auth/answers';
import { updateUser as builder, type UserAttributes } from '../../../src/api/auth/admin/users';
import { InvalidRequestError } from '../../../src/api/errors';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { email as emailField, password } from '../../Auth/fields';
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
import { eachUser, user, userOf, type UserReference } from './user';

const MERGED = 'It is merged into what there is; a key with null is taken away.';

const email: INodeProperties = {
	...emailField,
	required: false,
	description:
		'The new e-mail address. It changes at once, stays confirmed if it was, and no mail is sent.',
};

const updates = collectionOf('updateFields', [
	email,
	emailConfirm,
	{
		...password,
		required: false,
		description:
			'The new password; all sessions of the user end. A hash can be given when a user is created, and not later.',
	},
	{ ...userMetadata, hint: MERGED },
	{ ...appMetadata, hint: MERGED },
	banDuration,
	phone,
	phoneConfirm,
	role,
]);

const options = optionsOf([itemsAtOnce, ...requestOptions]);

interface Plan {
	readonly user: UserReference;
	readonly attributes: UserAttributes;
}

export const updateUser = adminOperation<Plan>({
	name: 'Update',
	value: 'update',
	action: 'Update a user',
	description: 'Change a user: address, password, metadata, confirmation, ban',
	writes: ['user', 'changed'],
	repeatable: true,
	parameters: [user, updates, options],
	compile(get) {
		const fields = membersOf(get, updates);
		const attributes = attributesOf(fields);
		if (Object.values(attributes).every((value) => value === undefined)) {
			throw new InvalidRequestError(
				'There is nothing to change',
				'Add at least one field under Update Fields.',
			);
		}
		return { user: userOf(get), attributes };
	},
	execute: eachUser<Plan>(
		async (id, { plan, send }) => ({
			json: readUser((await send(builder(id, plan.attributes))).body) as IDataObject,
		}),
		{ addresses: ({ attributes }) => [attributes.email, attributes.phone] },
	),
});
