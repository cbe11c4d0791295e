import type { Route } from '../routes';
import { getAuthorization, getOAuthAuthorize, postConsent } from './authorizations';
import { getUserInfo, listGrants, registerDynamically, revokeGrant } from './grants';
import { postOAuthToken } from './token';

const AUTHORIZATION = 'oauth/authorizations/:authorization';

/** The project as a provider that other applications sign in with. */
export const oauthServerRoutes: Route[] = [
	{ method: 'POST', path: 'oauth/clients/register', access: 'open', handle: registerDynamically },
	{ method: 'GET', path: 'oauth/authorize', access: 'open', handle: getOAuthAuthorize },
	{ method: 'GET', path: AUTHORIZATION, access: 'user', handle: getAuthorization },
	{ method: 'POST', path: `${AUTHORIZATION}/consent`, access: 'user', handle: postConsent },
	{ method: 'POST', path: 'oauth/token', access: 'open', handle: postOAuthToken },
	{ method: 'GET', path: 'oauth/userinfo', access: 'user', handle: getUserInfo },
	{ method: 'GET', path: 'user/oauth/grants', access: 'user', handle: listGrants },
	{ method: 'DELETE', path: 'user/oauth/grants', access: 'user', handle: revokeGrant },
];
