import type { INodeProperties } from 'n8n-workflow';

import { readSessionAnswer } from '../../../src/api/auth/answers';
import { signInWithIdToken as builder, type IdToken } from '../../../src/api/auth/signIn';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asApp, eachByAccount } from '../as';
import { includeTokens } from '../fields';
import { givenText } from '../options';
import { idTokenProviderParameters, providerOf } from '../providers';

const idToken: INodeProperties = {
	displayName: 'ID Token',
	name: 'idToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
	hint: 'The JWT that the provider gave the app which signed the user in',
};

const providerToken: INodeProperties = {
	displayName: 'Access Token of the Provider',
	name: 'providerAccessToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description: 'What the provider gave beside the ID token. Needed where that holds at_hash.',
};

const nonce: INodeProperties = {
	displayName: 'Nonce',
	name: 'nonce',
	type: 'string',
	default: '',
	description:
		'As the app made it; the ID token holds its SHA-256. Needed where the token has one.',
};

const options = optionsOf([nonce, providerToken, ...requestOptions]);

interface Plan {
	readonly account: string;
	readonly wanted: IdToken;
	readonly includeTokens: boolean;
}

export const signInWithIdToken = operation<Plan>({
	name: 'Sign In with ID Token',
	value: 'signInWithIdToken',
	action: 'Sign in with an ID token',
	description:
		'Get a session for the ID token that a provider, such as Google or Apple, gave an app',
	writes: ['sign-in', 'made'],
	authority: asApp,
	parameters: [...idTokenProviderParameters, idToken, includeTokens, options],
	compile(get) {
		const token = get.required('idToken');
		return {
			account: token,
			wanted: {
				provider: providerOf(get),
				token,
				accessToken: givenText(get, 'providerAccessToken'),
				nonce: givenText(get, 'nonce'),
			},
			includeTokens: get.boolean('includeTokens'),
		};
	},
	execute: eachByAccount(async ({ plan, send }) => {
		const { body } = await send(builder(plan.wanted));
		return answered(readSessionAnswer(body), plan.includeTokens);
	}),
});
