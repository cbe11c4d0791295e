import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import type { Authority } from '../api/keys';
import type { Project } from '../api/project';
import { CREDENTIAL } from './credential';
import type { ItemParameters } from './parameters';
import { USER_SESSION } from './userSession';

/** On whose behalf a node's requests are made, and the user's token where it is a user. */
export const runAsProperties: INodeProperties[] = [
	{
		displayName: 'Run As',
		name: 'runAs',
		type: 'options',
		options: [
			{
				name: 'Service Role',
				value: 'serviceRole',
				description: 'With the secret key. Bypasses row level security.',
			},
			{
				name: 'Anonymous',
				value: 'anonymous',
				description: 'With the publishable key. The policies for the role anon apply.',
			},
			{
				name: 'User',
				value: 'user',
				description: "With a user's access token or session. The policies for that user apply.",
			},
		],
		default: 'serviceRole',
		description: 'Whose rights the request has in the database',
	},
	{
		displayName: 'User From',
		name: 'userFrom',
		type: 'options',
		displayOptions: { show: { runAs: ['user'] } },
		options: [
			{
				name: 'Access Token',
				value: 'accessToken',
				description: 'Whoever the token is of; each item may have another',
			},
			{
				name: 'User Session',
				value: 'userSession',
				description:
					'One user for all items, who signs in by the e-mail and password of a credential',
			},
		],
		default: 'accessToken',
	},
	{
		displayName: 'Access Token',
		name: 'accessToken',
		type: 'string',
		typeOptions: { password: true },
		displayOptions: { show: { runAs: ['user'], userFrom: ['accessToken'] } },
		default: '',
		required: true,
		placeholder: 'e.g. {{ $json.session.access_token }}',
		description:
			"The user's access token (JWT), for example from a sign-in or from the header of a webhook. Each item may have another.",
	},
];

/** The same for edge functions, which may be open to all who know their address. */
export const runAsOrNoKeyProperties: INodeProperties[] = runAsProperties.map((property) =>
	property.name === 'runAs'
		? {
				...property,
				options: [
					...(property.options ?? []),
					{
						name: 'No Key',
						value: 'noKey',
						description: 'Without any key of the project, for functions that are open to all',
					},
				],
				description: 'With which key or token the function is called',
			}
		: property,
);

/** The credentials of a node with Run As. */
export const runAsCredentials: INodeCredentialDescription[] = [
	{ name: CREDENTIAL, required: true, testedBy: 'testProject' },
	{
		name: USER_SESSION,
		required: true,
		displayOptions: { show: { runAs: ['user'], userFrom: ['userSession'] } },
		testedBy: 'testUserSession',
	},
];

/** The values of Run As. */
const RUN_AS = ['serviceRole', 'anonymous', 'user'] as const;

/** Where requests may go without any key. */
const RUN_AS_OR_NO_KEY = [...RUN_AS, 'noKey'] as const;

export type RunAs = (typeof RUN_AS_OR_NO_KEY)[number];

/**
 * Whose rights an item's requests have.
 *
 * @param keyless whether they may go without any key
 * @throws InvalidRequestError where it is none of the choices: nothing stands for the service role
 */
export function runAsOf(get: ItemParameters, keyless = false): RunAs {
	const values = keyless ? RUN_AS_OR_NO_KEY : RUN_AS;
	const chosen = get.oneOf<RunAs>('runAs', values);
	if (chosen) return chosen;
	throw new InvalidRequestError('Run As is empty', `Use one of ${values.join(', ')}.`);
}

/** The values of User From; workflows of before it have none. */
const USER_FROM = ['accessToken', 'userSession'] as const;

/** The authority of whoever the credential of a user's session signs in. */
export const OF_SESSION = { role: 'userSession' } as const;

/** On whose behalf requests are made, before a user of a credential has signed in. */
export type Whose = Authority | typeof OF_SESSION;

/**
 * The authority that an item's Run As stands for.
 *
 * @throws as `runAsOf`, and where User From is none of the choices
 */
export function authorityOf(get: ItemParameters, keyless = false): Whose {
	const runAs = runAsOf(get, keyless);
	switch (runAs) {
		case 'serviceRole':
			return { role: 'service_role' };
		case 'anonymous':
			return { role: 'anon' };
		case 'user':
			return get.oneOf('userFrom', USER_FROM) === 'userSession'
				? OF_SESSION
				: { role: 'user', accessToken: get.text('accessToken') };
		case 'noKey':
			return { role: 'none' };
	}
}

/** The authority of whichever key the credential holds, the one with fewer rights first. */
export function anyAuthority({ publishableKey }: Project): Authority {
	return { role: publishableKey ? 'anon' : 'service_role' };
}
