import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { createUser } from '../stack/users';
import {
	continueRegular,
	expectSame,
	insert,
	openBench,
	range,
	select,
	startServer,
	until,
	where,
} from './database-helpers';

const bench = openBench();
const UNKNOWN =
	'Whether the request was carried out is unknown: if it writes, look before you run it again.';
const items = range(5).map((n) => ({ n }));

let table: string;

beforeEach(async () => {
	table = await bench.createTable('id int generated always as identity primary key, n int');
});

/** Inserts five items while something goes wrong. */
async function insertUnder(
	fault: Parameters<typeof bench.fault>[1],
	rest = {},
	parameters: IDataObject = {},
) {
	await bench.fault(table, fault);
	const { result, requests } = await bench.requestsDuring(table, () =>
		bench.run(insert(table, parameters as never, rest), { items }),
	);
	return { ...result, requests, written: await bench.count(table) };
}

describe('a write whose answer never came is not repeated', () => {
	test('reset after the server wrote', async () => {
		const { said, requests, written } = await insertUnder({ kind: 'resetAfter' });
		expect(requests).toHaveLength(1);
		expect(written).toBe(5);
		expect(said.message).toBe('The connection broke before the answer was complete');
		expect(said.description).toContain('The rows of items 1 to 5 go together.');
		expect(said.description).toContain(UNKNOWN);
		expect(said.description).not.toContain('Nothing of this request was written');
	});

	test('reset after the server wrote, under continue on fail: every item says so', async () => {
		const { json, requests, written } = await insertUnder({ kind: 'resetAfter' }, continueRegular);
		expect(requests).toHaveLength(1);
		expect(written).toBe(5);
		expect(json).toHaveLength(5);
		for (const { details } of json) expect(details).toContain(UNKNOWN);
	});

	test("n8n's Retry On Fail does not repeat it either, under continue on fail", async () => {
		const { requests, written } = await insertUnder(
			{ kind: 'resetAfter' },
			{ ...continueRegular, retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		);
		expect(requests).toHaveLength(1);
		expect(written).toBe(5);
	});

	test('reset before the server saw it', async () => {
		const { said, requests, written } = await insertUnder({ kind: 'resetBefore' });
		expect(requests).toHaveLength(1);
		expect(written).toBe(0);
		expect(said.description).toContain(UNKNOWN);
	});

	test('closed in the middle of the answer: it was written', async () => {
		const { said, requests, written } = await insertUnder({ kind: 'closeMidway' });
		expect(requests).toHaveLength(1);
		expect(written).toBe(5);
		expect(said.description).toContain(
			'The request was carried out; only its answer was lost. Do not run it again.',
		);
	});

	test('no answer within Timeout', async () => {
		const before = Date.now();
		const { said, requests } = await insertUnder(
			{ kind: 'delay', ms: 60_000 },
			{},
			{
				options: { timeout: 1 },
			},
		);
		expect(Date.now() - before).toBeLessThan(50_000);
		expect(requests).toHaveLength(1);
		expect(said.message).toBe('The server did not answer in time');
		expect(said.description).toContain('Raise Timeout in Options');
		expect(said.description).toContain(UNKNOWN);
	});

	test('a page of HTML by a gateway', async () => {
		const { said, requests, written } = await insertUnder({ kind: 'html' });
		expect(requests).toHaveLength(1);
		expect(written).toBe(0);
		expect(said.message).toBe('The project does not answer its gateway');
		expect(said.description).toContain(UNKNOWN);
	});

	test('503', async () => {
		const { said, requests, written } = await insertUnder({
			kind: 'status',
			status: 503,
			headers: { 'retry-after': '0' },
		});
		expect(requests).toHaveLength(1);
		expect(written).toBe(0);
		expect(said.description).toContain('HTTP status 503');
	});

	test('only the request that failed is in doubt, the others are written once', async () => {
		const { json, requests, written } = await insertUnder(
			{ action: { kind: 'resetAfter' }, skip: 1 },
			continueRegular,
			{ options: { chunkRows: 2 } },
		);
		expect(requests).toHaveLength(3);
		expect(written).toBe(5);
		expect(json.map(({ error }) => error !== undefined)).toEqual([false, false, true, true, false]);
	});
});

describe('what is safe to repeat is repeated', () => {
	test('a rate limit turns a write away, which is sent again when it asks to', async () => {
		const { json, requests, written } = await insertUnder({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '0' },
		});
		expect(requests).toHaveLength(2);
		expect(written).toBe(5);
		expect(json).toHaveLength(5);
	});

	test('a read waits as long as Retry-After says', async () => {
		await bench.sql(`insert into "${table}" (n) values (1)`);
		const action = { kind: 'status', status: 503, headers: { 'retry-after': '1' } } as const;
		await bench.fault(table, { action });
		const before = Date.now();
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(select(table, { limit: 1 })),
		);
		expect(requests).toHaveLength(2);
		expect(Date.now() - before).toBeGreaterThanOrEqual(1000);
		expect(result.json).toEqual([{ id: 1, n: 1 }]);
	});

	test.each([['resetBefore'], ['resetAfter'], ['closeMidway'], ['html']] as const)(
		'a read after %s',
		async (kind) => {
			await bench.sql(`insert into "${table}" (n) values (1)`);
			await bench.fault(table, { kind });
			const { json } = await bench.succeed(select(table));
			expect(json).toEqual([{ id: 1, n: 1 }]);
		},
	);

	test('the third page of a long read alone, so that no row is lost or doubled', async () => {
		await bench.sql(`insert into "${table}" (n) select generate_series(1, 2345)`);
		await bench.fault(table, { skip: 2, action: { kind: 'closeMidway' } });
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.succeed(select(table, { returnAll: true })),
		);
		expectSame(
			result.json.map(({ n }) => n),
			range(2345).map((n) => n + 1),
		);
		expect(requests.length).toBeLessThanOrEqual(5);
	});
});

