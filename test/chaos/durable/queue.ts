import type { IDataObject } from 'n8n-workflow';
import type postgres from 'postgres';

import { nameOfDelivery } from './check';

export const QUEUE = 'n8n_trial';

/** How long a claim lasts, in seconds. */
export const VISIBILITY = 4;

/** How many messages are claimed, or wait for another attempt. */
export async function inHand(sql: postgres.Sql): Promise<number> {
	const [{ count }] = await sql<[{ count: number }]>`
		select count(*)::int from ${sql(`pgmq.q_${QUEUE}`)} where vt > clock_timestamp()`;
	return count;
}

export async function length(sql: postgres.Sql): Promise<number> {
	const [{ count }] = await sql<[{ count: number }]>`
		select count(*)::int from ${sql(`pgmq.q_${QUEUE}`)}`;
	return count;
}

/** What failed would wait for up to minutes: for it alone time passes more quickly. */
export async function hurry(sql: postgres.Sql): Promise<void> {
	await sql`
		update ${sql(`pgmq.q_${QUEUE}`)} set vt = clock_timestamp()
		where vt > clock_timestamp() + make_interval(secs => ${VISIBILITY + 1})`;
}

/** Names of the changes in the dead-letter queue. */
export async function deadLetters(sql: postgres.Sql): Promise<string[]> {
	const rows = await sql<Array<{ message: { message: IDataObject } }>>`
		select message from ${sql(`pgmq.q_${QUEUE}_dead`)} order by msg_id`;
	return rows.map(({ message: { message } }) =>
		nameOfDelivery({
			place: String(message.table as string),
			record: message.record as never,
			oldRecord: message.old_record as never,
		}),
	);
}
