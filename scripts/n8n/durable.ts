import { Client } from 'pg';
import { CAPTURED_EVENTS, type DurablePlan } from '../../src/api/queues/plan';
import { durableSql } from '../../src/api/queues/sql/durable';
import type { Stack } from '../../test/stack/stack';
import { step } from './progress';

/** Gets sign-ups, files, and rows of the sample tables. */
export const SAMPLE_QUEUE = 'n8n_sample';

const TABLES = ['planets', 'characters', 'countries', 'cities', 'messages', 'notes', 'contacts'];

/** What the examples ask for. */
const EXAMPLES: DurablePlan[] = [
	{ queue: 'n8n_welcome', tables: [], users: true },
	{ queue: 'n8n_thumbnails', tables: [], files: { buckets: ['photos'] } },
];

/** Brings what the trigger's delivery Durable stands on, unless it is there: by then it is the person's own. */
export async function installDurable({ databaseUrl }: Pick<Stack, 'databaseUrl'>): Promise<void> {
	const client = new Client(databaseUrl);
	await client.connect();
	try {
		const { rows: queues } = await client.query<{ name: string }>(
			'select queue_name as name from pgmq.list_queues()',
		);
		const plans = [await samplePlan(client), ...EXAMPLES];
		const missing = plans.filter(({ queue }) => !queues.some(({ name }) => name === queue));
		if (missing.length === 0) return;
		await step(`Sending changes to ${missing.map(({ queue }) => queue).join(', ')}`, async () => {
			for (const plan of missing) await client.query(durableSql(plan));
		});
	} finally {
		await client.end();
	}
}

async function samplePlan(client: Client): Promise<DurablePlan> {
	const { rows } = await client.query<{ name: string }>(
		`select tablename as name from pg_tables where schemaname = 'public' and tablename = any ($1)`,
		[TABLES],
	);
	const tables = rows.map(({ name }) => ({ schema: 'public', name, events: CAPTURED_EVENTS }));
	return { queue: SAMPLE_QUEUE, tables, users: true, files: {} };
}
