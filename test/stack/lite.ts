import { AsyncLocalStorage } from 'node:async_hooks';
import type { PostgresConnection } from '@supabase/lite/postgres';

import type { ProjectKeys } from './keys';
import { likePostgrest } from './sqlErrors';
import { STEADY } from './steadySocket';

/** The REST service, answered in this process. */
export interface Lite {
	/** Answers one request whose `Authorization` holds a JWT already. */
	fetch: (request: Request) => Promise<Response>;
	/** Forgets what it knows of the database's tables and functions, and looks again. */
	reloadSchema: () => Promise<void>;
	/** The most rows that one answer holds. */
	maxRows: () => number;
	setMaxRows: (maxRows: number) => void;
	close: () => Promise<void>;
}

export interface LiteOptions {
	databaseUrl: string;
	schemas: string[];
	maxRows: number;
	keys: ProjectKeys;
}

/**
 * Starts `@supabase/lite` on a PostgreSQL database whose auth schema is made. It checks JWTs, not API
 * keys: those are the gateway's affair.
 */
export async function startLite(options: LiteOptions): Promise<Lite> {
	process.env.LITE_TELEMETRY = '0';
	const { App } = await import('@supabase/lite');
	const { PostgresConnection } = await import('@supabase/lite/postgres');
	const connection = new PostgresConnection({
		url: options.databaseUrl,
		postgresOptions: { onnotice() {}, ...STEADY },
	});
	// Left to itself it would grant every table to every role at the first request.
	(connection as unknown as { rlsState: string }).rlsState = 'active';
	connection.normalizeDbError = likePostgrest;
	const undoing = new AsyncLocalStorage<boolean>();
	rollBackWhere(connection, () => undoing.getStore() === true);
	const api = {
		schemas: options.schemas,
		max_rows: options.maxRows,
		aggregates_enabled: true,
		plan_enabled: true,
	};
	const app = new App({
		connection,
		api,
		auth: {
			// Its own auth answers nothing: it is there to look for the user and the session of a token.
			enabled: true,
			jwt_secret: options.keys.jwtSecret,
		},
		options: {
			server: { apiKeys: false, disableStudio: true, admin: false },
		},
	});
	await app.init();
	await app.ensureSystemSchema();
	let looking: Promise<unknown> = Promise.resolve();
	let closed = false;
	let { maxRows } = options;
	const look = async () => {
		if (!closed) await connection.introspect({ useCache: false });
	};
	return {
		fetch: async (request) =>
			await undoing.run(asksForRollback(request), async () => await app.fetch(request)),
		reloadSchema: async () => {
			looking = looking.then(look, look);
			await looking;
		},
		maxRows: () => maxRows,
		setMaxRows: (rows) => {
			maxRows = rows;
			if (app.config.api) app.config.api.max_rows = rows;
		},
		close: async () => {
			closed = true;
			// Closed while it looks, it would wait for ever.
			await looking.catch(() => {});
			await connection.close();
		},
	};
}

function asksForRollback({ method, headers }: Request): boolean {
	const preferences = (headers.get('prefer') ?? '').split(',').map((each) => each.trim());
	return method !== 'GET' && method !== 'HEAD' && preferences.includes('tx=rollback');
}

/** lite reads `tx=rollback` and says that it was applied, but commits: its connection can do it. */
function rollBackWhere(connection: PostgresConnection, asked: () => boolean): void {
	const withContext = connection.withContext.bind(connection);
	connection.withContext = async (context, work, options) =>
		await withContext(
			context,
			work,
			asked() && !options?.transaction ? { ...options, forceRollback: true } : options,
		);
}
