import { InvalidRequestError } from '../../../../src/api/errors';
import * as publicQueues from '../../../../src/api/queues/publicQueues';
import * as wrappers from '../../../../src/api/queues/wrappers';
import { onlyReads, type ApiRequest } from '../../../../src/api/request';

const largest = '9223372036854775807';

describe('calls of this pack’s own functions', () => {
	it.each<[string, ApiRequest, string, string]>([
		['a claim', wrappers.claim('w1'), 'claim', '{"queue":"w1"}'],
		[
			'a claim with all that it takes',
			wrappers.claim('w1', { visibility: 60, size: 2, ordered: false, byRow: true }),
			'claim',
			'{"queue":"w1","visibility":60,"size":2,"ordered":false,"by_row":true}',
		],
		[
			'messages, each as its text is',
			wrappers.send('w1', ['[1,2]', 'null', '"it\'s"', '{"n":12345678901234567890.50}'], 5),
			'send',
			'{"queue":"w1","messages":[[1,2],null,"it\'s",{"n":12345678901234567890.50}],"delay":5}',
		],
		[
			'what is to be deleted, exactly',
			wrappers.acknowledge('w1', [1, '9007199254740993', largest]),
			'ack',
			`{"queue":"w1","msg_ids":[1,9007199254740993,${largest}]}`,
		],
		[
			'what is to be archived',
			wrappers.acknowledge('w1', [2], true),
			'ack',
			'{"queue":"w1","msg_ids":[2],"keep":true}',
		],
		[
			'a heartbeat',
			wrappers.setVisibility('w1', [1, 2], 120, [1, 1]),
			'set_vt',
			'{"queue":"w1","msg_ids":[1,2],"delay":120,"read_cts":[1,1]}',
		],
		[
			'what is to be parked',
			wrappers.park('w1', [4], 'tried 5 times'),
			'park',
			'{"queue":"w1","msg_ids":[4],"reason":"tried 5 times"}',
		],
		['a new queue', wrappers.createQueue('w1'), 'create', '{"queue":"w1"}'],
		[
			'a new unlogged queue',
			wrappers.createQueue('w2', true),
			'create',
			'{"queue":"w2","unlogged":true}',
		],
		['the list', wrappers.listQueues(), 'list', '{}'],
		['the counts of all', wrappers.metrics(), 'metrics', '{}'],
		['the counts of one', wrappers.metrics('w1'), 'metrics', '{"queue":"w1"}'],
		['a purge', wrappers.purge('w1'), 'purge', '{"queue":"w1"}'],
		[
			'the doctor',
			wrappers.doctor('t1', [{ schema: 'public', table: 'orders' }]),
			'doctor',
			'{"queue":"t1","tables":[{"schema":"public","table":"orders"}]}',
		],
	])('%s', (_, request, name, body) => {
		expect(request).toMatchObject({
			method: 'POST',
			path: ['rpc', `n8n_queue_${name}`],
			headers: { 'content-profile': 'public', 'content-type': 'application/json' },
			body,
			expect: 'exactJson',
		});
	});

	it('change something, but for those that look', () => {
		expect(
			[wrappers.listQueues(), wrappers.metrics(), wrappers.doctor('a')].map(onlyReads),
		).toEqual([true, true, true]);
		const writing = [wrappers.claim('a'), wrappers.purge('a'), wrappers.acknowledge('a', [1])];
		for (const request of writing) {
			expect(onlyReads(request)).toBe(false);
			expect(request.repeatable).toBeFalsy();
		}
	});

	it('are repeated only with the fence, where a release could hit what is claimed again', () => {
		expect(wrappers.setVisibility('a', [1], 0).repeatable).toBe(false);
		expect(wrappers.setVisibility('a', [1], 0, [3]).repeatable).toBe(true);
	});

	it.each([0, -1, 1.5, 1001, NaN, '5' as unknown as number])('claim no %p messages', (size) => {
		expect(() => wrappers.claim('a', { size })).toThrow(InvalidRequestError);
	});

	it.each([0, -1, NaN])('claim for no %p seconds', (visibility) => {
		expect(() => wrappers.claim('a', { visibility })).toThrow(InvalidRequestError);
	});
});

describe('calls of pgmq_public', () => {
	it.each<[string, ApiRequest, string]>([
		[
			'send',
			publicQueues.send('plain', '{"n":2}', 0),
			'{"queue_name":"plain","message":{"n":2},"sleep_seconds":0}',
		],
		['send', publicQueues.send('plain', '[1,2]'), '{"queue_name":"plain","message":[1,2]}'],
		[
			'send_batch',
			publicQueues.sendBatch('granted', ['{"i":1}', '"s"'], 3600),
			'{"queue_name":"granted","messages":[{"i":1},"s"],"sleep_seconds":3600}',
		],
		['read', publicQueues.read('plain', 0, 2), '{"queue_name":"plain","sleep_seconds":0,"n":2}'],
		['pop', publicQueues.pop('plain'), '{"queue_name":"plain"}'],
		['archive', publicQueues.archive('plain', 1), '{"queue_name":"plain","message_id":1}'],
		[
			'delete',
			publicQueues.remove('plain', largest),
			`{"queue_name":"plain","message_id":${largest}}`,
		],
	])('%s', (name, request, body) => {
		expect(request).toMatchObject({
			method: 'POST',
			path: ['rpc', name],
			headers: { 'content-profile': 'pgmq_public' },
			body,
		});
	});
});

it.each(['', 'a$b', "a'b", 'a;b', 'a--b', 'x'.repeat(48), undefined, null, 5, ['a']])(
	'no queue has the name %j',
	(name) => {
		for (const request of [
			publicQueues.pop,
			wrappers.purge,
			wrappers.claim,
			wrappers.createQueue,
		]) {
			expect(() => request(name as string)).toThrow(InvalidRequestError);
		}
		if (name !== undefined) {
			expect(() => wrappers.metrics(name as string)).toThrow(InvalidRequestError);
		}
	},
);

it.each(['MixedCase', 'odd name-1', 'ü', 'x'.repeat(43), '1a', '_a'])(
	'a queue may be called %s, but none is made so',
	(name) => {
		expect(wrappers.purge(name).body).toBe(JSON.stringify({ queue: name }));
		expect(() => wrappers.createQueue(name)).toThrow('cannot be the name of a new queue');
	},
);

it.each([
	-1,
	1.5,
	2 ** 53,
	'9223372036854775808',
	'-1',
	'1.0',
	'1,2',
	' 1',
	'',
	null,
	undefined,
	true,
	{},
	[1],
])('%j is no ID of a message', (id) => {
	expect(() => wrappers.acknowledge('a', [id as string])).toThrow(InvalidRequestError);
	expect(() => publicQueues.remove('a', id as string)).toThrow(InvalidRequestError);
});
