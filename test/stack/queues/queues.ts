import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';

/**
 * Makes Supabase Queues: pgmq, unless the database has it, and `pgmq_public`, by which the REST service
 * shows it.
 *
 * pgmq is a subset of our own, or the real one where the variable `PGMQ_SQL` names it: the file `pgmq.sql`
 * of a checkout of github.com/pgmq/pgmq at the version wanted (`pgmq-extension/sql/pgmq.sql`), or the folder
 * that holds it. It is run as plain SQL, not as an extension.
 */
export async function prepareQueues(
	sql: postgres.Sql,
	source = process.env.PGMQ_SQL,
): Promise<void> {
	const [{ found }] = await sql<
		[{ found: boolean }]
	>`select to_regclass('pgmq.meta') is not null as found`;
	if (!found) await sql.unsafe(source ? await realPgmq(source) : await own('pgmq'));
	await sql.unsafe(await own('pgmqPublic'));
}

async function own(name: string): Promise<string> {
	return await readFile(join(__dirname, `${name}.sql`), 'utf8');
}

/** The schema is made by another file of the extension, and its objects are registered with it: not here. */
async function realPgmq(source: string): Promise<string> {
	const text = await readFile(fileOf(source), 'utf8');
	const plain = text.replace(
		/ALTER EXTENSION pgmq (?:ADD|DROP) (?:TABLE|SEQUENCE) pgmq\.%I/gi,
		'SELECT %L',
	);
	return `create schema if not exists pgmq;\n${plain}`;
}

function fileOf(source: string): string {
	return statSync(source).isDirectory() ? join(source, 'pgmq.sql') : source;
}

/** Version of pgmq that `prepareQueues` installs, as far as it shows: by what messages of it hold. */
export function versionOf(source = process.env.PGMQ_SQL): string {
	if (!source) return '1.5.1';
	const text = readFileSync(fileOf(source), 'utf8');
	if (/last_read_at/.test(text)) return '1.13.0';
	return /headers jsonb/i.test(text) ? '1.5.1' : '1.4.4';
}
