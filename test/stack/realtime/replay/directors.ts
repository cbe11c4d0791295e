import postgres from 'postgres';

import type { RealtimeSettings } from '../settings';
import type { Session } from './play';
import type { RecordedFrame, Recording } from './recording';

type Act = (session: Session) => Promise<void> | void;

/** What the recorder did beside what the frames show, and how the service was set meanwhile. */
export interface Director {
	settings?: Partial<RealtimeSettings>;
	/** Of the recorded waits before the client acts, this part is waited. */
	pace?: number;
	before?: Act;
	after?: Act;
	/** By the text of a note. */
	notes?: Record<string, Act>;
	/** In place of a text that is no SQL. */
	sql?: Record<string, Act>;
	/** Before the first frame that was recorded then or later. */
	cues?: Array<{ t: number; act: Act }>;
}

const sql =
	(...statements: string[]): Act =>
	async ({ stage }) => {
		for (const statement of statements) await stage.sql.unsafe(statement);
	};
const act =
	(action: Parameters<Session['stage']['realtime']['act']>[0]): Act =>
	async ({ stage }) =>
		await stage.realtime.act(action);
const send = (count: number, from: number, room: string): string[] =>
	Array.from(
		{ length: count },
		(_none, i) => `select realtime.send('{"n":${from + i}}', 'ev', '${room}', true)`,
	);
/** The time of the first deletion that nothing recorded explains: the recorder tidied up. */
function tidying(recording: Recording): number {
	const frames = recording.frames ?? [];
	const actions = frames.filter(({ dir }) => dir === 'sql' || dir === 'send');
	const last = frames.lastIndexOf(actions.at(-1) as RecordedFrame);
	return frames.slice(last + 1).find(isDelete)?.t ?? Infinity;
}

function isDelete({ dir, text = '' }: RecordedFrame): boolean {
	return dir === 'recv' && text.includes('"type":"DELETE"');
}

const TIMEOUTS: Director = {
	settings: { silenceMs: 2_000, emptySocketMs: 1_000 },
	pace: 1 / 33,
};
const BIG_BROADCAST = (ref: string) =>
	JSON.stringify([
		'1',
		ref,
		'realtime:b',
		'broadcast',
		{ type: 'broadcast', event: 'big', payload: { s: 'x'.repeat(3_600_000) } },
	]);
const DEAF: Director = {
	before: act({ kind: 'deafen' }),
	notes: { 'database mended': act({ kind: 'mend' }) },
};

