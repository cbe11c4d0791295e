import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { functionsSql } from '../../src/api/queues/sql/durable';
import { control, realtime, stack, tableOf } from './realtime-helpers';
import { durably, ended, openDurableBench, throughQueues } from './realtime-durable-helpers';

const bench = openDurableBench();
const success = () => ended('success');

describe('what happens', () => {
	test('a change of a row starts the workflow, whoever was away meanwhile: deletes, too', async () => {
		const { sql } = bench;
		const table = await bench.makeTable();
		const queue = bench.newQueue();
		await bench.install({
			queue,
			tables: [
				{ schema: 'public', name: table, events: ['insert', 'update', 'delete'], omit: ['qty'] },
			],
		});
		await sql`insert into ${sql(table)} (name, qty) values ('a', 1)`;
		await sql`update ${sql(table)} set name = 'b'`;
		await sql`delete from ${sql(table)}`;
		const workflow = await bench.activate(
			durably(queue, [tableOf(table, { tableOptions: { omitColumns: 'qty' } })]),
			{ onEmit: success },
		);
		await workflow.until(() => workflow.emissions.length >= 3);
		expect(workflow.rows()).toMatchObject([
			{
				kind: 'postgres_changes',
				event: 'INSERT',
				schema: 'public',
				table,
				record: { id: 1, name: 'a' },
				key: { id: 1 },
				origin: 'durable',
				queue,
				message_id: 1,
				attempt: 1,
			},
			{ event: 'UPDATE', record: { name: 'b' }, old_record: { name: 'a' }, message_id: 2 },
			{ event: 'DELETE', old_record: { id: 1, name: 'b' }, message_id: 3 },
		]);
		expect(workflow.rows()[0]?.record).not.toHaveProperty('qty');
		await expectEmpty(queue);
		await sql`insert into ${sql(table)} (name) values ('c')`;
		await workflow.until(() => workflow.emissions.length >= 4);
		await expectEmpty(queue);
	});

	test('a user who signs up, is confirmed, changes and is removed', async () => {
		const { sql } = bench;
		const queue = bench.newQueue();
		await bench.install({ queue, tables: [], users: true });
		const workflow = await bench.activate(
			throughQueues({
				listenTo: ['users'],
				queue,
				userEvents: ['signedUp', 'confirmed', 'removed'],
			}),
			{ onEmit: success },
		);
		const id = randomUUID();
		await sql`insert into auth.users (id, email, encrypted_password) values (${id}, 'a@example.com', 'hash')`;
		await sql`update auth.users set email_confirmed_at = now() where id = ${id}`;
		await sql`update auth.users set raw_user_meta_data = '{"name": "A"}' where id = ${id}`;
		await sql`delete from auth.users where id = ${id}`;
		await workflow.until(() => workflow.emissions.length >= 3);
		expect(workflow.rows()).toMatchObject([
			{ kind: 'user', event: 'signedUp', record: { id, email: 'a@example.com' }, queue },
			{ kind: 'user', event: 'confirmed', record: { id } },
			{ kind: 'user', event: 'removed', old_record: { id } },
		]);
		expect(JSON.stringify(workflow.rows())).not.toMatch(/hash|password|token/);
		await expectEmpty(queue);
		expect(workflow.emissions).toHaveLength(3);
	});

	test('a file that is stored, moved and removed, of the buckets that are chosen', async () => {
		const { sql } = bench;
		const queue = bench.newQueue();
		const [mine, other] = [`${queue}_a`, `${queue}_b`];
		for (const bucket of [mine, other]) {
			await sql`insert into storage.buckets (id, name) values (${bucket}, ${bucket})`;
		}
		await bench.install({ queue, tables: [], files: { buckets: [mine] } });
		const workflow = await bench.activate(
			throughQueues({
				listenTo: ['files'],
				queue,
				fileEvents: ['stored', 'moved', 'removed'],
				whichBuckets: 'selected',
				buckets: mine,
			}),
			{ onEmit: success },
		);
		await sql`insert into storage.objects (bucket_id, name, version) values (${mine}, 'a.png', '1'), (${other}, 'b.png', '1')`;
		await sql`update storage.objects set version = '2' where bucket_id = ${mine}`;
		await sql`update storage.objects set name = 'c.png', version = '3' where bucket_id = ${mine}`;
		await sql`delete from storage.objects where bucket_id in (${mine}, ${other})`;
		await workflow.until(() => workflow.emissions.length >= 4);
		await sql`delete from storage.buckets where id in (${mine}, ${other})`;
		expect(workflow.rows()).toMatchObject([
			{ kind: 'file', event: 'stored', bucket: mine, name: 'a.png', record: { name: 'a.png' } },
			{ kind: 'file', event: 'stored', name: 'a.png' },
			{ kind: 'file', event: 'moved', name: 'c.png', old_record: { name: 'a.png' } },
			{ kind: 'file', event: 'removed', name: 'c.png' },
		]);
		await expectEmpty(queue);
	});

	test('a message of a queue of one’s own, whatever it holds', async () => {
		const { sql } = bench;
		const queue = bench.newQueue();
		await sql.unsafe(functionsSql());
		await control.reloadSchema();
		await sql`select public.n8n_queue_create(${queue})`;
		const workflow = await bench.activate(
			throughQueues({
				listenTo: ['queueMessages'],
				messageQueues: { queue: [{ name: { __rl: true, mode: 'name', value: queue } }] },
				options: { claims: { claims: { poll: 1 } } },
			}),
			{ onEmit: success },
		);
		await sql`select public.n8n_queue_send(${queue}, '[{"a": 1}, [1, 2], null, "text"]')`;
		await workflow.until(() => workflow.emissions.length >= 4);
		const messages = workflow.rows().sort((a, b) => Number(a.message_id) - Number(b.message_id));
		expect(messages.map(({ message }) => message)).toEqual([{ a: 1 }, [1, 2], null, 'text']);
		expect(messages[0]).toMatchObject({ kind: 'queue_message', queue, message_id: 1, attempt: 1 });
		await expectEmpty(queue);
	});
});

