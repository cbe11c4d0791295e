import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import postgres from 'postgres';

import { prepareAuth } from './auth/authRoute';
import { controlApi } from './controlApi';
import { FaultBox } from './faults';
import { freePort } from './freePort';
import { startGateway, type Gateway } from './gateway';
import { createKeys, type ProjectKeys } from './keys';
import { startLite, type Lite } from './lite';
import { startPostgres } from './postgres';
import { prepareQueues } from './queues/queues';
import { RequestLog } from './requestLog';
import type { Controls, Service, StackParts } from './service';
import { services } from './services';
import { STEADY } from './steadySocket';

export interface StackOptions {
	/** Schemas that the REST service shows (default `public`, `myschema` and `pgmq_public`). */
	schemas?: string[];
	/** Most rows in one answer (default 1000). */
	maxRows?: number;
	/** Port of the gateway (default: a free one). */
	port?: number;
	/** Port of PostgreSQL (default: a free one). */
	databasePort?: number;
	/** Folder for a database that survives `stop()`, its keys included (default: a fresh one, removed). */
	dataDir?: string;
	/** Load the sample tables and rows (default true). */
	sample?: boolean;
	/** Serve `/__control`, by which tests count requests and provoke failures (default false). */
	control?: boolean;
}

/** A local Supabase project that runs in this process and two of its children. */
export interface Stack extends ProjectKeys {
	url: string;
	/** PostgreSQL as its superuser. */
	databaseUrl: string;
	/** Process of PostgreSQL (0 while it is down), and the folder that holds its files. */
	readonly databasePid: number;
	folder: string;
	/** Ends everything and removes the folder, unless `dataDir` was given. Safe to call twice. */
	stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL, the services on it and the gateway before them. When a part fails to start, those that
 * did are stopped again before the error is thrown.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
	const cleanups: Array<() => Promise<void>> = [];
	let stopping: Promise<void> | undefined;
	const stop = () => (stopping ??= undo(cleanups));
	try {
		return await start(options, cleanups, stop);
	} catch (error) {
		await stop();
		throw error;
	}
}

async function start(
	options: StackOptions,
	cleanups: Array<() => Promise<void>>,
	stop: () => Promise<void>,
) {
	// Loading lite takes as long as making a database: both at once. Its failure shows in startLite.
	void import('@supabase/lite').catch(() => {});

	const folder = await openFolder(options.dataDir);
	if (!options.dataDir)
		cleanups.push(async () => await rm(folder, { recursive: true, force: true }));
	const saved = await loadSecrets(folder);

	const server = await startPostgres({
		directory: join(folder, 'data'),
		port: options.databasePort ?? (await freePort()),
		password: saved.databasePassword,
		durable: options.dataDir !== undefined,
		removeOnDeath: options.dataDir ? undefined : folder,
	});
	cleanups.push(server.stop);
	const databaseUrl = server.databaseUrl();
	const sql = postgres(databaseUrl, { max: 8, onnotice() {}, ...STEADY });
	cleanups.push(async () => await sql.end({ timeout: 1 }));

	await runFile(sql, 'roles');
	await prepareAuth(sql);
	await prepareQueues(sql);

	const schemas = options.schemas ?? ['public', 'myschema', 'pgmq_public'];
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const { keys } = saved;
	const lite = await startLite({
		databaseUrl,
		schemas,
		maxRows: options.maxRows ?? 1000,
		keys,
	});
	cleanups.push(lite.close);
	const isNew = (options.sample ?? true) && !(await hasSample(sql));
	if (isNew) {
		await runFile(sql, 'sample');
		await runFile(sql, 'seed');
	}
	const started = await startServices(
		{ sql, databaseUrl, lite, keys, schemas, url, folder, isNew },
		cleanups,
	);
	await lite.reloadSchema();
	let unfollow = await followSchema(databaseUrl, lite);
	cleanups.push(async () => await unfollow());

	const faults = new FaultBox();
	const requests = new RequestLog(keys);
	const controls: Controls = {
		...(Object.assign({}, ...started.map((service) => service.controls)) as Controls),
		'GET database': () => ({ pid: server.pid ?? null }),
		'POST database/crash': async () => await server.crash(),
		'POST database/start': async () => {
			await server.start();
			await unfollow();
			unfollow = await followSchema(databaseUrl, lite);
			await lite.reloadSchema();
		},
		'POST network': async (request) =>
			gateway.cut(((await json(request)) as { isCut: boolean }).isCut),
	};
	const gateway: Gateway = await startGateway({
		port,
		keys,
		routes: started.flatMap(({ route, pages = [] }) => [route, ...pages]),
		requests,
		faults,
		control: options.control ? controlApi(requests, faults, controls) : undefined,
	});
	cleanups.push(gateway.close);

	return {
		...keys,
		url,
		databaseUrl,
		get databasePid() {
			return server.pid ?? 0;
		},
		folder,
		stop,
	} satisfies Stack;
}

async function startServices(
	parts: StackParts,
	cleanups: Array<() => Promise<void>>,
): Promise<Service[]> {
	const started: Service[] = [];
	for (const start of Object.values(services)) {
		const service = await start(parts);
		if (service.close) cleanups.push(service.close);
		started.push(service);
	}
	return started;
}

async function undo(cleanups: Array<() => Promise<void>>): Promise<void> {
	const failures: unknown[] = [];
	for (const cleanup of cleanups.reverse()) {
		await cleanup().catch((error: unknown) => failures.push(error));
	}
	if (failures.length > 0) throw failures[0];
}

async function openFolder(dataDir: string | undefined): Promise<string> {
	const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'supabase-stack-')));
	await mkdir(folder, { recursive: true });
	// PostgreSQL may run as another user, who must get through to its own folder inside.
	await chmod(folder, 0o711);
	return folder;
}

interface Secrets {
	databasePassword: string;
	keys: ProjectKeys;
}

/** Keys and password of the folder's project; made when it has none yet. */
async function loadSecrets(folder: string): Promise<Secrets> {
	const file = join(folder, 'project.json');
	const text = await readFile(file, 'utf8').catch(() => undefined);
	if (text !== undefined) return JSON.parse(text) as Secrets;
	const secrets: Secrets = {
		databasePassword: randomBytes(18).toString('hex'),
		keys: createKeys(),
	};
	await writeFile(file, JSON.stringify(secrets, null, '\t'), { mode: 0o600 });
	return secrets;
}

async function runFile(sql: postgres.Sql, name: string): Promise<void> {
	await sql.unsafe(await readFile(join(__dirname, 'sql', `${name}.sql`), 'utf8'));
}

async function hasSample(sql: postgres.Sql): Promise<boolean> {
	const [row] = await sql<
		[{ found: boolean }]
	>`select to_regclass('public.planets') is not null as found`;
	return row.found;
}

/**
 * As PostgREST does: `notify pgrst, 'reload schema'` makes the REST service look again.
 *
 * @returns what ends it
 */
async function followSchema(databaseUrl: string, lite: Lite): Promise<() => Promise<void>> {
	const sql = postgres(databaseUrl, { max: 1, onnotice() {}, ...STEADY });
	let pending: NodeJS.Timeout | undefined;
	await sql.listen('pgrst', () => {
		clearTimeout(pending);
		pending = setTimeout(() => void lite.reloadSchema().catch(() => {}), 20);
		pending.unref();
	});
	return async () => await sql.end({ timeout: 1 });
}
