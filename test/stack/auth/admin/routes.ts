import type { Route } from '../routes';
import { listAudit } from './auditLog';
import { createUser } from './createUser';
import { createCustom, deleteCustom, getCustom, listCustom, updateCustom } from './customProviders';
import { deleteUser } from './deleteUser';
import { listFactors, removeFactor, updateFactor } from './factors';
import { generateLink } from './generateLink';
import { getNamedUser } from './getUser';
import { inviteUser } from './invite';
import { listUsers } from './listUsers';
import {
	createClient,
	deleteClient,
	getClient,
	listClients,
	regenerateSecret,
	updateClient,
} from './oauthClients';
import { deletePasskey, listPasskeys } from './passkeys';
import {
	createProvider,
	deleteProvider,
	getProvider,
	listProviders,
	updateProvider,
} from './ssoProviders';
import { updateUser } from './updateUser';

const USER = 'admin/users/:user_id';
const FACTOR = `${USER}/factors/:factor_id`;
const CLIENT = 'admin/oauth/clients/:client';
const SSO = 'admin/sso/providers';
const CUSTOM = 'admin/custom-providers';

const list: Array<[method: string, path: string, handle: Route['handle']]> = [
	['GET', 'admin/users', listUsers],
	['POST', 'admin/users', createUser],
	['GET', USER, getNamedUser],
	['PUT', USER, updateUser],
	['DELETE', USER, deleteUser],
	['GET', `${USER}/factors`, listFactors],
	['PUT', FACTOR, updateFactor],
	['DELETE', FACTOR, removeFactor],
	['GET', `${USER}/passkeys`, listPasskeys],
	['DELETE', `${USER}/passkeys/:passkey_id`, deletePasskey],
	['POST', 'invite', inviteUser],
	['POST', 'admin/generate_link', generateLink],
	['GET', 'admin/audit', listAudit],
	['GET', 'admin/oauth/clients', listClients],
	['POST', 'admin/oauth/clients', createClient],
	['GET', CLIENT, getClient],
	['PUT', CLIENT, updateClient],
	['DELETE', CLIENT, deleteClient],
	['POST', `${CLIENT}/regenerate_secret`, regenerateSecret],
	['GET', SSO, listProviders],
	['POST', SSO, createProvider],
	['GET', `${SSO}/:provider`, getProvider],
	['PUT', `${SSO}/:provider`, updateProvider],
	['DELETE', `${SSO}/:provider`, deleteProvider],
	['GET', CUSTOM, listCustom],
	['POST', CUSTOM, createCustom],
	['GET', `${CUSTOM}/:identifier`, getCustom],
	['PUT', `${CUSTOM}/:identifier`, updateCustom],
	['DELETE', `${CUSTOM}/:identifier`, deleteCustom],
];

/** What a secret key may do: users, their factors, links, and the project's providers. */
export const adminRoutes: Route[] = list.map(([method, path, handle]) => ({
	method,
	path,
	access: 'admin',
	handle,
}));
