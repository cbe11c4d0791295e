import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { refusal, SupabaseApiError } from '../../../../src/api/errors';
import { parseExactly } from '../../../../src/api/numbers';
import {
	countIn,
	idsIn,
	keptBack,
	listIn,
	messagesIn,
	truthIn,
} from '../../../../src/api/queues/answers';
import type { MessageId } from '../../../../src/api/queues/ids';
import * as own from '../../../../src/api/queues/publicQueues';
import * as pack from '../../../../src/api/queues/wrappers';
import type { ApiRequest, ApiResponse } from '../../../../src/api/request';
import { send } from '../../../../src/api/transport';
import { closeServers, projectAt, startServer } from '../../server';

interface Exchange {
	readonly op: string;
	readonly case: string;
	readonly pgmq: string;
	readonly request: {
		readonly path: string;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: string;
	};
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: string;
	};
}

/** Real PostgREST before pgmq 1.4.4, 1.5.1 and 1.13.0. */
const exchanges = readFileSync(join(__dirname, '../../../fixtures/queues/exchanges.jsonl'), 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Exchange)
	.flatMap((exchange) => {
		const { op, request } = exchange;
		if (/^(pgmq_public|wrapper)\./.test(op)) return [exchange];
		// What went wrong with a call of ours.
		return request.path === '/rpc/n8n_queue_claim' ? [{ ...exchange, op: 'wrapper.claim' }] : [];
	});

interface Args extends pack.ClaimOptions {
	readonly queue_name: string;
	readonly messages: unknown[];
	readonly message_id: MessageId;
	readonly sleep_seconds: number;
	readonly n: number;
	readonly queue: string;
	readonly msg_ids: MessageId[];
	readonly delay: number;
	readonly read_cts?: number[];
	readonly keep?: boolean;
	readonly reason?: string;
	readonly unlogged?: boolean;
}

/** Our call for the arguments of a recorded one, and how its answer is read. */
interface Call {
	readonly takes: readonly string[];
	readonly make: (args: Args, body: string) => ApiRequest;
	readonly read: (answer: ApiResponse) => unknown;
}

/**
 * What our calls cannot be made to ask: arguments that are not there or of another name or type, names
 * and IDs that are refused before, other forms of answers, and bodies that were not recorded whole.
 */
const NOT_MADE = [
	'pgmq_public.archive: argument msg_ids (not in pgmq_public)',
	'pgmq_public.archive: array of ids',
	'pgmq_public.archive: id as string',
	'pgmq_public.archive: id null',
	'pgmq_public.archive: id over int8',
	'pgmq_public.archive: negative id',
	'pgmq_public.delete: id text',
	'pgmq_public.pop: with qty (only pgmq 1.7 and later, not in pgmq_public)',
	'pgmq_public.read: GET is refused for a volatile function',
	'pgmq_public.read: after it: 501 are left',
	'pgmq_public.read: argument names of pgmq (vt, qty)',
	'pgmq_public.read: limit in the address hides rows that were claimed all the same',
	'pgmq_public.read: n missing',
	'pgmq_public.read: select and order in the address',
	'pgmq_public.send: Accept object',
	'pgmq_public.send: Prefer return=minimal',
	'pgmq_public.send: argument name msg instead of message',
	'pgmq_public.send: body an array of arguments: first is used',
	'pgmq_public.send: body empty',
	'pgmq_public.send: body not JSON',
	'pgmq_public.send: headers argument (pgmq has it, pgmq_public not)',
	'pgmq_public.send: message missing',
	'pgmq_public.send: message of 2 MB',
	'pgmq_public.send: message of 2 MB random',
	'pgmq_public.send: queue name of 70 letters',
	'pgmq_public.send: queue name with $',
	'pgmq_public.send: queue name with ;',
	'pgmq_public.send: queue name with quote',
	'pgmq_public.send: queue_name empty',
	'pgmq_public.send: queue_name null',
	'pgmq_public.send: unknown extra argument',
	'pgmq_public.send_batch: messages an object',
	'pgmq_public.send_batch: messages null',
	'wrapper.claim: size 0',
	'wrapper.create: name too long',
	'wrapper.create: name with upper case',
	'wrapper.missing: function not installed',
];

