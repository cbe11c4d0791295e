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
import { tableListSearch, tableLoadOptions, tableResourceMapping } from '../../src/n8n/tableLists';
import { callFunction } from './function/call';
import { deleteMatchingRows } from './row/delete';
import { insertRows } from './row/insert';
import { selectRows } from './row/select';
import { updateRows } from './row/update';
import { upsertRows } from './row/upsert';
import { getSchema } from './schema/get';

const resources: Resource[] = [
	{
		name: 'Row',
		value: 'row',
		operations: [upsertRows, deleteMatchingRows, insertRows, selectRows, updateRows],
		defaultOperation: 'select',
		on: 'table',
	},
	{ name: 'Function', value: 'function', operations: [callFunction], on: 'function' },
	{ name: 'Schema', value: 'schema', operations: [getSchema] },
];

const properties = nodeProperties(resources, runAsProperties);

export class SupabaseDatabase implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Database',
		name: 'supabaseDatabase',
		icon: {
			light: 'file:../icons/supabase-database.svg',
			dark: 'file:../icons/supabase-database.dark.svg',
		},
		group: ['input'],
		version: 1,
		subtitle: subtitleOf(resources, 'table', 'function', 'schema'),
		description: 'Read and write rows of a Supabase project, and call its functions',
		defaults: { name: 'Supabase Database' },
		usableAsTool: asTool(resources, properties, 'table', 'function'),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: runAsCredentials,
		properties,
	};

	methods = {
		credentialTest: { testProject, testUserSession },
		listSearch: tableListSearch,
		loadOptions: tableLoadOptions,
		resourceMapping: tableResourceMapping,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
