import type { INodeParameters } from 'n8n-workflow';

import { jwt } from '../keys';
import type { ContractCase, NodeRun } from '../case';

/** A run of the Auth Admin node. */
export function administering(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
): NodeRun {
	return { node: 'supabaseAuthAdmin', parameters: { resource, operation, ...parameters } };
}

/** A resource locator filled in by ID. */
export function byId(value: string): INodeParameters {
	return { __rl: true, mode: 'id', value };
}

export const uid = '6f1b0c0e-0000-4000-8000-000000000001';
const factor = '6f1b0c0e-0000-4000-8000-000000000002';
const other = '6f1b0c0e-0000-4000-8000-000000000003';
const token = jwt({ role: 'authenticated', sub: uid });
const metadata = { name: 'Yoda', deep: { a: [1, null] } };
const user = byId(uid);
const account = { id: uid, email: 'ann@example.com', created_at: '2026-01-01T00:00:00Z' };
const aUser = [{ status: 200, body: account }];
const users = [
	{ status: 200, headers: { 'x-total-count': '1' }, body: { users: [account], aud: 'x' } },
];

export const authAdminCases: ContractCase[] = [
	{
		name: 'admin.user.get',
		official: (client) => client.auth.admin.getUserById(uid),
		ours: administering('user', 'get', { user }),
		answers: aUser,
	},
	{
		name: 'admin.user.getAll',
		official: (client) => client.auth.admin.listUsers({ page: 1, perPage: 50 }),
		ours: administering('user', 'getAll'),
		answers: users,
	},
	{
		name: 'admin.user.getAll.page',
		official: (client) => client.auth.admin.listUsers({ page: 3, perPage: 7 }),
		ours: administering('user', 'getAll', { limit: 7, options: { page: 3 } }),
		answers: users,
	},
	{
		name: 'admin.user.getAll.all',
		official: (client) => client.auth.admin.listUsers({ page: 1, perPage: 1000 }),
		ours: administering('user', 'getAll', { returnAll: true }),
		answers: users,
	},
	{
		name: 'admin.user.getAll.pages',
		async official(client) {
			await client.auth.admin.listUsers({ page: 1, perPage: 1000 });
			await client.auth.admin.listUsers({ page: 2, perPage: 1000 });
		},
		ours: administering('user', 'getAll', { returnAll: true }),
		answers: [
			{
				status: 200,
				headers: {
					'x-total-count': '1001',
					link: '</admin/users?page=2&per_page=1000>; rel="next", </admin/users?page=2&per_page=1000>; rel="last"',
				},
				body: { users: [account] },
			},
			{
				status: 200,
				headers: { link: '</admin/users?page=2&per_page=1000>; rel="last"' },
				body: { users: [{ ...account, id: other }] },
			},
		],
	},
	{
		name: 'admin.user.create',
		official: (client) =>
			client.auth.admin.createUser({
				email: 'user@email.com',
				password: 'password',
				user_metadata: metadata,
			}),
		ours: administering('user', 'create', {
			email: 'user@email.com',
			password: 'password',
			additionalFields: { userMetadata: JSON.stringify(metadata) },
		}),
		answers: aUser,
	},
	{
		name: 'admin.user.create.everything',
		official: (client) =>
			client.auth.admin.createUser({
				id: uid,
				email: 'u@e.co',
				phone: '+1234567890',
				password_hash: '$2y$10$x',
				email_confirm: true,
				phone_confirm: true,
				user_metadata: metadata,
				app_metadata: { r: 1 },
				ban_duration: '24h',
				role: 'authenticated',
			}),
		ours: administering('user', 'create', {
			email: 'u@e.co',
			emailConfirm: true,
			additionalFields: {
				id: uid,
				phone: '+1 234 567890',
				phoneConfirm: true,
				passwordHash: '$2y$10$x',
				userMetadata: '={{ { name: "Yoda", deep: { a: [1, null] } } }}',
				appMetadata: '{"r": 1}',
				banDuration: '1d',
				role: 'authenticated',
			},
		}),
		answers: aUser,
	},
	{
		name: 'admin.user.update',
		official: (client) => client.auth.admin.updateUserById(uid, { email: 'new@email.com' }),
		ours: administering('user', 'update', { user, updateFields: { email: 'new@email.com' } }),
		answers: aUser,
	},
	{
		name: 'admin.user.update.everything',
		official: (client) =>
			client.auth.admin.updateUserById(uid, {
				phone: '+1234567890',
				password: 'x y ',
				user_metadata: { a: 1 },
				app_metadata: { plan: null },
				email_confirm: true,
				phone_confirm: true,
				ban_duration: 'none',
				role: 'editor',
			}),
		ours: administering('user', 'update', {
			user,
			updateFields: {
				phone: '+1 234 567890',
				password: 'x y ',
				userMetadata: '{"a": 1}',
				appMetadata: '{"plan": null}',
				emailConfirm: true,
				phoneConfirm: true,
				banDuration: 'none',
				role: 'editor',
			},
		}),
		answers: aUser,
	},
	{
		name: 'admin.user.delete',
		official: (client) => client.auth.admin.deleteUser(uid),
		ours: administering('user', 'delete', { user }),
		answers: [...aUser, { status: 200, body: {} }],
	},
	{
		name: 'admin.user.delete.soft',
		official: (client) => client.auth.admin.deleteUser(uid, true),
		ours: administering('user', 'delete', { user, softDelete: true }),
		answers: [...aUser, { status: 200, body: {} }],
	},
	{
		name: 'admin.user.invite',
		official: (client) => client.auth.admin.inviteUserByEmail('email@example.com'),
		ours: administering('user', 'invite', { email: 'email@example.com' }),
		answers: aUser,
	},
	{
		name: 'admin.user.invite.options',
		official: (client) =>
			client.auth.admin.inviteUserByEmail('email@example.com', {
				data: metadata,
				redirectTo: 'https://e.x/w?a=b c',
			}),
		ours: administering('user', 'invite', {
			email: ' email@example.com',
			options: { userMetadata: JSON.stringify(metadata), redirectTo: 'https://e.x/w?a=b c' },
		}),
		answers: aUser,
	},
	{
		name: 'admin.user.generateLink.signup',
		official: (client) =>
			client.auth.admin.generateLink({
				type: 'signup',
				email: 'email@example.com',
				password: 'secret',
				options: { data: { a: 1 }, redirectTo: 'https://e.x/w' },
			}),
		ours: administering('user', 'generateLink', {
			linkType: 'signup',
			email: 'email@example.com',
			password: 'secret',
			options: { userMetadata: '{"a": 1}', redirectTo: 'https://e.x/w' },
		}),
		answers: aUser,
	},
	...(['invite', 'magiclink', 'recovery'] as const).map((type): ContractCase => ({
		name: `admin.user.generateLink.${type}`,
		official: (client) => client.auth.admin.generateLink({ type, email: 'email@example.com' }),
		ours: administering('user', 'generateLink', { linkType: type, email: 'email@example.com' }),
		answers: aUser,
	})),
	...(['email_change_current', 'email_change_new'] as const).map((type): ContractCase => ({
		name: `admin.user.generateLink.${type}`,
		official: (client) =>
			client.auth.admin.generateLink({ type, email: 'c@e.co', newEmail: 'n@e.co' }),
		ours: administering('user', 'generateLink', {
			linkType: type,
			email: 'c@e.co',
			newEmail: 'n@e.co',
		}),
		answers: aUser,
	})),
	...(['global', 'local', 'others'] as const).map((scope): ContractCase => ({
		name: `admin.user.signOut.${scope}`,
		official: (client) => client.auth.admin.signOut(token, scope),
		ours: administering('user', 'signOut', { accessToken: token, scope }),
		answers: [{ status: 204 }],
	})),
	{
		name: 'admin.factor.getAll',
		official: (client) => client.auth.admin.mfa.listFactors({ userId: uid }),
		ours: administering('factor', 'getAll', { user }),
	},
	{
		name: 'admin.factor.delete',
		official: (client) => client.auth.admin.mfa.deleteFactor({ userId: uid, id: factor }),
		ours: administering('factor', 'delete', { user, factorId: factor }),
		answers: [{ status: 200, body: { id: factor } }],
	},
	{
		name: 'admin.passkey.getAll',
		official: (client) => client.auth.admin.passkey.listPasskeys({ userId: uid }),
		ours: administering('passkey', 'getAll', { user }),
	},
	{
		name: 'admin.passkey.delete',
		official: (client) =>
			client.auth.admin.passkey.deletePasskey({ userId: uid, passkeyId: factor }),
		ours: administering('passkey', 'delete', { user, passkeyId: factor }),
		answers: [{ status: 204 }],
	},
];
