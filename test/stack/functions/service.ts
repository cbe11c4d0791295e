import { join } from 'node:path';

import type { StartService } from '../service';
import { functionsRoute } from './functionsRoute';
import { startDeno, type DenoProcess } from './process';

/** Edge functions as a part of the stack: Deno starts with the first call of one. */
export const startFunctions: StartService = async ({ keys, folder }) => {
	let started: Promise<DenoProcess> | undefined;
	const deno = async () =>
		await (started ??= startDeno(join(__dirname, 'samples'), join(folder, 'functions')));
	return {
		route: functionsRoute(deno, keys.jwtSecret),
		close: async () => await (await started)?.stop(),
	};
};
