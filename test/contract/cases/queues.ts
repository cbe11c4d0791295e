import type { SupabaseClient } from '@supabase/supabase-js';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { jwt } from '../keys';
import type { Answer } from '../recorder';

const accessToken = jwt({ role: 'authenticated', sub: '6f1b0c0e-0000-4000-8000-000000000001' });
const first = { text: 'it\'s "ü"', n: 1.5, nested: { list: [1, null] } };
const second = { b: 2 };
const items: INodeExecutionData[] = [{ json: first }, { json: second }];

const row = { msg_id: 1, read_ct: 1, enqueued_at: '', vt: '', message: first };

/** The same call of a function, by the official client and by our node. */
function calling(
	what: string,
	official: (client: SupabaseClient) => PromiseLike<unknown>,
	ours: INodeParameters,
	answer: unknown,
	rest: Partial<ContractCase> & { items?: readonly INodeExecutionData[] } = {},
): ContractCase {
	const { items: own, ...more } = rest;
	const [resource = '', operation = ''] = what.split('.');
	return {
		name: `queues.${what}`,
		official,
		ours: {
			node: 'supabaseQueues',
			parameters: {
				resource,
				operation,
				queue: { __rl: true, mode: 'name', value: 'jobs' },
				...ours,
			},
			...(own && { items: own }),
		},
		answers: [{ status: 200, body: answer } as Answer],
		...more,
	};
}

/** A function of `pgmq_public`. */
const own = (name: string, args: object) => (client: SupabaseClient) =>
	client.schema('pgmq_public').rpc(name, { queue_name: 'jobs', ...args });

/** A function of this pack's SQL. */
const pack = (name: string, args: object) => (client: SupabaseClient) =>
	client.rpc(`n8n_queue_${name}`, args);

export const queueCases: ContractCase[] = [
	calling('message.send', own('send_batch', { messages: [first, second] }), {}, [1, 2], { items }),
	calling(
		'message.send.delay',
		own('send_batch', { messages: [first], sleep_seconds: 30 }),
		{ options: { delay: 30 } },
		[1],
		{ items: items.slice(0, 1) },
	),
	calling(
		'message.send.list',
		own('send', { message: [1, [2]] }),
		{ message: '[1, [2]]', runAs: 'anonymous' },
		[1],
		{ runAs: 'anonymous' },
	),
	calling(
		'message.read',
		own('read', { sleep_seconds: 30, n: 5 }),
		{ visibility: 30, limit: 5, runAs: 'user', accessToken },
		[row],
		{ runAs: { accessToken } },
	),
	calling('message.pop', own('pop', {}), {}, [row]),
	calling('message.archive', own('archive', { message_id: 7 }), { messageIds: '7' }, true),
	calling('message.delete', own('delete', { message_id: 7 }), { messageIds: 7 }, true),
	calling(
		'message.delete.many',
		pack('ack', { queue: 'jobs', msg_ids: [7, 8] }),
		{ messageIds: '7, 8' },
		[7, 8],
	),
	calling(
		'message.extend',
		pack('set_vt', { queue: 'jobs', msg_ids: [7], delay: 90, read_cts: [2] }),
		{ messageIds: 7, visibility: 90, options: { readCount: 2 } },
		[7],
	),
	calling('queue.getAll', pack('list', {}), {}, []),
	calling(
		'queue.create',
		pack('create', { queue: 'fast', unlogged: true }),
		{
			queueName: 'fast',
			options: { unlogged: true },
		},
		true,
	),
	calling('queue.metrics', pack('metrics', { queue: 'jobs' }), {}, []),
	calling('queue.purge', pack('purge', { queue: 'jobs' }), { deleteAll: true }, 3),
];
