import fc from 'fast-check';

import type { PagedRead } from '../../../../src/api/database/paging';
import { readRows } from '../../../../src/api/database/readRows';
import { newRowCap, type RowCap } from '../../../../src/api/database/rowCap';
import type { ApiRequest } from '../../../../src/api/request';
import type { Row } from '../../../../src/api/database/table';
import { rejectionOf } from '../../thrown';
import { fakeSend, parameters, refused } from './fakeSend';
import { fakeTable } from './fakeTable';

const table = { schema: 'public', name: 'planets' };

const keyIs =
	(...columns: string[]) =>
	async () =>
		columns;

const noKey = keyIs();
const idIs = keyIs('id');

const numbered = (count: number): Row[] =>
	Array.from({ length: count }, (_, index) => ({ id: index + 1, name: `planet ${index % 3}` }));

describe('how many requests', () => {
	it.each([
		// rows, cap, limit, requests
		[0, 1000, undefined, 1],
		[3, 1000, undefined, 2],
		[1000, 1000, undefined, 2],
		[1001, 1000, undefined, 2],
		[1002, 1000, undefined, 3],
		[120, 50, undefined, 4],
		[100, 50, undefined, 3],
		[50, 50, undefined, 2],
		[120, 50, 30, 1],
		[120, 1000, 120, 1],
		[120, 1000, 121, 2],
		[120, 50, 100, 4],
		[120, 50, 120, 5],
		[120, 50, 2000, 4],
		[3000, 5000, 2500, 3],
	])('%d rows, cap %d, limit %s: %d', async (count, cap, limit, requests) => {
		const rows = numbered(count);
		const send = fakeTable([...rows], { cap });
		const read = await readRows(send, table, { limit }, idIs);
		expect(read).toEqual({ rows: rows.slice(0, limit), unordered: false });
		expect(send.requests).toHaveLength(requests);
	});

	it('does not take a page for the last one because it is shorter than asked', async () => {
		const send = fakeTable(numbered(5), { cap: 2 });
		const { rows } = await readRows(send, table, {}, idIs);
		expect(rows).toHaveLength(5);
		expect(send.requests.map((each) => parameters(each, 'limit'))).toEqual(
			send.requests.map(() => ['1000']),
		);
	});

	it('takes no count for the truth that is more than came', async () => {
		const cap = newRowCap();
		await readRows(fakeTable(numbered(2)), table, {}, idIs, { cap });
		const send = fakeTable(numbered(9), { cap: 4, planned: 1_000_000 });
		expect((await readRows(send, table, {}, idIs, { cap })).rows).toHaveLength(9);
		expect(send.requests[0]?.headers?.prefer).toBe('count=estimated');
	});

	it('asks for the key only when there may be several pages', async () => {
		const findKey = jest.fn(idIs);
		await readRows(fakeTable(numbered(9)), table, { limit: 50 }, findKey);
		expect(findKey).not.toHaveBeenCalled();
		await readRows(fakeTable(numbered(9), { cap: 4 }), table, { limit: 50 }, findKey);
		expect(findKey).toHaveBeenCalledTimes(1);
	});
});

