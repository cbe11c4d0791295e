import { FunctionRegion, type FunctionInvokeOptions } from '@supabase/supabase-js';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { jwt } from '../keys';
import type { Answer } from '../recorder';

const answers: Answer[] = [{ body: { ok: true } }];
const accessToken = jwt({ role: 'authenticated', sub: '6f1b0c0e-0000-4000-8000-000000000001' });
const png: INodeExecutionData = {
	json: {},
	binary: {
		data: {
			data: Buffer.from('bytes').toString('base64'),
			mimeType: 'image/png',
			fileName: 'ü "1".png',
		},
	},
};

/** The same call, by the official client and by our node. */
function calling(
	name: string,
	called: string,
	theirs: FunctionInvokeOptions,
	ours: INodeParameters,
	rest: Partial<ContractCase> = {},
): ContractCase {
	return {
		name: `functions.invoke.${name}`,
		official: (client) => client.functions.invoke(called, theirs),
		ours: {
			node: 'supabaseFunctions',
			parameters: { resource: 'function', operation: 'invoke', function: 'hello', ...ours },
			items: [png],
		},
		answers,
		...rest,
	};
}

function query(...pairs: Array<[name: string, value: string]>): INodeParameters {
	return { query: { parameter: pairs.map(([name, value]) => ({ name, value })) } };
}

function headers(pairs: Record<string, string>): INodeParameters {
	const header = Object.entries(pairs).map(([name, value]) => ({ name, value }));
	return { options: { headers: { header } } };
}

function form(...entries: Array<[name: string, value: string | File]>): FormData {
	const data = new FormData();
	for (const [name, value] of entries) data.append(name, value as string);
	return data;
}

const file = new File(['bytes'], 'ü "1".png', { type: 'image/png' });
const fields = {
	body: 'fields',
	fields: {
		assignments: [
			{ id: '1', name: 'name', type: 'string', value: 'Functions' },
			{ id: '2', name: 'count', type: 'number', value: 3 },
			{ id: '3', name: 'list', type: 'array', value: '[1, null]' },
		],
	},
};
const parts = {
	text: [{ name: 'a "b"', value: 'one\ntwo' }],
	file: [{ name: 'file', binaryPropertyName: 'data' }],
};

const bodies: ContractCase[] = [
	calling('nobody', 'hello', {}, { body: 'none' }),
	calling('json', 'hello', { body: { name: 'Functions' } }, { json: '{"name": "Functions"}' }),
	calling('array', 'hello', { body: [1, 2] as never }, { json: '={{ [1, 2] }}' }),
	calling('fields', 'hello', { body: { name: 'Functions', count: 3, list: [1, null] } }, fields),
	calling('string', 'hello', { body: 'plain é' }, { body: 'text', text: 'plain é' }),
	calling(
		'blob',
		'hello',
		{ body: new Blob(['bytes'], { type: 'image/png' }) },
		{ body: 'binary' },
	),
	calling(
		'arraybuffer',
		'hello',
		{ body: new Uint8Array(Buffer.from('bytes')).buffer },
		{ body: 'binary', options: { contentType: 'application/octet-stream' } },
	),
	calling(
		'form',
		'hello',
		{ body: form(['a "b"', 'one\ntwo'], ['file', file]) },
		{
			body: 'multipart',
			parts,
		},
	),
	calling('form.empty', 'hello', { body: form() }, { body: 'multipart' }),
	calling(
		'urlencoded',
		'hello',
		{
			body: 'a=1&b=c+d',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		},
		{
			body: 'form',
			form: {
				field: [
					{ name: 'a', value: '1' },
					{ name: 'b', value: 'c d' },
				],
			},
		},
	),
	calling(
		'customContentType',
		'hello',
		{ body: '<a/>', headers: { 'Content-Type': 'application/xml' } },
		{ body: 'text', text: '<a/>', options: { contentType: 'application/xml' } },
	),
	calling(
		'customContentType.object',
		'hello',
		{ body: { a: 1 }, headers: { 'Content-Type': 'application/vnd.x+json' } },
		{ json: '{"a": 1}', ...headers({ 'content-type': 'application/vnd.x+json' }) },
	),
];

const options: ContractCase[] = [
	...(['POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method) =>
		calling(method, 'hello', { method, body: { a: 1 } }, { method, json: '{"a": 1}' }),
	),
	calling('GET', 'hello', { method: 'GET' }, { method: 'GET' }),
	calling(
		'subpath_query',
		"hello/sub/it's (1)?x=1&y=a b&x=2",
		{ body: { a: 1 } },
		{ json: '{"a": 1}', path: "sub/it's (1)", ...query(['x', '1'], ['y', 'a b'], ['x', '2']) },
	),
	calling(
		'region',
		'hello?x=1',
		{ body: { a: 1 }, region: FunctionRegion.EuWest1 },
		{ json: '{"a": 1}', ...query(['x', '1']), options: { region: 'eu-west-1' } },
	),
	calling(
		'region.any',
		'hello',
		{ body: { a: 1 }, region: FunctionRegion.Any },
		{ json: '{"a":1}' },
	),
	calling(
		'headers',
		'hello',
		{ body: { a: 1 }, headers: { 'My-Custom-Header': 'v' } },
		{ json: '{"a": 1}', ...headers({ 'My-Custom-Header': 'v' }) },
	),
];

/** Which key goes where, for each kind of keys and each caller. */
const callers: ContractCase[] = (['legacy', 'new'] as const).flatMap((keys) =>
	(
		[
			['serviceRole', { runAs: 'serviceRole' }, 'serviceRole'],
			['anonymous', { runAs: 'anonymous' }, 'anonymous'],
			['user', { runAs: 'user', accessToken }, { accessToken }],
		] as const
	).map(([name, parameters, runAs]) =>
		calling(
			`keys.${keys}.${name}`,
			'hello',
			{ body: { a: 1 } },
			{ json: '{"a": 1}', ...parameters },
			{
				keys,
				runAs,
			},
		),
	),
);

/** Each kind of answer, which changes nothing in what is sent. */
const responses: ContractCase[] = (
	[
		['text', 'text/plain', 'hi'],
		['octet', 'application/octet-stream', 'bytes'],
		['sse', 'text/event-stream', 'data: a\n\n'],
		['png', 'image/png', 'bytes'],
	] as const
).map(([name, type, body]) =>
	calling(
		`response.${name}`,
		'hello',
		{ body: { a: 1 } },
		{ json: '{"a": 1}' },
		{
			answers: [{ headers: { 'content-type': type }, body }],
		},
	),
);

/** Every body and option of functions-js. */
export const functionsInvokeCases: ContractCase[] = [
	...bodies,
	...options,
	...callers,
	...responses,
];
