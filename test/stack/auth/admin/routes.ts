import type { Route } from '../routes';

/** What a secret key may do: users, their factors, links, and the project's providers. */
export const adminRoutes: Route[] = [];
