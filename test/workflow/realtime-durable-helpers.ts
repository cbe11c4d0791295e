import { randomBytes } from 'node:crypto';

import type { IDataObject, IRun } from 'n8n-workflow';
import postgres from 'postgres';

import type { DurablePlan } from '../../src/api/queues/plan';
import { durableSql, uninstallSql } from '../../src/api/queues/sql/durable';
import { sharedStack } from './database-helpers';
import { control, openRealtimeBench, TRIGGER, type RealtimeBench } from './realtime-helpers';
import type { DrawnNode } from './engine';

/** An execution that ended with a status, as n8n tells it. */
export function ended(status: IRun['status'], error?: string): IRun {
	return {
		status,
		mode: 'trigger',
		startedAt: new Date(),
		data: { resultData: { runData: {}, ...(error && { error: { message: error } }) } },
	} as unknown as IRun;
}

/** A trigger that reads queues. */
export function throughQueues(parameters: IDataObject): DrawnNode {
	return { name: 'Trigger', type: TRIGGER, parameters: parameters as never };
}

/** Rows of a table, through a queue. */
export function durably(queue: string, tables: IDataObject[], rest: IDataObject = {}): DrawnNode {
	return throughQueues({ delivery: 'durable', queue, tables: { table: tables }, ...rest });
}

export interface DurableBench extends RealtimeBench {
	/** A name that no other test has. */
	newQueue(): string;
	install(plan: DurablePlan): Promise<void>;
	/** What waits in a queue, claimed or not: the numbers of its messages. */
	waiting(queue: string): Promise<number[]>;
	/** What was parked, with its reason. */
	parked(queue: string): Promise<unknown[]>;
}

export function openDurableBench(): DurableBench {
	const bench = openRealtimeBench();
	const queues: string[] = [];
	afterAll(async () => {
		// The bench has closed its own. Other tests see the database without these functions.
		const sql = postgres(sharedStack.databaseUrl, { max: 1, onnotice() {} });
		await sql.unsafe(uninstallSql());
		for (const queue of queues) {
			await sql`select pgmq.drop_queue(queue_name) from pgmq.list_queues() where queue_name in (${queue}, ${`${queue}_dead`})`;
		}
		await sql.end();
	});
	const own = {
		newQueue() {
			const queue = `q_${randomBytes(5).toString('hex')}`;
			queues.push(queue);
			return queue;
		},
		async install(plan: DurablePlan) {
			await bench.sql.unsafe(durableSql(plan));
			await control.reloadSchema();
		},
		async waiting(queue: string) {
			const rows = await bench.sql.unsafe<Array<{ msg_id: string }>>(
				`select msg_id from pgmq."q_${queue}" order by msg_id`,
			);
			return rows.map(({ msg_id }) => Number(msg_id));
		},
		async parked(queue: string) {
			const rows = await bench.sql.unsafe<Array<{ message: unknown }>>(
				`select message from pgmq."q_${queue}_dead" order by msg_id`,
			);
			return rows.map(({ message }) => message);
		},
	};
	// A getter of the bench is one of this, too.
	Object.defineProperties(own, Object.getOwnPropertyDescriptors(bench));
	return own as typeof own & RealtimeBench;
}
