import { continueRegular, range } from './database-helpers';
import { openQueues } from './queues-helpers';

const { bench, ...queues } = openQueues();
const UNKNOWN =
	'Whether the request was carried out is unknown: if it writes, look before you run it again.';

let queue: string;
beforeEach(async () => (queue = await queues.makeQueue()));

const send = async (
	parameters: Parameters<typeof queues.run>[2] = {},
	options: Parameters<typeof queues.run>[3] = {},
	rest?: Parameters<typeof queues.run>[4],
) => await queues.run('message', 'send', { queue, ...parameters }, options, rest);

describe.each([
	['without this pack’s SQL', false],
	['with this pack’s SQL', true],
])('%s', (_, withPack) => {
	beforeAll(async () => await (withPack ? queues.installPack() : queues.removePack()));

	it('no items send nothing', async () => {
		const { result, calls } = await queues.callsDuring(async () => await send({}, { items: [] }));
		expect([result.error, result.json, calls]).toEqual([undefined, [], []]);
	});

	it.each([1000, 5000])('%d items are sent in few requests, each with its ID', async (count) => {
		const items = range(count).map((n) => ({ n, text: `it's "${n}" \\ ü` }));
		const { result, calls } = await queues.callsDuring(
			async () => await send({}, { items, after: '={{ $("Start").item.json.n }}' }),
		);
		expect(result.error).toBeUndefined();
		expect(calls).toEqual(Array.from({ length: count / 1000 }, () => 'send_batch'));
		expect(result.json).toEqual(items.map((_item, index) => ({ queue, msg_id: index + 1 })));
		expect(result.values).toEqual(items.map(({ n }) => n));
		const stored = await queues.messages(queue);
		expect(stored.map(({ message }) => JSON.parse(message) as unknown)).toEqual(items);
	});

	it('lists stay lists, texts texts, numbers exact, and order is kept', async () => {
		const texts = [
			'{"a":[1,2]}',
			'[1,2]',
			'[3,4]',
			'"it\'s"',
			'12345678901234567890.50',
			'[]',
			'false',
		];
		const { json, error } = await send(
			{ message: '={{ $json.text }}' },
			{ items: texts.map((text) => ({ text })) },
		);
		expect(error).toBeUndefined();
		expect(json.map(({ msg_id: id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
		const stored = await queues.messages(queue);
		expect(stored.map(({ message }) => message.replaceAll(' ', ''))).toEqual(texts);
	});

	it('JSON null is sent as such, or refused in words', async () => {
		const items = [{ text: 'null' }, { text: '{"a":1}' }];
		const { json } = await send({ message: '={{ $json.text }}' }, { items }, continueRegular);
		const stored = (await queues.messages(queue)).map(({ message }) => message);
		if (withPack) {
			expect(stored).toEqual(['null', '{"a": 1}']);
		} else {
			expect(json[0]).toMatchObject({ error: expect.stringContaining('JSON null') as string });
			expect(json[1]).toEqual({ queue, msg_id: 1 });
			expect(stored).toEqual(['{"a": 1}']);
		}
	});
});

it('a delay counts, each delay in a request of its own', async () => {
	const items = [{ wait: 0 }, { wait: 3600 }, { wait: 0 }];
	const { result, calls } = await queues.callsDuring(
		async () => await send({ options: { delay: '={{ $json.wait }}' } }, { items }),
	);
	expect(calls).toHaveLength(2);
	expect(result.json.map(({ msg_id: id }) => id)).toEqual([1, 3, 2]);
	const late = (await queues.messages(queue)).map(({ vt }) => vt.getTime() > Date.now() + 60_000);
	expect(late).toEqual([false, false, true]);
});

it('items name queues of their own', async () => {
	const other = await queues.makeQueue();
	const items = [queue, other, queue].map((name) => ({ name }));
	const { json } = await send({ queue: '={{ $json.name }}' }, { items });
	expect(json.map((each) => [each.queue, each.msg_id])).toEqual([
		[queue, 1],
		[other, 1],
		[queue, 2],
	]);
});

it.each<[string, unknown]>([
	['undefined', undefined],
	['null', null],
	['an empty text', ''],
	['a word', 'hello'],
	['a character with code 0', { a: 'x\0y' }],
])('%s is refused before anything is sent', async (_, bad) => {
	const items = [{ value: { a: 1 } }, { value: bad }] as never;
	const { result, calls } = await queues.callsDuring(
		async () => await send({ message: '={{ $json.value }}' }, { items }),
	);
	expect(result.said.message).toMatch(/^The message /);
	expect(calls).toEqual([]);
	const { json } = await send({ message: '={{ $json.value }}' }, { items }, continueRegular);
	expect(json.map(({ error }) => error !== undefined)).toEqual([false, true]);
	expect(await queues.messages(queue)).toHaveLength(1);
});

it.each([-1, 1.5, '', 'x', null, 3_000_000_000])('a delay of %j is refused', async (delay) => {
	const { said } = await send(
		{ options: { delay: '={{ $json.delay }}' } },
		{ items: [{ delay }] as never },
	);
	expect(said.message).toMatch(/^Delay is/);
	expect(await queues.messages(queue)).toEqual([]);
});

it.each([undefined, '', null, 'a;b', [], {}])('a queue called %j is refused', async (name) => {
	const items = [{ name }] as never;
	const { result, calls } = await queues.callsDuring(
		async () => await send({ queue: '={{ $json.name }}' }, { items }),
	);
	expect(result.said.message).toMatch(/Queue|queue/);
	expect(calls).toEqual([]);
});

it.each([['another'], [''], [[]], [null]])(
	'of Allowed Queues %j nothing else is used',
	async (allowed) => {
		const { result, calls } = await queues.callsDuring(
			async () =>
				await send(
					{ options: { allowedQueues: '={{ $json.allowed }}' } },
					{ items: [{ allowed }] as never },
				),
		);
		expect(result.said.message).toMatch(/not among those|Allowed Queues is empty/);
		expect(calls).toEqual([]);
		const { json } = await send({ options: { allowedQueues: `other, ${queue.toUpperCase()}` } });
		expect(json).toEqual([{ queue, msg_id: 1 }]);
	},
);

it('a queue that is not there is named', async () => {
	const { said } = await send({ queue: 'nope' });
	expect(said.message).toBe('There is no queue nope');
	expect(said.description).toContain('operation Create');
});

describe('an outcome that is not known is said, and nothing is repeated', () => {
	it.each(['resetAfter', 'closeMidway'] as const)('%s', async (kind) => {
		await queues.fault('send_batch', { kind });
		const items = range(5).map((n) => ({ n }));
		const { result, calls } = await queues.callsDuring(async () => await send({}, { items }));
		expect(calls).toEqual(['send_batch']);
		expect(result.said.description).toContain(
			kind === 'resetAfter' ? UNKNOWN : 'The request was carried out; only its answer was lost.',
		);
		expect(result.said.description).toContain('Either all of them were sent, or none.');
		expect(await queues.messages(queue)).toHaveLength(5);
	});

	it('of 3,000 items only those of that request, under continue on fail', async () => {
		await queues.fault('send_batch', { kind: 'resetAfter' }, 1);
		const items = range(3000).map((n) => ({ n }));
		const { json } = await send({}, { items }, continueRegular);
		const failed = json.map(({ error }) => error !== undefined);
		expect(failed).toEqual(range(3000).map((n) => n >= 1000 && n < 2000));
		expect(json[1000]?.details).toContain(UNKNOWN);
		expect(await queues.messages(queue)).toHaveLength(3000);
	});

	it('a server that hangs is waited for up to Timeout', async () => {
		await queues.fault('send_batch', { kind: 'delay', ms: 600_000 });
		const { said } = await send({ options: { timeout: 1 } });
		expect(said.message).toBe('The server did not answer in time');
		expect(said.description).toContain(UNKNOWN);
	});
});

it('a message that PostgreSQL refuses does not spoil the others, under continue on fail', async () => {
	await bench.sql(`alter table pgmq.q_${queue} add check (message->>'bad' is null)`);
	const items = range(100).map((n) => (n === 42 ? { bad: true } : { n }));
	const { json } = await send({}, { items }, continueRegular);
	expect(json.flatMap(({ error }, index) => (error ? [index] : []))).toEqual([42]);
	expect(await queues.messages(queue)).toHaveLength(99);
	const all = await send({}, { items });
	expect(all.said.description).toContain(
		'100 messages go together in one request. None of them was sent.',
	);
	expect(await queues.messages(queue)).toHaveLength(99);
});

it('a wrong key is told', async () => {
	const { said } = await send({}, { credential: { secretKey: 'sb_secret_wrong' } });
	expect(said.message).toMatch(/key/i);
	expect(JSON.stringify(said)).not.toContain('sb_secret_wrong');
});

describe('as others than the service role', () => {
	it('no grant is told with the SQL that mends it', async () => {
		const { said } = await send({ runAs: 'anonymous' });
		expect(said.message).toBe(`The role anon has no right to the queue ${queue}`);
		expect(said.description).toContain(
			`GRANT SELECT, INSERT, UPDATE, DELETE ON pgmq.q_${queue} TO anon;`,
		);
	});

	it('a policy decides, and that SQL and one policy are enough', async () => {
		await bench.sql(`alter table pgmq.q_${queue} enable row level security`);
		await bench.sql(`grant select, insert, update, delete on pgmq.q_${queue} to anon`);
		const refused = await send({ runAs: 'anonymous' });
		expect(refused.said.message).toBe(`No policy of the queue ${queue} lets the role anon do this`);
		const policy = /CREATE POLICY .*?;/.exec(refused.said.description ?? '')?.[0] ?? '';
		await bench.sql(policy);
		const { json, said } = await send({ runAs: 'anonymous' });
		expect(said).toEqual({});
		expect(json).toEqual([{ queue, msg_id: expect.any(Number) as number }]);
	});
});
