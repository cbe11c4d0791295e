import type { Sql } from 'postgres';

import type { QueueMessage } from '../../../src/api/queues/answers';
import { durableSql } from '../../../src/api/queues/sql/durable';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;
let count = 0;
let queue: string;

beforeAll(async () => {
	database = await freshDatabase();
	await database.sql.unsafe('create table item (id int primary key, n int)');
	await database.sql.unsafe(
		durableSql({
			queue: 'items',
			tables: [{ schema: 'public', name: 'item', events: ['insert', 'update', 'delete'] }],
		}),
	);
});
beforeEach(async () => {
	queue = `own${++count}`;
	await run(`select public.n8n_queue_create('${queue}')`);
});
afterAll(async () => await database.drop());

const run = async (text: string, sql: Sql = database.sql) => await sql.unsafe(text);

/** The one column of what a function gives. */
async function call(text: string, sql?: Sql): Promise<unknown[]> {
	return (await run(`select f from public.n8n_queue_${text} f`, sql)).map(({ f }) => f);
}

async function send(...messages: unknown[]) {
	return (await call(`send('${queue}', '${JSON.stringify(messages)}')`)).map(Number);
}

interface Claim {
	size?: number;
	ordered?: boolean;
	byRow?: boolean;
	sql?: Sql;
	of?: string;
}

/** IDs that a claim gives. */
async function claim({ size = 10, ordered = true, byRow = false, sql, of = queue }: Claim = {}) {
	const messages = await claimed(`'${of}', 60, ${size}, ${ordered}, ${byRow}`, sql);
	return messages.map(({ msg_id }) => msg_id);
}

/** The messages of a claim, as its answer lists them. */
async function claimed(args: string, sql?: Sql): Promise<QueueMessage[]> {
	const [row] = await run(`select public.n8n_queue_claim(${args}) messages`, sql);
	return row?.messages;
}

const touching = (...rows: string[]) => ({ type: 'UPDATE', rows });

describe('n8n_queue_send', () => {
	it('makes a message of each element, lists and null too, in order', async () => {
		const ids = await send([1, [2]], null, { a: 'b' }, 'text', 5);
		expect(ids).toEqual([1, 2, 3, 4, 5]);
		expect(await waiting(database.sql, queue)).toEqual([[1, [2]], null, { a: 'b' }, 'text', 5]);
		const [row] = await run(
			`select jsonb_typeof(message) kind from pgmq.q_${queue} where msg_id = 2`,
		);
		expect(row?.kind).toBe('null');
	});

	it('sends all or none', async () => {
		await run(`alter table pgmq.q_${queue} add check (message <> '"bad"')`);
		await expect(send('good', 'bad')).rejects.toMatchObject({ code: '23514' });
		expect(await waiting(database.sql, queue)).toEqual([]);
	});

	it('rings', async () => {
		await send(1, 2);
		expect(await run(`select from realtime.messages where topic = 'n8n:${queue}'`)).toHaveLength(1);
	});
});

