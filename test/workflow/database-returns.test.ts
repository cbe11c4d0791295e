import type { INodeParameters } from 'n8n-workflow';

import {
	continueRegular,
	named,
	openBench,
	orderBy,
	origins,
	range,
	select,
	where,
} from './database-helpers';

const bench = openBench();
const all = { returnAll: true };

let things: string;

/** Rows 1 to 60: `even` or `odd`, with a size of ten times their number, none for 60. */
beforeAll(async () => {
	things = await bench.createTable('id int primary key, kind text, size int, "a, b" text');
	await bench.sql(
		`insert into "${things}"
			select n, case when n % 2 = 0 then 'even' else 'odd' end, nullif(n * 10, 600), 'x,"' || n
			from generate_series(1, 60) as n`,
	);
});

const even = where(['kind', 'eq', 'even']);

async function requestsOf(node: INodeParameters) {
	return await bench.requestsDuring(things, () => bench.succeed(select(things, node)));
}

describe('count', () => {
	test.each(['exact', 'planned', 'estimated'])('%s: one request, no rows', async (countMode) => {
		const { result, requests } = await requestsOf({ return: 'count', countMode });
		expect(requests).toMatchObject([
			{ method: 'HEAD', headers: { prefer: expect.stringContaining(`count=${countMode}`) } },
		]);
		expect(result.json).toEqual([{ count: expect.any(Number) }]);
		if (countMode === 'exact') expect(result.json).toEqual([{ count: 60 }]);
	});

	test('of the rows that meet the filters, without a limit', async () => {
		const { result } = await requestsOf({ return: 'count', ...even, limit: 5 });
		expect(result.json).toEqual([{ count: 30 }]);
	});

	test('of none', async () => {
		const { json } = await bench.succeed(
			select(things, { return: 'count', ...where(['id', 'lt', '0']) }),
		);
		expect(json).toEqual([{ count: 0 }]);
	});

	test('for each item', async () => {
		const { json, output } = await bench.succeed(
			select(things, { return: 'count', ...where(['kind', 'eq', '={{ $json.kind }}']) }),
			{ items: [{ kind: 'odd' }, { kind: 'none' }] },
		);
		expect(json).toEqual([{ count: 30 }, { count: 0 }]);
		expect(origins(output)).toEqual([0, 1]);
	});
});

describe('rows with their count', () => {
	test('the count is of all, the rows up to the limit', async () => {
		const { json } = await bench.succeed(
			select(things, { return: 'rowsWithCount', ...even, ...orderBy('id'), limit: 2 }),
		);
		expect(json).toEqual([
			{ count: 30, rows: [expect.objectContaining({ id: 2 }), expect.objectContaining({ id: 4 })] },
		]);
	});

	test('all of them, in pages', async () => {
		const { json } = await bench.succeed(
			select(things, { return: 'rowsWithCount', ...all, options: { pageSize: 25 } }),
		);
		expect(json).toHaveLength(1);
		expect(json[0]?.count).toBe(60);
		expect((json[0]?.rows as Array<{ id: number }>).map(({ id }) => id)).toEqual(
			range(60).map((n) => n + 1),
		);
	});

	test('none', async () => {
		const { json } = await bench.succeed(
			select(things, { return: 'rowsWithCount', ...where(['id', 'lt', '0']) }),
		);
		expect(json).toEqual([{ count: 0, rows: [] }]);
	});
});

describe('one row', () => {
	const single = { return: 'single', columnsMode: 'expression', columnExpression: 'id,kind' };

	test('the row', async () => {
		const { result, requests } = await requestsOf({ ...single, ...where(['id', 'eq', '7']) });
		expect(result.json).toEqual([{ id: 7, kind: 'odd' }]);
		expect(requests[0]?.headers.accept).toContain('vnd.pgrst.object+json');
	});

	test.each([
		['none', where(['id', 'lt', '0']), '0 rows'],
		['several', even, '30 rows'],
	])('%s: an error that says how many', async (_, filters, many) => {
		const { said } = await bench.run(select(things, { ...single, ...filters }));
		expect(said.message).toMatch(
			/^(No row meets the filters|\d+ rows were found), but one was asked for$/,
		);
		expect(said.description).toContain(many);
		expect(said.description).toContain('PGRST116');
	});

	test('each item by itself under continue on fail', async () => {
		const { json } = await bench.succeed(
			select(things, { ...single, ...where(['id', 'eq', '={{ $json.n }}']) }, continueRegular),
			{ items: [{ n: 1 }, { n: 100 }, { n: 2 }] },
		);
		expect(json).toEqual([
			{ id: 1, kind: 'odd' },
			expect.objectContaining({ error: expect.stringMatching(/but one was asked for$/) }),
			{ id: 2, kind: 'even' },
		]);
	});
});

