import type { IDataObject } from 'n8n-workflow';

import { readMade } from '../../../src/api/auth/answers';
import { unenroll as builder } from '../../../src/api/auth/factors';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import { factorId, factorIdOf } from '../fields';

interface Plan {
	readonly account: string;
	readonly factorId: string;
}

export const unenrollFactor = operation<Plan>({
	name: 'Unenroll',
	value: 'unenroll',
	action: 'Unenroll a factor',
	description: 'Take a factor away; a verified one needs a session of the level aal2',
	writes: ['factor', 'removed'],
	authority: asUser,
	parameters: [...userParameters, factorId, optionsOf(requestOptions)],
	compile: (get) => ({ account: userOf(get), factorId: factorIdOf(get) }),
	execute: eachByAccount(async ({ plan, send }) => {
		const { body } = await send(builder(plan.factorId));
		return { json: readMade(body) as IDataObject };
	}),
});