describe('an ordered claim', () => {
	it('gives messages by their IDs, then nothing until they are done', async () => {
		await send(1, 2, 3);
		expect(await claim({ size: 2 })).toEqual([1, 2]);
		expect(await claim()).toEqual([]);
		await call(`ack('${queue}', '{1,2}')`);
		expect(await claim()).toEqual([3]);
	});

	it('is one value, which no row cap cuts, and an empty list where there is nothing', async () => {
		await send({ b: 1, a: [null] });
		const [message, ...others] = await claimed(`'${queue}'`);
		expect(message).toEqual({
			...{ msg_id: 1, read_ct: 1, message: { a: [null], b: 1 } },
			enqueued_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			vt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
		});
		expect(others).toEqual([]);
		expect(await claimed(`'${queue}'`)).toEqual([]);
	});

	it('is not held up by a message that was sent with a delay', async () => {
		await call(`send('${queue}', '["later"]', 3600)`);
		await send('now');
		expect(await claim()).toEqual([2]);
	});

	it('gives a message back once its visibility is over, with one attempt more', async () => {
		await send(1, 2);
		await claim({ size: 1 });
		await run(`update pgmq.q_${queue} set vt = now() - interval '1 s' where msg_id = 1`);
		const messages = await claimed(`'${queue}'`);
		expect(messages.map(({ msg_id, read_ct }) => [msg_id, read_ct])).toEqual([
			[1, 2],
			[2, 1],
		]);
	});

	it('gives a message that commits late, below those that were done before', async () => {
		const late = database.connect();
		await late.unsafe('begin');
		await late.unsafe(`select public.n8n_queue_send('${queue}', '["late"]')`);
		await send('early');
		expect(await claim()).toEqual([2]);
		await call(`ack('${queue}', '{2}')`);
		await late.unsafe('commit');
		expect(await claim()).toEqual([1]);
	});

	it.each([false, true])(
		'waits for a claim that is under way, and then gives nothing, by row: %s',
		async (byRow) => {
			await send(touching('a'), touching('a'));
			const other = database.connect();
			await other.unsafe('begin');
			expect(await claim({ size: 1, sql: other, byRow })).toEqual([1]);
			const second = database.connect();
			const waits = claim({ sql: second, byRow });
			await locked();
			await other.unsafe('commit');
			expect(await waits).toEqual([]);
		},
	);

	it('waits for a heartbeat that is under way', async () => {
		await send(1, 2);
		await claim({ size: 1 });
		await run(`update pgmq.q_${queue} set vt = now() - interval '1 s' where msg_id = 1`);
		const holder = database.connect();
		await holder.unsafe('begin');
		await holder.unsafe(`select public.n8n_queue_set_vt('${queue}', '{1}', 60, '{1}')`);
		const waits = claim({ sql: database.connect() });
		await locked();
		await holder.unsafe('commit');
		expect(await waits).toEqual([]);
	});

	it('reads by the index on vt, whatever the number of waiting messages', async () => {
		await run(
			`insert into pgmq.q_${queue} (vt, message) select now() - interval '1 h', '{"rows":["a"]}' from generate_series(1, 20000)`,
		);
		await run(`analyze pgmq.q_${queue}`);
		await run('select pg_stat_force_next_flush()');
		const scans = async () =>
			(
				await run(
					`select seq_scan::int, seq_tup_read::int from pg_stat_user_tables where relname = 'q_${queue}'`,
				)
			)[0];
		const before = await scans();
		for (let i = 0; i < 5; i++) {
			const ids = await claim({ size: 1, byRow: i % 2 === 0 });
			await call(`ack('${queue}', '{${ids.join(',')}}')`);
		}
		await run('select pg_stat_force_next_flush()');
		expect(await scans()).toEqual(before);
	});
});

