import type { Route } from '../routes';
import { getSamlMetadata, postSso } from '../sso/sso';
import { getAuthorize, linkIdentity } from './authorize';
import { getCallback } from './callback';
import { unlinkIdentity } from './unlink';

/** Signing in through other providers, the identities that come of it, and SSO. */
export const oauthRoutes: Route[] = [
	{ method: 'GET', path: 'authorize', access: 'open', handle: getAuthorize },
	{ method: 'GET', path: 'callback', access: 'open', handle: getCallback },
	{ method: 'POST', path: 'sso', access: 'open', guards: ['captcha', 'limit'], handle: postSso },
	{ method: 'GET', path: 'sso/saml/metadata', access: 'open', handle: getSamlMetadata },
	{ method: 'GET', path: 'user/identities/authorize', access: 'user', handle: linkIdentity },
	{
		method: 'DELETE',
		path: 'user/identities/:identity_id',
		access: 'user',
		handle: unlinkIdentity,
	},
];
