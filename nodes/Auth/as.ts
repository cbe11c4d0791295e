import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { jwtClaims, type Authority } from '../../src/api/keys';
import type { Project } from '../../src/api/project';
import { CREDENTIAL } from '../../src/n8n/credential';
import { eachItem } from '../../src/n8n/each';
import type { Job, Operation, Output, Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { OF_SESSION, type Whose } from '../../src/n8n/runAs';
import { USER_SESSION } from '../../src/n8n/userSession';
import { chosenBy } from './fields';

/** A member of Options. */
export const useSecretKey: INodeProperties = {
	displayName: 'Skip Captcha (Use Secret Key)',
	name: 'useSecretKey',
	type: 'boolean',
	default: false,
	description:
		'Whether to send the secret key instead of the publishable one. Auth then asks for no captcha, whoever called the workflow, so keep it away from public forms.',
};

/**
 * The publishable key, as an app has it. The secret key never stands in for it, since Auth asks
 * whoever sends that one for no captcha.
 *
 * @throws InvalidRequestError where the credential has none
 */
export function asApp(_get: ItemParameters, { publishableKey }: Project): Authority {
	if (publishableKey) return { role: 'anon' };
	throw new InvalidRequestError(
		'The credential has no Publishable Key',
		'Supabase Auth works with the publishable key, as an app does: add it to the credential. It is in the dashboard under Project Settings, API Keys.',
	);
}

/**
 * The same, or the secret key where the person says so.
 *
 * @throws InvalidRequestError where the credential lacks the key
 */
export function asAppOrSecret(get: ItemParameters, project: Project): Authority {
	if (!get.option('useSecretKey').boolean()) return asApp(get, project);
	if (project.secretKey) return { role: 'service_role' };
	throw new InvalidRequestError(
		'The credential has no Secret Key',
		'Skip Captcha is on, which needs it: add it to the credential, or remove the option.',
	);
}

/** Whose session acts. */
const USER_FROM = ['accessToken', 'userSession'] as const;

export const accessToken: INodeProperties = {
	displayName: 'Access Token',
	name: 'accessToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.session.access_token }}',
	hint: 'The access_token of a session, from a sign-in or from the Authorization header of a webhook',
	description: 'The access token (JWT) of the user. Each item may have another.',
};

const userFrom: INodeProperties = {
	displayName: 'User From',
	name: 'userFrom',
	type: 'options',
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
	description: 'Which user it is done as',
};

/** What says which user it is done as, for operations that act as a user. */
export const userParameters: INodeProperties[] = [
	userFrom,
	chosenBy(accessToken, { userFrom: ['accessToken'] }),
];

/** The credentials of the node. */
export const credentials: INodeCredentialDescription[] = [
	{ name: CREDENTIAL, required: true, testedBy: 'testProject' },
	{
		name: USER_SESSION,
		required: true,
		displayOptions: { show: { userFrom: ['userSession'] } },
		testedBy: 'testUserSession',
	},
];

/**
 * The user whose token it is, or whom the credential signs in.
 *
 * @throws InvalidRequestError where the token is empty, or the credential has no publishable key
 */
export function asUser(get: ItemParameters, project: Project): Whose {
	asApp(get, project);
	if (get.oneOf('userFrom', USER_FROM) === 'userSession') return OF_SESSION;
	return asTokenOwner(get, project);
}

/**
 * The user whose token it is.
 *
 * @throws as `asUser`
 */
export function asTokenOwner(get: ItemParameters, project: Project): Authority {
	asApp(get, project);
	return { role: 'user', accessToken: get.required('accessToken') };
}

/** An item's user, as far as its token tells: what is done to one user keeps its order. */
export function userOf(get: ItemParameters): string {
	if (get.oneOf('userFrom', USER_FROM) === 'userSession') return 'session';
	return ownerOf(get.text('accessToken'));
}

/** Whose token it is: by the user's ID, or by itself where it does not say. */
export function ownerOf(token: string): string {
	const { sub } = jwtClaims(token.replace(/^bearer\s+/i, '')) ?? {};
	return `user ${typeof sub === 'string' ? sub : token}`;
}

/** Carries items out side by side; those of the same account one after the other, in their order. */
export function eachByAccount<Plan extends { readonly account: string }>(
	work: (job: Job<Plan>, run: Run) => Promise<Output | readonly Output[]>,
): Operation<Plan>['execute'] {
	return eachItem(work, { targetsOf: ({ plan }) => [plan.account] });
}
