import { continueRegular, range } from './database-helpers';
import { listSearch } from './editor';
import { openQueues } from './queues-helpers';

const { bench, ...queues } = openQueues();
const UNKNOWN =
	'Whether the request was carried out is unknown: if it writes, look before you run it again.';

let queue: string;
beforeEach(async () => (queue = await queues.makeQueue()));

type Args = Parameters<typeof queues.run>;
const message = async (
	operation: string,
	parameters: Args[2] = {},
	options: Args[3] = {},
	rest?: Args[4],
) => await queues.run('message', operation, { queue, ...parameters }, options, rest);

async function fill(count: number): Promise<void> {
	await bench.sql(
		`select pgmq.send($1, jsonb_build_object('n', i)) from generate_series(1, $2::int) i`,
		[queue, count],
	);
}

const ids = (json: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
	json.map(({ msg_id: id }) => id);

describe.each([
	['without this pack’s SQL', false],
	['with this pack’s SQL', true],
])('%s', (_, withPack) => {
	beforeAll(async () => await (withPack ? queues.installPack() : queues.removePack()));

	it('messages are read, sorted, hidden meanwhile, and deleted by what came', async () => {
		await fill(2500);
		const { json, hints } = await message('read', { limit: 2100, visibility: 600 });
		expect(hints).toEqual([]);
		expect(ids(json)).toEqual(range(2100).map((n) => n + 1));
		expect(json[0]).toMatchObject({ queue, msg_id: 1, read_ct: 1, message: { n: 1 } });
		expect(ids((await message('read', { limit: 1000 })).json)).toEqual(
			range(400).map((n) => n + 2101),
		);
		const count = withPack ? 1100 : 100;
		const { result, calls } = await queues.callsDuring(
			async () => await message('delete', {}, { items: json.slice(0, count) }),
		);
		expect(result.json).toEqual(range(count).map((n) => ({ queue, msg_id: n + 1, deleted: true })));
		expect(new Set(calls)).toEqual(
			new Set(withPack ? ['n8n_queue_ack'] : ['n8n_queue_ack', 'delete']),
		);
		if (withPack) expect(calls).toHaveLength(2);
		expect(await queues.messages(queue)).toHaveLength(2500 - count);
	});

	it('what is not there is told, and an error where that is wanted', async () => {
		await fill(3);
		const asked = { messageIds: '2, 99 1' };
		const { json, hints } = await message('archive', asked);
		expect(json).toEqual([
			{ queue, msg_id: 2, archived: true },
			{ queue, msg_id: 99, archived: false },
			{ queue, msg_id: 1, archived: true },
		]);
		expect(hints.join()).toContain('were not in the queue');
		expect(await queues.archived(queue)).toEqual(['1', '2']);
		const options = { options: { failIfMissing: true } };
		const { said } = await message('delete', { messageIds: 99, ...options });
		expect(said.message).toBe(`The queue ${queue} has no message 99`);
		const both = await message('delete', { messageIds: [99, 3], ...options }, {}, continueRegular);
		expect(both.json.map(({ error, deleted }) => [error, deleted])).toEqual([
			[`The queue ${queue} has no message 99`, undefined],
			[undefined, true],
		]);
		expect(await queues.messages(queue)).toEqual([]);
	});

	it('one message is deleted by Supabase’s own function', async () => {
		await fill(1);
		const { result, calls } = await queues.callsDuring(
			async () => await message('delete', { messageIds: 1 }),
		);
		expect([result.json, calls]).toEqual([[{ queue, msg_id: 1, deleted: true }], ['delete']]);
	});
});

describe('with this pack’s SQL', () => {
	beforeAll(async () => await queues.installPack());

	it('IDs that no number holds survive', async () => {
		const large = '9007199254740993';
		await bench.sql(`alter table pgmq.q_${queue} alter column msg_id restart with ${large}`);
		const sent = await message('send', { message: '{"n":12345678901234567890}' });
		expect(sent.json).toEqual([{ queue, msg_id: large }]);
		const { json } = await message('read');
		expect(json).toMatchObject([{ msg_id: large, message: { n: '12345678901234567890' } }]);
		const extended = await message('extend', { visibility: 0 }, { items: json });
		expect(extended.json).toEqual([{ queue, msg_id: large, extended: true }]);
		const deleted = await message('delete', {}, { items: json });
		expect(deleted.json).toEqual([{ queue, msg_id: large, deleted: true }]);
		expect(await queues.messages(queue)).toEqual([]);
	});

	it('messages are extended and given back, unless another has read them since', async () => {
		await fill(2);
		const { json } = await message('read', { visibility: 1 });
		const ends = async () =>
			(await queues.messages(queue)).map(({ vt }) => Math.round((+vt - Date.now()) / 60_000));
		await message('extend', { visibility: 3600 }, { items: json });
		expect(await ends()).toEqual([60, 60]);
		await message('extend', { visibility: 0 }, { items: json });
		await message('read', { limit: 1, visibility: 3600 });
		const fenced = await message(
			'extend',
			{ visibility: 7200, options: { readCount: '={{ $json.read_ct }}' } },
			{ items: json },
		);
		expect(fenced.json.map(({ extended }) => extended)).toEqual([false, true]);
		expect(await ends()).toEqual([60, 120]);
	});

	it('a row cap below what was asked for is told, and nothing is called missing', async () => {
		await fill(30);
		const before = await bench.control.getMaxRows();
		await bench.control.setMaxRows(10);
		const { json, hints } = await message('read', { limit: 20, visibility: 600 });
		const acknowledged = await message('delete', { messageIds: range(20).map((n) => n + 1) });
		const sent = await message('send', {}, { items: range(12).map((n) => ({ n })) });
		await bench.control.setMaxRows(before);
		expect(json.length).toBeGreaterThanOrEqual(10);
		expect(hints.join()).toContain('10 more messages were hidden than came');
		expect(acknowledged.json.map(({ deleted }) => deleted)).toEqual(range(20).map(() => true));
		expect(sent.json.filter(({ msg_id: id }) => id === null)).toHaveLength(2);
		expect(sent.hints.join()).toContain('Max Rows');
		expect(await queues.messages(queue)).toHaveLength(22);
	});

	it('queues are made, listed, measured and purged', async () => {
		const name = `${queue}_new`;
		const make = async () => await queues.run('queue', 'create', { queueName: name });
		expect((await make()).json).toEqual([{ queue: name, created: true }]);
		const again = await make();
		expect(again.json).toEqual([{ queue: name, created: false }]);
		expect(again.hints.join()).toContain('were there already');
		await bench.sql(`select pgmq.send($1, '{}') from generate_series(1, 3)`, [name]);
		const list = await queues.run('queue', 'getAll', { returnAll: true });
		expect(list.json).toContainEqual(
			expect.objectContaining({ queue_name: name, is_unlogged: false }),
		);
		const one = await queues.run('queue', 'metrics', { queue: name });
		expect(one.json).toMatchObject([{ queue_name: name, queue_length: 3 }]);
		const every = await queues.run('queue', 'metrics', { metricsOf: 'all' });
		expect(every.json.map((each) => each.queue_name)).toEqual(
			expect.arrayContaining([name, queue]),
		);
		for (const deleteAll of [false, 'false', '', null, undefined, 0, [], {}]) {
			const refused = await queues.run(
				'queue',
				'purge',
				{ queue: name, deleteAll: '={{ $json.deleteAll }}' },
				{ items: [{ deleteAll }] as never },
			);
			expect(refused.said.message).toMatch(/not confirmed$|^Delete All Messages/);
		}
		expect(await queues.messages(name)).toHaveLength(3);
		const purged = await queues.run('queue', 'purge', { queue: name, deleteAll: true });
		expect(purged.json).toEqual([{ queue: name, deleted: 3 }]);
		expect(await queues.messages(name)).toEqual([]);
		await bench.sql('select pgmq.drop_queue($1)', [name]);
	});

	it.each(['Bad', 'x'.repeat(43), '', undefined, 'a b', 'a;b'])(
		'no queue %j is made',
		async (name) => {
			const { said } = await queues.run(
				'queue',
				'create',
				{ queueName: '={{ $json.name }}' },
				{ items: [{ name }] as never },
			);
			expect(said.message).toMatch(/cannot be the name of a new queue$|^Queue Name/);
		},
	);

	it.each(['extend', 'create', 'getAll', 'metrics', 'purge'])(
		'%s is refused in words for any role but the service role',
		async (operation) => {
			await fill(1);
			const resource = operation === 'extend' ? 'message' : 'queue';
			const rights = { runAs: 'anonymous', messageIds: '1', deleteAll: true, queueName: 'mine' };
			const { result, calls } = await queues.callsDuring(
				async () => await queues.run(resource, operation, { queue, ...rights }),
			);
			expect(result.said.message).toMatch(/works as Service Role alone$/);
			expect(calls).toEqual([]);
			expect(await queues.messages(queue)).toHaveLength(1);
		},
	);
});

describe('a message is popped', () => {
	it('and gone', async () => {
		await fill(2);
		const { json } = await message('pop', {}, { items: [{}, {}, {}] });
		expect(ids(json)).toEqual([1, 2]);
		expect(await queues.messages(queue)).toEqual([]);
	});

	it('and said to be lost where its answer is, and none is taken in its place', async () => {
		await fill(2);
		await queues.fault('pop', { kind: 'resetAfter' });
		const { result, calls } = await queues.callsDuring(
			async () =>
				await message('pop', {}, {}, { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }),
		);
		expect(result.said.message).toBe('The answer of the queue was lost');
		expect(result.said.description).toMatch(/^If the message was taken, it is lost/);
		expect(result.said.description).toContain(UNKNOWN);
		expect(calls).toEqual(['pop']);
		expect(await queues.messages(queue)).toHaveLength(1);
	});
});

it('a read whose answer is lost says when the messages come back', async () => {
	await fill(2);
	await queues.fault('read', { kind: 'resetAfter' });
	const { said } = await message('read', { visibility: 90 });
	expect(said.description).toMatch(/^Messages that were read can be read again after 90 seconds\./);
	expect(said.description).toContain(UNKNOWN);
});

it('what was read before a failure comes, under continue on fail', async () => {
	await fill(1500);
	await queues.fault('read', { kind: 'resetAfter' }, 1);
	const { json } = await message('read', { limit: 1500 }, {}, continueRegular);
	expect(json).toHaveLength(1001);
	expect(json[1000]?.error).toBe('The answer of the queue was lost');
});

it('one bad answer among many single deletes is that message’s own', async () => {
	await queues.removePack();
	await fill(5);
	await queues.fault('delete', { kind: 'resetAfter' }, 2);
	const { json } = await message('delete', { messageIds: [1, 2, 3, 4, 5] }, {}, continueRegular);
	expect(json.filter(({ error }) => error !== undefined)).toHaveLength(1);
	expect(json.filter(({ deleted }) => deleted === true)).toHaveLength(4);
	expect(await queues.messages(queue)).toEqual([]);
});

it.each([undefined, null, '', [], [null], 'abc', 1.5, true, {}])(
	'%j names no message, and nothing is deleted',
	async (value) => {
		await fill(1);
		const { result, calls } = await queues.callsDuring(
			async () =>
				await message(
					'delete',
					{ messageIds: '={{ $json.value }}' },
					{ items: [{ value }] as never },
				),
		);
		expect(result.said.message).toMatch(/is not the ID of a message$|Message IDs/);
		expect(calls).toEqual([]);
		expect(await queues.messages(queue)).toHaveLength(1);
	},
);

describe('the list of queues in the editor', () => {
	const listed = async (credential: Record<string, string> = {}) => {
		const { url, publishableKey, secretKey } = bench.place;
		return await listSearch(
			bench.engine.packs,
			'searchQueues',
			{
				type: 'n8n-nodes-supabase-suite.supabaseQueues',
				parameters: { resource: 'message', operation: 'send' },
				credentials: {
					supabaseProjectApi: { url, publishableKey, secretKey, ...credential },
				},
			},
			{ filter: queue.slice(1).toUpperCase() },
		);
	};

	it('holds those that the filter is in', async () => {
		await queues.installPack();
		expect((await listed()).results).toEqual([{ name: queue, value: queue }]);
	});

	it('says what it takes', async () => {
		await queues.removePack();
		await expect(listed()).rejects.toThrow(
			/Listing queues takes this pack's SQL.*Choose By Name and type the queue/,
		);
		await expect(listed({ secretKey: '' })).rejects.toThrow(/no Secret Key.*Choose By Name/);
	});
});

it('a project without this pack’s SQL says which is missing, and where to get it', async () => {
	await queues.removePack();
	const { said } = await queues.run('queue', 'getAll', {});
	expect(said.message).toBe(
		"This pack's SQL for queues is not installed in the project, or of another version",
	);
	expect(said.description).toContain('Supabase Realtime node gives it (Setup: Get SQL,');
});
