import type { INodeProperties } from 'n8n-workflow';

import { SCOPES, signOut as builder, type Scope } from '../../../src/api/auth/session';
import { InvalidRequestError, refusal, SupabaseApiError } from '../../../src/api/errors';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { accessToken, asTokenOwner, eachByAccount, ownerOf } from '../as';

const scope: INodeProperties = {
	displayName: 'Scope',
	name: 'scope',
	type: 'options',
	// By how often they are wanted.

	options: [
		{ name: 'Global', value: 'global', description: 'All sessions of the user' },
		{ name: 'Local', value: 'local', description: 'This session alone' },
		{ name: 'Others', value: 'others', description: 'All sessions of the user but this one' },
	],
	default: 'global',
	hint: 'Auth refuses the tokens at once; database and storage take an access token until it expires',
	description: 'Which sessions end',
};

interface Plan {
	readonly account: string;
	readonly scope: Scope;
}

export const signOut = operation<Plan>({
	name: 'Sign Out',
	value: 'signOut',
	action: 'Sign out a user',
	description: "End the session of a token, the user's other sessions, or all of them",
	writes: ['sign-out', 'made'],
	repeatable: true,
	authority: asTokenOwner,
	parameters: [accessToken, scope, optionsOf(requestOptions)],
	compile(get) {
		const chosen = get.oneOf('scope', SCOPES);
		if (!chosen)
			throw new InvalidRequestError('Scope is empty', `Use one of ${SCOPES.join(', ')}.`);
		return { account: ownerOf(get.required('accessToken')), scope: chosen };
	},
	execute: eachByAccount(async ({ plan, send }) => {
		const answer = await send(builder(plan.scope)).catch(refusal);
		if (!(answer instanceof SupabaseApiError)) return { json: { success: true } };
		if (answer.code !== 'session_not_found') throw answer;
		return { json: { success: true, alreadySignedOut: true } };
	}),
});
