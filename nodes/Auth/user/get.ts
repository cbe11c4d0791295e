import { readUser } from '../../../src/api/auth/answers';
import { getUser as builder } from '../../../src/api/auth/user';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asUser, eachByAccount, userOf, userParameters } from '../as';

interface Plan {
	readonly account: string;
}

export const getUser = operation<Plan>({
	name: 'Get',
	value: 'get',
	action: 'Get a user',
	description: 'Read the user of an access token, as Supabase knows them now',
	authority: asUser,
	parameters: [...userParameters, optionsOf(requestOptions)],
	compile: (get) => ({ account: userOf(get) }),
	execute: eachByAccount(async ({ send }) => {
		const user = readUser((await send(builder())).body);
		return answered({ user, session: null }, true);
	}),
});
