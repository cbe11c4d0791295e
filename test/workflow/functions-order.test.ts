import { randomUUID } from 'node:crypto';

import type { INodeParameters } from 'n8n-workflow';

import { stackControl } from '../stack/control';
import { openEngine, type Engine } from './engine';
import { call } from './functions-helpers';

let engine: Engine;

beforeAll(async () => {
	engine = await openEngine();
});

afterAll(async () => {
	await stackControl().clearFaults();
	await engine.close();
});

const noted = async (book: string) =>
	(await call(engine, 'orders', { method: 'GET', path: book })).json.map(({ n }) => n);
const many = Array.from({ length: 6 }, (_, n) => ({ json: { n, wait: n === 0 ? 300 : 0 } }));
const ordering = (book: string): INodeParameters => ({ path: book, json: '={{ $json }}' });

test('items are called one after the other, in their order', async () => {
	const book = randomUUID();
	await call(engine, 'orders', ordering(book), many);
	expect(await noted(book)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('unless the person wants several at once', async () => {
	const book = randomUUID();
	const parameters = { ...ordering(book), options: { itemsAtOnce: 3 } };
	const { json } = await call(engine, 'orders', parameters, many);
	expect((await noted(book)).at(-1)).toBe(0);
	expect(json.map(({ order }) => (order as { n: number }).n)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('the first failure ends it, and the error says what stands', async () => {
	const book = randomUUID();
	const items = many.map(({ json }) => ({ json: { ...json, fail: json.n === 2 ? 500 : 0 } }));
	const { error } = await call(engine, 'orders', ordering(book), items);
	expect(error?.message).toContain('Noted, then failed');
	expect(error?.context.itemIndex).toBe(2);
	expect(error?.description).toContain('2 calls were made before, and that stays');
	expect(await noted(book)).toEqual([0, 1, 2]);
});

const failing = (n: number, times: number) => ({ n, fail: times });

test('Retry On Fail does not call again what may have done something', async () => {
	const book = randomUUID();
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
	const items = [{ json: failing(1, 500) }];
	const { error } = await call(engine, 'orders', ordering(book), items, retry);
	expect(error?.description).toContain('Retry On Fail did not run the node again');
	expect(await noted(book)).toEqual([1]);
});

test('Retry On Fail calls again what the person says is safe', async () => {
	const book = randomUUID();
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
	const items = [{ json: failing(1, 500) }];
	const parameters = { ...ordering(book), options: { safeToRepeat: true } };
	await call(engine, 'orders', parameters, items, retry);
	expect(await noted(book)).toEqual([1, 1, 1]);
});

test.each([
	['POST', {}, 1],
	['POST', { options: { safeToRepeat: true } }, 2],
	['GET', {}, 2],
	['GET', { options: { safeToRepeat: false } }, 1],
])('%s with %j: without an answer it is called %i times', async (method, options, times) => {
	const control = stackControl();
	await control.clearRequests();
	await control.addFault({ path: '/functions/v1/echo', action: { kind: 'resetBefore' } });
	await call(engine, 'echo', { method, ...options });
	expect(await control.requests('/functions/v1/echo')).toHaveLength(times);
});
