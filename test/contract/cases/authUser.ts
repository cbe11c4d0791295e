import type { UserAttributes } from '@supabase/supabase-js';
import type { INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { accessToken, anonymous, authing, givesNothing, givesUser, signedIn } from './auth';

const identityId = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
const givesUrl = [{ status: 200, body: { url: 'https://provider.example.com/' } }];
const redirectTo = 'https://example.com/w?a=b c';

function updating(
	name: string,
	attributes: UserAttributes,
	changes: INodeParameters,
	options: INodeParameters = {},
): ContractCase {
	const { redirectTo: emailRedirectTo } = options as { redirectTo?: string };
	return {
		name: `user.update.${name}`,
		official: async (client) =>
			(await signedIn(client)).auth.updateUser(attributes, { emailRedirectTo }),
		ours: authing('user', 'update', { accessToken, changes, options }),
		answers: givesUser,
	};
}

export const authUserCases: ContractCase[] = (
	[
		{
			name: 'user.get',
			official: (client) => client.auth.getUser(accessToken),
			ours: authing('user', 'get', { accessToken }),
			answers: givesUser,
		},
		{
			name: 'user.get.bearer',
			keys: 'new',
			official: (client) => client.auth.getUser(accessToken),
			ours: authing('user', 'get', { accessToken: `Bearer ${accessToken}` }),
			answers: givesUser,
		},
		updating('email', { email: 'new@example.com' }, { email: 'new@example.com' }, { redirectTo }),
		updating('phone', { phone: '+13334445555' }, { phone: '+1 333 444-5555' }),
		updating('password', { password: ' new ' }, { password: ' new ' }, {}),
		updating(
			'password.nonce',
			{ password: 'new', nonce: '123456' },
			{ password: 'new' },
			{ nonce: '123456' },
		),
		updating(
			'password.current',
			{ password: 'new', current_password: 'old' } as UserAttributes,
			{ password: 'new' },
			{ currentPassword: 'old' },
		),
		updating(
			'metadata',
			{ data: { hello: 'world', gone: null } },
			{ metadata: '{"hello": "world", "gone": null}' },
		),
		{
			name: 'user.reauthenticate',
			official: async (client) => (await signedIn(client)).auth.reauthenticate(),
			ours: authing('user', 'reauthenticate', { accessToken }),
			answers: givesNothing,
		},
		{
			name: 'identity.getAll',
			official: async (client) => (await signedIn(client)).auth.getUserIdentities(),
			ours: authing('identity', 'getAll', { accessToken }),
			answers: givesUser,
		},
		{
			name: 'identity.link',
			official: async (client) =>
				(await signedIn(client)).auth.linkIdentity({
					provider: 'github',
					options: { redirectTo, scopes: 'repo', queryParams: { a: 'b' } },
				}),
			ours: authing('identity', 'link', {
				accessToken,
				provider: 'github',
				linkReturns: 'tokens',
				options: {
					redirectTo,
					scopes: 'repo',
					queryParameters: { parameter: [{ name: 'a', value: 'b' }] },
				},
			}),
			answers: givesUrl,
		},
		{
			name: 'identity.unlink',
			official: async (client) =>
				(await signedIn(client)).auth.unlinkIdentity({ identity_id: identityId } as never),
			ours: authing('identity', 'unlink', { accessToken, identityId }),
			answers: givesNothing,
		},
	] satisfies ContractCase[]
).map((each) => ({ ...anonymous, ...each, name: `auth.${each.name}` }));