const DIRECTORS: Record<string, Director | ((recording: Recording) => Director)> = {
	'connect: connecting while joins are above the limit': {
		settings: { joinsPerSecond: 1 },
		before: act({ kind: 'busy', joins: 500 }),
	},
	'connect: the allowed number of users is reached (limit lowered to 1)': {
		settings: { maxUsers: 0 },
	},
	'connect: project suspended': { settings: { suspended: true } },
	'connect: server down behind the gateway': { settings: { refuseUpgrade: { status: 503 } } },
	'connect: unknown project (the host names no tenant)': {
		settings: { refuseUpgrade: { status: 404, body: '{"error":"Tenant not found"}' } },
	},
	'timeout: server keeps sending, client silent': {
		...TIMEOUTS,
		cues: [
			{
				t: 10_000,
				act: async ({ stage }) => {
					for (let i = 1; i <= 6; i++) await broadcast(stage.url, 'quiet2', 'tick', {});
				},
			},
		],
	},
	'protocol: frame over 5 MB': {
		notes: {
			'text frame of 5,100,000 bytes sent': (session) =>
				session.raw(
					JSON.stringify(['1', '2', 'realtime:big', 'broadcast', { s: 'x'.repeat(5_100_000) }]),
				),
		},
	},
	'join: postgres_changes_options.wait is unknown to this server': {
		cues: [
			{
				t: 60,
				act: sql(
					"insert into rt_items(id,name) values (501,'legacy')",
					'delete from rt_items where id=501',
				),
			},
		],
	},
	'join.error: more users than allowed (limit lowered to 1)': { settings: { maxUsers: 1 } },
	'changes.tx: many rows in one transaction: order and commit_timestamp': (recording) => ({
		sql: {
			'begin; 8 statements over 1.2 s; commit': sql(
				`begin;
				insert into rt_items(id,name) values (1,'n1');
				insert into rt_items(id,name) values (2,'n2');
				insert into rt_items(id,name) values (3,'n3');
				insert into rt_full values (1,'f',1);
				update rt_items set qty=1 where id=2;
				update rt_items set qty=2 where id=2;
				delete from rt_items where id=1;
				insert into rt_items(id,name) values (1,'again');
				commit`,
			),
			committed: () => {},
		},
		cues: [{ t: tidying(recording), act: sql('delete from rt_full', 'delete from rt_items') }],
	}),
	'changes.tx: two overlapping transactions: order is commit order': (recording) => ({
		sql: {
			'B committed id 2': async ({ stage }) => {
				const other = postgres(stage.databaseUrl, { max: 1 });
				await other`begin`.simple();
				await other`insert into rt_items(id,name) values (1,'begun first, committed last')`;
				await stage.sql`insert into rt_items(id,name) values (2,'begun last, committed first')`;
				await other`commit`.simple();
				await other.end();
			},
			'A committed id 1': () => {},
		},
		cues: [{ t: tidying(recording), act: sql('delete from rt_items') }],
	}),
	'changes.poison: a policy that raises an error loses the whole batch, other tables and other subscribers included':
		{
			cues: [{ t: 7_000, act: () => {} }],
			sql: { 'rt_poison has a policy for anon: using (1/(id-13) <> 99)': () => {} },
		},
	'changes.dead_poller: server cannot create its replication slot: system says ok, nothing flows':
		DEAF,
	'changes.dead_poller: the same for 100 s, a row every 5 s; then the database is mended': DEAF,
	'changes.dead_poller: reader dead, database mended after 45 s: what a rejoin, a second client and a reconnect bring':
		DEAF,
	'changes.dead_poller: reader dead, mended after 45 s, then a second client joins: the first stays deaf':
		DEAF,
	'publication: table added to the publication: every channel is subscribed again (within 60 s): second system ok':
		(recording) => ({ settings: { publicationMs: 100 }, cues: ticks(recording) }),
	'publication: table dropped from the publication while subscribed': {
		settings: { publicationMs: 100 },
	},
	'schema: a filter on a column that is then renamed: silence until the server subscribes again, then a system error':
		{ cues: [{ t: 2_000, act: act({ kind: 'subscribeAgain' }) }] },
	'rejoin: join the same topic twice on one socket: the first is closed, v1': {
		sql: {
			"insert into rt_comp values (1,'dup','v')": sql(
				"insert into rt_comp values (1,'dup','v')",
				"insert into rt_comp values (2,'dup','v')",
			),
			"delete from rt_comp where b='dup' and a=1": sql(
				"delete from rt_comp where b='dup' and a=1",
				"delete from rt_comp where b='dup' and a=2",
			),
		},
	},
	'rejoin: join the same topic twice on one socket: the first is closed, v2': {
		sql: {
			"insert into rt_comp values (2,'dup','v')": sql(
				"insert into rt_comp values (1,'dup','v')",
				"insert into rt_comp values (2,'dup','v')",
			),
			"delete from rt_comp where b='dup' and a=2": sql(
				"delete from rt_comp where b='dup' and a=1",
				"delete from rt_comp where b='dup' and a=2",
			),
		},
	},
	'broadcast: payload over 3000 kB, ack': {
		notes: {
			'A sends a broadcast of 3,600,000 bytes': (session) => session.raw(BIG_BROADCAST('77'), 'A'),
		},
	},
	'broadcast: payload over 3000 kB, no ack: silence': {
		notes: {
			'A sends a broadcast of 3,600,000 bytes': (session) => session.raw(BIG_BROADCAST('77'), 'A'),
		},
	},
	'broadcast.rest: project suspended': { settings: { suspended: true } },
	'broadcast.database: in a transaction: sent at commit, order kept; rollback sends nothing': {
		notes: {
			committed: sql(`begin; ${send(3, 1, 'room:tx').join(';')}; commit`),
			'one more, rolled back': sql(`begin; ${send(1, 4, 'room:tx').join(';')}; rollback`),
		},
	},
	'broadcast.database: payload over the limit (3.2 MB) from the database': {
		notes: {
			'realtime.send of 3.2 MB committed': sql(
				"select realtime.send(jsonb_build_object('s', repeat('x', 3200000)), 'big', 'room:bigdb', true)",
			),
		},
	},
	'broadcast.database: no partition of realtime.messages for today: send only warns, private joins and writes fail':
		{
			notes: {
				"today's partition detached": sql(
					"do $$ begin execute format('alter table realtime.messages detach partition realtime.%I', 'messages_' || to_char(current_date, 'YYYY_MM_DD')); end $$",
				),
			},
			after: sql(
				"do $$ begin execute format('drop table realtime.%I', 'messages_' || to_char(current_date, 'YYYY_MM_DD')); end $$",
				'select realtime.make_partitions()',
			),
		},
	'replay: since with limit 5: the newest 5, oldest first, v1': {
		before: sql(...send(30, 1, 'room:replay')),
	},
	'replay: since with limit 5: the newest 5, oldest first, v2': {
		before: sql(...send(30, 1, 'room:replay')),
	},
	'replay: limit 100 is cut to 25': { before: sql(...send(30, 1, 'room:replay')) },
	'replay: no limit given': { before: sql(...send(30, 1, 'room:replay')) },
	'replay: since in the future: nothing': { before: sql(...send(30, 1, 'room:replay')) },
	'replay: replay while messages arrive': {
		before: sql(...send(5, 100, 'room:replay2')),
		cues: [{ t: 130, act: sql(...send(5, 105, 'room:replay2')) }],
	},
	'replay: HTTP and websocket broadcasts are not stored': {
		before: async ({ stage }) => await broadcast(stage.url, 'room:nr', 'e', { a: 1 }, true),
	},
	'replay: gap bridged: rejoin with since = time of the last message; ids tell what is new': {
		cues: [
			{ t: 15, act: sql(...send(3, 1, 'room:dur')) },
			{ t: 600, act: sql(...send(3, 4, 'room:dur')) },
			{ t: 1_000, act: sql(...send(1, 7, 'room:dur')) },
		],
	},
	'replay: a message committed late has an older inserted_at than its neighbours: since by the newest seen misses it':
		{
			cues: [
				{
					t: 100,
					act: async ({ stage }) => {
						const slow = postgres(stage.databaseUrl, { max: 1 });
						await slow`begin`.simple();
						await slow`select realtime.send('{"n":"slow"}', 'ev', 'room:late', true)`;
						await new Promise((resolve) => setTimeout(resolve, 700));
						await stage.sql`select realtime.send('{"n":"quick"}', 'ev', 'room:late', true)`;
						await slow`commit`.simple();
						await slow.end();
					},
				},
			],
		},
	'presence: track over 3000 kB': {
		notes: {
			'track of 3,600,000 bytes sent': (session) =>
				session.raw(
					JSON.stringify([
						'1',
						'2',
						'realtime:p8',
						'presence',
						{ type: 'presence', event: 'track', payload: { s: 'x'.repeat(3_600_000) } },
					]),
				),
		},
	},
	'limit: REST batch while above the limit': {
		settings: { eventsPerSecond: 5 },
		before: act({ kind: 'busy', events: 1_000 }),
	},
	'limit: REST single while above the limit': {
		settings: { eventsPerSecond: 5 },
		before: act({ kind: 'busy', events: 1_000 }),
	},
	'limit: fourth channel on one socket where 3 are allowed': { settings: { maxChannels: 3 } },
	'admin: project set to private only while connected: asked to leave; public join refused, private join ok':
		{
			notes: {
				'private_only set': async ({ stage }) => {
					stage.realtime.settings.privateOnly = true;
					await stage.realtime.act({ kind: 'disconnect' });
				},
			},
		},
	'admin: project suspended while connected': {
		cues: [{ t: 20, act: act({ kind: 'disconnect' }) }],
	},
	'admin: reload of the project (server requested disconnect)': {
		notes: { reload: act({ kind: 'disconnect' }) },
	},
	'fault: all subscription rows deleted in the database: silence': tidiedFirst,
	'admin: after the reload: first join is a cold one': tidiedLast,
	'restart: server told to stop (SIGTERM) while channels are joined': {
		notes: { SIGTERM: act({ kind: 'close', code: 1012 }) },
	},
	'restart: the same over v1': { notes: { SIGTERM: act({ kind: 'close', code: 1012 }) } },
	'restart: server killed (SIGKILL)': { notes: { SIGKILL: act({ kind: 'close', code: 1006 }) } },
	'supabase-js: socket closed by the server (1012): reconnect and rejoin': {
		notes: { 'project reloaded by the administrator': act({ kind: 'disconnect' }) },
	},
	'supabase-js: private channel with setAuth': ({ frames = [] }) => ({
		before: sql(
			...frames
				.filter(({ text }) => text?.includes('"replayed":true'))
				.filter(({ dir }) => dir === 'recv')
				.map(() => `select realtime.send('{"n":1}', 'db', 'room:1', true)`),
		),
	}),
	'supabase-js: secret key, select option and wait option': {
		cues: [
			{ t: 2_800, act: sql("insert into rt_items(id,name) values (1,'a')") },
			{ t: 3_800, act: sql('delete from rt_items') },
		],
	},
	'supabase-js: postgres_changes: *, INSERT with filter, system listener': {
		sql: {
			'insert, update, delete of rt_items 1 and 2': sql(
				"insert into rt_items(id,name,qty,price,created_at) values (1,'a',1,1.5,'2026-01-01T00:00:00Z'),(2,'b',9,2.5,null)",
				'update rt_items set qty=7 where id=1',
				'delete from rt_items where id=2',
				'delete from rt_items where id=1',
			),
		},
	},
};

