import type { INodeProperties } from 'n8n-workflow';

import type { Service } from '../api/service';

/** The services whose address can be told: those that a node uses. */
const ADDRESSES: ReadonlyArray<readonly [service: Service, label: string]> = [
	['rest', 'REST'],
	['auth', 'Auth'],
	['storage', 'Storage'],
	['functions', 'Functions'],
	['realtime', 'Realtime'],
];

export const projectUrlField: INodeProperties = {
	displayName: 'Project URL',
	name: 'url',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'https://abcdefghijklmnopqrst.supabase.co',
	description: 'In the dashboard under Project Settings, Data API',
};

export const publishableKeyField: INodeProperties = {
	displayName: 'Publishable Key',
	name: 'publishableKey',
	type: 'string',
	default: '',
	placeholder: 'sb_publishable_…',
	description: 'Key for Run As Anonymous and User: policies apply. The legacy anon key works too.',
};

/** What a project on a server of one's own may need; the same in each credential. */
export const selfHostedFields: INodeProperties[] = [
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
		type: 'string',
		// What a gateway of one's own lets in by is as secret as a key.
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
