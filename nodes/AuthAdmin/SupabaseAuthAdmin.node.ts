import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { CREDENTIAL } from '../../src/n8n/credential';
import { testProject } from '../../src/n8n/credentialTest';
import { nodeProperties, type Resource } from '../../src/n8n/operation';
import { runNode } from '../../src/n8n/runner';
import { subtitleOf } from '../../src/n8n/subtitle';
import { asTool } from '../../src/n8n/tool';
import { getAudit } from './auditLog/getAll';
import {
	createCustomProvider,
	deleteCustomProvider,
	getCustomProvider,
	getCustomProviders,
	updateCustomProvider,
} from './customProvider/customProvider';
import { deleteFactor } from './factor/delete';
import { getFactors } from './factor/getAll';
import { adminListSearch } from './lists';
import {
	createOAuthClient,
	deleteOAuthClient,
	getOAuthClient,
	getOAuthClients,
	updateOAuthClient,
} from './oauthClient/oauthClient';
import { regenerateSecret } from './oauthClient/regenerateSecret';
import { deletePasskey } from './passkey/delete';
import { getPasskeys } from './passkey/getAll';
import {
	createSsoProvider,
	deleteSsoProvider,
	getSsoProvider,
	getSsoProviders,
	updateSsoProvider,
} from './ssoProvider/ssoProvider';
import { createUser } from './user/create';
import { deleteUser } from './user/delete';
import { generateLink } from './user/generateLink';
import { getUser } from './user/get';
import { getUsers } from './user/getAll';
import { inviteUser } from './user/invite';
import { signOutUser } from './user/signOut';
import { updateUser } from './user/update';

const resources: Resource[] = [
	{
		name: 'User',
		value: 'user',
		operations: [
			createUser,
			deleteUser,
			generateLink,
			getUser,
			getUsers,
			inviteUser,
			signOutUser,
			updateUser,
		],
		defaultOperation: getUsers.value,
	},
	{
		name: 'Factor',
		value: 'factor',
		operations: [deleteFactor, getFactors],
		defaultOperation: getFactors.value,
	},
	{
		name: 'Passkey',
		value: 'passkey',
		operations: [deletePasskey, getPasskeys],
		defaultOperation: getPasskeys.value,
	},
	{
		name: 'OAuth Client',
		value: 'oauthClient',
		operations: [
			createOAuthClient,
			deleteOAuthClient,
			getOAuthClient,
			getOAuthClients,
			regenerateSecret,
			updateOAuthClient,
		],
		defaultOperation: getOAuthClients.value,
	},
	{
		name: 'SSO Provider',
		value: 'ssoProvider',
		operations: [
			createSsoProvider,
			deleteSsoProvider,
			getSsoProvider,
			getSsoProviders,
			updateSsoProvider,
		],
		defaultOperation: getSsoProviders.value,
	},
	{
		name: 'Custom Provider',
		value: 'customProvider',
		operations: [
			createCustomProvider,
			deleteCustomProvider,
			getCustomProvider,
			getCustomProviders,
			updateCustomProvider,
		],
		defaultOperation: getCustomProviders.value,
	},
	{ name: 'Audit Log', value: 'auditLog', operations: [getAudit] },
];

const properties = nodeProperties(resources);

export class SupabaseAuthAdmin implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Auth Admin',
		name: 'supabaseAuthAdmin',
		icon: {
			light: 'file:../icons/supabase-auth-admin.svg',
			dark: 'file:../icons/supabase-auth-admin.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(
			resources,
			'user',
			'email',
			'oauthClient',
			'ssoProvider',
			'customProvider',
		),
		description: 'Create, invite, find, change and delete the users of a Supabase project',
		defaults: { name: 'Supabase Auth Admin' },
		usableAsTool: asTool(resources, properties, 'user'),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true, testedBy: 'testProject' }],
		properties,
	};

	methods = { credentialTest: { testProject }, listSearch: adminListSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
