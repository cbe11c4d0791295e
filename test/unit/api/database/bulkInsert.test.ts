import fc from 'fast-check';

import { bulkInsert, type BulkInsertOptions } from '../../../../src/api/database/bulkInsert';
import type { Row } from '../../../../src/api/database/table';
import type { Written } from '../../../../src/api/database/written';
import type { SupabaseApiError } from '../../../../src/api/errors';
import { type Outcome } from '../../../../src/api/errors';
import type { ApiRequest } from '../../../../src/api/request';
import type { Send } from '../../../../src/api/transport';
import { rejectionOf } from '../../thrown';
import { fakeSend, parameters, refused } from './fakeSend';

const table = { schema: 'public', name: 'planets' };
const isolate: BulkInsertOptions = { isolate: true, returning: 'representation' };

const rowsOf = ({ body }: ApiRequest) => JSON.parse(body as string) as Row[];

const columnsOf = (request: ApiRequest) =>
	parameters(request, 'columns').flatMap((text) => JSON.parse(`[${text}]`) as string[]);

interface Rules {
	/** How many rows an answer has at the most. */
	readonly cap?: number;
	/** What is wrong with a row, as far as it lies in the row alone. */
	readonly verdict?: (row: Row) => SupabaseApiError | undefined;
	readonly columns?: readonly string[];
	/** Whether a trigger drops the row. */
	readonly drops?: (row: Row) => boolean;
}

/** Writes as PostgREST and PostgreSQL do: all rows of a request, or none. */
function database({ cap = Infinity, verdict, columns, drops = () => false }: Rules = {}) {
	const stored: Row[] = [];
	const send = fakeSend((request) => {
		const named = columnsOf(request);
		const unknown = named.find((column) => columns && !columns.includes(column));
		if (unknown !== undefined) {
			throw refused('PGRST204', {
				status: 400,
				message: `Could not find the '${unknown}' column of 'planets' in the schema cache`,
			});
		}
		const rows: Row[] = [];
		for (const sent of rowsOf(request)) {
			const row = Object.fromEntries(named.map((column) => [column, sent[column] ?? null]));
			const error = verdict?.(row);
			if (error) throw error;
			if (row.id !== undefined && [...stored, ...rows].some(({ id }) => id === row.id)) {
				throw refused('23505', {
					status: 409,
					details: `Key (id)=(${String(row.id as number)}) exists`,
				});
			}
			rows.push(row);
		}
		const kept = rows.filter((row) => !drops(row));
		stored.push(...kept);
		return {
			status: 201,
			headers: { 'content-range': `0-${kept.length - 1}/${kept.length}` },
			body: kept.slice(0, cap),
		};
	});
	return Object.assign(send, { stored });
}

const codeOf = (each: Written | undefined) =>
	each && 'error' in each ? each.error.code : undefined;

