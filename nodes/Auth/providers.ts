import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { AtProvider } from '../../src/api/auth/providers';
import { InvalidRequestError } from '../../src/api/errors';
import type { ItemParameters } from '../../src/n8n/parameters';
import { redirectToOf } from './options';

/** Providers that Auth knows (supabase/auth 2.196). */
const PROVIDERS: INodePropertyOptions[] = [
	{ name: 'Apple', value: 'apple' },
	{ name: 'Azure (Microsoft)', value: 'azure' },
	{ name: 'Bitbucket', value: 'bitbucket' },
	{ name: 'Discord', value: 'discord' },
	{ name: 'Facebook', value: 'facebook' },
	{ name: 'Figma', value: 'figma' },
	{ name: 'Fly', value: 'fly' },
	{ name: 'GitHub', value: 'github' },
	{ name: 'GitLab', value: 'gitlab' },
	{ name: 'Google', value: 'google' },
	{ name: 'Kakao', value: 'kakao' },
	{ name: 'Keycloak', value: 'keycloak' },
	{ name: 'LinkedIn (OIDC)', value: 'linkedin_oidc' },
	{ name: 'Notion', value: 'notion' },
	{ name: 'Slack (OIDC)', value: 'slack_oidc' },
	{ name: 'Snapchat', value: 'snapchat' },
	{ name: 'Spotify', value: 'spotify' },
	{ name: 'Twitch', value: 'twitch' },
	{ name: 'Twitter', value: 'twitter' },
	{ name: 'WorkOS', value: 'workos' },
	{ name: 'X', value: 'x' },
	{ name: 'Zoom', value: 'zoom' },
	{
		name: 'Other',
		value: 'other',
		description: 'A custom provider, or one that is not in the list',
	},
];

/** Those whose apps give ID tokens. */
const WITH_ID_TOKENS = ['apple', 'azure', 'facebook', 'google', 'kakao', 'keycloak', 'other'];

const provider: INodeProperties = {
	displayName: 'Provider',
	name: 'provider',
	type: 'options',
	options: PROVIDERS,
	default: 'google',
	hint: 'It has to be switched on in the project (dashboard: Authentication, Sign In / Providers)',
	description: 'Where the user signs in',
};

const idTokenProvider: INodeProperties = {
	...provider,
	options: PROVIDERS.filter(({ value }) => WITH_ID_TOKENS.includes(String(value))),
	description: 'Who gave the ID token',
};

const otherProvider: INodeProperties = {
	displayName: 'Name of the Provider',
	name: 'otherProvider',
	type: 'string',
	default: '',
	placeholder: 'e.g. custom:acme',
	displayOptions: { show: { provider: ['other'] } },
	hint: 'As Supabase Auth knows it: a custom one begins with custom:',
};

export const providerParameters: INodeProperties[] = [provider, otherProvider];

export const idTokenProviderParameters: INodeProperties[] = [idTokenProvider, otherProvider];

/**
 * Auth's name of the provider.
 *
 * @throws InvalidRequestError for one that is not in the list, unless it is given as another
 */
export function providerOf(get: ItemParameters): string {
	const chosen = get.required('provider');
	if (chosen !== 'other') {
		if (PROVIDERS.some(({ value }) => value === chosen)) return chosen;
		throw new InvalidRequestError(
			`Supabase Auth knows no provider ${JSON.stringify(chosen.slice(0, 60))}`,
			'Choose one of the list. For one that is not in it choose Other, and enter its name.',
		);
	}
	const name = get.required('otherProvider');
	if (/^(custom:)?[a-z\d][a-z\d_.-]*$/i.test(name)) return name;
	throw new InvalidRequestError(
		'What is in Name of the Provider is no name of one',
		'It looks like linkedin_oidc or custom:acme.',
	);
}

export const scopes: INodeProperties = {
	displayName: 'Scopes',
	name: 'scopes',
	type: 'string',
	default: '',
	placeholder: 'e.g. repo gist',
	description:
		'What the app may do at the provider beyond knowing who it is, with blanks between. The names are the provider’s own.',
};

export const queryParameters: INodeProperties = {
	displayName: 'Query Parameters',
	name: 'queryParameters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Parameter',
	default: {},
	description: 'Passed on to the provider, such as prompt or access_type',
	options: [
		{
			displayName: 'Parameter',
			name: 'parameter',
			values: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
};

/** What an item says of going to a provider, but for the challenge. */
export function atProvider(get: ItemParameters): Omit<AtProvider, 'challenge'> {
	return {
		provider: providerOf(get),
		redirectTo: redirectToOf(get.option('redirectTo')),
		scopes: get
			.option('scopes')
			.text()
			.split(/[\s,]+/)
			.filter(Boolean),
		parameters: get
			.option('queryParameters')
			.collections('parameter')
			.map((row) => [row('name').required(), row('value').exact()]),
	};
}
