import type { IDataObject } from 'n8n-workflow';

import { deleteFactor as builder } from '../../../src/api/auth/admin/factors';
import { uuid } from '../../../src/api/auth/ids';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { factorId } from '../../Auth/fields';
import { adminOperation } from '../admin';
import { eachUser, user, userOf, type UserReference } from '../user/user';

interface Plan {
	readonly user: UserReference;
	readonly factorId: string;
}

export const deleteFactor = adminOperation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete a factor',
	description: 'Take a second factor away from a user, such as one who lost their phone',
	writes: ['factor', 'deleted'],
	repeatable: true,
	parameters: [
		user,
		{ ...factorId, hint: 'The id of one of those that Get Many lists' },
		optionsOf([itemsAtOnce, ...requestOptions]),
	],
	compile: (get) => ({
		user: userOf(get),
		factorId: uuid(get.text('factorId'), 'Factor ID', 'Get Many lists it as id.'),
	}),
	execute: eachUser<Plan>(async (id, { plan, send }) => {
		const { body } = await send<IDataObject>(builder(id, plan.factorId));
		return { json: { ...body, id: plan.factorId, userId: id, deleted: true } };
	}),
});