describe('cancellation', () => {
	test('a long Return All ends soon, without further requests', async () => {
		await bench.sql(`insert into "${table}" (n) select generate_series(1, 5000)`);
		await bench.fault(table, { skip: 1, times: 10, action: { kind: 'delay', ms: 60_000 } });
		const stop = new AbortController();
		const path = `/rest/v1/${table}`;
		const running = bench.run(select(table, { returnAll: true }, continueRegular), {
			signal: stop.signal,
		});
		await until(async () => (await bench.control.requests(path)).length === 2);
		const before = Date.now();
		stop.abort();
		const { status, hasRun } = await running;
		expect(Date.now() - before).toBeLessThan(50_000);
		expect(status).toBe('canceled');
		expect(hasRun('After')).toBe(false);
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(await bench.control.requests(path)).toHaveLength(2);
	});

	test('a hanging insert ends soon, and nothing is sent after it', async () => {
		await bench.fault(table, { times: 10, action: { kind: 'delay', ms: 60_000 } });
		const stop = new AbortController();
		const path = `/rest/v1/${table}`;
		const running = bench.run(insert(table, { options: { chunkRows: 2 } }, continueRegular), {
			items,
			signal: stop.signal,
		});
		await until(async () => (await bench.control.requests(path)).length === 1);
		const before = Date.now();
		stop.abort();
		const { status, hasRun } = await running;
		expect(Date.now() - before).toBeLessThan(50_000);
		expect(status).toBe('canceled');
		expect(hasRun('After')).toBe(false);
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(await bench.control.requests(path)).toHaveLength(1);
	});

	test('while it waits to repeat a read', async () => {
		const action = { kind: 'status', status: 503, headers: { 'retry-after': '30' } } as const;
		await bench.fault(table, { action });
		const stop = new AbortController();
		const running = bench.run(select(table), { signal: stop.signal });
		const path = `/rest/v1/${table}`;
		await until(async () => (await bench.control.requests(path)).some(({ status }) => status));
		const before = Date.now();
		stop.abort();
		expect((await running).status).toBe('canceled');
		expect(Date.now() - before).toBeLessThan(25_000);
	});
});

describe('keys and tokens are in nothing that an execution leaves behind', () => {
	/** All of the node's own run data, whatever its form; the workflow's input is left out. */
	function leftBehind(outcome: Awaited<ReturnType<typeof bench.run>>): string {
		const { runData, error } = outcome.run.data.resultData;
		return inspect([runData.Database, runData.Failed, runData.After, error], {
			depth: Infinity,
			showHidden: true,
			maxStringLength: Infinity,
			maxArrayLength: Infinity,
		});
	}

	test.each([
		['an unknown table', 'nowhere', {}],
		['a reset', '', { kind: 'resetAfter' }],
		['a page of HTML', '', { kind: 'html' }],
		['a refusal by the gateway', '', { kind: 'status', status: 401 }],
	])('%s', async (_, name, action) => {
		const { accessToken } = await createUser();
		const { publishableKey, secretKey } = bench.place;
		for (const runAs of ['serviceRole', 'anonymous', 'user']) {
			for (const rest of [{}, continueRegular]) {
				if ('kind' in action) await bench.fault(table, action as never);
				const outcome = await bench.run(
					insert(
						name || table,
						{
							runAs,
							accessToken: '={{ $json.token }}',
							rowSource: 'json',
							rowJson: '={{ { n: $json.n } }}',
						},
						rest,
					),
					{ items: [{ n: 1, token: accessToken }] },
				);
				const text = leftBehind(outcome);
				expect(text).toMatch(/error/i);
				for (const secret of [publishableKey, secretKey, accessToken])
					expect(text).not.toContain(secret);
			}
		}
	});

	test('a server that quotes what it was sent', async () => {
		const server = await startServer((request, response) => {
			response.writeHead(400, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify({
					message: `No: ${JSON.stringify(request.headers)}`,
					hint: request.headers.apikey,
					details: request.headers.authorization,
				}),
			);
		});
		const { accessToken } = await createUser();
		const outcome = await bench.run(
			select('planets', {
				runAs: 'user',
				accessToken: "={{ $('Start').item.json.token }}",
				...where(['id', 'eq', 1]),
			}),
			{ items: [{ token: accessToken }], credential: { url: server.url } },
		);
		await server.close();
		expect(outcome.said.message).toContain('[hidden]');
		const text = leftBehind(outcome);
		for (const secret of [bench.place.publishableKey, bench.place.secretKey, accessToken])
			expect(text).not.toContain(secret);
	});
});
