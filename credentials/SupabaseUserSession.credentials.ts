import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import {
	projectUrlField,
	publishableKeyField,
	selfHostedFields,
} from '../src/n8n/credentialFields';
import { USER_SESSION } from '../src/n8n/userSession';

// It is a user's session, and no API's.
// eslint-disable-next-line n8n-nodes-base/cred-class-name-unsuffixed
export class SupabaseUserSession implements ICredentialType {
	name = USER_SESSION;

	// eslint-disable-next-line n8n-nodes-base/cred-class-field-display-name-missing-api
	displayName = 'Supabase User Session';

	icon = {
		light: 'file:../nodes/icons/supabase.svg',
		dark: 'file:../nodes/icons/supabase.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-supabase-suite/n8n-nodes-supabase-suite/blob/main/docs/credential.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'A user of the project, made for this workflow: its nodes act as that user, so that policies apply. They sign in by themselves, and keep the session in memory alone.',
			name: 'userNotice',
			type: 'notice',
			default: '',
		},
		{ ...projectUrlField, description: "The same as in the node's other credential" },
		{
			...publishableKeyField,
			required: true,
			description: 'Key to sign in with. The legacy anon key works too.',
		},
		{
			displayName: 'E-Mail',
			name: 'email',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@example.com',
			description: 'The address that the user signs in with',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		...selfHostedFields,
	];
}