/** Rows of another session that were tidied up in this one's first moments. */
function tidiedFirst(recording: Recording): Director {
	const ids = (recording.frames ?? []).filter(isDelete).map(idOf);
	const t = (recording.frames ?? []).find(isDelete)?.t ?? 0;
	return { before: insert(ids), cues: [{ t, act: remove(ids) }] };
}

/** The same after the last action; some of the rows are its own. */
function tidiedLast(recording: Recording): Director {
	const ids = (recording.frames ?? []).filter(isDelete).map(idOf);
	const own = (recording.frames ?? [])
		.filter(({ text = '' }) => text.includes('"INSERT"'))
		.map(idOf);
	return {
		before: insert(ids.filter((id) => !own.includes(id))),
		cues: [{ t: tidying(recording), act: remove(ids) }],
	};
}

function idOf({ text = '' }: RecordedFrame): number {
	return Number(/"(?:old_)?record":\{"id": (\d+)/.exec(text)?.[1]);
}

function insert(ids: number[]): Act {
	return sql(...ids.map((id) => `insert into rt_items(id,name) values (${id},'x')`));
}

function remove(ids: number[]): Act {
	return sql(...ids.map((id) => `delete from rt_items where id=${id}`));
}

/** Rows that were written all the while, and not recorded but by their coming. */
function ticks({ frames = [] }: Recording): Director['cues'] {
	const written = frames.filter(
		({ dir, text = '' }) => dir === 'recv' && text.includes('"INSERT"'),
	);
	const rows = written.map(
		(frame) => `insert into rt_items(id,name) values (${idOf(frame)},'tick')`,
	);
	return [{ t: written[0]?.t ?? 0, act: sql(...rows) }];
}

async function broadcast(
	url: string,
	topic: string,
	event: string,
	payload: object,
	isPrivate = false,
): Promise<void> {
	const answer = await fetch(`${url}/realtime/v1/api/broadcast`, {
		method: 'POST',
		headers: {
			apikey: 'sb_secret_FAKEfakeFAKEfakeFAKE_ef56gh78',
			'content-type': 'application/json',
		},
		body: JSON.stringify({ messages: [{ topic, event, payload, private: isPrivate }] }),
	});
	if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
}

export function directorOf(recording: Recording): Director {
	const found = DIRECTORS[`${recording.op}: ${recording.case}`];
	if (typeof found === 'function') return found(recording);
	if (found) return found;
	if (recording.op === 'timeout') return TIMEOUTS;
	if (tidying(recording) === Infinity) return {};
	return {
		cues: [
			{
				t: tidying(recording),
				act: sql('delete from rt_items', 'delete from rt_full', 'delete from rt_big'),
			},
		],
	};
}
