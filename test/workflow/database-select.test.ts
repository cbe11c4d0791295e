import {
	continueRegular,
	expectSame,
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

beforeAll(async () => {
	things = await bench.createTable(
		'id int primary key, name text, size int, ok boolean, at date, address jsonb',
	);
	await bench.sql(
		`insert into "${things}" values
			(1, 'one', 10, true, '2024-01-01', '{"city": "Oslo"}'),
			(2, 'two, "2"', 20, false, '2024-02-01', '{"city": "Rome"}'),
			(3, 'three (3)', 30, null, null, null),
			(4, '', null, true, '2024-03-01', null),
			(5, 'null', null, false, null, null),
			(6, null, 20, null, null, null),
			(7, ' outer ', 70, null, null, null),
			(8, 'back\\slash', 80, null, null, null),
			(9, 'Größe 👋', 90, null, null, null)`,
	);
});

/** The ids of the rows that the node finds. */
async function ids(...conditions: Parameters<typeof where>): Promise<unknown[]> {
	const { json, said } = await bench.run(select(things, { ...all, ...where(...conditions) }));
	expect(said.message).toBeUndefined();
	return json.map(({ id }) => id);
}

describe('columns', () => {
	test('all of them', async () => {
		const { json } = await bench.succeed(select(things, where(['id', 'eq', '1'])));
		expect(json).toEqual([
			{ id: 1, name: 'one', size: 10, ok: true, at: '2024-01-01', address: { city: 'Oslo' } },
		]);
	});

	test('from a list', async () => {
		const parameters = {
			columnsMode: 'list',
			columnList: ['size', 'name'],
			...where(['id', 'eq', 1]),
		};
		const { json } = await bench.succeed(select(things, parameters));
		expect(json).toEqual([{ size: 10, name: 'one' }]);
	});

	test('by an expression with an alias, a path into JSON and a cast', async () => {
		const { json } = await bench.succeed(
			select(things, {
				columnsMode: 'expression',
				columnExpression: 'key:id,\n\tcity:address->>city,\n\tas_text:size::text',
				...where(['id', 'eq', 2]),
			}),
		);
		expect(json).toEqual([{ key: 2, city: 'Rome', as_text: '20' }]);
	});

	test('of a related table, under another name', async () => {
		const { json } = await bench.succeed(
			select('cities', {
				columnsMode: 'expression',
				columnExpression: 'name, country:countries(title:name)',
				...where(['country_id', 'eq', 4]),
				...orderBy('name'),
			}),
		);
		expect(json).toEqual([
			{ name: 'London', country: { title: 'United Kingdom' } },
			{ name: 'Manchester', country: { title: 'United Kingdom' } },
		]);
	});

	test('none chosen from the list is told', async () => {
		const { said } = await bench.run(select(things, { columnsMode: 'list', columnList: [] }));
		expect(said).toEqual({
			message: 'No columns are chosen',
			description: 'Choose columns, or set Columns to All.',
		});
	});
});

describe('filters', () => {
	test.each<[string, string, unknown, number[]]>([
		['name', 'eq', 'two, "2"', [2]],
		['name', 'eq', 'three (3)', [3]],
		['name', 'eq', '', [4]],
		['name', 'eq', 'back\\slash', [8]],
		['name', 'eq', 'Größe 👋', [9]],
		['name', 'neq', 'one', [2, 3, 4, 5, 7, 8, 9]],
		['size', 'gt', 70, [8, 9]],
		['size', 'gte', 70, [7, 8, 9]],
		['size', 'lt', 20, [1]],
		['size', 'lte', '20', [1, 2, 6]],
		['name', 'like', '%o%', [1, 2, 7]],
		['name', 'like', 't*', [2, 3]],
		['name', 'ilike', 'GRÖ%', [9]],
		['ok', 'is', 'true', [1, 4]],
		['ok', 'is', 'false', [2, 5]],
		['ok', 'is', 'unknown', [3, 6, 7, 8, 9]],
		['name', 'is', 'null', [6]],
		['size', 'is', 'not_null', [1, 2, 3, 6, 7, 8, 9]],
		['id', 'in', '1, 3,9', [1, 3, 9]],
		[
			'name',
			'in',
			'["two, \\"2\\"", "three (3)", "", " outer ", "back\\\\slash"]',
			[2, 3, 4, 7, 8],
		],
		['name', 'in', "={{ ['Größe 👋', 'one'] }}", [1, 9]],
		['name', 'in', '', []],
		['address->>city', 'eq', 'Rome', [2]],
	])('%s %s %p', async (column, operator, value, expected) => {
		expect(await ids([column, operator, value])).toEqual(expected);
	});

	// The local REST service takes these for NULL and for text without blanks; PostgREST does not.
	test.each([
		['null', 'eq.null'],
		[' outer ', 'eq.+outer+'],
	])('%p goes over the wire as it is', async (value, sent) => {
		const { requests } = await bench.requestsDuring(things, () => ids(['name', 'eq', value]));
		expect(requests.map(({ path }) => path)).toEqual([
			expect.stringContaining(`name=${sent}&`) as string,
		]);
	});

	test('a row meets all conditions, several on one column among them', async () => {
		expect(await ids(['size', 'gte', 20], ['size', 'lt', 80], ['id', 'neq', 7])).toEqual([2, 3, 6]);
	});
});

describe('order and limit', () => {
	const sizes = async (...by: Parameters<typeof orderBy>) =>
		(await bench.succeed(select(things, { ...all, ...orderBy(...by) }))).json.map(
			({ size }) => size,
		);
	const size = (direction: string, nulls: string) => ({ column: named('size'), direction, nulls });

	test.each([
		['asc', 'default', [10, 20, 20, 30, 70, 80, 90, null, null]],
		['asc', 'first', [null, null, 10, 20, 20, 30, 70, 80, 90]],
		['desc', 'default', [null, null, 90, 80, 70, 30, 20, 20, 10]],
		['desc', 'last', [90, 80, 70, 30, 20, 20, 10, null, null]],
	])('%s, nulls %s', async (direction, nulls, expected) => {
		expect(await sizes(size(direction, nulls))).toEqual(expected);
	});

	test('the next column breaks ties', async () => {
		const { json } = await bench.succeed(
			select(things, {
				...where(['size', 'eq', 20]),
				...orderBy('size', { column: named('id'), direction: 'desc', nulls: 'default' }),
			}),
		);
		expect(json.map(({ id }) => id)).toEqual([6, 2]);
	});

	test('no more rows than the limit, in one request', async () => {
		const { result, requests } = await bench.requestsDuring(things, () =>
			bench.succeed(select(things, { limit: 3, ...orderBy('id') })),
		);
		expect(result.json.map(({ id }) => id)).toEqual([1, 2, 3]);
		expect(requests).toHaveLength(1);
	});

	test('no rows are no items', async () => {
		const { json, status, hasRun } = await bench.run(select(things, where(['id', 'eq', 0])));
		expect(json).toEqual([]);
		expect(status).toBe('success');
		expect(hasRun('Database')).toBe(true);
		expect(hasRun('After')).toBe(false);
	});
});

describe('names', () => {
	test('a table and a column with a blank', async () => {
		const { json } = await bench.succeed(
			select('Order Items', {
				columnsMode: 'list',
				columnList: ['Item No', '"a.b"'],
				...where(['Unit Price', 'lt', 10]),
			}),
		);
		expect(json).toEqual([{ 'Item No': 1, 'a.b': 'dotted' }]);
	});

	test('a column whose name looks like an expression', async () => {
		const { json } = await bench.succeed(
			select('Order Items', {
				columnsMode: 'expression',
				columnExpression: '"Item No", dotted:"a.b"',
				...where(['"a.b"', 'eq', 'dotted']),
			}),
		);
		expect(json).toEqual([{ 'Item No': 1, dotted: 'dotted' }]);
	});

	test('another schema', async () => {
		const { json } = await bench.succeed(select('mytable', { schema: named('myschema') }));
		expect(json).toEqual([{ id: 1, value: 'x' }]);
	});

	test('a view', async () => {
		const { json, hints } = await bench.succeed(
			select('instrument_list', { ...all, ...orderBy('name') }),
		);
		expect(json.map(({ name, section }) => [name, section])).toEqual([
			['flute', 'woodwinds'],
			['harp', 'strings'],
			['piano', null],
			['violin', 'strings'],
		]);
		expect(hints).toEqual([]);
	});
});

describe('many items', () => {
	const thousand = range(1000).map((n) => ({ n, id: (n % 9) + 1 }));

	test('identical reads are made once', async () => {
		const { result, requests } = await bench.requestsDuring(things, () =>
			bench.succeed(select(things, where(['id', 'eq', 2])), {
				items: thousand,
				after: "={{ $('Start').item.json.n }}",
			}),
		);
		expect(requests).toHaveLength(1);
		expectSame(
			result.json.map(({ id }) => id),
			thousand.map(() => 2),
		);
		expectSame(result.values, range(1000));
	});

	test('each row that is read once and given to many items is an object of its own', async () => {
		const { output } = await bench.succeed(select(things, where(['id', 'eq', 1])), {
			items: [{}, {}],
		});
		expect(output[0]?.json).not.toBe(output[1]?.json);
	});

	test('nine different reads among a thousand are nine requests, in the order of the items', async () => {
		const { result, requests } = await bench.requestsDuring(things, () =>
			bench.succeed(select(things, where(['id', 'eq', '={{ $json.id }}'])), { items: thousand }),
		);
		expect(requests).toHaveLength(9);
		expectSame(
			result.json.map(({ id }) => id),
			thousand.map(({ id }) => id),
		);
	});

	test('different reads run side by side with a bound, and pair with their items', async () => {
		const numbers = await bench.createTable('id int primary key');
		await bench.sql(`insert into "${numbers}" select generate_series(0, 199)`);
		const { result, requests } = await bench.requestsDuring(numbers, () =>
			bench.succeed(select(numbers, where(['id', 'eq', '={{ (999 - $json.n) % 200 }}'])), {
				items: thousand,
				after: "={{ $('Start').item.json.n }}",
			}),
		);
		expect(requests).toHaveLength(200);
		const most = Math.max(...requests.map(({ concurrent }) => concurrent));
		expect(most).toBeGreaterThan(2);
		expect(most).toBeLessThanOrEqual(16);
		expectSame(
			result.json.map(({ id }) => id),
			thousand.map(({ n }) => (999 - n) % 200),
		);
		expectSame(result.values, range(1000));
	});

	test('an item may have several rows or none, and each knows its item', async () => {
		const { output, values } = await bench.succeed(
			select(things, { ...where(['size', 'eq', '={{ $json.size }}']), ...orderBy('id') }),
			{
				items: [{ size: 20 }, { size: 1 }, { size: 10 }],
				after: "={{ $('Start').item.json.size }}",
			},
		);
		expect(output.map(({ json }) => json.id)).toEqual([2, 6, 1]);
		expect(origins(output)).toEqual([0, 0, 2]);
		expect(values).toEqual([20, 20, 10]);
	});

	test('a read that fails is the error of its item alone', async () => {
		const { json, output } = await bench.run(
			select(things, where(['size', 'eq', '={{ $json.size }}']), continueRegular),
			{ items: [{ size: 10 }, { size: 'many' }, { size: 70 }] },
		);
		expect(json).toEqual([
			expect.objectContaining({ id: 1 }),
			{
				error: '"many" is no integer (filter on size)',
				details: expect.stringContaining("form of the column's type") as unknown,
				code: '22P02',
			},
			expect.objectContaining({ id: 7 }),
		]);
		expect(origins(output)).toEqual([0, 1, 2]);
	});
});
