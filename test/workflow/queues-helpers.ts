import { randomUUID } from 'node:crypto';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { functionsSql, uninstallSql } from '../../src/api/queues/sql/durable';
import type { Fault } from '../stack/faults';
import {
	named,
	openBench,
	type Bench,
	type NodeOutcome,
	type RunOptions,
} from './database-helpers';
import type { DrawnNode } from './engine';

export interface QueueBench {
	readonly bench: Bench;
	/** Makes a queue that nobody else has, with nothing granted but what Supabase grants. */
	makeQueue(): Promise<string>;
	/** Runs one operation of the node. */
	run(
		resource: string,
		operation: string,
		parameters: INodeParameters,
		options?: RunOptions,
		rest?: Partial<DrawnNode>,
	): Promise<NodeOutcome>;
	/** What is in a queue, as PostgreSQL has it: texts of JSON, exactly. */
	messages(
		queue: string,
	): Promise<Array<{ msg_id: string; message: string; vt: Date; read_ct: number }>>;
	archived(queue: string): Promise<string[]>;
	/** The requests that an act made, by the function that they called. */
	callsDuring<T>(act: () => Promise<T>): Promise<{ result: T; calls: string[] }>;
	/** Lets something go wrong with the next calls of a function. */
	fault(name: string, action: Fault['action'], skip?: number): Promise<void>;
	/** Takes this pack's SQL away, or brings it. */
	installPack(): Promise<void>;
	removePack(): Promise<void>;
}

/** The stack with queues, and the engine, around the tests of a file. */
export function openQueues(): QueueBench {
	const queues: string[] = [];
	afterAll(async () => {
		for (const queue of queues) await bench.sql('select pgmq.drop_queue($1)', [queue]);
		await bench.define(uninstallSql());
	});
	const bench = openBench();

	return {
		bench,
		async makeQueue() {
			const queue = `q${randomUUID().slice(0, 8)}`;
			await bench.sql('select pgmq.create($1)', [queue]);
			queues.push(queue);
			return queue;
		},
		async run(resource, operation, { queue, ...parameters }, options, rest = {}) {
			const node = {
				name: 'Queues',
				type: 'n8n-nodes-supabase-suite.supabaseQueues',
				parameters: {
					resource,
					operation,
					...(typeof queue === 'string' && { queue: named(queue) }),
					...parameters,
				},
				...rest,
			};
			return await bench.run(node, options);
		},
		async messages(queue) {
			const rows = await bench.sql(
				`select msg_id::text, message::text, vt, read_ct from pgmq.q_${queue} order by q_${queue}.msg_id`,
			);
			return rows as never;
		},
		async archived(queue) {
			const rows = await bench.sql(`select msg_id::text from pgmq.a_${queue} order by 1`);
			return rows.map((row: IDataObject) => String(row.msg_id as string));
		},
		async callsDuring(act) {
			const before = (await bench.control.requests()).at(-1)?.number ?? 0;
			const result = await act();
			const calls = (await bench.control.requests('/rest/v1/rpc/'))
				.filter(({ number }) => number > before)
				.map(({ path }) => path.split('/').at(-1) ?? '');
			return { result, calls };
		},
		async fault(name, action, skip = 0) {
			await bench.control.addFault({ path: `/rest/v1/rpc/${name}`, action, skip });
		},
		async installPack() {
			await bench.define(functionsSql());
		},
		async removePack() {
			await bench.define(uninstallSql());
		},
	};
}
