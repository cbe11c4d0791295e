import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { testProject } from '../../src/n8n/credentialTest';
import { nodeProperties, type Resource } from '../../src/n8n/operation';
import { runAsCredentials, runAsOrNoKeyProperties } from '../../src/n8n/runAs';
import { runNode } from '../../src/n8n/runner';
import { subtitleOf } from '../../src/n8n/subtitle';
import { asTool } from '../../src/n8n/tool';
import { testUserSession } from '../../src/n8n/userSessionTest';
import { invokeFunction } from './function/invoke';

const resources: Resource[] = [
	{ name: 'Function', value: 'function', operations: [invokeFunction], on: 'function' },
];

const properties = nodeProperties(resources, runAsOrNoKeyProperties);

export class SupabaseFunctions implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Functions',
		name: 'supabaseFunctions',
		icon: {
			light: 'file:../icons/supabase-functions.svg',
			dark: 'file:../icons/supabase-functions.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources, 'function'),
		description: 'Call Edge Functions of a Supabase project',
		defaults: { name: 'Supabase Functions' },
		usableAsTool: asTool(resources, properties, 'function'),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: runAsCredentials,
		properties,
	};

	methods = { credentialTest: { testProject, testUserSession } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