const calls: Readonly<Record<string, Call>> = {
	'pgmq_public.send': {
		takes: ['queue_name', 'message', 'sleep_seconds?'],
		make: ({ queue_name: queue, sleep_seconds: delay }, body) =>
			own.send(queue, valueOf(body, 'message'), delay),
		read: idsIn,
	},
	'pgmq_public.send_batch': {
		takes: ['queue_name', 'messages', 'sleep_seconds?'],
		make: ({ queue_name: queue, messages, sleep_seconds: delay }) =>
			own.sendBatch(
				queue,
				messages.map((each) => JSON.stringify(each)),
				delay,
			),
		read: idsIn,
	},
	'pgmq_public.read': {
		takes: ['queue_name', 'sleep_seconds', 'n'],
		make: ({ queue_name: queue, sleep_seconds: seconds, n }) => own.read(queue, seconds, n),
		read: messagesIn,
	},
	'pgmq_public.pop': {
		takes: ['queue_name'],
		make: ({ queue_name: queue }) => own.pop(queue),
		read: messagesIn,
	},
	'pgmq_public.archive': {
		takes: ['queue_name', 'message_id'],
		make: ({ queue_name: queue, message_id: id }) => own.archive(queue, id),
		read: truthIn,
	},
	'pgmq_public.delete': {
		takes: ['queue_name', 'message_id'],
		make: ({ queue_name: queue, message_id: id }) => own.remove(queue, id),
		read: truthIn,
	},
	'wrapper.claim': {
		takes: ['queue', 'visibility?', 'size?', 'ordered?'],
		make: ({ queue, visibility, size, ordered }) =>
			pack.claim(queue, { visibility, size, ordered }),
		read: messagesIn,
	},
	'wrapper.set_vt': {
		takes: ['queue', 'msg_ids', 'delay', 'read_cts?'],
		make: ({ queue, msg_ids: ids, delay, read_cts: counts }) =>
			pack.setVisibility(queue, ids, delay, counts),
		read: idsIn,
	},
	'wrapper.ack': {
		takes: ['queue', 'msg_ids', 'keep?'],
		make: ({ queue, msg_ids: ids, keep }) => pack.acknowledge(queue, ids, keep),
		read: idsIn,
	},
	'wrapper.park': {
		takes: ['queue', 'msg_ids', 'reason?'],
		make: ({ queue, msg_ids: ids, reason }) => pack.park(queue, ids, reason),
		read: idsIn,
	},
	'wrapper.create': {
		takes: ['queue', 'unlogged?'],
		make: ({ queue, unlogged }) => pack.createQueue(queue, unlogged),
		read: truthIn,
	},
	'wrapper.list': { takes: [], make: () => pack.listQueues(), read: listIn },
	'wrapper.metrics': {
		takes: ['queue?'],
		make: ({ queue }) => pack.metrics(queue),
		read: listIn,
	},
	'wrapper.purge': { takes: ['queue'], make: ({ queue }) => pack.purge(queue), read: countIn },
	'wrapper.doctor': {
		takes: ['queue'],
		make: ({ queue }) => pack.doctor(queue),
		read: ({ body }) => body,
	},
};

