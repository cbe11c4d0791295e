import { closeClients } from '../unit/api/realtime/client';
import { openEngine, type Engine } from './engine';
import { runRealtime, somebody } from './realtime-node-helpers';

let engine: Engine;
beforeAll(async () => {
	engine = await openEngine();
});
afterEach(closeClients);
afterAll(async () => await engine.close());

const sending = {
	resource: 'broadcast',
	operation: 'send',
	event: 'greeting',
	json: '={{ $json }}',
};
const numbered = [1, 2, 3].map((n) => ({ json: { n } }));

test.each([
	['request', true],
	['batch', false],
	['socket', true],
])('each item is a message, sent by %s', async (sendBy, confirmed) => {
	const channel = `room-${sendBy}`;
	const heard = await somebody(channel);
	const { json, error } = await runRealtime(engine, { ...sending, channel, sendBy }, numbered);
	expect(error).toBeUndefined();
	const told = { channel, event: 'greeting', private: false, confirmed };
	expect(json).toEqual([told, told, told]);
	await heard.broadcasts.until(({ payload }) => (payload as { n: number }).n === 3);
	expect(heard.broadcasts.all).toMatchObject(
		numbered.map(({ json: payload }) => ({ event: 'greeting', payload })),
	);
});

test.each(['request', 'socket'])(
	'a private message without the right is an error, by %s',
	async (sendBy) => {
		const heard = await somebody('secret', true);
		const { error } = await runRealtime(engine, {
			...{ ...sending, channel: 'secret', private: true, sendBy, runAs: 'anonymous' },
			options: { timeout: 30 },
		});
		expect(error?.message).toMatch(/^There is no right to (send to|listen in) the private channel/);
		expect(error?.description).toMatch(/realtime\.messages/);
		expect(heard.broadcasts.all).toEqual([]);
	},
);

test.each([
	['a list', [1], 'JSON is not an object'],
	['nothing', '={{ null }}', 'JSON is not an object'],
	['a text', '"a"', 'JSON is not an object'],
])('what is no object is refused before anything is sent: %s', async (_, json, message) => {
	const heard = await somebody('strict');
	const { error } = await runRealtime(engine, {
		...sending,
		channel: 'strict',
		json: json as never,
	});
	expect(error?.message).toBe(message);
	expect(heard.broadcasts.all).toEqual([]);
});

test('names that are too long and messages that are too large have errors of their own item', async () => {
	const items = [{ n: 'é'.repeat(124) }, { n: 'fine' }].map((json) => ({ json }));
	const { json } = await runRealtime(engine, { ...sending, channel: '={{ $json.n }}' }, items, {
		onError: 'continueRegularOutput',
	});
	expect(json[0]?.error).toBe('The topic is 248 bytes long');
	expect(json[1]).toMatchObject({ channel: 'fine', confirmed: true });
	const large = [{ json: { s: 'x'.repeat(3_000_001) } }];
	const { error } = await runRealtime(engine, { ...sending, channel: 'fine' }, large);
	expect(error?.message).toMatch(/^The message has 3\d+ bytes, more than 3000000$/);
});

test.each(['request', 'socket'])('a file is sent as bytes, by %s', async (sendBy) => {
	const heard = await somebody(`bytes-${sendBy}`);
	const data = Buffer.from([0, 1, 255]).toString('base64');
	const items = [{ json: {}, binary: { data: { data, mimeType: 'application/octet-stream' } } }];
	const parameters = { messageFrom: 'binary', binaryPropertyName: 'data', sendBy };
	const { error } = await runRealtime(
		engine,
		{ ...sending, channel: `bytes-${sendBy}`, ...parameters },
		items,
	);
	expect(error).toBeUndefined();
	const { payload } = await heard.broadcasts.until(() => true);
	expect(payload).toEqual(new Uint8Array([0, 1, 255]));
});

