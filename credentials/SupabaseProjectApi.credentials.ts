import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { CREDENTIAL } from '../src/n8n/credential';

export class SupabaseProjectApi implements ICredentialType {
	name = CREDENTIAL;

	displayName = 'Supabase Project API';

	icon = {
		light: 'file:../nodes/icons/supabase.svg',
		dark: 'file:../nodes/icons/supabase.dark.svg',
	} as const;

	documentationUrl = 'https://supabase.com/docs/guides/api/api-keys';

	properties: INodeProperties[] = [
		{
			displayName: 'Project URL',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://abcdefghijklmnopqrst.supabase.co',
			description: 'In the dashboard under Project Settings, Data API',
		},
		{
			displayName: 'Publishable Key',
			name: 'publishableKey',
			type: 'string',
			default: '',
			placeholder: 'sb_publishable_…',
			description:
				'Key for Run As Anonymous and User: policies apply. The legacy anon key works too. Either key may be left empty.',
		},
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
		{
			displayName: 'Self-Hosted Options',
			name: 'selfHosted',
			type: 'boolean',
			default: false,
			description:
				'Whether to show options for a project on a server of your own: certificates, headers, addresses of single services',
		},
		{
			displayName: 'Ignore TLS Errors',
			name: 'ignoreTlsErrors',
			type: 'boolean',
			displayOptions: { show: { selfHosted: [true] } },
			default: false,
			description:
				'Whether to connect even when the certificate is not trusted. For a server of your own with a self-signed certificate only.',
		},
		{
			displayName: 'Headers',
			name: 'headers',
			type: 'json',
			displayOptions: { show: { selfHosted: [true] } },
			default: '{}',
			placeholder: '{"x-gateway-token": "…"}',
			description:
				'An object of names and values to send with every request, for example for a gateway of your own',
		},
		{
			displayName: 'REST Address',
			name: 'restAddress',
			type: 'string',
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: '/rest/v1',
			description: 'Path below the Project URL, or a whole address',
		},
		{
			displayName: 'Auth Address',
			name: 'authAddress',
			type: 'string',
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: '/auth/v1',
			description: 'Path below the Project URL, or a whole address',
		},
		{
			displayName: 'Storage Address',
			name: 'storageAddress',
			type: 'string',
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: '/storage/v1',
			description: 'Path below the Project URL, or a whole address',
		},
		{
			displayName: 'Functions Address',
			name: 'functionsAddress',
			type: 'string',
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: '/functions/v1',
			description: 'Path below the Project URL, or a whole address',
		},
		{
			displayName: 'Realtime Address',
			name: 'realtimeAddress',
			type: 'string',
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: '/realtime/v1',
			description: 'Path below the Project URL, or a whole address',
		},
	];
}
