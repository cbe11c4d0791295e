import type { Route } from '../routes';

/** Signing in through other providers, the identities that come of it, and SSO. */
export const oauthRoutes: Route[] = [];
