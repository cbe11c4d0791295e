import type { IDataObject } from 'n8n-workflow';
import postgres from 'postgres';

import { stackControl } from '../../stack/control';
import { durableSql } from '../../../src/api/queues/sql/durable';
import { STEADY } from '../../stack/steadySocket';
import { newDraw } from '../draw';
import { check, type Findings } from './check';
import { openExecutions, type Executions } from './executions';
import { FAULTS, type Scene } from './faults';
import { startLife, type Life } from './life';
import { deadLetters, hurry, inHand, length, QUEUE, VISIBILITY } from './queue';
import { committedChanges, dropTables, makeTables, TABLES } from './tables';
import { startWriters, type Writers } from './writers';

/** The stack that all goes wrong on, for this trial alone: its database is stopped. */
export interface TrialStack {
	readonly url: string;
	readonly databaseUrl: string;
	readonly secretKey: string;
}

export interface TrialOptions {
	readonly seed: number;
	/** Those to make, one after the other. */
	readonly faults: readonly string[];
	/** Between two transactions of one of the eight writers, in milliseconds. */
	readonly pause: number;
	readonly delivery: 'durable' | 'live';
	/** How often a message may fail before it is parked; 4 unless given. */
	readonly attempts?: number;
	readonly onFault?: (name: string, hasBitten: boolean) => void;
	readonly onLog?: (level: string, text: string) => void;
}

export interface TrialResult extends Findings {
	/** How often each fault was made, and how often it has bitten. */
	readonly faults: Readonly<Record<string, { made: number; bitten: number }>>;
	readonly written: Writers['counts'];
	readonly executions: Executions['counts'];
	/** Messages in the dead-letter queue, with those that no execution had failed with. */
	readonly parked: number;
	readonly parkedForNothing: readonly string[];
}

const EVENTS = ['insert', 'update', 'delete'] as const;
const named = (value: string) => ({ __rl: true, mode: 'name', value });
const tables = {
	table: TABLES.map((table) => ({
		schema: named('public'),
		table: named(table),
		events: [...EVENTS],
	})),
};
const LIVE: IDataObject = { tables };
const durable = (attempts: number): IDataObject => ({
	delivery: 'durable',
	queue: QUEUE,
	tables,
	options: { attempts, timeLimit: 2 },
});

async function prepare(sql: postgres.Sql, delivery: TrialOptions['delivery']): Promise<void> {
	if (delivery === 'live') {
		for (const table of TABLES) {
			await sql.unsafe(`alter publication supabase_realtime add table ${table}`);
		}
		return;
	}
	await sql.unsafe(
		durableSql({
			queue: QUEUE,
			tables: TABLES.map((name) => ({
				schema: 'public',
				name,
				events: EVENTS,
				bulk: name === 'trial_bulk',
			})),
		}),
	);
}

/** Writes, lets things go wrong, lets all be well again, and compares with the log. */
export async function runTrial(stack: TrialStack, options: TrialOptions): Promise<TrialResult> {
	const { seed, delivery } = options;
	const sql = postgres(stack.databaseUrl, { ...STEADY, max: 4, onnotice() {}, backoff: () => 0.1 });
	const rest = stackControl(stack.url);
	const executions = openExecutions(seed, options.onLog);
	const lives: Life[] = [];
	const start = async (activation: 'activate' | 'init') => {
		const { staticData } = executions;
		const parameters = delivery === 'live' ? LIVE : durable(options.attempts ?? 4);
		const life = await startLife(
			{
				parameters,
				supabase: stack,
				staticData,
				executionTimeout: 2,
				visibility: VISIBILITY,
				activation,
			},
			executions,
		);
		lives.push(life);
		return life;
	};
	await makeTables(sql);
	await prepare(sql, delivery);
	await rest.reloadSchema();
	let current = await start('activate');
	const writers = startWriters({ ...stack, seed: seed + 1, writers: 8, pause: options.pause });
	const hurrying = setInterval(() => void hurry(sql).catch(() => {}), 300);
	const scene: Scene = {
		sql,
		rest,
		executions,
		writers,
		life: () => current,
		startAgain: async () => (current = await start('init')),
		startAnother: async () => await start('init'),
		inHand: async () => (delivery === 'live' ? 1 : await inHand(sql)),
		crashDatabase: async () => {
			await rest.crashDatabase();
			await wait(300);
			await rest.startDatabase();
		},
	};
	try {
		await current.active;
		const faults: Record<string, { made: number; bitten: number }> = {};
		const draw = newDraw(seed + 2);
		for (const name of options.faults) {
			const hasBitten = await (FAULTS[name] as (typeof FAULTS)[string])(scene);
			const count = (faults[name] ??= { made: 0, bitten: 0 });
			count.made += 1;
			if (hasBitten) count.bitten += 1;
			options.onFault?.(name, hasBitten);
			await wait(draw.below(300));
		}
		await writers.stop();
		executions.isHealed = true;
		await untilQuiet(sql, delivery, executions);
		const parked = new Set(delivery === 'durable' ? await deadLetters(sql) : []);
		return {
			...check(await committedChanges(sql), executions.deliveries, parked),
			faults,
			written: writers.counts,
			executions: executions.counts,
			parked: parked.size,
			parkedForNothing: [...parked].filter((name) => !executions.failures.has(name)),
		};
	} finally {
		clearInterval(hurrying);
		await Promise.allSettled(lives.map(async (life) => await life.kill()));
		await writers.stop().catch(() => {});
		await dropTables(sql).catch(() => {});
		// What a crash of the database has left of a connection may never end by itself.
		await sql.end({ timeout: 5 });
	}
}

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** Until the queue is empty; Live has none, so there nothing comes any more. */
async function untilQuiet(
	sql: postgres.Sql,
	delivery: TrialOptions['delivery'],
	{ deliveries }: Executions,
): Promise<void> {
	for (let before = -1; ; before = deliveries.length) {
		if (delivery === 'durable' ? (await length(sql)) === 0 : deliveries.length === before) return;
		await wait(delivery === 'durable' ? 200 : 3_000);
	}
}
