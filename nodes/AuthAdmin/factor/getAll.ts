import type { IDataObject } from 'n8n-workflow';

import { listFactors } from '../../../src/api/auth/admin/factors';
import { listOf } from '../../../src/api/auth/answers';
import { eachRead, outputs } from '../../../src/n8n/each';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { adminOperation } from '../admin';
import { idOf, user, userOf, type UserReference } from '../user/user';

interface Plan {
	readonly user: UserReference;
}

export const getFactors = adminOperation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many factors',
	description: "List a user's second factors",
	parameters: [user, optionsOf([itemsAtOnce, ...requestOptions])],
	compile: (get) => ({ user: userOf(get) }),
	execute: eachRead(async ({ user: reference }, send) => {
		const { body } = await send(listFactors(await idOf(send, reference)));
		return outputs(listOf(body) as IDataObject[]);
	}),
});
