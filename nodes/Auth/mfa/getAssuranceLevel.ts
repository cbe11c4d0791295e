import type { IDataObject } from 'n8n-workflow';

import { readUser } from '../../../src/api/auth/answers';
import { assuranceLevel } from '../../../src/api/auth/assurance';
import { getUser } from '../../../src/api/auth/user';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';

interface Plan {
	readonly account: string;
}

export const getAssuranceLevel = operation<Plan>({
	name: 'Get Assurance Level',
	value: 'getAssuranceLevel',
	action: 'Get the assurance level of a session',
	description:
		'Tell whether a second factor was given (aal2), whether there is one to ask for, and how the user signed in',
	authority: asUser,
	parameters: [...userParameters, optionsOf(requestOptions)],
	compile: (get) => ({ account: userOf(get) }),
	execute: eachByAccount(async ({ send, accessToken = async () => await Promise.resolve('') }) => {
		const user = readUser((await send(getUser())).body);
		return { json: { ...assuranceLevel(await accessToken(), user) } as unknown as IDataObject };
	}),
});
