import { reauthenticate as builder } from '../../../src/api/auth/user';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';

interface Plan {
	readonly account: string;
}

export const reauthenticate = operation<Plan>({
	name: 'Reauthenticate',
	value: 'reauthenticate',
	action: 'Reauthenticate a user',
	description: 'Send the user a code that Update takes as Nonce for a new password',
	writes: ['message', 'sent'],
	authority: asUser,
	parameters: [...userParameters, optionsOf(requestOptions)],
	compile: (get) => ({ account: userOf(get) }),
	execute: eachByAccount(async ({ send }) => {
		await send(builder());
		return { json: { success: true } };
	}),
});