describe('one row or none', () => {
	const form = { return: 'maybeSingle', ...where(['id', 'eq', '={{ $json.n }}']) };

	test('nothing for none', async () => {
		const { json, output } = await bench.succeed(select(things, form), {
			items: [{ n: 100 }, { n: 3 }],
		});
		expect(json.map(({ id }) => id)).toEqual([3]);
		expect(origins(output)).toEqual([1]);
	});

	test('an item that says so', async () => {
		const { json, output } = await bench.succeed(select(things, { ...form, noRow: 'item' }), {
			items: [{ n: 100 }, { n: 3 }],
		});
		expect(json).toEqual([{ found: false }, expect.objectContaining({ id: 3 })]);
		expect(origins(output)).toEqual([0, 1]);
	});

	test('more than one is refused, and no more than two are read', async () => {
		const { result, requests } = await bench.requestsDuring(things, () =>
			bench.run(select(things, { return: 'maybeSingle', ...even })),
		);
		expect(result.said.message).toMatch(/More than one row/);
		expect(requests.map(({ path }) => path)).toEqual([expect.stringContaining('limit=2')]);
	});
});

describe('CSV', () => {
	const rows = { return: 'csv', columnsMode: 'list', columnList: ['id', 'kind'], ...orderBy('id') };
	const lines = (text: unknown) => (text as string).trimEnd().split(/\r?\n/);

	test('as text', async () => {
		const { json } = await bench.succeed(select(things, { ...rows, limit: 2 }));
		expect(json).toHaveLength(1);
		expect(lines(json[0]?.csv)).toEqual(['id,kind', '1,odd', '2,even']);
	});

	test('quotes and commas in values are quoted', async () => {
		const { json } = await bench.succeed(
			select(things, {
				...rows,
				columnsMode: 'expression',
				columnExpression: 'id,text:"a, b"',
				limit: 1,
			}),
		);
		expect(lines(json[0]?.csv)).toEqual(['id,text', '1,"x,""1"']);
	});

	test('as a file in the field that is named', async () => {
		const { output } = await bench.succeed(
			select(things, { ...rows, csvAs: 'file', binaryPropertyName: 'table', limit: 2 }),
		);
		const file = output[0]?.binary?.table;
		expect(file).toMatchObject({ mimeType: 'text/csv', fileName: `${things}.csv` });
		if (!file) throw new Error('There is no file');
		const content = (await bench.engine.readBinary(file)).toString();
		expect(lines(content)).toEqual(['id,kind', '1,odd', '2,even']);
	});
});

describe('GeoJSON', () => {
	test('without PostGIS it is refused, and asked for as such', async () => {
		const { result, requests } = await bench.requestsDuring(things, () =>
			bench.run(select(things, { return: 'geojson' })),
		);
		expect(requests[0]?.headers.accept).toBe('application/geo+json');
		expect(`${result.said.message} ${result.said.description}`).toContain('PostGIS');
		expect(result.json).toEqual([]);
	});
});

// The local REST server has no plans: what is asked for is looked at.
describe('query plan', () => {
	const asked = async (planDetails: string[]) => {
		const { requests } = await bench.requestsDuring(things, () =>
			bench.run(select(things, { return: 'plan', planDetails, ...even })),
		);
		expect(requests).toHaveLength(1);
		expect(requests[0]?.path).toContain('kind=eq.even');
		return requests[0]?.headers.accept;
	};

	test('as text', async () => {
		expect(await asked([])).toBe(
			'application/vnd.pgrst.plan+text; for="application/json"; options=;',
		);
	});

	test('as JSON, with details', async () => {
		expect(await asked(['json', 'verbose', 'analyze', 'wal'])).toBe(
			'application/vnd.pgrst.plan+json; for="application/json"; options=analyze|verbose|wal;',
		);
	});

	test('what does not go together is told before anything is sent', async () => {
		const { result, requests } = await bench.requestsDuring(things, () =>
			bench.run(select(things, { return: 'plan', planDetails: ['wal'] })),
		);
		expect(result.said.message).toBe('WAL needs Analyze');
		expect(requests).toEqual([]);
	});
});

test('a form that there is not', async () => {
	const { said } = await bench.run(select(things, { return: '={{ $json.form }}' }), {
		items: [{ form: 'xml' }],
	});
	expect(said.message).toBe('"xml" is not a form to return');
	expect(said.description).toContain('rowsWithCount');
});

test('of a related table, order and limit inside each row', async () => {
	const { json } = await bench.succeed(
		select('countries', {
			columnsMode: 'expression',
			columnExpression: 'name, cities(name)',
			...where(['id', 'eq', '4']),
			options: {
				relations: {
					relation: [
						{ relation: 'cities', column: 'name', descending: true, limit: '1', offset: '' },
					],
				},
			},
		}),
	);
	expect(json).toEqual([{ name: 'United Kingdom', cities: [{ name: 'Manchester' }] }]);
});

test('an offset leaves rows out at the beginning', async () => {
	const { json } = await bench.succeed(
		select(things, { ...orderBy('id'), limit: 2, options: { offset: 57 } }),
	);
	expect(json.map(({ id }) => id)).toEqual([58, 59]);
	const { json: behind } = await bench.succeed(
		select(things, { ...orderBy('id'), limit: 2, options: { offset: 100 } }),
	);
	expect(behind).toEqual([]);
});

test('the name of a table and of columns with awkward signs', async () => {
	const { json } = await bench.succeed(
		select('Order Items', {
			schema: named('public'),
			columnsMode: 'list',
			columnList: ['"Item No"', '"a.b"'],
			return: 'rowsWithCount',
			...orderBy('Item No'),
		}),
	);
	expect(json[0]).toMatchObject({ rows: [{ 'Item No': 1, 'a.b': 'dotted' }, { 'Item No': 2 }] });
});