/** The text of a member, which stands before the seconds or last. */
function valueOf(body: string, name: string): string {
	const from = body.indexOf(`"${name}":`) + name.length + 3;
	return body.slice(from).replace(/(,"sleep_seconds":[^"]*)?\}$/, '');
}

/** Long bodies are recorded by their beginning and length; those of equal messages can be told. */
function wholeBody({ case: name, request }: Exchange): string | undefined {
	const [, start = '', length] = /^(.*)…\{(\d+) characters\}$/s.exec(request.body) ?? [];
	if (length === undefined) return request.body;
	const count = /^1,00[01] messages/.test(name) ? Number(name.slice(0, 5).replace(',', '')) : 0;
	const messages = Array.from({ length: count }, (_, i) => ({ i }));
	const body = `${start.slice(0, start.indexOf('[') + 1)}${messages.map((each) => JSON.stringify(each)).join(',')}]}`;
	return body.startsWith(start) && body.length === Number(length) ? body : undefined;
}

/** What we would send in its place; nothing where our calls are not made so. */
function ours(exchange: Exchange): ApiRequest | undefined {
	const { takes, make } = calls[exchange.op] ?? { takes: ['nothing'], make: () => undefined };
	const body = wholeBody(exchange);
	if (body === undefined) return undefined;
	let args: unknown;
	try {
		args = JSON.parse(body);
	} catch {
		return undefined;
	}
	if (Array.isArray(args) || typeof args !== 'object' || args === null) return undefined;
	const names = Object.keys(args);
	const fits =
		names.every((name) => takes.includes(name) || takes.includes(`${name}?`)) &&
		takes.every((name) => name.endsWith('?') || names.includes(name));
	const { accept, prefer = '' } = exchange.request.headers;
	const asks = /^(count=exact)?$/.test(prefer) && accept === 'application/json';
	const isText = typeof (args as { message_id?: unknown }).message_id === 'string';
	if (!fits || !asks || isText || exchange.request.path.includes('?')) return undefined;
	try {
		return make(args as Args, body);
	} catch {
		return undefined;
	}
}

const all = exchanges.map((exchange) => ({ exchange, request: ours(exchange) }));
const made = all.flatMap(({ exchange, request }) => (request ? [{ exchange, request }] : []));

afterAll(closeServers);

it('most recorded calls are made; the others are not to be made', () => {
	const others = all.filter(({ request }) => !request).map(({ exchange }) => exchange);
	const names = new Set(others.map(({ op, case: name }) => `${op}: ${name}`));
	expect([...names].sort()).toEqual([...NOT_MADE].sort());
	expect([made.length, all.length]).toEqual([402, 513]);
});

/** The answer of a server that answers as it did when it was recorded, and what it was asked. */
async function replayed({ response }: Exchange, request: ApiRequest) {
	const headers = Object.fromEntries(
		Object.entries(response.headers).filter(([name]) => name !== 'content-length'),
	);
	const server = await startServer(() => ({ ...response, headers }));
	const project = projectAt(server.url);
	const authority = { role: 'service_role' } as const;
	const answer = await send(project, request, { authority, maxRepeats: 0 }).catch(refusal);
	return { answer, seen: server.requests };
}

describe.each(
	made.map(
		(each) => [`${each.exchange.op} ${each.exchange.case} (${each.exchange.pgmq})`, each] as const,
	),
)('%s', (_, { exchange, request }) => {
	const { op, response } = exchange;
	const isWhole = !/characters\}$/.test(response.body);

	it('is made letter for letter, and its answer read', async () => {
		const { answer, seen } = await replayed(exchange, request);
		const { path, headers } = exchange.request;
		expect(seen).toHaveLength(1);
		expect(seen[0]).toMatchObject({
			method: 'POST',
			target: `/rest/v1${path}`,
			headers: {
				'content-type': 'application/json',
				// The recorded calls of public left it to the server's first schema.
				'content-profile': headers['content-profile'] ?? 'public',
			},
		});
		expect(parseExactly(seen[0]?.body ?? '')).toEqual(parseExactly(wholeBody(exchange) ?? ''));
		if (response.status >= 400) expectRefusal(answer, exchange);
		else if (isWhole) expectResult((calls[op] as Call).read(answer as ApiResponse), exchange);
	});
});

function expectResult(result: unknown, { op, response }: Exchange): void {
	const recorded = parseExactly(response.body);
	expect(result).toEqual(recorded);
	if (/read|pop|claim/.test(op)) {
		for (const { msg_id: id } of result as Array<{ msg_id: unknown }>)
			expect(typeof id).toBe('number');
	}
}

/** What may have been carried out before the connection to the database broke. */
const UNKNOWN = ['', 'PGRST001', '57P01'];

function expectRefusal(answer: unknown, { response }: Exchange): void {
	const { code, message } = JSON.parse(response.body) as { code: string; message: string };
	expect(answer).toBeInstanceOf(SupabaseApiError);
	expect(answer).toMatchObject({
		status: response.status,
		outcome: UNKNOWN.includes(code) ? 'unknown' : 'refused',
		...(code && { code, message }),
	});
}

it('of 1,500 that were claimed, 500 are told to be kept back', async () => {
	const cut = made.filter(({ exchange }) => exchange.response.status === 206);
	expect(cut).toHaveLength(3);
	for (const { exchange, request } of cut) {
		const { answer } = await replayed(
			{ ...exchange, response: { ...exchange.response, body: '[]' } },
			request,
		);
		expect(keptBack(answer as ApiResponse)).toBe(500);
	}
});
