import type { IDataObject } from 'n8n-workflow';

import { readUser } from '../../../src/api/auth/answers';
import { getUser as builder } from '../../../src/api/auth/admin/users';
import { eachRead } from '../../../src/n8n/each';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { adminOperation } from '../admin';
import { idOf, user, userOf, type UserReference } from './user';

interface Plan {
	readonly user: UserReference;
}

export const getUser = adminOperation<Plan>({
	name: 'Get',
	value: 'get',
	action: 'Get a user',
	description: 'Read a user, with identities and second factors',
	parameters: [user, optionsOf([itemsAtOnce, ...requestOptions])],
	compile: (get) => ({ user: userOf(get) }),
	execute: eachRead(async ({ user: reference }, send) => {
		const { body } = await send(builder(await idOf(send, reference)));
		return [{ json: readUser(body) as IDataObject }];
	}),
});
