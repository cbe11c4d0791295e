import {
	bulkDelete,
	bulkUpdate,
	type BulkChangeOptions,
} from '../../../../src/api/database/bulkChange';
import type { Row } from '../../../../src/api/database/table';
import type { ApiRequest } from '../../../../src/api/request';
import { rejectionOf } from '../../thrown';
import { fakeSend, parameters } from './fakeSend';

const table = { schema: 'public', name: 'planets' };
const options: BulkChangeOptions = { isolate: false, returning: 'representation', key: ['id'] };

/** A row that comes back, with its key as the database writes it where that is asked for. */
function rowOf(request: ApiRequest, row: Row, text = row.id): Row {
	const asksForKey = parameters(request, 'select')[0]?.includes('n8n_key_0');
	return asksForKey ? { ...row, n8n_key_0: text } : { ...row };
}

/** A table that answers a change with the rows it has by a key. */
function holding(keys: readonly string[]) {
	return fakeSend((request) => {
		const [filter = ''] = parameters(request, 'id');
		const wanted = filter
			.replace(/^(eq\.|in\.\()/, '')
			.replace(/\)$/, '')
			.split(',');
		const body = keys
			.filter((key) => wanted.some((each) => each.toLowerCase() === key.toLowerCase()))
			.map((id) => rowOf(request, { id }));
		return { headers: { 'content-range': `*/${body.length}` }, body };
	});
}

const bodies = (requests: readonly ApiRequest[]) =>
	requests.map(({ body }) => JSON.parse(body as string) as Row);

it('pairs rows by the key that they have', async () => {
	const send = holding(['a-1', 'a-2']);
	const rows = [
		{ id: 'A-1', n: 1 },
		{ id: 'a-2', n: 1 },
		{ id: 'a-3', n: 1 },
	];
	expect(await bulkUpdate(send, table, rows, options)).toEqual([
		{ from: [0], row: { id: 'a-1' } },
		{ from: [1], row: { id: 'a-2' } },
		{ from: [2], untouched: true },
	]);
	expect(parameters(send.requests[0], 'select')).toEqual(['*']);
});

it.each<[string, unknown[], string[]]>([
	['long', ['9007199254740993', '9007199254740995'], ['9007199254740993', '9007199254740995']],
	['fractions', [0.1, '0.30'], ['0.1', '0.3']],
	['with an exponent', ['1e20', 2.5], ['100000000000000000000', '2.5']],
])(
	'pairs rows by their key as text where numbers are %s, and takes it off',
	async (_, ids, texts) => {
		const send = fakeSend((request) => ({
			headers: { 'content-range': '*/2' },
			body: texts.map((text) => rowOf(request, { id: Number(text) }, text)),
		}));
		const rows = ids.map((id) => ({ id, n: 1 }));
		expect(await bulkUpdate(send, table, rows, options)).toEqual(
			texts.map((text, index) => ({ from: [index], row: { id: Number(text) } })),
		);
		expect(parameters(send.requests[0], 'select')).toEqual(['*,n8n_key_0:id::text']);
	},
);

it('says nothing of a row whose key is rounded', async () => {
	const send = fakeSend(() => ({
		headers: { 'content-range': '*/1' },
		body: [{ id: 9007199254740992 }],
	}));
	expect(await bulkDelete(send, table, [{ id: 'a' }, { id: 'b' }], options)).toEqual([
		{ from: [0], unclear: true },
		{ from: [1], unclear: true },
		{ from: [], row: { id: 9007199254740992 } },
	]);
});

it('changes a row that several name in the order in which they do', async () => {
	const send = holding(['a', 'b']);
	const onRepeated = jest.fn();
	const rows = [
		{ id: 'a', n: 1 },
		{ id: 'a', n: 2 },
		{ id: 'b', n: 2 },
		{ id: 'A', n: 1 },
	];
	const written = await bulkUpdate(send, table, rows, { ...options, onRepeated });
	const changes = send.requests.map((request) => [
		parameters(request, 'id')[0],
		bodies([request])[0]?.n,
	]);
	expect([...changes.slice(0, 2)].sort()).toEqual([
		['eq.a', 1],
		['eq.b', 2],
	]);
	expect(changes.slice(2)).toEqual([
		['eq.a', 2],
		['eq.A', 1],
	]);
	expect(written.map(({ from }) => from[0]).sort()).toEqual([0, 1, 2, 3]);
	expect(onRepeated).toHaveBeenCalledWith(2);
});

