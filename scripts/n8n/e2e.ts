/**
 * `npm run test:e2e`: the pack in a real n8n, driven by a browser. The n8n is the one that
 * `npm start` installs, with data of its own that begin anew each time, so that both can run at once.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { WORLD, type World } from '../../test/e2e/world';
import { remove } from './install';
import { startInstance, type Instance } from './instance';
import { placesOf, ROOT } from './places';
import { runProgram } from './program';
import { step } from './progress';
import { furnish } from './seed';
import { needAlone } from './supabase';
import { openSwitch } from './switch';

/** Where Debian and others put it. */
const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Away from the ports that `npm start` takes. */
const USUAL_PORTS = { n8n: 15_678, broker: 15_690, supabase: 15_321, postgres: 15_322 };

const PLACES = placesOf('e2e');

runProgram(async (signal) => {
	const chromium = [process.env.CHROMIUM ?? '', ...CHROMIUMS].find((path) => existsSync(path));
	if (chromium === undefined) {
		console.log(
			`SKIPPED: the browser tests need a Chromium, and there is none (looked for ${CHROMIUMS.join(', ')}).\n` +
				'Install one (Debian: apt-get install chromium) or name one: CHROMIUM=/path/to/it npm run test:e2e',
		);
		return 0;
	}
	await needAlone(PLACES);
	await remove(PLACES.home);
	const instance = await startInstance(PLACES, USUAL_PORTS, signal, { control: true });
	const n8nSwitch = await openSwitch(instance);
	try {
		await furnish(instance);
		return await jest(worldOf(instance, chromium, n8nSwitch.url), signal);
	} finally {
		n8nSwitch.close();
		await step('Stopping n8n and the local Supabase', async () => await instance.stop());
	}
});

function worldOf({ n8n, login, stack }: Instance, chromium: string, switchUrl: string): World {
	const { url: supabaseUrl, publishableKey, secretKey, databaseUrl } = stack;
	const keys = { publishableKey, secretKey };
	return { n8nUrl: n8n.url, ...login, supabaseUrl, ...keys, databaseUrl, chromium, switchUrl };
}

async function jest(world: World, signal: AbortSignal): Promise<number> {
	const program = join(ROOT, 'node_modules/jest/bin/jest.js');
	const config = join(ROOT, 'test/e2e/jest.config.js');
	const child = spawn(process.execPath, [program, '--config', config, ...process.argv.slice(2)], {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, [WORLD]: JSON.stringify(world) },
		signal,
	});
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}
