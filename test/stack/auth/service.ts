import { json } from 'node:stream/consumers';

import type { StartService } from '../service';
import { startAuth } from './authRoute';
import { mailPage } from './mailPage';
import { startProvider } from './oauth/provider';
import { localSettings } from './settings';

/** Auth as a part of the stack. Its mails and text messages stay there, for tests to read. */
export const startAuthService: StartService = async ({ sql, keys, url }) => {
	const provider = await startProvider();
	const { route, settings, inbox } = startAuth({
		sql,
		jwtSecret: keys.jwtSecret,
		settings: localSettings(url),
		url,
		providerUrl: provider.url,
	});
	return {
		route,
		pages: [mailPage(inbox)],
		close: provider.close,
		controls: {
			'GET mails': () => inbox.mails,
			'DELETE mails': () => inbox.clear(),
			'GET texts': () => inbox.messages,
			'GET auth': () => settings,
			'POST auth': async (request) => void Object.assign(settings, await json(request)),
		},
	};
};