it('deletes a row that several name once', async () => {
	const left = new Set(['a']);
	const send = fakeSend((request) => {
		const key = (parameters(request, 'id')[0] ?? '').slice(3);
		const body = left.delete(key) ? [{ id: key }] : [];
		return { headers: { 'content-range': `*/${body.length}` }, body };
	});
	expect(await bulkDelete(send, table, [{ id: 'a' }, { id: 'a' }], options)).toEqual([
		{ from: [0], row: { id: 'a' } },
		{ from: [1], untouched: true },
	]);
});

it('says nothing of keys while a row that came back is not paired', async () => {
	const send = fakeSend(() => ({
		headers: { 'content-range': '*/1' },
		body: [{ id: '1 day' }],
	}));
	expect(await bulkDelete(send, table, [{ id: '24:00' }, { id: 'P9D' }], options)).toEqual([
		{ from: [0], unclear: true },
		{ from: [1], unclear: true },
		{ from: [], row: { id: '1 day' } },
	]);
	expect(await bulkDelete(send, table, [{ id: '24:00' }], options)).toEqual([
		{ from: [0], row: { id: '1 day' } },
	]);
});

it('says nothing of keys whose rows the cap may have cut off', async () => {
	const send = fakeSend(() => ({
		headers: { 'content-range': '0-0/2' },
		body: [{ id: 'a' }],
	}));
	expect(await bulkDelete(send, table, [{ id: 'a' }, { id: 'b' }], options)).toEqual([
		{ from: [0], row: { id: 'a' } },
		{ from: [1], unclear: true },
	]);
});

it('80,000 rows behind one key', async () => {
	const body = Array.from({ length: 80_000 }, (_, n) => ({ id: 'a', n }));
	const send = fakeSend(() => ({ headers: { 'content-range': '*/80000' }, body }));
	const written = await bulkDelete(send, table, [{ id: 'a' }], options);
	expect(written).toHaveLength(80_000);
	expect(written.at(-1)).toEqual({ from: [0], row: { id: 'a', n: 79_999 } });
});

it('asks for the key alone where nothing is to be returned', async () => {
	const send = holding(['a']);
	const quiet: BulkChangeOptions = { ...options, returning: 'minimal' };
	await bulkDelete(send, table, [{ id: 'a' }], quiet);
	expect(parameters(send.requests[0], 'select')).toEqual(['id,n8n_key_0:id::text']);
});

it('asks for each key alone where one may change so many rows at the most', async () => {
	const send = holding(['a', 'b']);
	await bulkDelete(send, table, [{ id: 'a' }, { id: 'b' }], { ...options, maxAffected: 3 });
	expect(send.requests.map((request) => parameters(request, 'id')[0])).toEqual(['eq.a', 'eq.b']);
	for (const { headers } of send.requests) expect(headers?.prefer).toContain('max-affected=3');
});

it.each<[string, Row, RegExp]>([
	['no key', { n: 1 }, /no value for its key \(id\)/],
	['an empty key', { id: '', n: 1 }, /no value for its key \(id\)/],
	['a list for a key', { id: [1], n: 1 }, /key column id is a list/],
	['nothing to change', { id: 1 }, /changes nothing/],
])('%s is refused before anything is sent', async (_, bad, says) => {
	const send = holding([]);
	const rows = [{ id: 'a', n: 1 }, bad];
	const error = await rejectionOf(bulkUpdate(send, table, rows, options));
	expect((error as Error).message).toMatch(says);
	expect(send.requests).toEqual([]);
});

it('what is added up has no key', async () => {
	const added = { ...options, returnColumns: 'size.sum()' };
	const error = await rejectionOf(bulkDelete(holding([]), table, [{ id: 1 }], added));
	expect((error as Error).message).toMatch(/key cannot be read/);
});