describe('an execution', () => {
	test('that fails comes again with a higher attempt, and its row waits; another does not', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const order: string[] = [];
		const workflow = await bench.activate(durably(queue, [tableOf(table)]), {
			onEmit: ({ items }) => {
				const { record, attempt } = items[0]?.json as { record: { name: string }; attempt: number };
				order.push(`${record.name} ${attempt}`);
				return ended(record.name === 'a1' && attempt === 1 ? 'error' : 'success', 'It failed');
			},
		});
		await sql.begin(async (transaction) => {
			await transaction`insert into ${transaction(table)} (name) values ('a1'), ('b1')`;
			await transaction`update ${transaction(table)} set name = 'a2' where name = 'a1'`;
		});
		await workflow.until(() => order.length >= 4);
		expect(order.slice(0, 2).sort()).toEqual(['a1 1', 'b1 1']);
		expect(order.slice(2)).toEqual(['a1 2', expect.stringMatching(/^a2 \d$/)]);
		await expectEmpty(queue);
		expect(workflow.logs.join('\n')).toMatch(
			/tries message 1 of the queue ".*" again in 10 s\. .*It failed/,
		);
	}, 60_000);

	test('that fails in the end is parked, with the reason, and the row goes on', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const workflow = await bench.activate(
			durably(queue, [tableOf(table)], { options: { attempts: 1 } }),
			{
				onEmit: ({ items }) =>
					ended(items[0]?.json.event === 'INSERT' ? 'error' : 'success', 'The mail server is away'),
			},
		);
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await sql`update ${sql(table)} set name = 'b'`;
		await workflow.until(() => workflow.emissions.length >= 2);
		await expectEmpty(queue);
		expect(await bench.parked(queue)).toMatchObject([
			{
				queue,
				msg_id: 1,
				read_ct: 1,
				reason: 'The execution ended with the status error: The mail server is away',
				message: { type: 'INSERT', record: { name: 'a' } },
			},
		]);
	});

	test.each([
		['onSuccess', 'waiting', 0, 0],
		['onSuccess', 'canceled', 0, 1],
		['onCompletion', 'error', 0, 0],
		['onStatus', 'error', 0, 0],
		['onStatus', 'success', 0, 1],
	] as const)('acknowledged %s that ends with %s', async (acknowledge, status, waiting, parked) => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const options: IDataObject = { acknowledge, attempts: 1 };
		if (acknowledge === 'onStatus') options.allowedStatuses = ['error', 'crashed'];
		await bench.activate(durably(queue, [tableOf(table)], { options }), {
			onEmit: () => ended(status),
		});
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await expectEmpty(queue);
		expect(await bench.waiting(queue)).toHaveLength(waiting);
		expect(await bench.parked(queue)).toHaveLength(parked);
	});

	test('acknowledged immediately need not end, and carries the same key for each attempt', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const node = durably(queue, [tableOf(table)], { options: { acknowledge: 'immediately' } });
		const workflow = await bench.activate(node, {
			onEmit: async () => await new Promise<void>(() => {}),
		});
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await expectEmpty(queue);
		expect(workflow.emissions[0]?.deduplicationKey).toMatch(/^supabase-/);
	});

	test('that does not end in its time counts as failed', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		await bench.activate(
			durably(queue, [tableOf(table)], { options: { timeLimit: 1, attempts: 1 } }),
			{ onEmit: async () => await new Promise<void>(() => {}) },
		);
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await expectEmpty(queue);
		expect(await bench.parked(queue)).toMatchObject([
			{ reason: 'The execution did not end within 1 seconds' },
		]);
	});

	test('that n8n could not start is no attempt', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		let times = 0;
		const workflow = await bench.activate(
			durably(queue, [tableOf(table)], { options: { attempts: 1 } }),
			{
				beforeEmit: () => {
					if (++times === 1) throw new Error('n8n cannot just now');
				},
				onEmit: success,
			},
		);
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
		expect(workflow.rows()[0]?.attempt).toBe(2);
		await expectEmpty(queue);
		expect(await bench.parked(queue)).toEqual([]);
	}, 60_000);
});