describe('requests', () => {
	const many = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `planet ${id}` }));

	it('are few: 10 for 10,000 rows', async () => {
		const send = database();
		const written = await bulkInsert(send, table, many, isolate);
		expect(send.requests).toHaveLength(10);
		expect(send.stored).toEqual(many);
		expect(written).toEqual(many.map((row, index) => ({ from: [index], row })));
	});

	it('are few also where the server gives back only some', async () => {
		const send = database({ cap: 50 });
		const written = await bulkInsert(send, table, many, isolate);
		expect(send.requests).toHaveLength(10);
		expect(send.stored).toHaveLength(10_000);
		expect(written).toHaveLength(10_000);
		expect(written.filter((each) => 'row' in each && each.row)).toHaveLength(500);
		expect(written[1049]).toEqual({ from: [1049], row: many[1049] });
		expect(written[1050]).toEqual({ from: [1050], row: undefined });
	});

	it('are few also where each chunk has a column that the table has not', async () => {
		const rows: Row[] = many.map((row) => (row.id % 500 ? row : { ...row, nope: 1 }));
		const send = database({ columns: ['id', 'name'] });
		const written = await bulkInsert(send, table, rows, isolate);
		expect(send.requests).toHaveLength(11);
		expect(send.stored).toHaveLength(9980);
		expect(written.filter((each) => codeOf(each) === 'PGRST204')).toHaveLength(20);
	});

	it('find one bad row among 1,000 by halving', async () => {
		const send = database({ verdict: ({ id }) => (id === 777 ? refused('23514') : undefined) });
		const written = await bulkInsert(send, table, many.slice(0, 1000), isolate);
		expect(send.stored).toHaveLength(999);
		expect(codeOf(written[777])).toBe('23514');
		expect(send.requests.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(1000)));
	});

	it.each([
		[1, 7],
		[3, 3],
		[7, 1],
		[100, 1],
		[Infinity, 1],
	])('have at most %d rows when told', async (chunkRows, requests) => {
		const send = database();
		await bulkInsert(send, table, many.slice(0, 7), { ...isolate, chunkRows });
		expect(send.requests).toHaveLength(requests);
		expect(send.stored).toHaveLength(7);
	});

	it('are cut where they get too large, and never within a row', async () => {
		const send = database();
		const sizes = [1, 1, 1, 1.5, 5, 1, 2, 2];
		const rows = sizes.map((size, id) => ({ id, text: 'ü'.repeat(size * 512 * 1024) }));
		await bulkInsert(send, table, rows, isolate);
		const ids = send.requests.map((request) => rowsOf(request).map(({ id }) => id));
		expect(ids).toEqual([[0, 1, 2], [3], [4], [5, 6], [7]]);
		const large = database();
		await bulkInsert(large, table, rows, { ...isolate, chunkRows: Infinity });
		expect(large.requests).toHaveLength(1);
	});

	it('are none for no rows', async () => {
		const send = database();
		await expect(bulkInsert(send, table, [], isolate)).resolves.toEqual([]);
		expect(send.requests).toEqual([]);
	});

	it('name the columns of all rows, or of their own where defaults fill the others', async () => {
		const rows = [{ a: 1 }, { b: 2, a: 1 }, { c: 3 }];
		const all = database();
		await bulkInsert(all, table, rows, { ...isolate, chunkRows: 2 });
		expect(all.requests.map(columnsOf)).toEqual([
			['a', 'b', 'c'],
			['a', 'b', 'c'],
		]);
		const own = database();
		await bulkInsert(own, table, rows, { ...isolate, chunkRows: 2, missingDefault: true });
		expect(own.requests.map(columnsOf)).toEqual([['a', 'b'], ['c']]);
	});

	it('are written before what cannot be said in a later one is told', async () => {
		const send = database();
		const rows = [{ id: 1 }, { id: 2 }, { id: 3, at: new Date(NaN) }];
		const error = await rejectionOf(bulkInsert(send, table, rows, { ...isolate, chunkRows: 1 }));
		expect(error.message).toBe('A value is a date that does not exist');
		expect(send.stored).toEqual([{ id: 1, at: null }]);
	});

	it('are waited for, though the next one fails before their answer comes', async () => {
		const answered: string[] = [];
		const send = (async (request: ApiRequest) => {
			await new Promise((resolve) => setTimeout(resolve, 50));
			answered.push(request.body as string);
			return { status: 201, headers: {}, body: rowsOf(request) };
		}) as Send;
		const rows = [{ id: 1 }, { id: 2 }, { id: 3, at: new Date(NaN) }];
		await rejectionOf(bulkInsert(send, table, rows, { ...isolate, chunkRows: 1 }));
		expect(answered).toEqual(['[{"id":1}]']);
	});

	it('have defaults looked for only where a row leaves a column out', async () => {
		const send = database();
		const options = { ...isolate, missingDefault: true, chunkRows: 2 };
		const rows = [{ id: 1, name: 'a' }, { name: 'b', id: 2 }, { id: 3, name: 'c' }, { id: 4 }];
		await bulkInsert(send, table, rows, options);
		expect(send.requests.map(({ headers }) => headers?.prefer)).toEqual([
			'return=representation,count=exact',
			'return=representation,missing=default,count=exact',
		]);
	});

	it('hold large integers as text', async () => {
		const send = database();
		await bulkInsert(send, table, [{ id: 9007199254740993n }], isolate);
		expect(send.requests[0]?.body).toBe('[{"id":"9007199254740993"}]');
	});
});