describe('what is asked', () => {
	const yes = Promise.resolve(true);
	const ordered = [
		['order', 'id.asc'],
		['limit', '1000'],
	];
	const keyed = 'select=*,n8n_key_0:id::text';
	const queries = async (read: PagedRead, findKey = idIs, rows = numbered(4)) => {
		const send = fakeTable(rows, { cap: 2 });
		await readRows(send, table, read, findKey);
		return send.requests.map(({ query = [] }) => query.map(([name, value]) => `${name}=${value}`));
	};

	it('follows the key', async () => {
		await expect(
			queries({ filters: [{ column: 'id', operator: 'gt', value: 0 }] }),
		).resolves.toEqual([
			[keyed, 'id=gt.0', 'order=id.asc', 'limit=1000'],
			[keyed, 'id=gt.0', 'id=gt.2', 'order=id.asc', 'limit=1000'],
			[keyed, 'id=gt.0', 'id=gt.4', 'order=id.asc', 'limit=1000'],
		]);
	});

	describe('a row that is named by its whole key', () => {
		const byId = { filters: [{ column: 'id', operator: 'eq', value: 3 }] };
		const asked = (send: ReturnType<typeof fakeTable>) =>
			send.requests.map(({ query = [], headers }) => [
				query.map((pair) => pair.join('=')).join('&'),
				headers?.prefer,
			]);

		it('is asked for plainly, and nothing behind it', async () => {
			const send = fakeTable(numbered(4));
			expect((await readRows(send, table, byId, idIs)).rows).toEqual([numbered(3)[2]]);
			expect(asked(send)).toEqual([['select=*&id=eq.3', undefined]]);
		});

		it('is not counted, however many were asked for one by one before', async () => {
			const send = fakeTable(numbered(4));
			const cap = newRowCap();
			for (let i = 0; i < 3; i++)
				await readRows(send, table, { ...byId, limit: 50 }, idIs, { cap });
			expect(asked(send)).toEqual(Array(3).fill(['select=*&id=eq.3&limit=50', undefined]));
		});

		it('may be several of a view, which are read to their end', async () => {
			const rows = Array.from({ length: 5 }, (_, n) => ({ id: 3, n }));
			const send = fakeSend(({ query = [] }) => {
				const [offset = '0'] = query.filter(([name]) => name === 'offset').map(([, each]) => each);
				const from = Number(offset);
				return {
					body: rows.slice(from, from + 2),
					headers: { 'content-range': `${from}-${from + 1}/*` },
				};
			});
			const read = await readRows(send, table, { ...byId, limit: 4 }, idIs);
			expect(read.rows).toEqual(rows.slice(0, 4));
		});

		it.each([
			['another column', [{ column: 'name', operator: 'eq', value: 'a' }], idIs],
			['not the key', [{ ...byId.filters[0], negate: true }], idIs],
			['one of a related table', [{ column: 'other.id', operator: 'eq', value: 3 }], idIs],
			['a group', [{ match: 'any' as const, conditions: byId.filters }], idIs],
			['a part of the key', byId.filters, keyIs('id', 'name')],
			['no known key', byId.filters, noKey],
		])('is not meant by a filter on %s', async (_, filters, findKey) => {
			const send = fakeSend((_request, count) => ({
				body: count === 1 ? [{ id: 3, name: 'a', n8n_key_0: '3', n8n_key_1: 'a' }] : [],
			}));
			await readRows(send, table, { filters: filters as PagedRead['filters'] }, findKey);
			expect(send.requests.length).toBe(2);
		});
	});

	it('reads the key in the rows where JSON holds it exactly', async () => {
		const send = fakeTable(numbered(4), { cap: 2 });
		const { rows } = await readRows(send, table, {}, idIs, { isExact: async () => await yes });
		expect(rows).toEqual(numbered(4));
		expect(send.requests.map(({ query }) => query)).toEqual([
			[['select', '*'], ...ordered],
			[['select', '*'], ['id', 'gt.2'], ...ordered],
			[['select', '*'], ['id', 'gt.4'], ...ordered],
		]);
	});

	it('reads a page once more where JavaScript rounds its last key', async () => {
		const ids = [1, 2, 3, 9007199254740993n, 9007199254740995n];
		const behind = ({ query }: ApiRequest) =>
			(query ?? []).flatMap(([name, value]) =>
				name === 'id' || name === 'or' ? (/\d{1,}/.exec(value) ?? []) : [],
			);
		const send = fakeSend((request) => {
			const [after = '0'] = behind(request);
			const left = ids.filter((id) => BigInt(id) > BigInt(after));
			const asText = parameters(request, 'select')[0] !== '*';
			const body = left.slice(0, 2).map((id) => ({
				id: Number(id),
				...(asText && { n8n_key_0: String(id) }),
			}));
			return { body, headers: { 'content-range': '*/*' } };
		});
		const { rows } = await readRows(send, table, {}, idIs, { isExact: async () => await yes });
		expect(rows).toEqual(ids.map((id) => ({ id: Number(id) })));
		expect(send.requests.flatMap(behind)).toEqual(['2', '2', '9007199254740993']);
	});

	it('follows an offset where the caller has an order, and breaks its ties by the key', async () => {
		await expect(queries({ order: [{ column: 'name', descending: true }] })).resolves.toEqual([
			['select=*', 'order=name.desc,id.asc', 'limit=1000'],
			['select=*', 'order=name.desc,id.asc', 'offset=2', 'limit=1000'],
			['select=*', 'order=name.desc,id.asc', 'offset=4', 'limit=1000'],
		]);
	});

	it('names a key column once in the order', async () => {
		const [first] = await queries({ order: [{ column: ' id ', descending: true }] });
		expect(first).toContain('order=id.desc');
	});

	it('follows an offset without an order where nothing tells rows apart', async () => {
		await expect(queries({}, noKey)).resolves.toEqual([
			['select=*', 'limit=1000'],
			['select=*', 'offset=2', 'limit=1000'],
			['select=*', 'offset=4', 'limit=1000'],
		]);
	});

	it('does not order groups, which have no key', async () => {
		const send = fakeSend((_request, count) => ({
			body: count < 3 ? [{ name: 'a', count: count }] : [],
		}));
		const read = await readRows(send, table, { columns: 'name,count()' }, idIs);
		expect(send.requests.flatMap((each) => parameters(each, 'order'))).toEqual([]);
		expect(read.unordered).toBe(true);
	});
});

