import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { CREDENTIAL } from '../src/n8n/credential';
import {
	projectUrlField,
	publishableKeyField,
	selfHostedFields,
} from '../src/n8n/credentialFields';

export class SupabaseProjectApi implements ICredentialType {
	name = CREDENTIAL;

	displayName = 'Supabase Project API';

	icon = {
		light: 'file:../nodes/icons/supabase.svg',
		dark: 'file:../nodes/icons/supabase.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-supabase-suite/n8n-nodes-supabase-suite/blob/main/docs/credential.md';

	properties: INodeProperties[] = [
		projectUrlField,
		{
			displayName:
				'One key is enough. The <b>publishable key</b> is for Run As Anonymous and User: policies apply. The <b>secret key</b> is for Run As Service Role, which bypasses them, and lists tables and columns while you edit.',
			name: 'keysNotice',
			type: 'notice',
			default: '',
		},
		publishableKeyField,
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'sb_secret_…',
			description:
				'Key for Run As Service Role: bypasses row level security. The legacy service_role key works too. Tables and columns are listed with it.',
		},
		...selfHostedFields,
	];
}
