import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { testProject } from '../../src/n8n/credentialTest';
import { nodeProperties, type Resource } from '../../src/n8n/operation';
import { runAsCredentials, runAsProperties } from '../../src/n8n/runAs';
import { runNode } from '../../src/n8n/runner';
import { subtitleOf } from '../../src/n8n/subtitle';
import { tableListSearch } from '../../src/n8n/tableLists';
import { asTool } from '../../src/n8n/tool';
import { testUserSession } from '../../src/n8n/userSessionTest';
import { sendBroadcast } from './broadcast/send';
import { waitFor } from './channel/waitFor';
import { getPresences } from './presence/getAll';
import { getSql } from './setup/getSql';

const resources: Resource[] = [
	{ name: 'Broadcast', value: 'broadcast', operations: [sendBroadcast], on: 'channel' },
	{ name: 'Channel', value: 'channel', operations: [waitFor] },
	{ name: 'Presence', value: 'presence', operations: [getPresences], on: 'channel' },
	{ name: 'Setup', value: 'setup', operations: [getSql] },
];

const properties = nodeProperties(resources, runAsProperties);

export class SupabaseRealtime implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Realtime',
		name: 'supabaseRealtime',
		icon: {
			light: 'file:../icons/supabase-realtime.svg',
			dark: 'file:../icons/supabase-realtime.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources, 'channel', 'table', 'queue'),
		description: 'Send messages to Realtime channels of a Supabase project, and wait for them',
		defaults: { name: 'Supabase Realtime' },
		usableAsTool: asTool(resources, properties, 'channel'),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: runAsCredentials,
		properties,
	};

	methods = {
		credentialTest: { testProject, testUserSession },
		listSearch: tableListSearch,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
