import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import {
	openFeed,
	type Feed,
	type FeedNews,
	type FeedOptions,
} from '../../../src/api/realtime/catchUp/feed';
import type { CatchUpState } from '../../../src/api/realtime/catchUp/state';
import type { FeedEvent, Watch } from '../../../src/api/realtime/catchUp/watch';
import { openRealtime } from '../../../src/api/realtime/realtime';
import type { Realtime } from '../../../src/api/realtime/realtime';
import { readProject } from '../../../src/api/project';
import { sender } from '../../../src/api/transport';
import { stackControl } from '../../stack/control';
import { realtimeControl } from '../../stack/realtime/control';

const project = readProject({
	url: process.env.SUPABASE_URL ?? '',
	secretKey: process.env.SUPABASE_SECRET_KEY,
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY,
});
const send = sender(project, { authority: { role: 'service_role' } });
const sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 3, onnotice() {} });
const control = stackControl();
const realtimeAt = realtimeControl();
const timings = { sweep: 60_000, soon: 10, settle: 150, retry: 50, rejoinSoon: 60_000 };

const opened: Array<{ watched: Watched; realtime: Realtime }> = [];
const tables: string[] = [];

/** A feed on a table, and what it has handed out. */
class Watched {
	readonly events: FeedEvent[] = [];
	readonly news: FeedNews[] = [];
	readonly feed: Feed;
	saved?: CatchUpState;
	isOver = false;

	constructor(
		watch: Partial<Watch> & { table: Watch['table'] },
		options: Partial<FeedOptions> = {},
	) {
		const realtime = openRealtime(project, {
			authority: async () => ({ authority: { role: 'service_role' } }),
			timings: { firstWait: 50 },
		});
		const { table } = watch;
		this.feed = openFeed({
			realtime,
			send,
			subscription: {
				name: 'catch-up',
				changes: [{ event: '*', schema: table.schema, table: table.name }],
			},
			watches: [{ events: ['INSERT', 'UPDATE', 'DELETE'], ...watch }],
			timings,
			start: 'beginning',
			onNews: (news) => this.news.push(news),
			emit: async ({ events, state }) => {
				this.saved = JSON.parse(JSON.stringify(state())) as CatchUpState;
				for (const event of events) this.events.push(event);
			},
			...options,
		});
		opened.push({ watched: this, realtime });
	}

