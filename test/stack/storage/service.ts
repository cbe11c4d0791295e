import { json } from 'node:stream/consumers';
import { join } from 'node:path';

import type { StartService } from '../service';
import { startStorage } from './storageRoute';

/** Storage as a part of the stack. */
export const startStorageService: StartService = async ({ sql, keys, folder, isNew }) => {
	const { route, settings } = await startStorage({
		sql,
		directory: join(folder, 'storage'),
		jwtSecret: keys.jwtSecret,
		sample: isNew,
	});
	return {
		route,
		controls: {
			'GET storage': () => settings,
			'POST storage': async (request) => void Object.assign(settings, await json(request)),
		},
	};
};
