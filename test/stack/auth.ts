import { askLite, forward } from './liteRoutes';
import type { StartService } from './service';

/** Auth, whose links in mails work without a key. */
export const startAuth: StartService = async ({ lite }) => ({
	route: {
		prefix: '/auth/v1',
		open: /^\/auth\/v1\/(verify|callback|authorize|\.well-known\/.*|sso\/saml\/.*|health)$/,
		handle: async (request, response, call) =>
			await forward(await askLite(lite, request, call), response),
	},
	controls: { 'GET mails': () => lite.mails() },
});
