/**
 * How many messages a second one reader claims and acknowledges by REST, at several sizes, one after
 * the other, round by round. What stands for PostgREST is @supabase/lite, which answers more slowly
 * than the real one: the numbers are a lower bound, and the ratios tell what a size is worth.
 *
 *     npm run bench -- durable-messages [messages] [rounds]
 */
import postgres from 'postgres';

import { readProject } from '../src/api/project';
import { messagesIn } from '../src/api/queues/answers';
import { durableSql } from '../src/api/queues/sql/durable';
import { acknowledge, claim } from '../src/api/queues/wrappers';
import { sender } from '../src/api/transport';
import { startStackChild } from '../test/stack/child';
import { stackControl } from '../test/stack/control';

const SIZES = [1, 10, 100, 1_000] as const;
const QUEUE = 'bench_messages';
const TABLE = { schema: 'public', name: QUEUE, events: ['insert'], bulk: true } as const;

async function main(): Promise<void> {
	const [messages = 2_000, rounds = 5] = process.argv.slice(2).map(Number);
	const stack = await startStackChild();
	const sql = postgres(stack.databaseUrl, { max: 2, onnotice() {} });
	try {
		await sql.unsafe(`create table ${QUEUE} (id bigint generated always as identity primary key,
			customer text, total numeric, at timestamptz default now())`);
		await sql.unsafe(durableSql({ queue: QUEUE, tables: [TABLE] }));
		await stackControl(stack.url).reloadSchema();
		const send = sender(readProject({ url: stack.url, secretKey: stack.secretKey }), {
			authority: { role: 'service_role' },
		});

		/** Until the queue is empty; gives messages a second. */
		async function rateOf(size: number, byRow: boolean): Promise<number> {
			const amount = Math.min(messages, size * 200);
			await sql`select pgmq.purge_queue(${QUEUE})`;
			await sql`insert into ${sql(QUEUE)} (customer, total)
				select 'Ada', n from generate_series(1, ${amount}::int) n`;
			const begun = performance.now();
			let read = 0;
			for (;;) {
				const found = messagesIn(await send(claim(QUEUE, { size, byRow })));
				if (found.length === 0) break;
				read += found.length;
				await send(
					acknowledge(
						QUEUE,
						found.map((each) => each.msg_id),
					),
				);
			}
			if (read !== amount) throw new Error(`${read} of ${amount} messages were read`);
			return (read * 1_000) / (performance.now() - begun);
		}

		await rateOf(100, true);
		console.log(`rounds: ${rounds}; messages a second, median (spread)`);
		for (const byRow of [true, false]) {
			const rates = new Map<number, number[]>(SIZES.map((size) => [size, []]));
			for (let round = 0; round < rounds; round++) {
				for (const size of SIZES) rates.get(size)?.push(await rateOf(size, byRow));
			}
			console.log(byRow ? 'the order of each row kept' : 'the order of the queue kept');
			for (const [size, found] of rates) {
				const sorted = found.sort((a, b) => a - b);
				const median = sorted[sorted.length >> 1] ?? NaN;
				const spread = `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`;
				console.log(
					`  size ${String(size).padEnd(5)} ${median.toFixed(0).padStart(7)} (${spread})`,
				);
			}
		}
	} finally {
		await sql.end();
		await stack.stop();
	}
}

void main();