describe('what is known of the row cap', () => {
	const counts = (send: ReturnType<typeof fakeTable>) =>
		send.requests.map(({ headers }) => headers?.prefer);
	const under = (cap: RowCap) => async (count: number, limit?: number, most?: number) => {
		const send = fakeTable(numbered(count), { cap: most });
		const { rows } = await readRows(send, table, { limit }, idIs, { cap });
		expect(rows).toHaveLength(Math.min(count, limit ?? count));
		return counts(send);
	};

	it('a limit that is filled needs no count, and no other request', async () => {
		const read = under(newRowCap());
		expect(await read(60, 50)).toEqual([undefined]);
		expect(await read(2, 1)).toEqual([undefined]);
	});

	it('a page that is not filled is asked behind, then counted, until a longer one was seen', async () => {
		const read = under(newRowCap());
		expect(await read(3, 50)).toEqual([undefined, undefined]);
		expect(await read(3, 50)).toEqual(['count=estimated']);
		expect(await read(60, 50)).toEqual(['count=estimated']);
		expect(await read(3, 50)).toEqual([undefined]);
		expect(await read(60, 50)).toEqual([undefined]);
	});

	it('one row of one is never counted', async () => {
		const read = under(newRowCap());
		await read(1, 50);
		expect(await read(60, 1)).toEqual([undefined]);
	});

	it('a page of a length that was no end before is asked behind', async () => {
		const read = under(newRowCap());
		await read(60, 50);
		await read(3, 50);
		expect(await read(4, 50)).toEqual([undefined, undefined]);
		expect(await read(4, 50)).toEqual([undefined]);
	});

	it('one row of several that were asked for is the last one, once a longer page was seen', async () => {
		const read = under(newRowCap());
		expect(await read(1, 50)).toHaveLength(2);
		await read(60, 50);
		expect(await read(1, 50)).toEqual([undefined]);
	});

	it('of one table says nothing of the length of another', async () => {
		const cap = newRowCap();
		await under(cap)(60, 50);
		await under(cap)(3, 50);
		const send = fakeTable(numbered(3));
		await readRows(send, { schema: 'public', name: 'moons' }, { limit: 50 }, idIs, { cap });
		expect(send.requests).toHaveLength(2);
	});

	it('is forgotten after some minutes', async () => {
		const now = jest.spyOn(Date, 'now');
		const read = under(newRowCap());
		await read(60, 50);
		await read(3, 50);
		expect(await read(3, 50)).toHaveLength(1);
		now.mockReturnValue(Date.now() + 6 * 60_000);
		expect(await read(3, 50)).toHaveLength(2);
		now.mockRestore();
	});

	it('loses no row when the cap is lowered, whatever was seen before', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(
					fc.record({
						count: fc.nat({ max: 60 }),
						limit: fc.option(fc.integer({ min: 1, max: 70 }), { nil: undefined }),
					}),
					{ maxLength: 12 },
				),
				fc.integer({ min: 2, max: 40 }),
				async (before, lowered) => {
					const read = under(newRowCap());
					// A table that grows where it ends at the very cap cannot be told from one that rests.
					for (const { count, limit } of before) {
						if (count !== lowered) await read(count, limit);
					}
					await read(61, undefined, lowered);
					await read(61, 55, lowered);
				},
			),
		);
	});

	it('loses no row when the cap is lowered between two pages', async () => {
		const rules = { cap: 20, afterPage: () => (rules.cap = Math.max(2, rules.cap - 7)) };
		const send = fakeTable(numbered(90), rules);
		expect((await readRows(send, table, {}, idIs)).rows).toHaveLength(90);
	});
});

