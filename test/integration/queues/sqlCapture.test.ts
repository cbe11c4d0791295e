import type { CapturedTable } from '../../../src/api/queues/plan';
import { durableSql } from '../../../src/api/queues/sql/durable';
import { identifier, literal } from '../../../src/api/sql';
import { freshDatabase, waiting, type FreshDatabase } from './database';

let database: FreshDatabase;
let count = 0;

beforeAll(async () => (database = await freshDatabase()));
afterAll(async () => await database.drop());

interface Pair {
	record: { id: number; note: string };
	old_record: { id: number; note: string };
}

const run = async (text: string) => await database.sql.unsafe(text);

/** Captures a table in a queue of its own; gives what waits there, and empties it. */
async function captured(table: Partial<CapturedTable> & { name: string }) {
	const queue = `q${++count}`;
	const whole = { schema: 'public', events: ['insert', 'update', 'delete'] as const, ...table };
	await run(durableSql({ queue, tables: [whole] }));
	return {
		queue,
		async messages() {
			const found = await waiting(database.sql, queue);
			await run(`delete from pgmq.q_${queue}`);
			return found;
		},
	};
}

describe.each([false, true])('a table captured in bulk: %s', (bulk) => {
	const table = bulk ? 'bulky' : 'single';
	let captures: Awaited<ReturnType<typeof captured>>;

	beforeAll(async () => {
		await run(`create table ${table} (id int primary key, note text, amount numeric, doc json)`);
		captures = await captured({ name: table, bulk });
	});
	afterEach(async () => {
		await run(`delete from ${table}`);
		await captures.messages();
	});

	it('sends an insert, an update and a delete with their rows', async () => {
		await run(`insert into ${table} values (7, 'a', 1.50, '{"b":1}')`);
		await run(`update ${table} set note = 'b'`);
		await run(`delete from ${table}`);
		const rows = [`public.${table}:[7]`];
		const first = { id: 7, note: 'a', amount: 1.5, doc: { b: 1 } };
		const second = { ...first, note: 'b' };
		const shared = { v: 1, schema: 'public', table, key: { id: 7 }, rows };
		const rest = { occurred_at: expect.any(String), txid: expect.stringMatching(/^\d+$/) };
		expect(await captures.messages()).toEqual([
			{ ...shared, ...rest, type: 'INSERT', record: first, old_record: null },
			{ ...shared, ...rest, type: 'UPDATE', record: second, old_record: first },
			{ ...shared, ...rest, type: 'DELETE', record: null, old_record: second },
		]);
	});

	it('sends nothing for updates that change nothing, also where a column is json', async () => {
		await run(`insert into ${table} values (1, 'a', 1.0, '{"b":1}'), (2, 'b', null, null)`);
		await captures.messages();
		await run(`update ${table} set note = note, doc = doc`);
		expect(await captures.messages()).toEqual([]);
		await run(`update ${table} set amount = 1.00 where id = 1`);
		expect(await captures.messages()).toHaveLength(1);
	});

	it('names both rows of an update that moves the key', async () => {
		await run(`insert into ${table} values (1)`);
		await run(`update ${table} set id = 2`);
		expect(await captures.messages()).toMatchObject([
			{ key: { id: 1 }, rows: [`public.${table}:[1]`] },
			{ key: { id: 2 }, rows: [`public.${table}:[1]`, `public.${table}:[2]`] },
		]);
	});

	it('pairs the old and new rows of an update of many', async () => {
		await run(`insert into ${table} select i, i::text from generate_series(1, 2500) i`);
		expect(await captures.messages()).toHaveLength(2500);
		await run(`update ${table} set id = id + 10000, note = 'was ' || note where id % 2 = 0`);
		const moved = await captures.messages();
		expect(moved).toHaveLength(1250);
		for (const { record, old_record } of moved as unknown as Pair[]) {
			expect(record.id).toBe(old_record.id + 10000);
			expect(record.note).toBe(`was ${old_record.note}`);
		}
	});

	it('tells that all rows were removed by TRUNCATE', async () => {
		await run(`insert into ${table} values (1)`);
		await run(`truncate ${table}`);
		const found = await captures.messages();
		expect(found[1]).toMatchObject({
			type: 'TRUNCATE',
			table,
			record: null,
			old_record: null,
			key: null,
			rows: [`public.${table}`],
		});
	});

	it('sends what an upsert does, and what a rollback leaves', async () => {
		await run(`insert into ${table} values (1, 'a')`);
		await run(
			`insert into ${table} values (1, 'b'), (2, 'c') on conflict (id) do update set note = excluded.note`,
		);
		await database.sql.begin(async (sql) => {
			await sql.unsafe(`insert into ${table} values (3)`);
			await sql
				.savepoint(async (inner) => {
					await inner.unsafe(`insert into ${table} values (4)`);
					throw new Error('back');
				})
				.catch(() => {});
			await sql.unsafe(`insert into ${table} values (5)`);
		});
		await database.sql
			.begin(async (sql) => {
				await sql.unsafe(`insert into ${table} values (6)`);
				throw new Error('back');
			})
			.catch(() => {});
		const changes = (await captures.messages()).map(({ type, key }) => [type, key]);
		expect(changes.slice(0, 1)).toEqual([['INSERT', { id: 1 }]]);
		expect(changes.slice(1).sort()).toEqual([
			['INSERT', { id: 2 }],
			['INSERT', { id: 3 }],
			['INSERT', { id: 5 }],
			['UPDATE', { id: 1 }],
		]);
	});

	it('sends nothing of a statement that meets no row', async () => {
		await run(`update ${table} set note = 'x'; delete from ${table}`);
		expect(await captures.messages()).toEqual([]);
	});

	it('fails the write when the queue is dropped', async () => {
		await run(`create table ${table}_doomed (id int primary key)`);
		const { queue } = await captured({ name: `${table}_doomed`, bulk });
		await run(`drop table pgmq.q_${queue}`);
		await expect(run(`insert into ${table}_doomed values (1)`)).rejects.toMatchObject({
			code: '42P01',
		});
		expect(await run(`select from ${table}_doomed`)).toHaveLength(0);
	});

	it('rings once a transaction, and after a rollback to a savepoint again', async () => {
		const rings = async () =>
			await run(`select from realtime.messages where topic = 'n8n:${captures.queue}'`);
		const before = (await rings()).length;
		await database.sql.begin(async (sql) => {
			await sql
				.savepoint(async (inner) => {
					await inner.unsafe(`insert into ${table} values (1)`);
					throw new Error('back');
				})
				.catch(() => {});
			await sql.unsafe(`insert into ${table} values (1), (2)`);
			await sql.unsafe(`update ${table} set note = 'x'`);
		});
		expect(await rings()).toHaveLength(before + 1);
		await run(`insert into ${table} values (3)`);
		expect(await rings()).toHaveLength(before + 2);
		const [ring] = await run(
			`select payload - 'id' payload, event, private from realtime.messages where topic = 'n8n:${captures.queue}'`,
		);
		expect(ring).toEqual({ payload: {}, event: 'ring', private: true });
	});
});

