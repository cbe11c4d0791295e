import type { INodeProperties } from 'n8n-workflow';

import { deletePasskey as builder } from '../../../src/api/auth/admin/factors';
import { uuid } from '../../../src/api/auth/ids';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { adminOperation } from '../admin';
import { eachUser, user, userOf, type UserReference } from '../user/user';

const passkeyId: INodeProperties = {
	displayName: 'Passkey ID',
	name: 'passkeyId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 6f9619ff-8b86-4011-b42d-00c04fc964ff',
	hint: 'The id of one of those that Get Many lists',
};

interface Plan {
	readonly user: UserReference;
	readonly passkeyId: string;
}

export const deletePasskey = adminOperation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete a passkey',
	description: 'Take a passkey away from a user',
	writes: ['passkey', 'deleted'],
	repeatable: true,
	parameters: [user, passkeyId, optionsOf([itemsAtOnce, ...requestOptions])],
	compile: (get) => ({
		user: userOf(get),
		passkeyId: uuid(get.text('passkeyId'), 'Passkey ID', 'Get Many lists it as id.'),
	}),
	execute: eachUser<Plan>(async (id, { plan, send }) => {
		await send(builder(id, plan.passkeyId));
		return { json: { id: plan.passkeyId, userId: id, deleted: true } };
	}),
});