describe('what became of each row', () => {
	type Kind = 'good' | 'check' | 'type' | 'policy' | 'raised' | 'too large' | 'unknown';
	const kinds: Kind[] = ['good', 'check', 'type', 'policy', 'raised', 'too large', 'unknown'];

	const errors: Partial<Record<Kind, SupabaseApiError>> = {
		check: refused('23514', { status: 400 }),
		type: refused('22P02', { status: 400 }),
		policy: refused('42501', {
			status: 403,
			message: 'new row violates row-level security policy for table "planets"',
		}),
		raised: refused('P0001', { status: 400 }),
		'too large': refused('', { status: 413 }),
	};

	const row = fc.record({
		kind: fc.oneof(
			{ weight: 4, arbitrary: fc.constant<Kind>('good') },
			{ weight: 1, arbitrary: fc.constantFrom(...kinds) },
		),
		id: fc.nat({ max: 60 }),
	});

	const settings = fc.record({
		chunkRows: fc.integer({ min: 1, max: 40 }),
		cap: fc.integer({ min: 1, max: 60 }),
		missingDefault: fc.boolean(),
	});

	it('is its own: the good ones are written once, in order, and each bad one has its error', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(row, { maxLength: 80 }), settings, async (wanted, chosen) => {
				const rows: Row[] = wanted.map(({ kind, id }) =>
					kind === 'unknown' ? { id, kind, nope: 1 } : { id, kind },
				);
				const send = database({
					cap: chosen.cap,
					columns: ['id', 'kind'],
					verdict: ({ kind }) => errors[kind as Kind],
				});
				const written = await bulkInsert(send, table, rows, { ...isolate, ...chosen });

				// The same rows, one by one.
				const seen = new Set<number>();
				const outcomes = wanted.map(({ kind, id }) => {
					if (kind === 'unknown') return 'PGRST204';
					const error = errors[kind];
					if (error) return error.code;
					if (seen.has(id)) return '23505';
					seen.add(id);
					return undefined;
				});
				expect(written.map(({ from }) => from)).toEqual(rows.map((_, index) => [index]));
				expect(written.map(codeOf)).toEqual(outcomes);
				expect(send.stored).toEqual(rows.filter((_, index) => outcomes[index] === undefined));
				for (const [index, each] of written.entries()) {
					if ('row' in each && each.row) expect(each.row).toEqual(rows[index]);
				}
			}),
			{ numRuns: 200 },
		);
	});

	it('has its row wherever the server gave it back', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 50 }), settings, async (length, chosen) => {
				const rows = Array.from({ length }, (_, id) => ({ id }));
				const send = database({ cap: chosen.cap });
				const written = await bulkInsert(send, table, rows, { ...isolate, ...chosen });
				expect(written).toEqual(
					rows.map((each, index) => ({
						from: [index],
						row: index % chosen.chunkRows < chosen.cap ? each : undefined,
					})),
				);
			}),
		);
	});

	it('is its own also where only rows of another chunk have an unknown column', async () => {
		const send = database({ columns: ['id'] });
		const rows = [{ id: 1 }, { id: 2, nope: 1 }, { id: 3 }, { id: 4, nope: null }];
		const written = await bulkInsert(send, table, rows, { ...isolate, chunkRows: 1 });
		expect(written.map(codeOf)).toEqual([undefined, 'PGRST204', undefined, 'PGRST204']);
		expect(send.stored).toEqual([{ id: 1 }, { id: 3 }]);
	});

	it('is its own with an unknown column whose name has a quote', async () => {
		const send = database({ columns: ['id', 's'] });
		const rows = [
			{ id: 1, s: 'kept' },
			{ id: 2, "it's": 1 },
			{ id: 3, s: 'kept' },
		];
		const written = await bulkInsert(send, table, rows, isolate);
		expect(written.map(codeOf)).toEqual([undefined, 'PGRST204', undefined]);
		expect(send.stored).toEqual([rows[0], rows[2]]);
	});

	it('is the error of an unknown column that no row has, and does not turn for ever', async () => {
		const send = fakeSend(() => {
			throw refused('PGRST204', { message: "Could not find the 'x' column of 'planets' in the…" });
		});
		const written = await bulkInsert(send, table, [{ id: 1 }, { id: 2 }], isolate);
		expect(written.map(codeOf)).toEqual(['PGRST204', 'PGRST204']);
		expect(send.requests.length).toBeLessThanOrEqual(2);
	});
});