it('writes though the bell throws, and where there is none', async () => {
	await run('create table belled (id int primary key)');
	const captures = await captured({ name: 'belled' });
	await run(`alter function realtime.send(jsonb, text, text, boolean) rename to send_away;
		create function realtime.send(jsonb, text, text, boolean) returns void language plpgsql as
		$$ begin raise exception 'no bell'; end $$`);
	await run('insert into belled values (1)');
	await run('drop function realtime.send(jsonb, text, text, boolean)');
	await run('insert into belled values (2)');
	await run('alter function realtime.send_away(jsonb, text, text, boolean) rename to send');
	expect(await captures.messages()).toHaveLength(2);
	expect(await run('select from belled')).toHaveLength(2);
});

const ODD = [
	'Capitals And Blanks',
	'quote"s \'n',
	'semi; drop table x; --',
	'back\\slash $f$ $n8n$ ünï',
	'line\nbreak {"}',
	'p'.repeat(63),
	'record',
];

describe.each(ODD)('the name %j', (name) => {
	it.each([false, true])(
		'of table, columns and schema is taken as it is, in bulk: %s',
		async (bulk) => {
			const schema = `${bulk ? 'b' : 's'} ${name}`.slice(0, 63);
			const column = `key ${name}`.slice(0, 63);
			const secret = `secret ${name}`.slice(0, 63);
			const table = `${identifier(schema)}.${identifier(name)}`;
			await run(`create schema ${identifier(schema)};
			create table ${table} (${identifier(column)} text primary key, ${identifier(secret)} text, ${identifier(name)} int)`);
			const captures = await captured({ schema, name, omit: [secret], bulk });
			await run(`insert into ${table} values (${literal(name)}, 'hidden', 1)`);
			await run(`update ${table} set ${identifier(name)} = 2`);
			await run(`update ${table} set ${identifier(secret)} = 'hidden too'`);
			expect(await captures.messages()).toMatchObject([
				{ schema, table: name, record: { [column]: name, [name]: 1 }, key: { [column]: name } },
				{ type: 'UPDATE', record: { [column]: name, [name]: 2 }, old_record: { [name]: 1 } },
			]);
			const [doctor] = await run(`select public.n8n_queue_doctor('${captures.queue}') told`);
			expect(doctor?.told).toMatchObject({
				triggers: new Array(4).fill({ schema, table: name, enabled: 'O', omit: [secret] }),
			});
			await run(`drop schema ${identifier(schema)} cascade`);
		},
	);
});