test('who is in a channel is read', async () => {
	const heard = await somebody('lobby');
	await heard.channel.track({ name: 'Ada' });
	const { json } = await runRealtime(engine, {
		...{ resource: 'presence', operation: 'getAll', channel: 'lobby' },
	});
	expect(json).toEqual([
		{ key: 'somebody', presence: { name: 'Ada' }, presence_ref: expect.any(String) },
	]);
});

const waiting = { resource: 'channel', operation: 'waitFor', waitFor: 'broadcast', timeLimit: 60 };

test('a question gets its answer, and what is none is passed over', async () => {
	const heard = await somebody('questions');
	void heard.broadcasts
		.until(({ event }) => event === 'question')
		.then(async () => {
			await heard.channel.broadcast('noise', { id: 7 });
			await heard.channel.broadcast('answer', { id: 6 });
			await heard.channel.broadcast('answer', { id: 7, text: 'yes' });
		});
	const { json, error } = await runRealtime(
		engine,
		{
			...{ ...waiting, channel: 'questions', events: 'answer' },
			...{ ask: true, askEvent: 'question', askJson: '={{ $json }}' },
			options: { match: '={{ { id: $json.id } }}' },
		},
		[{ json: { id: 7 } }],
	);
	expect(error).toBeUndefined();
	expect(json).toEqual([{ event: 'answer', payload: { id: 7, text: 'yes' } }]);
});

test('nothing that comes in time is an error, or an item by choice', async () => {
	const parameters = { ...waiting, channel: 'quiet', timeLimit: 0.05 };
	const { error } = await runRealtime(engine, parameters);
	expect(error?.message).toBe('Nothing came in 0.05 seconds');
	const { json } = await runRealtime(engine, { ...parameters, options: { neverError: true } });
	expect(json).toEqual([{ timedOut: true }]);
});

test('a table that Realtime does not know is named', async () => {
	const { error } = await runRealtime(engine, {
		...{ ...waiting, waitFor: 'change', schema: 'public', table: 'nowhere', change: '*' },
	});
	expect(error?.message).toBe('Realtime does not send changes of the table nowhere');
});

const asking = {
	...{ resource: 'channel', operation: 'waitFor', waitFor: 'broadcast' },
	...{ ask: true, askEvent: 'question', askJson: '={{ $json }}', timeLimit: 1 },
};
const EMPTY = ['={{ undefined }}', '={{ "" }}', '={{ null }}'];

test.each([
	...[...EMPTY, '={{ [] }}'].map((events) => ({ what: 'Events', events })),
	...[...EMPTY, '={{ [] }}', '={{ {} }}', '{}'].map((match) => ({
		...{ what: 'Match', options: { match } },
	})),
])('a guard that holds nothing lets nothing through: %j', async ({ what, ...given }) => {
	const heard = await somebody('guarded');
	const { error } = await runRealtime(engine, { ...asking, channel: 'guarded', ...given });
	expect(error?.message).toMatch(new RegExp(`^${what} is (empty|not an object)$`));
	expect(heard.broadcasts.all).toEqual([]);
});

test.each([...EMPTY, '={{ [] }}', '={{ {} }}'])('nor does a filter: %s', async (filter) => {
	const { error } = await runRealtime(engine, {
		...{ resource: 'channel', operation: 'waitFor', waitFor: 'change', timeLimit: 1 },
		...{ schema: 'public', table: 'planets', change: '*', filter },
	});
	expect(error?.message).toMatch(/^Filter is (empty|not a text)$/);
});

test('a batch is no larger than Realtime takes, and nothing of it is lost', async () => {
	const channel = 'large';
	const heard = await somebody(channel);
	const items = [1, 2, 3, 4].map((n) => ({ json: { n, text: 'x'.repeat(2_500_000) } }));
	const { error, json } = await runRealtime(
		engine,
		{ ...sending, channel, sendBy: 'batch' },
		items,
	);
	expect(error).toBeUndefined();
	expect(json).toHaveLength(4);
	await heard.broadcasts.until(({ payload }) => (payload as { n: number }).n === 4);
	expect(heard.broadcasts.all.map(({ payload }) => (payload as { n: number }).n)).toEqual([
		1, 2, 3, 4,
	]);
});
