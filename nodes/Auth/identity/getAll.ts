import type { IDataObject } from 'n8n-workflow';

import { listOf, readUser } from '../../../src/api/auth/answers';
import { getUser } from '../../../src/api/auth/user';
import { outputs } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';

interface Plan {
	readonly account: string;
}

export const getIdentities = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many identities',
	description: 'List by which providers a user can sign in, an item for each',
	authority: asUser,
	parameters: [...userParameters, optionsOf(requestOptions)],
	compile: (get) => ({ account: userOf(get) }),
	execute: eachByAccount(async ({ send }) => {
		const user = readUser((await send(getUser())).body);
		return outputs(listOf(user.identities) as IDataObject[]);
	}),
});
