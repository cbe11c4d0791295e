import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { bodyOf, type Content } from '../../src/api/content';
import { refusal, SupabaseApiError } from '../../src/api/errors';
import { collectEvents, formOf, readStream, readText } from '../../src/api/functions/answer';
import { invoke, type Invocation, type InvocationBody } from '../../src/api/functions/invoke';
import { multipart } from '../../src/api/functions/multipart';
import type { Authority } from '../../src/api/keys';
import { readProject } from '../../src/api/project';
import { send } from '../../src/api/transport';

const project = readProject({
	url: process.env.SUPABASE_URL ?? '',
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY,
	secretKey: process.env.SUPABASE_SECRET_KEY,
});
const MIB = 1024 * 1024;

async function call(
	name: string,
	rest: Partial<Invocation> = {},
	body?: InvocationBody,
	authority: Authority = { role: 'anon' },
) {
	const request = invoke({ name, method: 'POST', ...rest }, body);
	const answer = await send<Readable>(project, request, { authority });
	return { answer, reads: false };
}

async function json(...asked: Parameters<typeof call>): Promise<Record<string, unknown>> {
	return JSON.parse(await readText(await call(...asked))) as Record<string, unknown>;
}

/** Bytes that come in parts, as a store gives them. */
function streamed(mebibytes: number): Content & { readonly sha256: string } {
	const block = Buffer.alloc(64 * 1024, 'abcdefg');
	const count = mebibytes * 16;
	const hash = createHash('sha256');
	for (let n = 0; n < count; n++) hash.update(block);
	return {
		size: count * block.length,
		open: async () => Readable.from(Array.from({ length: count }, () => block)),
		sha256: hash.digest('hex'),
	};
}

test('a large body arrives whole, with its length told beforehand', async () => {
	const content = streamed(20);
	const body = { content: bodyOf(content), size: content.size, type: 'application/octet-stream' };
	expect(await json('count', {}, body)).toEqual({
		bytes: 20 * MIB,
		sha256: content.sha256,
		length: String(20 * MIB),
	});
});

test('a form with files is read by Deno as it was written', async () => {
	const text = { size: 3, open: async () => Readable.from([Buffer.from('é'), Buffer.from('!')]) };
	const form = multipart(
		[
			{ name: 'a é', value: 'one\r\ntwo' },
			{ name: 'file', fileName: 'ü.txt', type: 'text/plain', content: text },
			{
				name: 'none',
				fileName: 'none',
				type: 'text/plain',
				content: { size: 0, bytes: Buffer.of() },
			},
		],
		'the-boundary',
	);
	const type = 'multipart/form-data; boundary=the-boundary';
	const answer = await json('echo', {}, { content: bodyOf(form), size: form.size, type });
	expect(answer.body).toEqual([
		{ name: 'a é', value: 'one\r\ntwo' },
		{ name: 'file', fileName: 'ü.txt', type: 'text/plain', text: 'é!' },
		{ name: 'none', fileName: 'none', type: 'text/plain', text: '' },
	]);
});

test('a large answer comes whole', async () => {
	const begun = await call('file', { method: 'GET', query: [['bytes', String(20 * MIB)]] });
	expect(formOf(begun.answer.headers['content-type'])).toBe('file');
	expect((await buffer(readStream(begun))).length).toBe(20 * MIB);
});

test('paths, regions and headers arrive', async () => {
	const seen = await json('echo', { path: 'ü/a b/', region: 'sa-east-1', method: 'PATCH' });
	expect(seen).toMatchObject({
		method: 'PATCH',
		path: '/echo/%C3%BC/a%20b/',
		query: [['forceFunctionRegion', 'sa-east-1']],
		headers: { 'x-region': 'sa-east-1', apikey: process.env.SUPABASE_PUBLISHABLE_KEY },
	});
	const begun = await call('slow', { query: [['ms', '1']], region: 'sa-east-1' });
	expect(await readText(begun)).toBe('done');
	expect(begun.answer.headers['x-sb-edge-region']).toBe('sa-east-1');
});

test('events come while the function still runs', async () => {
	const begun = await call('events', { method: 'GET', query: [['every', '20']] });
	const { events, endedBy } = await collectEvents(begun, { most: 2, seconds: 60 });
	expect(events).toEqual([
		{ event: 'tick', data: '{"n":1}', id: '1' },
		{ event: 'tick', data: '{"n":2}', id: '2' },
	]);
	expect(endedBy).toBe('most');
});

test.each([
	['private', 'UNAUTHORIZED_NO_AUTH_HEADER', 401, 'refused'],
	['nowhere', 'NOT_FOUND', 404, 'refused'],
	['broken', 'BOOT_ERROR', 503, 'refused'],
])('%s: the platform turns it away as %s', async (name, code, status, outcome) => {
	const error = await call(name).catch(refusal);
	expect(error).toMatchObject({ code, status, outcome });
});

test('what a function answered that failed is kept as it came', async () => {
	const error = await call('fails', { query: [['status', '409']] }).catch(refusal);
	expect(error).toBeInstanceOf(SupabaseApiError);
	expect(error).toMatchObject({
		status: 409,
		message: 'It went wrong',
		outcome: 'refused',
		answer: {
			headers: { 'x-reason': 'sample' },
			text: '{"error":"It went wrong","reason":{"code":7}}',
		},
	});
});
