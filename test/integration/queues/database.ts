import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';

import { prepareQueues } from '../../stack/queues/queues';

/** A database of its own on the stack's PostgreSQL, with what a project has: to be looked at as a whole. */
export interface FreshDatabase {
	readonly sql: Sql;
	/** Another connection to it. */
	connect(): Sql;
	/** Removes it. */
	drop(): Promise<void>;
}

const SCHEMAS = [
	'sql/roles.sql',
	'auth/schema.sql',
	'auth/admin/schema.sql',
	'storage/schema.sql',
	'realtime/schema.sql',
];

/** @param queues whether Supabase Queues are switched on */
export async function freshDatabase({ queues = true } = {}): Promise<FreshDatabase> {
	const server = process.env.STACK_DATABASE_URL ?? '';
	const name = `fresh_${randomBytes(6).toString('hex')}`;
	const admin = postgres(server, { max: 1, onnotice() {} });
	await admin.unsafe(`create database ${name}`);
	const connections: Sql[] = [];
	const connect = () => {
		const url = new URL(server);
		url.pathname = `/${name}`;
		const made = postgres(url.href, { max: 1, onnotice() {}, fetch_types: false });
		connections.push(made);
		return made;
	};
	const sql = connect();
	for (const file of SCHEMAS) {
		await sql.unsafe(await readFile(join(__dirname, '../../stack', file), 'utf8'));
	}
	await sql.unsafe('select realtime.make_partitions()');
	if (queues) await prepareQueues(sql);
	return {
		sql,
		connect,
		async drop() {
			await Promise.all(connections.map(async (each) => await each.end()));
			await admin.unsafe(`drop database ${name} with (force)`);
			await admin.end();
		},
	};
}

/** What waits in a queue, in order. */
export async function waiting(sql: Sql, queue: string): Promise<Array<Record<string, unknown>>> {
	const rows = await sql.unsafe(`select message from pgmq.q_${queue} order by msg_id`);
	return rows.map(({ message }) => message as Record<string, unknown>);
}