test('several events in one execution', async () => {
	const { sql } = bench;
	const { table, queue } = await captured();
	await sql`insert into ${sql(table)} (qty) select g from generate_series(1, 250) g`;
	const workflow = await bench.activate(
		durably(queue, [tableOf(table)], {
			options: { batch: { batch: { events: 100, wait: 50 } }, oneAtATime: true },
		}),
		{ onEmit: success },
	);
	await workflow.until(() => workflow.rows().length >= 250);
	expect(workflow.rows().map(({ message_id }) => message_id)).toEqual(
		Array.from({ length: 250 }, (_, index) => index + 1),
	);
	expect(workflow.emissions.length).toBeLessThan(10);
	await expectEmpty(queue);
});

test('more than the project answers rows are claimed at once, and all of them come', async () => {
	const { sql } = bench;
	const { table, queue } = await captured();
	const cap = await control.getMaxRows();
	await control.setMaxRows(7);
	try {
		await sql`insert into ${sql(table)} (qty) select g from generate_series(1, 60) g`;
		const options = { oneAtATime: true, claims: { claims: { size: 50 } } };
		const workflow = await bench.activate(durably(queue, [tableOf(table)], { options }), {
			onEmit: success,
		});
		await workflow.until(() => workflow.rows().length >= 60);
		expect(workflow.rows().map(({ message_id, attempt }) => [message_id, attempt])).toEqual(
			Array.from({ length: 60 }, (_, index) => [index + 1, 1]),
		);
		await expectEmpty(queue);
	} finally {
		await control.setMaxRows(cap);
	}
});

test('what the bell rings for is there at once, though the queue is looked at once an hour', async () => {
	const { sql } = bench;
	const { table, queue } = await captured();
	const options = { claims: { claims: { poll: 3_600 } } };
	const workflow = await bench.activate(durably(queue, [tableOf(table)], { options }), {
		onEmit: success,
	});
	for (const name of ['a', 'b', 'c']) {
		const before = workflow.emissions.length;
		await sql`insert into ${sql(table)} (name) values (${name})`;
		await workflow.until(() => workflow.emissions.length > before);
		await expectEmpty(queue);
	}
});

test('without Realtime nothing is missed', async () => {
	const { sql } = bench;
	const { table, queue } = await captured();
	await realtime.set({ refuseUpgrade: { status: 503, times: 1_000 } });
	const options = { claims: { claims: { poll: 1 } } };
	const workflow = await bench.activate(durably(queue, [tableOf(table)], { options }), {
		onEmit: success,
	});
	await sql`insert into ${sql(table)} (name) values ('a')`;
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.failures).toEqual([]);
});

test('rooms and queues in one trigger', async () => {
	const { sql } = bench;
	const { table, queue } = await captured();
	const room = `room-${queue}`;
	const workflow = await bench.activate(
		durably(queue, [tableOf(table)], {
			listenTo: ['postgresChanges', 'broadcast'],
			broadcasts: { channel: [{ channel: room }] },
		}),
		{ onEmit: success },
	);
	await sql`select realtime.send('{"n": 1}', 'order', ${room}, false)`;
	await sql`insert into ${sql(table)} (name) values ('a')`;
	await workflow.until(() => workflow.emissions.length >= 2);
	expect(
		workflow
			.rows()
			.map(({ kind }) => kind)
			.sort(),
	).toEqual(['broadcast', 'postgres_changes']);
});

