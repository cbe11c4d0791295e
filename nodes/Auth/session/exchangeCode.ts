import type { INodeProperties } from 'n8n-workflow';

import { readSessionAnswer } from '../../../src/api/auth/answers';
import { checkVerifier } from '../../../src/api/auth/pkce';
import { exchangeCode as builder } from '../../../src/api/auth/session';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asApp } from '../as';
import { includeTokens } from '../fields';

const authCode: INodeProperties = {
	displayName: 'Code',
	name: 'authCode',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.query.code }}',
	hint: 'What stands behind ?code= in the address that the user came back to. It is good once, for five minutes.',
};

const codeVerifier: INodeProperties = {
	displayName: 'Code Verifier',
	name: 'codeVerifier',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
	hint: 'The codeVerifier in the output of the operation that made the link',
};

interface Plan {
	readonly code: string;
	readonly verifier: string;
	readonly includeTokens: boolean;
}

export const exchangeCode = operation<Plan>({
	name: 'Exchange Code',
	value: 'exchangeCode',
	action: 'Exchange a code for a session',
	description:
		'Get the session for the code that a link or a provider sent the user back with (PKCE)',
	writes: ['code', 'exchanged'],
	authority: asApp,
	parameters: [authCode, codeVerifier, includeTokens, optionsOf(requestOptions)],
	compile: (get) => ({
		code: get.required('authCode'),
		verifier: checkVerifier(get.required('codeVerifier')),
		includeTokens: get.boolean('includeTokens'),
	}),
	execute: eachItem(
		async ({ plan, send }) => {
			const { body } = await send(builder(plan.code, plan.verifier));
			return answered(readSessionAnswer(body), plan.includeTokens);
		},
		{ targetsOf: ({ plan }) => [plan.code] },
	),
});
