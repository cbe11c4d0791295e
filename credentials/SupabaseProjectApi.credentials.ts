import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import type { Service } from '../src/api/service';
import { CREDENTIAL } from '../src/n8n/credential';

/** The services whose address can be told: those that a node uses. */
const ADDRESSES: ReadonlyArray<readonly [service: Service, label: string]> = [
	['rest', 'REST'],
	['storage', 'Storage'],
	['functions', 'Functions'],
];

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
			displayName:
				'One key is enough. The <b>publishable key</b> is for Run As Anonymous and User: policies apply. The <b>secret key</b> is for Run As Service Role, which bypasses them, and lists tables and columns while you edit.',
			name: 'keysNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Publishable Key',
			name: 'publishableKey',
			type: 'string',
			default: '',
			placeholder: 'sb_publishable_…',
			description:
				'Key for Run As Anonymous and User: policies apply. The legacy anon key works too.',
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
		// What a gateway of one's own lets in by is as secret as a key.
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password
		{
			displayName: 'Headers',
			name: 'headers',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: '{"x-gateway-token": "…"}',
			description:
				'A JSON object of names and values to send with every request, for example for a gateway of your own',
		},
		...ADDRESSES.map(([service, label]): INodeProperties => ({
			displayName: `${label} Address`,
			name: `${service}Address`,
			type: 'string',
			displayOptions: { show: { selfHosted: [true] } },
			default: '',
			placeholder: `/${service}/v1`,
			description: 'Path below the Project URL, or a whole address',
		})),
	];
}
