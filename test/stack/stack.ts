import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';

import { bulkInsert } from './bulkInsert';
import { controlApi } from './controlApi';
import { FaultBox } from './faults';
import { freePort } from './freePort';
import { startGateway, type Gateway, type GatewayRoute } from './gateway';
import { createKeys, verifyJwt, type ProjectKeys } from './keys';
import { startLite, type Lite, type Mail } from './lite';
import { authRoute, restRoute } from './liteRoutes';
import { describeSchema } from './openapi';
import { startPostgres } from './postgres';
import type { RecordedRequest, RequestLog } from './requestLog';
import { startStorage, type StorageOptions } from './storage/storageRoute';

export interface StackOptions {
	/** Schemas that the REST service shows (default `public` and `myschema`). */
	schemas?: string[];
	/** Most rows in one answer (default 1000). */
	maxRows?: number;
	/** Port of the gateway (default: a free one). */
	port?: number;
	/** Port of PostgreSQL (default: a free one). */
	databasePort?: number;
	/** Folder for a database that survives `stop()`, its keys included (default: a fresh one, removed). */
	dataDir?: string;
	/** Databases to make beside the project's own, empty. */
	extraDatabases?: string[];
	/** Load the sample tables and rows (default true). */
	sample?: boolean;
	/** Give the schema description to every key, as before April 2026 (default false). */
	openapiForAll?: boolean;
	/** Serve `/__control`, by which tests count requests and provoke failures (default false). */
	control?: boolean;
	/** Limits and ways of the storage service. */
	storage?: StorageOptions['settings'];
	/** Services beside REST, auth and storage. */
	routes?: GatewayRoute[];
	/** Called for each request that reaches the gateway. */
	onRequest?: (request: RecordedRequest) => void;
}

/** A local Supabase project that runs in this process and two of its children. */
export interface Stack extends ProjectKeys {
	url: string;
	/** PostgreSQL as its superuser. */
	databaseUrl: string;
	/** Process of PostgreSQL, and the folder that holds its files. */
	databasePid: number;
	folder: string;
	requests: RequestLog;
	faults: FaultBox;
	addRoute: (route: GatewayRoute) => void;
	setMaxRows: (maxRows: number) => void;
	reloadSchema: () => Promise<void>;
	mails: () => Mail[];
	/** Ends everything and removes the folder, unless `dataDir` was given. Safe to call twice. */
	stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL, REST, auth and the gateway before them. When a part fails to start, those that
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
	const sql = postgres(databaseUrl, { max: 8, onnotice() {} });
	cleanups.push(async () => await sql.end({ timeout: 1 }));

	await runFile(sql, 'roles');
	for (const name of options.extraDatabases ?? []) await sql`create database ${sql(name)}`.simple();

	const schemas = options.schemas ?? ['public', 'myschema'];
	const port = options.port ?? (await freePort());
	let maxRows = options.maxRows ?? 1000;
	const lite = await startLite({
		databaseUrl,
		schemas,
		maxRows,
		keys: saved.keys,
		siteUrl: `http://127.0.0.1:${port}`,
	});
	cleanups.push(lite.close);
	const isNew = (options.sample ?? true) && !(await hasSample(sql));
	if (isNew) {
		await runFile(sql, 'sample');
		await runFile(sql, 'seed');
	}
	const storage = await startStorage({
		sql,
		directory: join(folder, 'storage'),
		jwtSecret: saved.keys.jwtSecret,
		settings: options.storage,
		sample: isNew,
	});
	await lite.reloadSchema();
	await followSchema(sql, lite);

	const faults = new FaultBox();
	const setMaxRows = (rows: number) => {
		maxRows = rows;
		lite.setMaxRows(rows);
	};
	const rest = restRoute({
		lite,
		schemas,
		maxRows: () => maxRows,
		describe: async (schema, role) =>
			await describeSchema(sql, { schema, role, schemas, host: `127.0.0.1:${port}` }),
		openapiForAll: options.openapiForAll ?? false,
		insert: async (insert, token) => {
			const claims = verifyJwt(token, saved.keys.jwtSecret);
			return claims && (await bulkInsert(sql, { ...insert, claims, maxRows }));
		},
	});
	const control = controlApi({
		gateway: () => gateway,
		faults,
		getMaxRows: () => maxRows,
		setMaxRows,
		reloadSchema: lite.reloadSchema,
		mails: lite.mails,
		storage: storage.settings,
	});
	const gateway: Gateway = await startGateway({
		port,
		keys: saved.keys,
		routes: [rest, authRoute(lite), storage.route, ...(options.routes ?? [])],
		faults,
		control: options.control ? control : undefined,
	});
	cleanups.push(gateway.close);
	gateway.requests.onRequest = options.onRequest;

	return {
		...saved.keys,
		url: gateway.url,
		databaseUrl,
		databasePid: server.pid,
		folder,
		requests: gateway.requests,
		faults,
		addRoute: gateway.addRoute,
		setMaxRows,
		reloadSchema: lite.reloadSchema,
		mails: lite.mails,
		stop,
	} satisfies Stack;
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

/** As PostgREST does: `notify pgrst, 'reload schema'` makes the REST service look again. */
async function followSchema(sql: postgres.Sql, lite: Lite): Promise<void> {
	let pending: NodeJS.Timeout | undefined;
	await sql.listen('pgrst', () => {
		clearTimeout(pending);
		pending = setTimeout(() => void lite.reloadSchema().catch(() => {}), 20);
		pending.unref();
	});
}
