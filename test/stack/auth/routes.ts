import { postSignup } from './account/signup';
import { postToken } from './account/token';
import { adminRoutes } from './admin/routes';
import type { Call, Reply } from './call';
import { getHealth, getKeys, getOpenId, getSettings } from './meta';
import { oauthRoutes } from './oauth/routes';
import { oauthServerRoutes } from './oauthServer/routes';
import { postLogout } from './session/logout';
import { getUser } from './user/get';

/**
 * One route of the server. To add one, write its handler in a file named after what it serves and
 * put a line into the group's list, or a new list of your folder into `routes`:
 *
 * - `path` is below `/auth/v1/`; `:name` is one segment, read by `call.param('name')`. One whose
 *   name ends in `_id` has to be a UUID, and is refused with the service's own words when it is not.
 * - `access`: `open` asks for no token; `user` for a user's, whose user and session are then at
 *   `call.user` and `call.session`; `registered` refuses anonymous users too; `admin` asks for a
 *   secret key.
 * - `handle` reads `call.body(bodyType(…))`, `call.query`, `call.settings` and writes by `call.db`: a
 *   transaction that is kept when it returns, and taken back when it throws (`keep` of an error
 *   keeps it). Mails and text messages (`send/`) leave only when it is kept.
 * - It returns what is answered: a body, a status (200), a `location`; or throws `refusal(name)`,
 *   `invalid(text)` or another error of `errors.ts`, whose body has both shapes by itself.
 */
export interface Route {
	method: string;
	path: string;
	access: 'open' | 'user' | 'registered' | 'admin';
	/** Counts towards the limit of requests, and asks for a captcha where the project wants one. */
	guards?: Array<'limit' | 'captcha'>;
	handle(call: Call): Promise<Reply> | Reply;
}

const meta: Route[] = [
	{ method: 'GET', path: 'health', access: 'open', handle: getHealth },
	{ method: 'GET', path: 'settings', access: 'open', handle: getSettings },
	{ method: 'GET', path: '.well-known/jwks.json', access: 'open', handle: getKeys },
	{ method: 'GET', path: '.well-known/openid-configuration', access: 'open', handle: getOpenId },
];

const account: Route[] = [
	{
		method: 'POST',
		path: 'signup',
		access: 'open',
		guards: ['captcha', 'limit'],
		handle: postSignup,
	},
	{ method: 'POST', path: 'token', access: 'open', guards: ['limit'], handle: postToken },
];

const session: Route[] = [{ method: 'POST', path: 'logout', access: 'user', handle: postLogout }];

const user: Route[] = [{ method: 'GET', path: 'user', access: 'user', handle: getUser }];

/** Every route. The first that fits answers. */
export const routes: Route[] = [
	...meta,
	...account,
	...session,
	...user,
	...oauthRoutes,
	...oauthServerRoutes,
	...adminRoutes,
];