/** Until somebody waits for an advisory lock. */
async function locked(): Promise<void> {
	for (;;) {
		const found = await run(
			`select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
		);
		if (found.length > 0) return;
	}
}

describe('a claim by row', () => {
	it('goes past the rows that have something in flight', async () => {
		await send(touching('a'), touching('a'), touching('b'), touching('a'), touching('c'));
		expect(await claim({ size: 1, byRow: true })).toEqual([1]);
		expect(await claim({ byRow: true })).toEqual([3, 5]);
		expect(await claim({ byRow: true })).toEqual([]);
		await call(`ack('${queue}', '{1}')`);
		expect(await claim({ byRow: true })).toEqual([2, 4]);
	});

	it('keeps a row waiting while its message was put off after a failure', async () => {
		await send(touching('a'), touching('b'), touching('a'));
		await claim({ size: 1, byRow: true });
		await call(`set_vt('${queue}', '{1}', 3600, '{1}')`);
		expect(await claim({ byRow: true })).toEqual([2]);
	});

	it('lets a message of two rows wait for both, and what comes after it for that', async () => {
		await send(touching('a'), touching('a', 'b'), touching('b', 'c'), touching('c'), touching('d'));
		expect(await claim({ size: 1, byRow: true })).toEqual([1]);
		expect(await claim({ byRow: true })).toEqual([5]);
		await call(`ack('${queue}', '{1,5}')`);
		expect(await claim({ byRow: true })).toEqual([2, 3, 4]);
	});

	it.each([
		['without rows', { own: true }],
		['of TRUNCATE', { type: 'TRUNCATE', rows: ['public.item'] }],
		['with no row', { type: 'UPDATE', rows: [] }],
		['that is null', null],
		['that is a list', [1]],
	])('lets a message %s come alone, after all before and before all after', async (_, barrier) => {
		await send(touching('a'), barrier, touching('b'), barrier);
		expect(await claim({ byRow: true })).toEqual([1]);
		expect(await claim({ byRow: true })).toEqual([]);
		await call(`ack('${queue}', '{1}')`);
		expect(await claim({ byRow: true })).toEqual([2]);
		expect(await claim({ byRow: true })).toEqual([]);
		await call(`ack('${queue}', '{2}')`);
		expect(await claim({ byRow: true })).toEqual([3]);
		await call(`ack('${queue}', '{3}')`);
		expect(await claim({ byRow: true })).toEqual([4]);
	});

	it('passes as many as 2,000 of a row that waits', async () => {
		await run(
			`insert into pgmq.q_${queue} (vt, message) select now(), '{"type":"UPDATE","rows":["hot"]}' from generate_series(1, 2000)`,
		);
		await send(touching('cold'));
		expect(await claim({ size: 1, byRow: true })).toEqual([1]);
		expect(await claim({ size: 5, byRow: true })).toEqual([2001]);
	});

	it('never gives more than its size', async () => {
		await send(...[1, 2, 3, 4, 5].map((each) => touching(`r${each}`)));
		await claim({ size: 1, byRow: true });
		expect(await claim({ size: 2, byRow: true })).toEqual([2, 3]);
	});
});

it.each([false, true])(
	'two readers and four writers: each row in order, by row: %s',
	async (byRow) => {
		await run(
			`select public.n8n_queue_purge('items'); truncate item; select public.n8n_queue_purge('items')`,
		);
		const connections = Array.from({ length: 6 }, () => database.connect());
		let writing = 4;
		const writers = connections.slice(0, 4).map(async (sql, writer) => {
			for (let i = 0; i < 60; i++) {
				const id = (i * 7 + writer * 3) % 9;
				await sql
					.unsafe(
						`begin; insert into item values (${id}, 1) on conflict (id) do update set n = item.n + 1; ${i % 5 ? 'commit' : 'rollback'}`,
					)
					.catch(async () => await sql.unsafe('rollback'));
			}
			writing--;
		});
		const steps = new Map<number, number[]>();
		let seen = 0;
		const readers = connections.slice(4).map(async (sql) => {
			for (;;) {
				const last = writing === 0;
				const messages = await claimed(`'items', 60, 3, true, ${byRow}`, sql);
				for (const { message } of messages) {
					const { record } = message as { record: { id: number; n: number } };
					steps.set(record.id, [...(steps.get(record.id) ?? []), record.n]);
					seen++;
				}
				if (messages.length > 0) {
					await sql.unsafe(
						`select public.n8n_queue_ack('items', '{${messages.map(({ msg_id }) => String(msg_id)).join(',')}}')`,
					);
				}
				if (messages.length === 0 && last && (await waiting(database.sql, 'items')).length === 0)
					return;
			}
		});
		await Promise.all([...writers, ...readers]);
		const [sum] = await run('select sum(n)::int total from item');
		expect(seen).toBe(sum?.total);
		for (const each of steps.values()) expect(each).toEqual(each.map((_, i) => i + 1));
	},
);

describe('the fence', () => {
	it('refuses who no longer holds a message', async () => {
		await send(1, 2);
		await claim();
		await run(`update pgmq.q_${queue} set read_ct = 2 where msg_id = 1`);
		expect((await call(`set_vt('${queue}', '{1,2}', 60, '{1,1}')`)).map(Number)).toEqual([2]);
		expect((await call(`park('${queue}', '{1,2}', 'why', '{1,1}')`)).map(Number)).toEqual([2]);
		expect(await waiting(database.sql, queue)).toEqual([1]);
	});

	it.each(["'{1}'", "'{1,null}'", "'{}'"])(
		'takes as many counts as IDs, not %s',
		async (counts) => {
			await send(1, 2);
			await expect(call(`set_vt('${queue}', '{1,2}', 0, ${counts})`)).rejects.toMatchObject({
				code: '22023',
			});
			await expect(call(`park('${queue}', '{1,2}', 'why', ${counts})`)).rejects.toMatchObject({
				code: '22023',
			});
			expect(await waiting(database.sql, queue)).toEqual([1, 2]);
		},
	);

	it('releases and puts off', async () => {
		await send(1, 2);
		await claim();
		await call(`set_vt('${queue}', '{1,2}', 0)`);
		expect(await claim()).toEqual([1, 2]);
		await call(`set_vt('${queue}', '{2,999}', 3600)`);
		const [row] = await run(
			`select vt > now() + interval '50 min' later from pgmq.q_${queue} where msg_id = 2`,
		);
		expect(row?.later).toBe(true);
	});
});

it('parks with the reason, in a queue that is made where there is none', async () => {
	await send({ a: 1 }, [2]);
	await claim();
	expect((await call(`park('${queue}', '{1,2,999}', 'tried 5 times')`)).map(Number)).toEqual([
		1, 2,
	]);
	expect(await waiting(database.sql, queue)).toEqual([]);
	const shared = { queue, read_ct: 1, enqueued_at: expect.any(String), reason: 'tried 5 times' };
	expect(await waiting(database.sql, `${queue}_dead`)).toEqual([
		{ ...shared, msg_id: 1, message: { a: 1 } },
		{ ...shared, msg_id: 2, message: [2] },
	]);
	const [row] = await run(`select relrowsecurity from pg_class where relname = 'q_${queue}_dead'`);
	expect(row?.relrowsecurity).toBe(true);
});

it('acknowledges: away, or into the archive', async () => {
	await send(1, 2, 3);
	expect((await call(`ack('${queue}', '{1,999}')`)).map(Number)).toEqual([1]);
	expect((await call(`ack('${queue}', '{2}', true)`)).map(Number)).toEqual([2]);
	expect(await call(`ack('${queue}', '{}')`)).toEqual([]);
	expect(await waiting(database.sql, queue)).toEqual([3]);
	expect(await run(`select message from pgmq.a_${queue}`)).toMatchObject([{ message: 2 }]);
});

it('finds the queue of a name that is folded, and locks it as the same', async () => {
	await send(1, 2);
	const name = queue.toUpperCase();
	expect(await claim({ of: name, size: 1 })).toEqual([1]);
	expect(await claim()).toEqual([]);
});

describe('what is missing is refused', () => {
	it.each([
		'claim(null)',
		"claim('Q', null)",
		"claim('Q', 60, null)",
		"claim('Q', 60, 0)",
		"claim('Q', 60, 1001)",
		"claim('Q', 0)",
		"claim('Q', 60, 10, null)",
		"claim('Q', 60, 10, true, null)",
		"claim('Q', 60, 10, false, true)",
		"send(null, '[1]')",
		"send('Q', null)",
		"send('Q', '{\"a\":1}')",
		"send('Q', '[1]', null)",
		"ack(null, '{1}')",
		"ack('Q', null)",
		"ack('Q', '{1,null}')",
		"ack('Q', '{1}', null)",
		"set_vt('Q', null, 5)",
		"set_vt('Q', '{null}', 5)",
		"set_vt('Q', '{1}', null)",
		"set_vt(null, '{1}', 5)",
		"park('Q', null)",
		"park(null, '{1}')",
		'create(null)',
		"create('Bad')",
		"create('q', null)",
		'purge(null)',
		'doctor(null)',
		"doctor('Q', null)",
	])('%s', async (text) => {
		await send(1, 2, 3);
		await expect(call(text.replace('Q', queue))).rejects.toMatchObject({
			code: '22023',
			message: expect.stringMatching(/must|name/),
		});
		const rows = await run(`select read_ct from pgmq.q_${queue}`);
		expect(rows).toEqual(new Array(3).fill({ read_ct: 0 }));
	});

	it.each([
		'claim(Q)',
		"ack(Q, '{1}')",
		"set_vt(Q, '{1}', 0)",
		"park(Q, '{1}')",
		"send(Q, '[1]')",
		'purge(Q)',
	])('%s of a queue that there is not', async (text) => {
		await expect(call(text.replace('Q', "'none'"))).rejects.toMatchObject({ code: '42P01' });
	});
});

it('lists, measures and purges', async () => {
	await send(1, 2);
	expect(await run('select * from public.n8n_queue_list()')).toContainEqual({
		queue_name: queue,
		is_partitioned: false,
		is_unlogged: false,
		created_at: expect.any(Date),
	});
	expect(await call(`metrics('${queue}')`)).toMatchObject([{ queue_name: queue, queue_length: 2 }]);
	expect((await call('metrics()')).length).toBeGreaterThan(2);
	expect((await call(`purge('${queue}')`)).map(Number)).toEqual([2]);
	expect(await call(`create('${queue}')`)).toEqual([false]);
});