it.each([false, true])(
	'takes columns with the names of its own variables, in bulk: %s',
	async (bulk) => {
		const names = [
			'queue',
			'how',
			'label',
			'columns',
			'one',
			'omit',
			'heading',
			'messages',
			'sent',
			'new_row',
			'old_row',
			'n8n_new_',
			'n8n_old_',
			't',
			'n',
			'o',
			'm',
			'k',
			'r',
			'was',
			'c',
			'name',
			'place',
			'key',
			'message',
			'new',
			'old',
			'tg_op',
		];
		await run(
			`drop table if exists own; create table own (id int primary key, ${names.map((each) => `${identifier(each)} text`).join(', ')})`,
		);
		const captures = await captured({ name: 'own', bulk });
		await run(
			`insert into own (id, ${names.map(identifier).join(', ')}) values (1, ${names.map(literal).join(', ')})`,
		);
		await run(`update own set "queue" = 'x'; delete from own`);
		const record = { id: 1, ...Object.fromEntries(names.map((each) => [each, each])) };
		expect(await captures.messages()).toMatchObject([
			{ record },
			{ record: { ...record, queue: 'x' }, old_record: record },
			{ old_record: { ...record, queue: 'x' } },
		]);
	},
);

it.each([false, true])('reads values the same in every session, in bulk: %s', async (bulk) => {
	await run(`drop table if exists exotic; create table exotic (
		id bigint primary key, at timestamptz, f float8, b bytea, i interval, d daterange, ts tstzrange,
		m money, n numeric, a int[], u uuid, p point, day date, nan float8, tz timetz, js jsonb, class regclass)`);
	const captures = await captured({ name: 'exotic', bulk });
	await database.sql.begin(async (sql) => {
		await sql.unsafe(`set local timezone = 'Asia/Tokyo'; set local extra_float_digits = -3;
			set local bytea_output = 'escape'; set local intervalstyle = 'postgres_verbose';
			set local datestyle = 'SQL, DMY'; set local quote_all_identifiers = on`);
		await sql.unsafe(`insert into exotic values (9007199254740993, '2026-01-02 03:04:05+00', 0.1::float8 + 0.2, '\\x00ff',
			'1 day 2 hours', '[2026-01-02,2026-03-04)', '[2026-01-02 03:04:05+00,)', 1.5, 1.500, '{1,null}',
			'00000000-0000-0000-0000-000000000001', '(1,2)', 'infinity', 'NaN', '03:04+00', '[null]', 'public.exotic')`);
	});
	const [text] = await run(
		`select message -> 'record' #>> '{}' record from pgmq.q_${captures.queue}`,
	);
	expect(text?.record).toContain('"id": 9007199254740993');
	expect(text?.record).toContain('"n": 1.500');
	expect(await captures.messages()).toMatchObject([
		{
			record: {
				at: '2026-01-02T03:04:05+00:00',
				f: 0.30000000000000004,
				b: '\\x00ff',
				i: 'P1DT2H',
				d: '[2026-01-02,2026-03-04)',
				ts: '["2026-01-02 03:04:05+00",)',
				m: '$1.50',
				a: [1, null],
				p: '(1,2)',
				day: 'infinity',
				nan: 'NaN',
				js: [null],
				class: 'public.exotic',
			},
		},
	]);
});

