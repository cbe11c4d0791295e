import type { INodeParameters } from 'n8n-workflow';

import { stackControl } from '../stack/control';
import { branches, chain, openEngine, type Engine } from './engine';
import { asking, call, calling, credentials } from './functions-helpers';

let engine: Engine;

beforeAll(async () => {
	engine = await openEngine();
});

afterAll(async () => {
	await stackControl().clearFaults();
	await engine.close();
});

test('of the function: its answer is there as data', async () => {
	const { error } = await call(engine, 'fails', asking({ status: '422' }));
	expect(error?.message).toBe('The function fails answered with an error: It went wrong');
	expect(error?.context.data).toMatchObject({
		status: 422,
		body: { error: 'It went wrong', reason: { code: 7 } },
	});
	expect(error?.description).toContain('HTTP status 422');
});

test.each([
	['fails', asking({ throw: '' }), 'EDGE_FUNCTION_ERROR', 'under Edge Functions'],
	['nowhere', {}, 'NOT_FOUND', 'Check its name'],
	['broken', {}, 'BOOT_ERROR', 'import'],
	['private', {}, 'UNAUTHORIZED_NO_AUTH_HEADER', 'Verify JWT'],
])('the platform: %s', async (called, parameters, code, mend) => {
	const { error } = await call(engine, called, parameters as INodeParameters);
	expect(error?.message).toContain(called);
	expect(error?.context.data.code).toBe(code);
	expect(error?.description).toContain(mend);
	expect(error?.description).toContain(code);
});

test('the relay, with a status of success too', async () => {
	const action = { kind: 'status', status: 200, headers: { 'x-relay-error': 'true' } } as const;
	await stackControl().addFault({ path: '/functions/v1/echo', times: 2, action });
	const { error } = await call(engine, 'echo');
	expect(error?.context.data.code).toBe('RELAY_ERROR');
	expect(error?.message).toContain('did not get through to the function echo');
	const never = await call(engine, 'echo', { options: { neverError: true } });
	expect(never.error?.context.data.code).toBe('RELAY_ERROR');
});

test('the gateway', async () => {
	const keys = { ...credentials.supabaseProjectApi, secretKey: 'sb_secret_other_00000000' };
	const { error } = await call(engine, 'echo', {}, undefined, { keys });
	expect(error?.context.data.status).toBe(401);
	expect(error?.description).toContain('API Keys');
	expect(JSON.stringify(error)).not.toContain('sb_secret_other');
	await stackControl().addFault({ path: '/functions/v1/echo', action: { kind: 'html' } });
	const down = await call(engine, 'echo');
	expect(down.error?.context.data).toMatchObject({ status: 502, outcome: 'unknown' });
});

test('nothing that listens, and nothing that answers in time', async () => {
	const keys = { ...credentials.supabaseProjectApi, url: 'http://127.0.0.1:9' };
	const nobody = await call(engine, 'echo', {}, undefined, { keys });
	expect(nobody.error?.message).toBe('Nothing listens at that address');
	const slow = { ...asking({ ms: '60000' }), options: { timeout: 1 } };
	const late = await call(engine, 'slow', slow);
	expect(late.error?.message).toBe('The server did not answer in time');
	expect(late.error?.context.data.outcome).toBe('unknown');
});

test.each(['json', 'text', 'file', 'events', 'auto'])(
	'half of an answer is an error and never an item, read as %s',
	async (response) => {
		const { error, items } = await call(engine, 'half', { response });
		expect(error?.message).toBe('The connection broke before the answer was complete');
		expect(error?.context.data.outcome).toBe('done');
		expect(items).toEqual([]);
	},
);

test('an answer too large for memory, unless it is a file', async () => {
	const { error } = await call(engine, 'large', asking({ mib: '65' }));
	expect(error?.message).toContain('larger than 64 MiB');
	expect(error?.description).toContain('Choose File in Response');
	const file = await call(engine, 'large', { ...asking({ mib: '65' }), response: 'file' });
	expect(file.items[0]?.binary?.data?.bytes).toBe(65 * 1024 * 1024 + 2);
});

test('as items, where errors are wanted as items', async () => {
	const items = ['404', '200', '500', '302'].map((status) => ({ json: { status } }));
	const { error, json } = await call(
		engine,
		'fails',
		{ ...asking({ status: '={{ $json.status }}' }), options: { neverError: true } },
		items,
	);
	expect(error).toBeUndefined();
	expect(json).toEqual(
		[404, 200, 500, 302].map((statusCode) => ({
			statusCode,
			headers: expect.objectContaining({ 'x-reason': 'sample' }),
			body: { error: 'It went wrong', reason: { code: 7 } },
		})),
	);
});

test('an item by itself, on the error output', async () => {
	const { outputOf } = await engine.runWorkflow({
		nodes: [
			{ name: 'Start', type: 'test.start' },
			calling('Node', '={{ $json.name }}', asking({ status: '418', ms: '1' }), {
				onError: 'continueErrorOutput',
			}),
			{ name: 'Good', type: 'test.noOp' },
			{ name: 'Bad', type: 'test.noOp' },
		],
		connections: { ...chain('Start', 'Node'), ...branches('Node', 'Good', 'Bad') },
		credentials,
		items: ['slow', 'fails', 'a/b', 'slow'].map((name, n) => ({ json: { name, n } })),
	});
	expect(outputOf('Node')).toMatchObject([
		{ json: { text: 'done' }, pairedItem: [{ item: 0 }] },
		{ json: { text: 'done' }, pairedItem: [{ item: 3 }] },
	]);
	expect(outputOf('Bad').map(({ json }) => json)).toMatchObject([
		{ n: 1, name: 'fails', error: expect.stringContaining('It went wrong') },
		{ n: 2, name: 'a/b', error: '"a/b" is not the name of a function' },
	]);
});