describe('a failure for all rows', () => {
	const three = [{ id: 1 }, { id: 2 }, { id: 3 }];

	async function failing(error: SupabaseApiError, options: Partial<BulkInsertOptions> = {}) {
		const send = fakeSend(() => {
			throw error;
		});
		const written = await bulkInsert(send, table, three, { ...isolate, ...options });
		return { written, requests: send.requests.length };
	}

	it.each([
		['an unknown table', refused('PGRST205', { status: 404 })],
		['no right to the table', refused('42501', { message: 'permission denied for table planets' })],
		['an expired token', refused('PGRST303', { status: 401 })],
		['a wrong key', refused('', { status: 401 })],
		['a statement that takes too long', refused('57014', { status: 500 })],
		['a project that is paused', refused('', { status: 503 })],
		['nothing that was sent', refused('ECONNREFUSED', {}, 'notSent')],
	])('is sent once: %s', async (_what, error) => {
		const { written, requests } = await failing(error);
		expect(requests).toBe(1);
		expect(written).toEqual([0, 1, 2].map((from) => ({ from: [from], error })));
	});

	it.each([
		['unknown', refused('ECONNRESET', {}, 'unknown')],
		['unknown, though a code reads as one of a row', refused('23505', {}, 'unknown')],
		['done', refused('NOT_JSON', { status: 201 }, 'done')],
		['done, though the status reads as one of a row', refused('', { status: 413 }, 'done')],
	] satisfies Array<[string, SupabaseApiError]>)(
		'is never repeated where the outcome is %s',
		async (_what, error) => {
			const { written, requests } = await failing(error);
			expect(requests).toBe(1);
			expect(written.map((each) => 'error' in each && each.error)).toEqual([error, error, error]);
		},
	);

	it('in one chunk leaves the other chunks their own outcome', async () => {
		const outcomes: Array<Outcome | undefined> = [undefined, 'unknown', undefined];
		const send = fakeSend((request, count) => {
			const outcome = outcomes[count - 1];
			if (outcome) throw refused('ECONNRESET', {}, outcome);
			return { headers: { 'content-range': '0-0/1' }, body: rowsOf(request) };
		});
		const written = await bulkInsert(send, table, three, { ...isolate, chunkRows: 1 });
		expect(send.requests).toHaveLength(3);
		expect(written.map(codeOf)).toEqual([undefined, 'ECONNRESET', undefined]);
	});

	it('of another kind is thrown as it is', async () => {
		const mistake = new TypeError('a mistake');
		const send: Send = () => Promise.reject(mistake);
		expect(await rejectionOf(bulkInsert(send, table, three, isolate))).toBe(mistake);
	});
});

describe('without isolation', () => {
	it('the first failure ends it, and tells what was written before', async () => {
		const rows = Array.from({ length: 9 }, (_, id) => ({ id }));
		const error = refused('23514');
		const send = database({ verdict: ({ id }) => (id === 4 ? error : undefined) });
		const options = { ...isolate, isolate: false, chunkRows: 3 };
		expect(await rejectionOf(bulkInsert(send, table, rows, options))).toMatchObject({
			message: error.message,
			error,
			written: 3,
			from: [3, 4, 5],
		});
		expect(send.requests).toHaveLength(2);
		expect(send.stored).toEqual(rows.slice(0, 3));
	});

	it('all rows are written where none is bad', async () => {
		const rows = Array.from({ length: 9 }, (_, id) => ({ id }));
		const send = database();
		const written = await bulkInsert(send, table, rows, { ...isolate, isolate: false });
		expect(written).toEqual(rows.map((row, index) => ({ from: [index], row })));
	});
});

describe('rows that a trigger drops', () => {
	const rows = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
	const drops = ({ id }: Row) => id === 2;

	it('leave the others from none, and nothing is claimed', async () => {
		const written = await bulkInsert(database({ drops }), table, rows, {
			...isolate,
			chunkRows: 3,
		});
		expect(written).toEqual([
			{ from: [0], unclear: true },
			{ from: [1], unclear: true },
			{ from: [2], unclear: true },
			{ from: [3], row: { id: 4 } },
			{ from: [], row: { id: 1 } },
			{ from: [], row: { id: 3 } },
		]);
	});

	it('are found by a key that is looked up only then', async () => {
		const findKey = jest.fn(() => Promise.resolve(['id']));
		await bulkInsert(database(), table, rows, { ...isolate, findKey });
		expect(findKey).not.toHaveBeenCalled();
		const written = await bulkInsert(database({ drops }), table, rows, { ...isolate, findKey });
		expect(written[1]).toEqual({ from: [1], untouched: true });
		const chosen = { ...isolate, findKey, returnColumns: 'id:name' };
		const unclear = await bulkInsert(database({ drops }), table, rows, chosen);
		expect(unclear[1]).toEqual({ from: [1], unclear: true });
	});

	it('are told apart by the key where it is known', async () => {
		const options = { ...isolate, key: ['id'] };
		const written = await bulkInsert(database({ drops }), table, rows, options);
		expect(written).toEqual([
			{ from: [0], row: { id: 1 } },
			{ from: [1], untouched: true },
			{ from: [2], row: { id: 3 } },
			{ from: [3], row: { id: 4 } },
		]);
	});

	it('are known where it is all of them', async () => {
		const written = await bulkInsert(database({ drops: () => true }), table, rows, isolate);
		expect(written).toEqual(rows.map((_, index) => ({ from: [index], untouched: true })));
	});
});

