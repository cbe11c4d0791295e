/**
 * What writes cost whose changes are captured for Durable: the same rows to a table without triggers,
 * with row triggers and with statement triggers, one after the other, round by round, on a database
 * that syncs to its disk.
 *
 *     npm run bench -- durable-writes [rounds] [seconds each]
 *
 * It prints rows a second, and for each the share of what the table without triggers takes. Ratios
 * travel from one machine to another; numbers do not.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';

import { durableSql } from '../src/api/queues/sql/durable';
import { startStackChild } from '../test/stack/child';

const WAYS = ['none', 'row', 'statement'] as const;
type Way = (typeof WAYS)[number];

const BULK = 1_000;

/** One transaction of a way, and how many rows it writes. */
interface Load {
	readonly name: string;
	readonly sessions: number;
	readonly rows: number;
	/** What stands before it, once for each round. */
	readonly before?: (sql: postgres.Sql, table: string) => Promise<unknown>;
	readonly write: (sql: postgres.Sql, table: string) => Promise<unknown>;
}

const one = async (sql: postgres.Sql, table: string) =>
	await sql`insert into ${sql(table)} (customer, total) values ('Ada', 12.5)`;
const many = async (sql: postgres.Sql, table: string) =>
	await sql`insert into ${sql(table)} (customer, total) select 'Ada', n from generate_series(1, ${BULK}) n`;

const LOADS: readonly Load[] = [
	{ name: 'insert, a row a transaction, 1 session', sessions: 1, rows: 1, write: one },
	{ name: 'insert, a row a transaction, 8 sessions', sessions: 8, rows: 1, write: one },
	{ name: `insert, ${BULK} rows a statement, 1 session`, sessions: 1, rows: BULK, write: many },
	{
		name: `update, ${BULK} rows a statement, 1 session`,
		sessions: 1,
		rows: BULK,
		before: many,
		write: async (sql, table) => await sql`update ${sql(table)} set total = total + 1`,
	},
];

async function main(): Promise<void> {
	const [rounds = 5, seconds = 2] = process.argv.slice(2).map(Number);
	const folder = await mkdtemp(join(tmpdir(), 'durable-writes-'));
	const stack = await startStackChild([`--data-dir=${folder}`]);
	const sql = postgres(stack.databaseUrl, { max: 8, onnotice() {} });
	try {
		await makeTables(sql);
		console.log(`rounds: ${rounds}, ${seconds} s each; rows a second, median (spread), share`);
		await measure(sql, 'with the bell', rounds, seconds);
		await sql`alter function realtime.send(jsonb, text, text, boolean) rename to send_elsewhere`;
		await measure(sql, 'without the bell, as without Realtime', rounds, seconds);
	} finally {
		await sql.end();
		await stack.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

const tableOf = (way: Way) => `bench_${way}`;

async function makeTables(sql: postgres.Sql): Promise<void> {
	for (const way of WAYS) {
		const name = tableOf(way);
		await sql.unsafe(`create table ${name} (
			id bigint generated always as identity primary key, customer text, total numeric,
			lines jsonb default '[{"article": "A-1", "quantity": 2}]', at timestamptz default now())`);
		if (way === 'none') continue;
		const events = ['insert', 'update', 'delete'] as const;
		const table = { schema: 'public', name, events, bulk: way === 'statement' };
		await sql.unsafe(durableSql({ queue: name, tables: [table] }));
	}
}

async function measure(
	sql: postgres.Sql,
	title: string,
	rounds: number,
	seconds: number,
): Promise<void> {
	console.log(`\n${title}`);
	for (const load of LOADS) {
		const rates: Record<Way, number[]> = { none: [], row: [], statement: [] };
		for (let round = 0; round < rounds; round++) {
			for (const way of WAYS) rates[way].push(await rateOf(sql, load, tableOf(way), seconds));
		}
		console.log(load.name);
		const whole = median(rates.none);
		for (const way of WAYS) {
			const sorted = [...rates[way]].sort((a, b) => a - b);
			const spread = `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`;
			const share = `${((100 * median(sorted)) / whole).toFixed(0)} %`;
			console.log(
				`  ${way.padEnd(10)} ${median(sorted).toFixed(0).padStart(8)} (${spread}) ${share}`,
			);
		}
	}
}

/** Rows a second, on a table and a queue that begin empty. */
async function rateOf(
	sql: postgres.Sql,
	load: Load,
	table: string,
	seconds: number,
): Promise<number> {
	await sql`truncate ${sql(table)}`;
	if (table !== tableOf('none')) await sql`select pgmq.purge_queue(${table})`;
	await load.before?.(sql, table);
	const begun = performance.now();
	const end = begun + seconds * 1_000;
	let written = 0;
	await Promise.all(
		Array.from({ length: load.sessions }, async () => {
			const session = await sql.reserve();
			while (performance.now() < end) {
				await load.write(session, table);
				written += load.rows;
			}
			session.release();
		}),
	);
	return (written * 1_000) / (performance.now() - begun);
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[sorted.length >> 1] ?? NaN;
}

void main();
