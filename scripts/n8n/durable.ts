import { Client } from 'pg';
import { CAPTURED_EVENTS } from '../../src/api/queues/plan';
import { durableSql } from '../../src/api/queues/sql/durable';
import type { Stack } from '../../test/stack/stack';
import { step } from './progress';

/** Gets sign-ups, files, and rows of the sample tables. */
export const SAMPLE_QUEUE = 'n8n_sample';

const TABLES = ['planets', 'characters', 'countries', 'cities', 'messages', 'notes', 'contacts'];

/** Brings what the trigger's delivery Durable stands on, unless it is there: by then it is the person's own. */
export async function installDurable({ databaseUrl }: Pick<Stack, 'databaseUrl'>): Promise<void> {
	const client = new Client(databaseUrl);
	await client.connect();
	try {
		const there = await client.query('select from pgmq.list_queues() where queue_name = $1', [
			SAMPLE_QUEUE,
		]);
		if (there.rowCount !== 0) return;
		const { rows: found } = await client.query<{ name: string }>(
			`select tablename as name from pg_tables where schemaname = 'public' and tablename = any ($1)`,
			[TABLES],
		);
		const tables = found.map(({ name }) => ({ schema: 'public', name, events: CAPTURED_EVENTS }));
		const plan = { queue: SAMPLE_QUEUE, tables, users: true, files: {} };
		await step(`Sending changes to the queue ${SAMPLE_QUEUE}`, async () => {
			await client.query(durableSql(plan));
		});
	} finally {
		await client.end();
	}
}