it('orders rows by every column of the key, and by the table where it has none', async () => {
	await run(
		'create table pairs (a int, b text, c int, primary key (b, a)); create table heap (v int)',
	);
	const pairs = await captured({ name: 'pairs' });
	const heap = await captured({ name: 'heap', bulk: true });
	const single = await captured({ name: 'heap' });
	await run(
		`insert into pairs values (1, 'x', 0); update pairs set c = 1; update pairs set a = 2; delete from pairs`,
	);
	expect((await pairs.messages()).map(({ key, rows }) => [key, rows])).toEqual([
		[{ a: 1, b: 'x' }, ['public.pairs:["x", 1]']],
		[{ a: 1, b: 'x' }, ['public.pairs:["x", 1]']],
		[{ a: 2, b: 'x' }, ['public.pairs:["x", 1]', 'public.pairs:["x", 2]']],
		[{ a: 2, b: 'x' }, ['public.pairs:["x", 2]']],
	]);
	await run('insert into heap values (1); update heap set v = 2; delete from heap');
	for (const each of [heap, single]) {
		expect((await each.messages()).map(({ key, rows }) => [key, rows])).toEqual(
			new Array(3).fill([null, ['public.heap']]),
		);
	}
});

it('names a partitioned table and the partition, also one that is made later', async () => {
	await run(`create table parted (id int, year int, primary key (id, year)) partition by list (year);
		create table parted_1 partition of parted for values in (1)`);
	const captures = await captured({ name: 'parted' });
	await run('create table parted_2 partition of parted for values in (2)');
	await run('insert into parted values (1, 1); insert into parted_2 values (1, 2)');
	await run('update parted set year = 2, id = 5 where year = 1');
	expect(await captures.messages()).toMatchObject([
		{ table: 'parted', partition: 'parted_1', rows: ['public.parted:[1, 1]'] },
		{ table: 'parted', partition: 'parted_2', rows: ['public.parted:[1, 2]'] },
		{ type: 'DELETE', table: 'parted', partition: 'parted_1' },
		{ type: 'INSERT', table: 'parted', partition: 'parted_2', key: { id: 5, year: 2 } },
	]);
});

it('keeps the order of what another trigger does to the row', async () => {
	await run(`create table chained (id int primary key, n int);
		create function chain() returns trigger language plpgsql as
		$$ begin update public.chained set n = 1 where id = new.id; return null; end $$;
		create trigger a_chain after insert on chained for each row execute function chain()`);
	const captures = await captured({ name: 'chained' });
	await run('insert into chained values (1, 0)');
	expect((await captures.messages()).map(({ type }) => type)).toEqual(['INSERT', 'UPDATE']);
});

it('sends only the events that are chosen', async () => {
	await run('create table chosen (id int primary key, n int)');
	const captures = await captured({ name: 'chosen', events: ['update'] });
	await run(
		'insert into chosen values (1); update chosen set n = 1; delete from chosen; truncate chosen',
	);
	expect(await captures.messages()).toMatchObject([{ type: 'UPDATE' }]);
});

it('sends what writers do who have no rights on queues', async () => {
	await run(`create table theirs (id int primary key); grant all on theirs to authenticated`);
	const captures = await captured({ name: 'theirs' });
	await database.sql.begin(async (sql) => {
		await sql.unsafe('set local role authenticated');
		await sql.unsafe('insert into theirs values (1)');
	});
	expect(await captures.messages()).toHaveLength(1);
});
