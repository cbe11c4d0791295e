import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import { Client } from 'pg';
import { startStack } from '../../test/stack/stack';
import { logFile } from './log-file';
import type { Places } from './places';
import { step } from './progress';
import type { Project } from './seed';

const N8N_DATABASE = 'n8n';

/** The local Supabase, whose PostgreSQL keeps n8n's tables too, in a database beside the project's. */
export interface LocalSupabase {
	readonly project: Project;
	readonly n8nDatabaseUrl: string;
	stop(): Promise<void>;
}

/** Starts the local Supabase on a database that survives. */
export async function startLocalSupabase(
	places: Places,
	port: number,
	databasePort: number,
): Promise<LocalSupabase> {
	const complete = join(places.home, 'database-is-complete');
	if (existsSync(places.database) && !existsSync(complete)) {
		await step('Removing an unfinished database', async () => {
			await rm(places.database, { recursive: true, force: true, maxRetries: 3 });
		});
	}
	const options = { port, databasePort, dataDir: places.database };
	redirectConsole(join(places.logs, 'supabase.log'));
	const stack = await step('Starting the local Supabase', async () => await startStack(options));
	try {
		await ensureDatabase(stack.databaseUrl, N8N_DATABASE);
		await writeFile(complete, '');
	} catch (error) {
		await stack.stop();
		throw error;
	}
	const n8nDatabaseUrl = new URL(stack.databaseUrl);
	n8nDatabaseUrl.pathname = `/${N8N_DATABASE}`;
	return {
		project: { url: stack.url, publishableKey: stack.publishableKey, secretKey: stack.secretKey },
		n8nDatabaseUrl: n8nDatabaseUrl.href,
		stop: async () => await stack.stop(),
	};
}

async function ensureDatabase(url: string, name: string): Promise<void> {
	const client = new Client(url);
	await client.connect();
	try {
		const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
		if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
	} finally {
		await client.end();
	}
}

/** The services run in this process and tell the console of every request that they refuse. */
function redirectConsole(path: string): void {
	const file = logFile(path);
	const write = (...words: unknown[]) => void file.write(`${format(...words)}\n`);
	console.warn = write;
	console.error = write;
}
