import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listOf, readUser } from '../../../src/api/auth/answers';
import { getUser } from '../../../src/api/auth/user';
import { outputs } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';

const verifiedOnly: INodeProperties = {
	displayName: 'Verified Only',
	name: 'verifiedOnly',
	type: 'boolean',
	default: true,
	description: 'Whether to leave out factors of which no code was verified yet: they do not count',
};

interface Plan {
	readonly account: string;
	readonly verifiedOnly: boolean;
}

export const getFactors = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many factors',
	description: 'List the factors of a user, an item for each',
	authority: asUser,
	parameters: [...userParameters, optionsOf([verifiedOnly, ...requestOptions])],
	compile: (get) => ({
		account: userOf(get),
		verifiedOnly: get.option('verifiedOnly').boolean(),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		const user = readUser((await send(getUser())).body);
		const factors = listOf(user.factors) as IDataObject[];
		return outputs(
			plan.verifiedOnly ? factors.filter(({ status }) => status === 'verified') : factors,
		);
	}),
});