describe('what the key is at fault for', () => {
	it('a refusal that names it is not shown: the request goes without it', async () => {
		const send = fakeSend(({ query = [] }) => {
			const select = String(query.find(([name]) => name === 'select')?.[1]);
			throw refused('PGRST100', { message: `"failed to parse select parameter (${select})"` });
		});
		const error = await rejectionOf(readRows(send, table, { columns: 'id,,name' }, idIs));
		expect(error.message).toBe('"failed to parse select parameter (id,,name)"');
	});

	it.each(['42501', '42803'])('%s: the rows come without it', async (code) => {
		const inner = fakeTable(numbered(5), { cap: 2 });
		const send = fakeSend(() => {
			throw refused(code);
		});
		const either = (async (request) =>
			await (parameters(request, 'order').length ? send : inner)(request)) as typeof inner;
		const { rows, unordered } = await readRows(either, table, {}, idIs);
		expect(rows).toEqual(numbered(5));
		expect(unordered).toBe(true);
	});

	it('any other refusal ends it', async () => {
		const send = fakeSend(() => {
			throw refused('42703');
		});
		await rejectionOf(readRows(send, table, {}, idIs));
		expect(send.requests).toHaveLength(1);
	});
});

describe('what is read', () => {
	it('has no more columns than were asked for', async () => {
		const send = fakeTable(numbered(5), { cap: 2 });
		const { rows } = await readRows(send, table, { columns: 'name' }, idIs);
		expect(parameters(send.requests[0], 'select')).toEqual(['name,n8n_key_0:id::text']);
		expect(rows).toEqual(numbered(5).map(({ name }) => ({ name })));
	});

	it('is unordered when nothing gave several pages a lasting order', async () => {
		const read = async (cap: number, options: PagedRead, findKey: () => Promise<string[]>) =>
			(await readRows(fakeTable(numbered(5), { cap }), table, options, findKey)).unordered;
		await expect(read(2, {}, noKey)).resolves.toBe(true);
		await expect(read(2, {}, idIs)).resolves.toBe(false);
		await expect(read(2, { order: [{ column: 'id' }] }, noKey)).resolves.toBe(false);
		await expect(read(9, {}, noKey)).resolves.toBe(false);
	});

	it('follows a key exactly that JavaScript would round', async () => {
		const rows = [1, 2, 3, 4, 5].map((n) => ({ id: `900719925474099${n}` }));
		const send = fakeTable(rows, { cap: 3 });
		expect((await readRows(send, table, {}, idIs)).rows).toEqual(rows);
		expect(parameters(send.requests[1], 'or')).toEqual(['(id.gt."9007199254740993")']);
	});

	it('goes on by an offset behind a row whose key is null', async () => {
		const rows = [{ id: 1 }, { id: null }, { id: 3 }];
		const send = fakeTable(rows, { cap: 1 });
		const read = await readRows(send, table, {}, idIs);
		expect(read.rows).toHaveLength(3);
		expect(send.requests.flatMap((each) => parameters(each, 'offset'))).not.toEqual([]);
	});

	it('ends where a server gives the same rows again and again', async () => {
		const send = fakeSend(() => ({
			headers: { 'content-range': '0-1/*' },
			body: [{ n: 1 }, { n: 2 }],
		}));
		const error = await rejectionOf(readRows(send, table, {}, noKey));
		expect(error.message).toMatch(/same rows again/);
		expect(send.requests).toHaveLength(2);
	});

	it('is nothing where a page fails', async () => {
		const error = refused('57014');
		const inner = fakeTable(numbered(9), { cap: 2 });
		let pages = 0;
		const send = fakeSend(() => {
			throw error;
		});
		const either = ((request) => (++pages < 3 ? inner(request) : send(request))) as typeof inner;
		expect(await rejectionOf(readRows(either, table, {}, idIs))).toBe(error);
	});
});

