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
import { asTool } from '../../src/n8n/tool';
import { testUserSession } from '../../src/n8n/userSessionTest';
import { queueListSearch } from './lists';
import { archiveMessage } from './message/archive';
import { deleteMessage } from './message/delete';
import { extendMessage } from './message/extend';
import { popMessage } from './message/pop';
import { readMessage } from './message/read';
import { sendMessage } from './message/send';
import { createNewQueue } from './queue/create';
import { getQueues } from './queue/getAll';
import { getMetrics } from './queue/metrics';
import { purgeQueue } from './queue/purge';

const resources: Resource[] = [
	{
		name: 'Message',
		value: 'message',
		operations: [
			archiveMessage,
			deleteMessage,
			extendMessage,
			popMessage,
			readMessage,
			sendMessage,
		],
		defaultOperation: sendMessage.value,
		on: 'queue',
	},
	{
		name: 'Queue',
		value: 'queue',
		operations: [createNewQueue, getQueues, getMetrics, purgeQueue],
		defaultOperation: getQueues.value,
	},
];

const properties = nodeProperties(resources, runAsProperties);

export class SupabaseQueues implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Queues',
		name: 'supabaseQueues',
		icon: {
			light: 'file:../icons/supabase-queues.svg',
			dark: 'file:../icons/supabase-queues.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources, 'queue', 'queueName'),
		description: 'Send messages to queues of a Supabase project (pgmq), and work them off',
		defaults: { name: 'Supabase Queues' },
		usableAsTool: asTool(resources, properties, 'queue', 'queueName'),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: runAsCredentials,
		properties,
	};

	methods = {
		credentialTest: { testProject, testUserSession },
		listSearch: queueListSearch,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
