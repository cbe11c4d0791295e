import type { INodeProperties } from 'n8n-workflow';

import { readUrl } from '../../../src/api/auth/answers';
import { uuid } from '../../../src/api/auth/ids';
import { challengeOf } from '../../../src/api/auth/pkce';
import { signInWithSso as builder, type SsoProvider } from '../../../src/api/auth/providers';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asAppOrSecret, useSecretKey } from '../as';
import {
	captchaToken,
	givenText,
	linkReturns,
	redirectTo,
	redirectToOf,
	verifierFor,
} from '../options';

const findBy: INodeProperties = {
	displayName: 'Find Company By',
	name: 'findCompanyBy',
	type: 'options',
	options: [
		{ name: 'Domain', value: 'domain', description: 'What its e-mail addresses end in' },
		{
			name: 'Provider ID',
			value: 'providerId',
			description: 'The ID of its SSO provider in the project',
		},
	],
	default: 'domain',
};

const domain: INodeProperties = {
	displayName: 'Domain',
	name: 'domain',
	type: 'string',
	default: '',
	placeholder: 'example.com',
	displayOptions: { show: { findCompanyBy: ['domain'] } },
	hint: 'Of an e-mail address the part behind the @ is taken',
};

const providerId: INodeProperties = {
	displayName: 'Provider ID',
	name: 'providerId',
	type: 'string',
	default: '',
	displayOptions: { show: { findCompanyBy: ['providerId'] } },
	hint: 'The UUID that the SSO provider got when it was added to the project',
};

const options = optionsOf([redirectTo, captchaToken, useSecretKey, ...requestOptions]);

interface Plan {
	readonly provider: SsoProvider;
	readonly redirectTo: string | undefined;
	readonly captchaToken: string | undefined;
	readonly verifier: () => string | undefined;
}

export const signInWithSso = operation<Plan>({
	name: 'Sign In with SSO',
	value: 'signInWithSso',
	action: 'Get the URL to sign in with SSO',
	description:
		'Get the URL at which a user signs in with their company (SAML); to be opened by them, not by n8n',
	authority: asAppOrSecret,
	parameters: [findBy, domain, providerId, linkReturns, options],
	compile: (get) => ({
		provider: companyOf(get),
		redirectTo: redirectToOf(get.option('redirectTo')),
		captchaToken: givenText(get, 'captchaToken'),
		verifier: verifierFor(get.field('linkReturns')),
	}),
	execute: eachItem(async ({ plan: { provider, verifier, ...rest }, send }) => {
		const codeVerifier = verifier();
		const challenge = challengeOf(codeVerifier);
		const { body } = await send(builder(provider, { ...rest, challenge }));
		return { json: { url: readUrl(body), ...(codeVerifier && { codeVerifier }) } };
	}),
});

function companyOf(get: ItemParameters): SsoProvider {
	if (get.oneOf('findCompanyBy', ['domain', 'providerId']) === 'providerId') {
		return {
			provider_id: uuid(get.text('providerId'), 'Provider ID', 'It is the id of the SSO provider.'),
		};
	}
	const name = get.required('domain').replace(/^.*@/, '').toLowerCase();
	if (/^[^\s@/:]+\.[^\s@/:]+$/.test(name)) return { domain: name };
	throw new InvalidRequestError(
		'Domain is not one',
		`It is ${JSON.stringify(name.slice(0, 100))}. A domain looks like example.com.`,
	);
}