/** Keys of several forms, with the columns that make them up. */
const keyed: Array<{ key: string[]; value: fc.Arbitrary<Row> }> = [
	{ key: ['id'], value: fc.record({ id: fc.integer() }) },
	{ key: ['name'], value: fc.record({ name: fc.string({ unit: 'binary-ascii' }) }) },
	{ key: ['odd "name", x'], value: fc.record({ 'odd "name", x': fc.nat({ max: 500 }) }) },
	{ key: ['full name'], value: fc.record({ 'full name': fc.nat({ max: 500 }) }) },
	{
		key: ['a', 'b', 'c'],
		value: fc.record({
			a: fc.nat({ max: 3 }),
			b: fc.string({
				unit: fc.constantFrom('a', 'B', ',', '(', ')', '"', '\\', ' ', '{', '.'),
				maxLength: 3,
			}),
			c: fc.nat({ max: 5 }),
		}),
	},
];

const cap = fc.integer({ min: 1, max: 60 });

describe.each(keyed)('pages by $key', ({ key, value }) => {
	const textOf = (row: Row) => JSON.stringify(key.map((column) => row[column]));
	const rows = fc.uniqueArray(value, { maxLength: 150, selector: textOf });

	it('neither lose nor double a row while others come and go', async () => {
		await fc.assert(
			fc.asyncProperty(
				rows,
				cap,
				fc.infiniteStream(fc.nat({ max: 9 })),
				fc.nat({ max: 200 }),
				async (all, most, chance, planned) => {
					// Every fourth row comes later, every third one goes.
					const present = all.filter((_, index) => index % 4 !== 0);
					const coming = all.filter((_, index) => index % 4 === 0);
					const going = present.filter((_, index) => index % 3 === 0);
					const lasting = present.filter((row) => !going.includes(row));
					const send = fakeTable(present, {
						cap: most,
						planned,
						afterPage() {
							for (let n = chance.next().value; n > 0; n--) {
								const next = coming.pop();
								if (next) present.push(next);
								const gone = going.pop();
								if (gone) present.splice(present.indexOf(gone), 1);
							}
						},
					});
					const read = await readRows(send, table, {}, keyIs(...key));
					const texts = read.rows.map(textOf);
					expect(new Set(texts).size).toBe(texts.length);
					expect(texts).toEqual(expect.arrayContaining(lasting.map(textOf)));
					expect(read.unordered).toBe(false);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('are the first rows in the order of the key', async () => {
		await fc.assert(
			fc.asyncProperty(rows, cap, fc.integer({ min: 1, max: 160 }), async (all, most, limit) => {
				const ordered = fakeTable([...all]);
				const whole = await readRows(ordered, table, {}, keyIs(...key));
				const send = fakeTable([...all], { cap: most });
				const read = await readRows(send, table, { limit }, keyIs(...key));
				const pages = Math.ceil(Math.min(limit, all.length) / most);
				if (pages > 1) expect(read.rows).toEqual(whole.rows.slice(0, limit));
				expect(read.rows).toHaveLength(Math.min(limit, all.length));
				expect(send.requests.length).toBeLessThanOrEqual(pages + 3);
			}),
			{ numRuns: 60 },
		);
	});
});

it('pages without a key hold all rows of a table that rests', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.record({ name: fc.string() }), { maxLength: 150 }),
			cap,
			fc.integer({ min: 1, max: 160 }),
			async (rows, most, limit) => {
				const send = fakeTable([...rows], { cap: most });
				const read = await readRows(send, table, { limit }, noKey);
				expect(read.rows).toEqual(rows.slice(0, limit));
			},
		),
	);
});

it("pages in the caller's order hold all rows of a table that rests, ties broken by the key", async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat({ max: 150 }), cap, fc.boolean(), async (count, most, descending) => {
			const all = numbered(count);
			const order = [{ column: 'name', descending }];
			const { rows } = await readRows(fakeTable([...all], { cap: most }), table, { order }, idIs);
			const byName = (a: Row, b: Row) => String(a.name).localeCompare(String(b.name));
			expect(rows).toEqual(all.sort((a, b) => (descending ? byName(b, a) : byName(a, b))));
		}),
		{ numRuns: 60 },
	);
});
