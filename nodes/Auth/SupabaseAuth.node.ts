import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { testProject } from '../../src/n8n/credentialTest';
import { nodeProperties, type Resource } from '../../src/n8n/operation';
import { runNode } from '../../src/n8n/runner';
import { subtitleOf } from '../../src/n8n/subtitle';
import { asTool } from '../../src/n8n/tool';
import { testUserSession } from '../../src/n8n/userSessionTest';
import { resend } from './account/resend';
import { resetPasswordForEmail } from './account/resetPasswordForEmail';
import { signInAnonymously } from './account/signInAnonymously';
import { signInWithIdToken } from './account/signInWithIdToken';
import { signInWithOAuth } from './account/signInWithOAuth';
import { signInWithOtp } from './account/signInWithOtp';
import { signInWithPassword } from './account/signInWithPassword';
import { signInWithSso } from './account/signInWithSso';
import { signUp } from './account/signUp';
import { verifyOtp } from './account/verifyOtp';
import { credentials } from './as';
import { getIdentities } from './identity/getAll';
import { linkIdentity } from './identity/link';
import { unlinkIdentity } from './identity/unlink';
import { challengeFactor } from './mfa/challenge';
import { challengeAndVerify } from './mfa/challengeAndVerify';
import { enrollFactor } from './mfa/enroll';
import { getFactors } from './mfa/getAll';
import { getAssuranceLevel } from './mfa/getAssuranceLevel';
import { unenrollFactor } from './mfa/unenroll';
import { verifyFactor } from './mfa/verify';
import { exchangeCode } from './session/exchangeCode';
import { getSession } from './session/get';
import { getClaims } from './session/getClaims';
import { refreshSession } from './session/refresh';
import { setSession } from './session/set';
import { signOut } from './session/signOut';
import { getUser } from './user/get';
import { reauthenticate } from './user/reauthenticate';
import { updateUser } from './user/update';

const resources: Resource[] = [
	{
		name: 'Account',
		value: 'account',
		operations: [
			resend,
			resetPasswordForEmail,
			signInAnonymously,
			signInWithIdToken,
			signInWithOAuth,
			signInWithOtp,
			signInWithPassword,
			signInWithSso,
			signUp,
			verifyOtp,
		],
		defaultOperation: 'signInWithPassword',
	},
	{
		name: 'Identity',
		value: 'identity',
		operations: [getIdentities, linkIdentity, unlinkIdentity],
	},
	{
		name: 'MFA',
		value: 'mfa',
		operations: [
			challengeFactor,
			challengeAndVerify,
			enrollFactor,
			getAssuranceLevel,
			getFactors,
			unenrollFactor,
			verifyFactor,
		],
		defaultOperation: 'enroll',
	},
	{
		name: 'Session',
		value: 'session',
		operations: [exchangeCode, getSession, getClaims, refreshSession, setSession, signOut],
		defaultOperation: 'refresh',
	},
	{ name: 'User', value: 'user', operations: [getUser, reauthenticate, updateUser] },
];

const properties = nodeProperties(resources);

export class SupabaseAuth implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Auth',
		name: 'supabaseAuth',
		icon: {
			light: 'file:../icons/supabase-auth.svg',
			dark: 'file:../icons/supabase-auth.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources, 'provider'),
		description: 'Sign users of a Supabase project up and in, and act on their accounts as they',
		defaults: { name: 'Supabase Auth' },
		usableAsTool: asTool(resources, properties),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials,
		properties,
	};

	methods = { credentialTest: { testProject, testUserSession } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
