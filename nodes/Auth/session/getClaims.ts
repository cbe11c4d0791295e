import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { getClaims as verified } from '../../../src/api/auth/claims';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { accessToken, asTokenOwner } from '../as';

const ownToken: INodeProperties = {
	...accessToken,
	hint: 'Verified by the keys that the project publishes; where it signs with a secret, by asking Auth. A session that was signed out stays valid here until its token expires: User, Get tells that.',
};

const allowExpired: INodeProperties = {
	displayName: 'Allow Expired',
	name: 'allowExpired',
	type: 'boolean',
	default: false,
	description: 'Whether a token that has expired is as good, to see what it said',
};

interface Plan {
	readonly token: string;
	readonly allowExpired: boolean;
}

export const getClaims = operation<Plan>({
	name: 'Get Claims',
	value: 'getClaims',
	action: 'Get the claims of an access token',
	description: 'Verify an access token and get what it says: who the user is, until when, how sure',
	authority: asTokenOwner,
	parameters: [ownToken, optionsOf([allowExpired, ...requestOptions])],
	compile: (get) => ({
		token: get.required('accessToken').replace(/^bearer\s+/i, ''),
		allowExpired: get.option('allowExpired').boolean(),
	}),
	execute: eachItem(async ({ plan: { token, ...rest }, send }, { addresses }) => ({
		json: { ...(await verified(token, addresses.auth, send, rest)) } as unknown as IDataObject,
	})),
});