test('two triggers on one queue: each message once, and each row in order', async () => {
	const { sql } = bench;
	const { table, queue } = await captured();
	const seen: string[] = [];
	const options = { claims: { claims: { size: 10, poll: 1 } } };
	for (const name of ['one', 'two']) {
		await bench.activate(durably(queue, [tableOf(table)], { options }), {
			onEmit: async ({ items }) => {
				const { key, message_id } = items[0]?.json as { key: { id: number }; message_id: number };
				await new Promise((resolve) => setTimeout(resolve, 5));
				seen.push(`${key.id} ${message_id} ${name}`);
				return success();
			},
		});
	}
	await sql`insert into ${sql(table)} (name) select 'a' from generate_series(1, 20)`;
	for (let turn = 0; turn < 5; turn++) await sql`update ${sql(table)} set name = ${`a${turn}`}`;
	await expectEmpty(queue);
	expect(seen).toHaveLength(120);
	const rows = new Map<string, number[]>();
	for (const each of seen) {
		const [row = '', id] = each.split(' ');
		rows.set(row, [...(rows.get(row) ?? []), Number(id)]);
	}
	for (const ids of rows.values()) expect(ids).toEqual([...ids].sort((a, b) => a - b));
}, 120_000);

describe('while it is active', () => {
	test('a queue that is dropped is told to n8n, and the next activation shows the SQL', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const node = durably(queue, [tableOf(table)], {
			options: { claims: { claims: { poll: 1 } } },
		});
		const workflow = await bench.activate(node, { onEmit: success });
		await sql`select pgmq.drop_queue(${queue})`;
		await expect(sql`insert into ${sql(table)} (name) values ('a')`).rejects.toThrow(
			/does not exist/,
		);
		await workflow.until(() => workflow.errors.length > 0);
		await workflow.close();
		const error = await failureOf(bench.activate(node));
		expect(error.message).toMatch(/There is no queue/);
		await sql.unsafe(copiedFrom(error));
		const again = await bench.activate(node, { onEmit: success });
		await sql`insert into ${sql(table)} (name) values ('b')`;
		await again.until(() => again.emissions.length > 0);
	});

	test('an outage of the database is waited for, and nothing is missed', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const options = { claims: { claims: { poll: 1 } } };
		const workflow = await bench.activate(durably(queue, [tableOf(table)], { options }), {
			onEmit: success,
		});
		await control.addFault({
			path: '/rest/v1/rpc/n8n_queue_claim',
			times: 3,
			action: { kind: 'status', status: 503 },
		});
		await workflow.until(() => workflow.logs.some((line) => /does not reach the queue/.test(line)));
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
		await expectEmpty(queue);
		expect(workflow.logs.filter((line) => /does not reach the queue/.test(line))).toHaveLength(1);
		expect(workflow.logs.filter((line) => /reads the queue/.test(line))).toHaveLength(2);
		expect(workflow.errors).toEqual([]);
	});
});

describe('deactivated', () => {
	test('gives back what was not begun, and what runs comes again unless it ends well', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		const ends: Array<() => void> = [];
		const workflow = await bench.activate(
			durably(queue, [tableOf(table)], { options: { oneAtATime: true } }),
			{
				onEmit: async () => await new Promise((resolve) => ends.push(() => resolve(success()))),
			},
		);
		await sql`insert into ${sql(table)} (name) values ('a'), ('b'), ('c')`;
		await workflow.until(() => workflow.emissions.length > 0);
		await workflow.close();
		const free = await sql.unsafe<Array<{ msg_id: string }>>(
			`select msg_id from pgmq."q_${queue}" where vt <= clock_timestamp() order by msg_id`,
		);
		expect(free.map(({ msg_id }) => Number(msg_id))).toEqual([2, 3]);
		expect(await bench.waiting(queue)).toEqual([1, 2, 3]);
		ends[0]?.();
		while ((await bench.waiting(queue)).length > 2) await pause(20);
		const again = await bench.activate(durably(queue, [tableOf(table)]), { onEmit: success });
		await again.until(() => again.emissions.length >= 2);
		await expectEmpty(queue);
	});
});