it('without rows given back each was written all the same', async () => {
	const send = fakeSend(() => ({ status: 201, headers: { 'content-range': '*/*' } }));
	const options: BulkInsertOptions = { isolate: true, returning: 'minimal' };
	const written = await bulkInsert(send, table, [{ id: 1 }, { id: 2 }], options);
	expect(written).toEqual([
		{ from: [0], row: undefined },
		{ from: [1], row: undefined },
	]);
});

describe('many rows', () => {
	it('150,000 are written without a word, and the loop stays free', async () => {
		const rows = Array.from({ length: 150_000 }, (_, id) => ({ id }));
		let count = 0;
		const send = fakeSend((request) => {
			const sent = rowsOf(request);
			count += sent.length;
			return { headers: { 'content-range': `*/${sent.length}` }, body: sent };
		});
		let turns = 0;
		const timer = setInterval(() => turns++, 1);
		const written = await bulkInsert(send, table, rows, isolate);
		clearInterval(timer);
		expect([count, written.length]).toEqual([150_000, 150_000]);
		expect(turns).toBeGreaterThan(5);
	});

	it('all at once, too', async () => {
		const rows = Array.from({ length: 150_000 }, (_, id) => ({ id }));
		const send = fakeSend(() => ({ headers: { 'content-range': '*/150000' } }));
		const options = { isolate: false, returning: 'minimal', chunkRows: Infinity } as const;
		expect(await bulkInsert(send, table, rows, options)).toHaveLength(150_000);
		expect(send.requests).toHaveLength(1);
	});

	it('of which a trigger drops one stay linear where no key tells them apart', async () => {
		const rows = Array.from({ length: 3000 }, (_, n) => ({ n }));
		const send = fakeSend((request) => ({
			headers: { 'content-range': '*/2999' },
			body: rowsOf(request).slice(1),
		}));
		const options = { ...isolate, chunkRows: Infinity };
		const written = await bulkInsert(send, table, rows, options);
		const places = written.reduce((sum, { from }) => sum + from.length, 0);
		expect(places).toBe(3000);
	});
});

describe('rows that are all refused', () => {
	const rows = Array.from({ length: 1000 }, (_, id) => ({ id }));

	async function refusing(errorOf: (row: Row | undefined) => SupabaseApiError | undefined) {
		const send = fakeSend((request) => {
			const sent = rowsOf(request);
			const error = sent.map(errorOf).find((each) => each);
			if (error) throw error;
			return { headers: { 'content-range': `*/${sent.length}` }, body: sent };
		});
		const written = await bulkInsert(send, table, rows, isolate);
		return { written, requests: send.requests.length };
	}

	it('for one reason cost few requests, and each row has the error', async () => {
		const message = 'new row violates row-level security policy for table "planets"';
		const { written, requests } = await refusing(() => refused('42501', { message }));
		expect(requests).toBeLessThan(50);
		expect(written.map(codeOf)).toEqual(rows.map(() => '42501'));
		expect(written.map(({ from }) => from)).toEqual(rows.map(({ id }) => [id]));
		const last = written.at(-1);
		expect(last && 'error' in last && last.error.hint).toMatch(/not tried by itself/);
	});

	it('for reasons of their own cost no more requests than rows, or little more', async () => {
		const { written, requests } = await refusing((row) =>
			refused('23505', { details: `Key (id)=(${String(row?.id)}) already exists.` }),
		);
		expect(requests).toBeLessThan(1100);
		expect(written.map(codeOf)).toEqual(rows.map(() => '23505'));
	});

	it('leave those behind them that are good their own outcome', async () => {
		const { written } = await refusing((row) =>
			(row?.id as number) < 500 ? refused('P0001') : undefined,
		);
		expect(written.filter((each) => codeOf(each) === undefined)).toHaveLength(500);
	});

	it.each(['21000', '44000'])('with %s lie in a row', async (code) => {
		const { written } = await refusing((row) => (row?.id === 7 ? refused(code) : undefined));
		expect(written.filter((each) => codeOf(each))).toHaveLength(1);
	});
});

