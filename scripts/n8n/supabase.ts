import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import { Client } from 'pg';
import { startStack, type Stack, type StackOptions } from '../../test/stack/stack';
import { isRunning, remove } from './install';
import type { Places } from './places';
import { Problem } from './problem';
import { step } from './progress';

/**
 * Makes sure that no other terminal uses these places, going by PostgreSQL's own lock file.
 *
 * @param grace milliseconds for a database to end whose program was killed
 * @throws Problem where one does
 */
export async function needAlone({ supabase }: Places, grace = 10_000): Promise<void> {
	const deadline = Date.now() + grace;
	while (await isLocked(join(supabase, 'data', 'postmaster.pid'))) {
		if (Date.now() > deadline) {
			throw new Problem('It runs already, in another terminal.', 'Ctrl-C there ends it.');
		}
		await sleep(200);
	}
}

async function isLocked(file: string): Promise<boolean> {
	const [pid = ''] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
	return pid !== '' && isRunning(Number(pid));
}

/** The local Supabase, and the address of the database beside it that keeps n8n's own tables. */
export interface LocalSupabase {
	readonly stack: Stack;
	readonly n8nDatabase: URL;
}

/** Starts the local Supabase on a database that survives. */
export async function startSupabase(
	{ home, supabase, logs }: Places,
	options: Pick<StackOptions, 'port' | 'databasePort' | 'control'>,
): Promise<LocalSupabase> {
	const complete = join(home, 'database-is-complete');
	if (!existsSync(complete)) await remove(supabase);
	// The services run in this process and tell the console of every request that they refuse.
	mkdirSync(logs, { recursive: true });
	const log = createWriteStream(join(logs, 'supabase.log')).on('error', () => {});
	console.warn = console.error = (...words) => void log.write(`${format(...words)}\n`);
	return await step('Starting the local Supabase', async () => {
		const stack = await startStack({ ...options, dataDir: supabase });
		try {
			await ensureDatabase(stack.databaseUrl, 'n8n');
			await writeFile(complete, '');
		} catch (error) {
			await stack.stop();
			throw error;
		}
		return { stack, n8nDatabase: new URL('/n8n', stack.databaseUrl) };
	});
}

async function ensureDatabase(url: string, name: string): Promise<void> {
	const client = new Client(url);
	await client.connect();
	const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
	if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
	await client.end();
}
