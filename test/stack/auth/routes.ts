import { postMagicLink, postOtp } from './account/otp';
import { postRecover } from './account/recover';
import { postResend } from './account/resend';
import { postSignup } from './account/signup';
import { postToken } from './account/token';
import { postVerify } from './account/verify';
import { getVerify } from './account/verifyLink';
import { adminRoutes } from './admin/routes';
import type { Call, Reply } from './call';
import { getHealth, getKeys, getOpenId, getSettings, refuseScim } from './meta';
import { postChallenge } from './mfa/challenge';
import { postFactor } from './mfa/enroll';
import { deleteOwnFactor } from './mfa/unenroll';
import { postFactorVerify } from './mfa/verify';
import { oauthRoutes } from './oauth/routes';
import { oauthServerRoutes } from './oauthServer/routes';
import { postLogout } from './session/logout';
import { getUser } from './user/get';
import { getReauthenticate } from './user/reauthenticate';
import { putUser } from './user/update';

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
	{ method: 'GET', path: 'scim/v2/:resource', access: 'open', handle: refuseScim },
];

/** A request that sends something, or that a machine might try often. */
const guarded = (path: string, handle: Route['handle']): Route => ({
	method: 'POST',
	path,
	access: 'open',
	guards: ['limit', 'captcha'],
	handle,
});

const account: Route[] = [
	guarded('signup', postSignup),
	guarded('otp', postOtp),
	guarded('magiclink', postMagicLink),
	guarded('recover', postRecover),
	guarded('resend', postResend),
	guarded('token', postToken),
	{ method: 'POST', path: 'verify', access: 'open', guards: ['limit'], handle: postVerify },
	{ method: 'GET', path: 'verify', access: 'open', guards: ['limit'], handle: getVerify },
];

const session: Route[] = [
	{ method: 'POST', path: 'logout', access: 'user', handle: postLogout },
	{ method: 'GET', path: 'reauthenticate', access: 'user', handle: getReauthenticate },
];

const user: Route[] = [
	{ method: 'GET', path: 'user', access: 'user', handle: getUser },
	{ method: 'PUT', path: 'user', access: 'user', guards: ['limit'], handle: putUser },
];

const mfa: Route[] = [
	{ method: 'POST', path: 'factors', access: 'registered', handle: postFactor },
	{ method: 'DELETE', path: 'factors/:factor_id', access: 'registered', handle: deleteOwnFactor },
	{
		method: 'POST',
		path: 'factors/:factor_id/challenge',
		access: 'registered',
		guards: ['limit'],
		handle: postChallenge,
	},
	{
		method: 'POST',
		path: 'factors/:factor_id/verify',
		access: 'registered',
		guards: ['limit'],
		handle: postFactorVerify,
	},
];

/** Every route. The first that fits answers. */
export const routes: Route[] = [
	...meta,
	...account,
	...session,
	...user,
	...mfa,
	...oauthRoutes,
	...oauthServerRoutes,
	...adminRoutes,
];
