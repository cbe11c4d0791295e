import { randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';

import { FaultBox } from '../../faults';
import { startGateway } from '../../gateway';
import { signJwt, type ProjectKeys } from '../../keys';
import { RequestLog } from '../../requestLog';
import { prepareAuth, startAuth, type Auth } from '../authRoute';
import { startProvider } from '../oauth/provider';
import { AUTO, MAIN } from '../settings';
import type { ServerName } from './exchange';
import { SECRET } from './jwts';

/** Auth alone, on a database of its own, with a clock that a test sets. */
export interface ReplayServer extends Auth {
	url: string;
	projectKeys: ProjectKeys;
	sql: postgres.Sql;
	/** The time that it goes by, in milliseconds. */
	clock: { now: number };
	stop(): Promise<void>;
}

const SETTINGS = { main: MAIN, auto: AUTO };

/** Where the recorded servers were reached. */
const RECORDED_URLS = { main: 'http://127.0.0.1:54321', auto: 'http://127.0.0.1:54322' };

/** @param databaseUrl of any database of the cluster, whose roles are there */
export async function startReplayServer(
	name: ServerName,
	databaseUrl: string,
	kid: string,
): Promise<ReplayServer> {
	const database = `auth_replay_${name}_${randomBytes(4).toString('hex')}`;
	const admin = postgres(databaseUrl, { max: 1, onnotice() {} });
	await admin`create database ${admin(database)}`.simple();
	const address = new URL(databaseUrl);
	address.pathname = `/${database}`;
	const sql = postgres(address.href, { max: 4, onnotice() {} });
	await prepareAuth(sql);
	const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
	const provider = await startProvider();
	const auth = startAuth({
		sql,
		jwtSecret: SECRET,
		settings: structuredClone(SETTINGS[name]),
		url: RECORDED_URLS[name],
		providerUrl: provider.url,
		now: () => clock.now,
		kid,
		keys: 'exchange',
	});
	const projectKeys: ProjectKeys = {
		publishableKey: `sb_publishable_${randomUUID()}`,
		secretKey: `sb_secret_${randomUUID()}`,
		anonJwt: signJwt({ role: 'anon', exp: 4e9 }, SECRET),
		serviceRoleJwt: signJwt({ role: 'service_role', exp: 4e9 }, SECRET),
		jwtSecret: SECRET,
	};
	const gateway = await startGateway({
		port: 0,
		keys: projectKeys,
		routes: [auth.route],
		requests: new RequestLog(projectKeys),
		faults: new FaultBox(),
	});
	return {
		...auth,
		url: gateway.url,
		projectKeys,
		sql,
		clock,
		stop: async () => {
			await gateway.close();
			await provider.close();
			await sql.end({ timeout: 1 });
			await admin`drop database if exists ${admin(database)} with (force)`.simple();
			await admin.end();
		},
	};
}