	/** Waits for something to be true of what came. */
	async until(isSo: () => boolean): Promise<void> {
		while (!isSo()) {
			// A test that has run out of its time is over.
			if (this.isOver) throw new Error(JSON.stringify({ events: this.events, news: this.news }));
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	}

	/** Waits until a sweep that is asked for now has come to its end. */
	async swept(): Promise<void> {
		const ends = () => this.news.filter(({ name }) => name === 'swept').length;
		const starts = () => this.news.filter(({ name }) => name === 'sweeping').length;
		const before = starts();
		this.feed.sweep();
		await this.until(() => starts() > before && ends() >= starts());
	}

	values(column: string): unknown[] {
		return this.events.map(({ record }) => record?.[column]);
	}
}

/** @param fill rows that are there before Realtime hears of the table, `(…), (…)` or a SELECT */
async function newTable(columns: string, fill?: string): Promise<Watch['table']> {
	const name = `cu_${randomBytes(4).toString('hex')}`;
	await sql.unsafe(`create table ${name} (${columns})`);
	if (fill) await sql.unsafe(`insert into ${name} ${fill}`);
	await sql.unsafe(`grant all on ${name} to anon, authenticated, service_role`);
	await sql.unsafe(`alter publication supabase_realtime add table ${name}`);
	tables.push(name);
	await control.reloadSchema();
	return { schema: 'public', name };
}

afterEach(async () => {
	for (const { watched, realtime } of opened.splice(0)) {
		watched.isOver = true;
		await watched.feed.close();
		await realtime.close();
	}
	await realtimeAt.act({ kind: 'reset' });
	await control.setMaxRows(1000);
	for (const name of tables.splice(0)) await sql.unsafe(`drop table ${name}`);
});

afterAll(async () => await sql.end());

describe('a sweep of every row from the beginning', () => {
	const CURSORS: ReadonlyArray<readonly [type: string, value: (n: number) => string]> = [
		[
			'timestamptz',
			(n) => `timestamptz '2026-01-01 00:00+02' + interval '1 microsecond' * ${n >> 3}`,
		],
		['timestamp', (n) => `timestamp '2026-01-01' + interval '1 microsecond' * ${n >> 3}`],
		['date', (n) => `date '2026-01-01' + ${n >> 5}`],
		['bigint', (n) => `9007199254740990 + ${n >> 1}`],
		['numeric', (n) => `12345678901234567890.5 + ${n >> 1} * 0.000001`],
		['smallint', (n) => `${n >> 4}`],
		['text', (n) => `'01J${String(n >> 2).padStart(5, '0')} x'`],
		['uuid', (n) => `('018f0000-0000-7000-8000-' || lpad(to_hex(${n >> 1}), 12, '0'))::uuid`],
	];

	it.each(CURSORS)('reads each once, in order, by a cursor of %s', async (type, value) => {
		const rows = Array.from(
			{ length: 120 },
			(_, n) => `('k ${n % 7}', 9007199254740993 + ${n}, ${value(n)})`,
		);
		const table = await newTable(
			`"Key" text, "No" bigint, moved ${type}, primary key ("Key", "No")`,
			`values ${rows.join(', ')}, ('null', 1, null)`,
		);
		await control.setMaxRows(9);
		const watched = new Watched(
			{ table, key: ['Key', 'No'], cursor: 'moved' },
			{ numbers: 'text' },
		);
		await watched.feed.ready();
		await watched.until(() => watched.events.length >= 120);
		await watched.swept();
		const expected = await sql.unsafe(
			`select "No"::text as no from ${table.name} where moved is not null order by moved, "Key", "No"`,
		);
		expect(watched.events.map(({ key }) => String(key?.No))).toEqual(expected.map(({ no }) => no));
		expect(watched.events.every(({ origin }) => origin === 'catch-up')).toBe(true);
	});

	it('comes through thousands of rows with one time, and ends when some move meanwhile', async () => {
		const table = await newTable(
			'id int primary key, moved timestamptz',
			`select n, timestamptz '2026-01-01' from generate_series(1, 3000) n`,
		);
		const watched = new Watched(
			{ table, key: ['id'], cursor: 'moved' },
			{ limits: { page: 100 }, timings: { ...timings, settle: 1 } },
		);
		await watched.until(() => watched.events.length >= 200);
		await sql.unsafe(`update ${table.name} set moved = now() where id in (7, 2900)`);
		await watched.until(() => new Set(watched.values('id')).size === 3000);
		await watched.swept();
		const moved = watched.events.filter(({ key }) => key?.id === 7);
		expect(moved).toHaveLength(2);
		expect(watched.events.length).toBeLessThanOrEqual(3002);
	});
});

describe('what comes live and is found by a sweep as well', () => {
	const COLUMNS = `id bigint primary key, moved timestamptz not null default clock_timestamp(),
		price numeric, ratio float8, small float4, filled char(6), words text[],
		sums numeric[], data jsonb, plain json, span interval, range int4range, at timestamp,
		day date, flag boolean, address inet, long bigint`;

	it('holds the same values from both, numbers as text where that is asked for', async () => {
		const table = await newTable(COLUMNS);
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' }, { numbers: 'text' });
		await watched.feed.ready();
		await watched.swept();
		await sql.unsafe(`insert into ${table.name} (id, price, long, words, flag, data, at) values
			(1, 12.50, 9007199254740993, '{a,b}', true, '{"a":1}', '2026-01-01 10:00')`);
		await watched.until(() => watched.events.length >= 1);
		await realtimeAt.set({ loseChanges: 1 });
		await sql.unsafe(`update ${table.name} set moved = clock_timestamp()`);
		await watched.swept();
		const [live, found] = watched.events.map(({ record }) => record);
		// The local REST service has a blank between date and time.
		expect(found).toEqual({ ...live, moved: found?.moved, at: '2026-01-01 10:00:00' });
		expect(found).toMatchObject({ id: '1', price: '12.50', long: '9007199254740993' });
		expect(watched.events[1]).toMatchObject({ event: 'CHANGE', origin: 'catch-up' });
	});

	it('is the same row in every type, and comes once', async () => {
		const table = await newTable(COLUMNS);
		const watched = new Watched(
			{ table, key: ['id'], cursor: 'moved' },
			// What char(n) is cut to is known when a change has come live: no sweep may be before it.
			{ numbers: 'text', timings: { ...timings, settle: 5_000 } },
		);
		await watched.feed.ready();
		await sql.unsafe(`insert into ${table.name} values
			(1, default, 12.50, 0.1, 1.1, 'ab', '{a,"b c"}', '{1.50,20}', '{"b":1,"a":[1.50]}', '{"b":1, "a":2}',
				'1 day 02:03:00', '[1,10)', '2026-01-01 10:00', '2026-01-01', true, '10.0.0.1/8', 9007199254740993),
			(2, default, 'NaN', 'Infinity', 'NaN', '', '{}', '{}', 'null', '[]', '0', 'empty', null, 'infinity', false, '::1', 0),
			(3, default, 0.000, 1e300, '-0', null, null, null, null, null, null, '(,)', null, null, null, null, -1)`);
		await watched.until(() => watched.events.length >= 3);
		await watched.swept();
		await sql.unsafe(`update ${table.name} set moved = clock_timestamp()`);
		await watched.until(() => watched.events.length >= 6);
		await watched.swept();
		expect(watched.events.map(({ event, origin }) => `${event} ${origin}`)).toEqual([
			...Array.from({ length: 3 }, () => 'INSERT live'),
			...Array.from({ length: 3 }, () => 'UPDATE live'),
		]);
	});

	it('tells two updates of a row in one transaction apart', async () => {
		const table = await newTable(
			'id int primary key, moved timestamptz not null default now(), v int',
		);
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' });
		await watched.feed.ready();
		await watched.swept();
		await sql.begin(async (tx) => {
			await tx.unsafe(`insert into ${table.name} values (1, now(), 1)`);
			await tx.unsafe(`update ${table.name} set v = 2`);
			await tx.unsafe(`update ${table.name} set v = 2`);
		});
		await watched.until(() => watched.events.length >= 3);
		await watched.swept();
		expect(watched.values('v')).toEqual([1, 2, 2]);
	});
});

describe('what Realtime loses', () => {
	const writing = async (table: Watch['table']) => {
		for (let n = 1; n <= 5; n++) {
			await sql.unsafe(`insert into ${table.name} values (${n}, now())`);
		}
	};

	it('is found by a sweep, and the channel is joined anew', async () => {
		const table = await newTable('id int primary key, moved timestamptz');
		const watched = new Watched(
			{ table, key: ['id'], cursor: 'moved' },
			{ timings: { ...timings, rejoinSoon: 0 } },
		);
		await watched.feed.ready();
		await watched.swept();
		await realtimeAt.set({ loseChanges: 5 });
		await writing(table);
		await watched.swept();
		expect(watched.values('id')).toEqual([1, 2, 3, 4, 5]);
		expect(watched.news).toContainEqual(expect.objectContaining({ name: 'swept', missed: 5 }));
		await watched.until(() => watched.news.some(({ name }) => name === 'rejoining'));
	});

	it('is lost without a cursor', async () => {
		const table = await newTable('id int primary key, moved timestamptz');
		const watched = new Watched({ table, key: ['id'] });
		await watched.feed.ready();
		await realtimeAt.set({ loseChanges: 5 });
		await writing(table);
		await sql.unsafe(`insert into ${table.name} values (6, now())`);
		await watched.until(() => watched.events.length > 0);
		watched.feed.sweep();
		expect(watched.values('id')).toEqual([6]);
	});

	it('is found though it was committed late', async () => {
		const table = await newTable('id int primary key, moved timestamptz default now()');
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' });
		await watched.feed.ready();
		await realtimeAt.set({ loseChanges: 100 });
		await sql.begin(async (tx) => {
			await tx.unsafe(`insert into ${table.name} values (1)`);
			await sql.unsafe(`insert into ${table.name} values (2)`);
			await watched.swept();
			expect(watched.values('id')).toEqual([2]);
		});
		await watched.swept();
		expect(watched.values('id')).toEqual([2, 1]);
	});

	it('is met by the filters of its bindings alone', async () => {
		const table = await newTable(
			'id int primary key, moved timestamptz, kind text',
			`values (1, now(), 'a'), (2, now(), 'b'), (3, now(), null), (4, now(), 'a b'), (5, now(), 'abc')`,
		);
		const filters = [
			[{ column: 'kind', operator: 'in', value: ['a', 'a b'] }],
			[
				{ column: 'kind', operator: 'like', value: 'ab%' },
				{ column: 'id', operator: 'gt', value: 4 },
			],
		];
		const watched = new Watched({ table, key: ['id'], cursor: 'moved', filters });
		await watched.until(() => watched.events.length >= 3);
		await watched.swept();
		expect(watched.values('id')).toEqual([1, 4, 5]);
	});
});

describe('the beginning', () => {
	const filled = async () =>
		await newTable(
			'id int primary key, moved timestamptz, v int',
			`select n, now() - interval '1 minute' * (10 - n), 0 from generate_series(1, 10) n`,
		);

	it('is what is there now, with what is committed late', async () => {
		const table = await filled();
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' }, { start: 'now' });
		await watched.feed.ready();
		await realtimeAt.set({ loseChanges: 100 });
		await sql.unsafe(
			`insert into ${table.name} values (11, now() - interval '10 seconds'), (12, now())`,
		);
		await watched.swept();
		expect(new Set(watched.values('id'))).toEqual(new Set([11, 12]));
	});

	it('is a time', async () => {
		const table = await filled();
		const from = new Date(Date.now() - 4.5 * 60_000).toISOString();
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' }, { start: { from } });
		await watched.until(() => watched.events.length >= 5);
		await watched.swept();
		expect(watched.values('id')).toEqual([6, 7, 8, 9, 10]);
	});

	it('is an empty table', async () => {
		const table = await newTable('id int primary key, moved timestamptz');
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' }, { start: 'now' });
		await watched.feed.ready();
		await realtimeAt.set({ loseChanges: 100 });
		await sql.unsafe(`insert into ${table.name} values (1, now())`);
		await watched.swept();
		expect(watched.values('id')).toEqual([1]);
	});

	it('is where an earlier feed was, but for its last batch', async () => {
		const table = await filled();
		const watch = { table, key: ['id'], cursor: 'moved' };
		const first = new Watched(watch);
		await first.until(() => first.events.length >= 10);
		await first.swept();
		await first.feed.close();
		await sql.unsafe(`update ${table.name} set moved = now(), v = 1 where id < 4`);
		const second = new Watched(watch, { state: first.saved });
		await second.until(() => second.events.length >= 4);
		await second.swept();
		// A warm server may send changes from just before the join, so before what the sweep finds.
		expect(
			second
				.values('id')
				.map(Number)
				.sort((a, b) => a - b),
		).toEqual([1, 2, 3, 10]);
		const third = new Watched(watch, { state: second.feed.state() });
		await third.feed.ready();
		await third.swept();
		expect(third.events).toEqual([]);
	});

	it('is new where the cursor is another column', async () => {
		const table = await filled();
		const first = new Watched({ table, key: ['id'], cursor: 'moved' });
		await first.until(() => first.events.length >= 10);
		const second = new Watched(
			{ table, key: ['id'], cursor: 'id' },
			{ state: first.feed.state(), start: { from: '9' } },
		);
		await second.until(() => second.events.length >= 2);
		await second.swept();
		expect(second.values('id')).toEqual([9, 10]);
	});
});

describe('what the server leaves out', () => {
	it('is read again: rows too large, and what an update did not touch', async () => {
		const table = await newTable('id int primary key, moved timestamptz, v int, long text');
		await sql.unsafe(`alter table ${table.name} alter long set storage external`);
		await realtimeAt.set({ maxRecordBytes: 10_000 });
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' });
		await watched.feed.ready();
		await watched.swept();
		await sql.unsafe(
			`insert into ${table.name} values (1, now(), 1, repeat('x', 20000)), (2, now(), 1, repeat('y', 5000))`,
		);
		await sql.unsafe(`update ${table.name} set v = 2, moved = now() where id = 2`);
		await sql.unsafe(`update ${table.name} set v = 3, moved = now(), long = 'z' where id = 2`);
		await watched.until(() => watched.values('v').includes(3));
		await watched.until(() => watched.events.some(({ key }) => key?.id === 1));
		await watched.swept();
		const large = watched.events.filter(({ key }) => key?.id === 1);
		expect(large).toHaveLength(1);
		expect(large[0]).toMatchObject({
			event: 'INSERT',
			origin: 'live',
			repaired: true,
			errors: [expect.stringContaining('413')],
			record: { long: 'x'.repeat(20000) },
		});
		const versions = watched.events.filter(({ key }) => key?.id === 2).map(({ record }) => record);
		expect(versions.at(-1)).toMatchObject({ v: 3, long: 'z' });
		expect(versions.every((record) => typeof record?.long === 'string')).toBe(true);
	});

	it('says why where there is no key, and a sweep brings the row', async () => {
		const table = await newTable('id int, moved timestamptz');
		const watched = new Watched({ table, key: ['id'], cursor: 'moved' });
		await watched.feed.ready();
		await watched.swept();
		await sql.unsafe(`insert into ${table.name} values (1, now())`);
		await watched.until(() => watched.events.length >= 2);
		expect(watched.events[0]).toMatchObject({
			event: 'INSERT',
			origin: 'live',
			incomplete: expect.stringContaining('no primary key'),
		});
		expect(watched.events[1]).toMatchObject({ event: 'CHANGE', record: { id: 1 } });
	});
});

it('hands out no more rows a sweep than it may, and skips none', async () => {
	const table = await newTable(
		'id int primary key, moved timestamptz',
		`select n, timestamptz '2026-01-01' from generate_series(1, 50) n`,
	);
	const watched = new Watched(
		{ table, key: ['id'], cursor: 'moved' },
		{ limits: { sweepRows: 7, page: 10 } },
	);
	await watched.until(() => watched.events.length >= 50);
	await watched.swept();
	expect(watched.values('id')).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
	const found = watched.news.flatMap((news) => (news.name === 'swept' ? [news.found] : []));
	expect(Math.max(...found)).toBe(7);
});

it('drops what comes while nobody takes it, and finds it again', async () => {
	const table = await newTable('id int primary key, moved timestamptz');
	let go: () => void = () => undefined;
	const waiting = new Promise<void>((resolve) => (go = resolve));
	const taken: unknown[] = [];
	const watched = new Watched(
		{ table, key: ['id'], cursor: 'moved' },
		{
			limits: { queue: 10 },
			emit: async ({ events }) => {
				await waiting;
				for (const { key } of events) taken.push(key?.id);
			},
		},
	);
	await watched.feed.ready();
	await watched.swept();
	await sql.unsafe(`insert into ${table.name} select n, now() from generate_series(1, 60) n`);
	await watched.until(() => watched.news.some(({ name }) => name === 'overflow'));
	go();
	await watched.until(() => taken.length >= 60);
	await watched.swept();
	expect(new Set(taken).size).toBe(60);
	expect(taken).toHaveLength(60);
});