describe('an upsert', () => {
	const merge: BulkInsertOptions = {
		...isolate,
		conflict: { resolution: 'merge-duplicates' },
		key: ['id'],
		missingDefault: true,
	};
	const ignore: BulkInsertOptions = { ...merge, conflict: { resolution: 'ignore-duplicates' } };

	const answering = () =>
		fakeSend((request) => {
			const sent = rowsOf(request);
			return { headers: { 'content-range': `*/${sent.length}` }, body: sent };
		});

	it('changes the columns that a row gives, and no others', async () => {
		const rows = [
			{ id: 1, a: 1 },
			{ id: 2, b: 2 },
			{ a: 3, id: 3 },
			{ id: 4, b: null },
		];
		const send = answering();
		const written = await bulkInsert(send, table, rows, merge);
		expect(send.requests.map((request) => [columnsOf(request), rowsOf(request)])).toEqual([
			[
				['id', 'a'],
				[rows[0], rows[2]],
			],
			[
				['id', 'b'],
				[rows[1], rows[3]],
			],
		]);
		expect(written).toEqual(rows.map((row, index) => ({ from: [index], row })));
	});

	it('sends rows with the same key one after the other, the last one last', async () => {
		const rows = [
			{ id: 1, n: 'a' },
			{ id: 2, n: 'b' },
			{ id: '1', n: 'c' },
			{ id: 1, n: 'd' },
		];
		const send = answering();
		const onRepeated = jest.fn();
		const written = await bulkInsert(send, table, rows, { ...merge, onRepeated });
		expect(send.requests.map(rowsOf)).toEqual([[rows[0], rows[1]], [rows[2]], [rows[3]]]);
		expect(written.map(({ from }) => from)).toEqual([[0], [1], [2], [3]]);
		expect(onRepeated).toHaveBeenCalledWith(2);
	});

	it.each([
		['the same key', [{ id: 1 }, { id: 1 }], /same id/, 1],
		['different columns', [{ id: 1, a: 1 }, { id: 2, a: 1 }, { id: 3 }], /different columns/, 2],
	])('at once with %s is refused before anything is sent', async (_, rows, says, from) => {
		const send = answering();
		const error = await rejectionOf(
			bulkInsert(send, table, rows, { ...merge, chunkRows: Infinity }),
		);
		expect(error).toMatchObject({ from: [from] });
		expect((error as Error).message).toMatch(says);
		expect(send.requests).toEqual([]);
	});

	it('that leaves rows as they are pairs by the key as the database writes it', async () => {
		const send = fakeSend(() => ({
			headers: { 'content-range': '*/2' },
			body: [
				{ id: 9007199254740992, n8n_key_0: '9007199254740993' },
				{ id: 1.25, n8n_key_0: '1.25' },
			],
		}));
		const rows = [{ id: '1.250' }, { id: 7 }, { id: '9007199254740993' }];
		expect(await bulkInsert(send, table, rows, ignore)).toEqual([
			{ from: [0], row: { id: 1.25 } },
			{ from: [1], untouched: true },
			{ from: [2], row: { id: 9007199254740992 } },
		]);
		expect(parameters(send.requests[0] as ApiRequest, 'select')).toEqual(['*,n8n_key_0:id::text']);
	});

	it('calls no row untouched while one that came back is not paired', async () => {
		const send = fakeSend(() => ({
			headers: { 'content-range': '*/1' },
			body: [{ n: 1, n8n_key_0: '1 day' }],
		}));
		const rows = [{ id: '24:00:00' }, { id: '48:00:00' }];
		expect(await bulkInsert(send, table, rows, ignore)).toEqual([
			{ from: [0], unclear: true },
			{ from: [1], unclear: true },
			{ from: [], row: { n: 1 } },
		]);
	});

	it.each([
		[2, { row: undefined }],
		[0, { untouched: true }],
		[1, { unclear: true }],
	])('of which %d of 2 were written, none given back', async (total, outcome) => {
		const send = fakeSend(() => ({ headers: { 'content-range': `*/${total}` } }));
		const options: BulkInsertOptions = { ...ignore, returning: 'minimal' };
		expect(await bulkInsert(send, table, [{ id: 1 }, { id: 2 }], options)).toEqual([
			{ from: [0], ...outcome },
			{ from: [1], ...outcome },
		]);
	});
});
