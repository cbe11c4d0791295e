import type { SupabaseClient } from '@supabase/supabase-js';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { jwt } from '../keys';

const accessToken = jwt({ role: 'authenticated', sub: '6f1b0c0e-0000-4000-8000-000000000001' });
const payload = { text: 'ü', n: 1.5, nested: { list: [1, null] } };
const item: INodeExecutionData = {
	json: payload,
	binary: {
		data: {
			data: Buffer.from([0, 1, 255]).toString('base64'),
			mimeType: 'application/octet-stream',
		},
	},
};

/** The same message, by the official client without a websocket and by our node. */
function sending(
	name: string,
	official: (client: SupabaseClient) => PromiseLike<unknown>,
	ours: INodeParameters = {},
	rest: Partial<ContractCase> = {},
): ContractCase {
	return {
		name: `broadcast.send.${name}`,
		official,
		ours: {
			node: 'supabaseRealtime',
			parameters: {
				...{ resource: 'broadcast', operation: 'send', channel: 'room:1', event: 'hello' },
				...{ json: '={{ $json }}', options: {} },
				...ours,
			},
			items: [item],
		},
		answers: [{ status: 202, body: '' }],
		...rest,
	};
}

const isPrivate = { config: { private: true } };
const message = { type: 'broadcast', event: 'hello', payload } as const;

export const realtimeBroadcastCases: ContractCase[] = [
	sending('request', (client) => client.channel('room:1').httpSend('hello', payload)),
	sending(
		'request.newKeys',
		(client) => client.channel('room:1').httpSend('hello', payload),
		{},
		{ keys: 'new' },
	),
	sending(
		'request.anonymous',
		(client) => client.channel('room:1').httpSend('hello', payload),
		{ runAs: 'anonymous' },
		{ runAs: 'anonymous' },
	),
	sending(
		'request.user',
		async (client) => {
			await client.realtime.setAuth(accessToken);
			await client.channel('room:1').httpSend('hello', payload);
		},
		{ runAs: 'user', accessToken },
		{ runAs: { accessToken } },
	),
	sending(
		'request.private',
		(client) => client.channel('room:1', isPrivate).httpSend('hello', payload),
		{ private: true },
	),
	sending('request.names', (client) => client.channel('a/b ü?#').httpSend('what %2F/?', payload), {
		channel: 'a/b ü?#',
		event: 'what %2F/?',
	}),
	sending(
		'request.bytes',
		(client) => client.channel('room:1').httpSend('hello', new Uint8Array([0, 1, 255])),
		{ messageFrom: 'binary', binaryPropertyName: 'data' },
	),
	sending('batch', (client) => client.channel('room:1').send(message), { sendBy: 'batch' }),
	sending(
		'batch.newKeys',
		(client) => client.channel('room:1').send(message),
		{ sendBy: 'batch' },
		{ keys: 'new' },
	),
	sending('batch.private', (client) => client.channel('room:1', isPrivate).send(message), {
		sendBy: 'batch',
		private: true,
	}),
];
