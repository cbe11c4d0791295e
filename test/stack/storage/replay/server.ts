import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';

import { FaultBox } from '../../faults';
import { startGateway } from '../../gateway';
import { signJwt, type ProjectKeys } from '../../keys';
import { RequestLog } from '../../requestLog';
import type { StorageSettings } from '../call';
import { startStorage } from '../storageRoute';

/** What the parent gets when the server listens. */
export interface ReplayServerReady {
	url: string;
	keys: ProjectKeys;
	/** Where it keeps its files. */
	directory: string;
}

/** What the parent may ask for; answered with nothing when it is done. */
export interface ReplayServerOrder {
	/** The time that the server goes by from now on, in milliseconds. */
	now?: number;
	settings?: Partial<StorageSettings>;
}

/** Storage alone, on a database of its own, with a clock and a secret that a test sets. */
async function main(databaseUrl: string, jwtSecret: string): Promise<void> {
	const sql = postgres(databaseUrl, { max: 4, onnotice() {} });
	const directory = await mkdtemp(join(tmpdir(), 'supabase-storage-'));
	let now = Date.now();
	const storage = await startStorage({ sql, directory, jwtSecret, now: () => now });
	const keys: ProjectKeys = {
		publishableKey: `sb_publishable_${randomUUID()}`,
		secretKey: `sb_secret_${randomUUID()}`,
		anonJwt: signJwt({ role: 'anon' }, jwtSecret),
		serviceRoleJwt: signJwt({ role: 'service_role' }, jwtSecret),
		jwtSecret,
	};
	const routes = [storage.route];
	const requests = new RequestLog(keys);
	const gateway = await startGateway({ port: 0, keys, routes, requests, faults: new FaultBox() });
	process.on('message', (order: ReplayServerOrder) => {
		now = order.now ?? now;
		Object.assign(storage.settings, order.settings);
		process.send?.('done');
	});
	process.once('disconnect', () => {
		void (async () => {
			await gateway.close();
			await sql.end({ timeout: 1 });
			await rm(directory, { recursive: true, force: true });
			process.exit(0);
		})();
	});
	const ready: ReplayServerReady = { url: gateway.url, keys, directory };
	process.send?.(ready);
}

main(process.argv[2] ?? '', process.argv[3] ?? '').catch((error: unknown) => {
	process.stderr.write(`${String(error)}\n`);
	process.exit(1);
});