describe('activated', () => {
	test('without the SQL: fails, and shows all of it', async () => {
		const { sql } = bench;
		const table = await bench.makeTable();
		const queue = bench.newQueue();
		const node = durably(queue, [tableOf(table, { events: ['insert'] })]);
		const error = await failureOf(bench.activate(node));
		expect(error.message).toMatch(/not installed|no queue/);
		expect(copiedFrom(error)).toMatch(/n8n_durable\.install/);
		await sql.unsafe(copiedFrom(error));
		const workflow = await bench.activate(node, { onEmit: success });
		await sql`insert into ${sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
	});

	test.each([
		['a trigger is off', 'alter table TABLE disable trigger "00_n8n_QUEUE_insert"', /switched off/],
		[
			'an event is not captured',
			'drop trigger "00_n8n_QUEUE_delete" on TABLE',
			/delete not captured/,
		],
		[
			'the queue is unlogged',
			'alter table pgmq."q_QUEUE" set unlogged; update pgmq.meta set is_unlogged = true where queue_name = \'QUEUE\'',
			/is unlogged/,
		],
		['anon may read the queue', 'grant select on pgmq."q_QUEUE" to anon', /may use .*q_QUEUE/],
	])('while %s: fails, and says how to mend it', async (_, damage, title) => {
		const { table, queue } = await captured();
		const fill = (text: string) =>
			text.replaceAll('TABLE', `public.${table}`).replaceAll('QUEUE', queue);
		await bench.sql.unsafe(fill(damage));
		const error = await failureOf(bench.activate(durably(queue, [tableOf(table)])));
		expect(error.message).toMatch(new RegExp(fill(title.source)));
		expect(error.description).toMatch(/n8n_durable\.install|set logged/);
	});

	test('for other tables than are captured: fails, as the queue is another workflow’s', async () => {
		const { table, queue } = await captured();
		const other = await bench.makeTable();
		const error = await failureOf(bench.activate(durably(queue, [tableOf(other)])));
		expect(error.message).toMatch(
			new RegExp(`${other}.*not captured.*${table}: captured, and not chosen`),
		);
	});

	test('warns of dead letters', async () => {
		const { table, queue } = await captured();
		await bench.sql`select pgmq.send(${`${queue}_dead`}, '{}')`;
		const workflow = await bench.activate(durably(queue, [tableOf(table)]), { onEmit: success });
		expect(workflow.logs.filter((line) => /^warn/.test(line))).toEqual([
			expect.stringMatching(/1 messages that could not be worked off/),
		]);
	});

	test('as anyone but the service role: fails', async () => {
		const node = durably('any', [tableOf('any')], { runAs: 'anonymous' });
		await expect(bench.activate(node)).rejects.toThrow(/as Service Role alone/);
	});
});

describe('tested', () => {
	test('shows one event and gives it back, so that it comes when the workflow is active', async () => {
		const { sql } = bench;
		const { table, queue } = await captured();
		await sql`insert into ${sql(table)} (name) values ('a'), ('b')`;
		const node = durably(queue, [tableOf(table)]);
		const { outputOf, error } = await bench.engine.runWorkflow({
			nodes: [node],
			connections: {},
			credentials: stack,
			tests: true,
		});
		expect(error).toBeUndefined();
		expect(outputOf('Trigger')).toMatchObject([{ json: { record: { name: 'a' }, attempt: 1 } }]);
		const workflow = await bench.activate(node, { onEmit: success });
		await workflow.until(() => workflow.emissions.length >= 2);
		expect(workflow.rows().map(({ message_id }) => message_id)).toEqual([1, 2]);
		await expectEmpty(queue);
	});

	test('without the SQL says so, and shows it', async () => {
		const table = await bench.makeTable();
		const { error } = await bench.engine.runWorkflow({
			nodes: [durably(bench.newQueue(), [tableOf(table)])],
			connections: {},
			credentials: stack,
			tests: true,
		});
		expect(error?.message).toMatch(/not installed|no queue/);
	});
});

const pause = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A table whose changes are captured. */
async function captured() {
	const table = await bench.makeTable();
	const queue = bench.newQueue();
	await bench.install({
		queue,
		tables: [{ schema: 'public', name: table, events: ['insert', 'update', 'delete'] }],
	});
	return { table, queue };
}

async function expectEmpty(queue: string): Promise<void> {
	while ((await bench.waiting(queue)).length > 0) await pause(50);
}

/** The SQL as a person copies it: n8n shows what stands in an error as HTML. */
function copiedFrom({ description }: { description?: string }): string {
	const [, html = ''] = /<code>([^]*)<\/code>/.exec(description ?? '') ?? [];
	const signs: Record<string, string> = { lt: '<', gt: '>', '#96': '`', amp: '&' };
	return html
		.replaceAll('<br>', '')
		.replaceAll(/&(lt|gt|#96|amp);/g, (whole, name: string) => signs[name] ?? whole);
}

async function failureOf(activation: Promise<unknown>): Promise<Error & { description?: string }> {
	return await activation.then(
		() => {
			throw new Error('It was activated');
		},
		(thrown: Error) => thrown,
	);
}
