import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type postgres from 'postgres';

import type { GatewayRoute } from '../gateway';
import { sendJson } from '../gateway';
import { Call, type StorageService, type StorageSettings } from './call';
import { internalError, StorageError } from './errors';
import { Files } from './files';
import { matchRoute } from './routes';
import { startResumable, type Resumable } from './tus';

export const PREFIX = '/storage/v1';

/** Some of the service's answers name no character set. */
const PLAIN_JSON = { 'content-type': 'application/json' };

export const DEFAULT_SETTINGS: StorageSettings = {
	fileSizeLimit: 5 * 1024 ** 3,
	uploadUrlSeconds: 7200,
	imageTransformation: true,
	hardLimits: false,
	emptyDelayMs: 0,
};

export interface StorageOptions {
	/** PostgreSQL as its superuser; each statement takes the caller's role. */
	sql: postgres.Sql;
	/** Folder for the contents of objects. */
	directory: string;
	jwtSecret: string;
	/** Milliseconds since 1970, by which tokens are made and judged (default: the clock). */
	now?: () => number;
	settings?: Partial<StorageSettings>;
	/** Make the sample's buckets and policies (default false). */
	sample?: boolean;
}

/** Storage as a service behind the gateway. */
export interface Storage {
	route: GatewayRoute;
	/** May be changed while it runs. */
	settings: StorageSettings;
}

/** Makes the storage schema, unless it is there, and the service on it. */
export async function startStorage(options: StorageOptions): Promise<Storage> {
	await runSql(options.sql, 'schema');
	if (options.sample) await runSql(options.sql, 'sample');
	const files = new Files(options.directory);
	await files.prepare();
	const settings = { ...DEFAULT_SETTINGS, ...options.settings };
	const service: StorageService = {
		sql: options.sql,
		files,
		settings,
		tokens: { secret: options.jwtSecret, now: options.now ?? Date.now },
	};
	const resumable = await startResumable(service);
	return {
		settings,
		route: {
			prefix: PREFIX,
			keys: 'exchange',
			handle: async (request, response, { caller }) => {
				// A request without a key of its own gets none: the service tells the two apart.
				request.headers.authorization = caller.authorization;
				await answer(service, resumable, request, response);
			},
		},
	};
}

async function runSql(sql: postgres.Sql, name: string): Promise<void> {
	await sql.unsafe(await readFile(join(__dirname, `${name}.sql`), 'utf8'));
}

async function answer(
	service: StorageService,
	resumable: Resumable,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	// Not URL's idea of the path: it would resolve dots and repair what the service refuses.
	const target = (request.url ?? '/').slice(PREFIX.length) || '/';
	const [path = '/', query = ''] = split(target, '?');
	const method = request.method ?? 'GET';
	if (!isDecodable(path)) {
		const message = `'${path}' is not a valid url component`;
		const body = { error: 'Bad Request', code: 'FST_ERR_BAD_URL', message, statusCode: 400 };
		return sendJson(response, 400, body, PLAIN_JSON);
	}
	const call = (operation: string) =>
		new Call(service, request, response, new URLSearchParams(query), operation);
	if (resumable.answers(method, path)) return await resumable.handle(call('storage.tus.upload'));
	const match = matchRoute(method, path.slice(1));
	const renders = match?.route.path.startsWith('render/') ?? false;
	if (!match || (renders && !service.settings.imageTransformation))
		return unknownRoute(response, method, target);
	const matched = call(match.route.operation);
	matched.bucket = match.bucket;
	matched.key = match.key;
	try {
		await match.route.handle(matched);
	} catch (error) {
		if (response.headersSent) throw error;
		const refusal = error instanceof StorageError ? error : internalError(error as Error);
		matched.send(refusal.httpStatus, refusal.body());
	}
}

/** Two shapes, by whether the path's first part is one of the service's own. */
function unknownRoute(response: ServerResponse, method: string, target: string): void {
	const message = `Route ${method}:${target} not found`;
	const error = 'Not Found';
	const known = /^\/(bucket|object|render)\b/.test(target);
	if (known)
		sendJson(
			response,
			404,
			{ statusCode: '404', error, message, code: 'InvalidRequest' },
			PLAIN_JSON,
		);
	else sendJson(response, 404, { message, error, statusCode: 404 });
}

function split(text: string, separator: string): [string, string] {
	const index = text.indexOf(separator);
	return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function isDecodable(path: string): boolean {
	try {
		decodeURIComponent(path);
		return true;
	} catch {
		return false;
	}
}
