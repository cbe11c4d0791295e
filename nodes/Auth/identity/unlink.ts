import type { INodeProperties } from 'n8n-workflow';

import { uuid } from '../../../src/api/auth/ids';
import { unlinkIdentity as builder } from '../../../src/api/auth/user';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';

const identityId: INodeProperties = {
	displayName: 'Identity ID',
	name: 'identityId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.identity_id }}',
	hint: 'The identity_id of an item of Get Many; its id is that at the provider',
};

interface Plan {
	readonly account: string;
	readonly identityId: string;
}

export const unlinkIdentity = operation<Plan>({
	name: 'Unlink',
	value: 'unlink',
	action: 'Unlink an identity',
	description: 'Take a provider away from an account; the last identity stays',
	writes: ['identity', 'unlinked'],
	authority: asUser,
	parameters: [...userParameters, identityId, optionsOf(requestOptions)],
	compile: (get) => ({
		account: userOf(get),
		identityId: uuid(
			get.text('identityId'),
			'Identity ID',
			'Use the identity_id that Identity, Get Many lists, and not its id.',
		),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		await send(builder(plan.identityId));
		return { json: { success: true } };
	}),
});
