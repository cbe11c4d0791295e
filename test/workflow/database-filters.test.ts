import type { INodeParameters } from 'n8n-workflow';

import { continueRegular, named, openBench, range, select, where } from './database-helpers';
import { remove } from './database-operations';

const bench = openBench();

let table: string;

const TEXTS = ['Rome', 'rome-antic', '50%', '50x', 'a*b', 'aXb', 'under_score', null];

beforeAll(async () => {
	table = await bench.createTable('id int primary key, v text, during int4range, at timestamptz');
	await bench.sql(
		`insert into "${table}" (id, v) select i, v from unnest($1::text[]) with ordinality t (v, i)`,
		[TEXTS],
	);
	await bench.sql(
		`update "${table}" set during = int4range(id, id + 2), at = '2024-01-01'::timestamptz + id * interval '1 day'`,
	);
});

const filters = (...rows: INodeParameters[]): INodeParameters => ({ filters: { filter: rows } });
const onText = (operator: string, value: unknown, rest: INodeParameters = {}): INodeParameters =>
	filters({ column: named('v'), operator, value, ...rest } as INodeParameters);

async function found(parameters: INodeParameters): Promise<unknown[]> {
	const { json } = await bench.succeed(select(table, parameters));
	return json.map(({ id }) => id).sort();
}

test.each<[string, INodeParameters, number[]]>([
	['contains text, whatever its case', onText('containsText', 'ROME'), [1, 2]],
	['contains a sign of percent', onText('containsText', '0%'), [3]],
	['contains an underscore', onText('containsText', 'r_s'), [7]],
	['contains an asterisk', onText('containsText', 'a*b'), [5]],
	['starts with', onText('startsWith', 'rome'), [1, 2]],
	['ends with', onText('endsWith', 'E'), [1, 7]],
	['does not contain', onText('containsText', 'o', { negate: true }), [3, 4, 5, 6]],
	['is null', onText('isNull', ''), [8]],
	['is not null', onText('notNull', ''), [1, 2, 3, 4, 5, 6, 7]],
	['not not null', onText('notNull', '', { negate: true }), [8]],
	[
		'is not in a list',
		filters({ column: named('v'), operator: 'notIn', values: '("Rome",50%)' }),
		[2, 4, 5, 6, 7],
	],
	[
		'a range, both ends of which belong to it',
		filters({
			column: named('during'),
			operator: 'ov',
			elements: '[3,4]',
			elementsAre: 'range',
		}),
		[2, 3, 4],
	],
	[
		"dates of n8n's expressions",
		filters(
			{
				column: named('at'),
				operator: 'gt',
				value: "={{ DateTime.fromISO('2024-01-03T00:00:00Z') }}",
			},
			{
				column: named('at'),
				operator: 'notIn',
				values:
					"={{ [DateTime.fromISO('2024-01-05T00:00:00Z'), DateTime.fromISO('2024-01-06T00:00:00Z')] }}",
			},
		),
		[3, 6, 7, 8],
	],
	[
		'text of PostgREST of which any part has to hold',
		{ filters: { raw: [{ raw: 'id.eq.1,id.eq.$1', values: '[2]', rawMatch: 'any' }] } },
		[1, 2],
	],
	[
		'negated by text',
		filters({ column: named('id'), operator: 'gt', value: '2', negate: '={{ "true" }}' }),
		[1, 2],
	],
	[
		'empty filters skipped by text',
		{
			...where(['id', 'lt', '3'], ['v', 'eq', '']),
			options: { skipEmptyFilters: '={{ "true" }}' },
		},
		[1, 2],
	],
	[
		'any filter by an expression',
		{ ...where(['id', 'eq', '1'], ['id', 'eq', '2']), match: '={{ "any" }}' },
		[1, 2],
	],
])('%s', async (_, parameters, ids) => {
	expect(await found(parameters)).toEqual(ids);
});

describe('a choice from an expression that gives something else, or nothing, is refused', () => {
	const isTwo = { column: named('id'), operator: 'eq', value: '2' };
	const inGroup = (rest: INodeParameters): INodeParameters => ({
		filters: { group: [{ filters: { filter: [isTwo] }, ...rest }] },
	});

	test.each<[string, INodeParameters, string]>([
		['Negate', filters({ ...isTwo, negate: '={{ undefined }}' }), 'Negate is not true or false'],
		['Negate', filters({ ...isTwo, negate: '={{ null }}' }), 'Negate is not true or false'],
		['Negate', filters({ ...isTwo, negate: '={{ "no" }}' }), 'Negate is not true or false'],
		['Negate of a group', inGroup({ negate: '={{ "" }}' }), 'Negate is not true or false'],
		['Must Match', { ...filters(isTwo), match: '={{ "" }}' }, 'Must Match is not one of all, any'],
		['Must Match', { ...filters(isTwo), match: '={{ undefined }}' }, 'Must Match is not one of'],
		['Must Match of a group', inGroup({ match: '={{ "either" }}' }), 'Must Match is not one of'],
		['Operator', filters({ ...isTwo, operator: '={{ "" }}' }), '"" is not a filter operator'],
		[
			'Operator',
			filters({ ...isTwo, operator: '={{ undefined }}' }),
			'"" is not a filter operator',
		],
		[
			'Skip Empty Filters',
			{ ...filters(isTwo), options: { skipEmptyFilters: '={{ undefined }}' } },
			'Skip Empty Filters is not true or false',
		],
		[
			'the value of Contains Text',
			onText('containsText', '={{ undefined }}'),
			'The filter on "v" looks for a text, but its value is empty',
		],
		[
			'the columns of an order',
			{ order: { by: [{ column: named('id'), direction: '={{ "up" }}' }] } },
			'Direction is not one of asc, desc',
		],
	])('%s: %j', async (_, parameters, message) => {
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(select(table, parameters)),
		);
		expect(result.said.message).toContain(message);
		expect(requests).toHaveLength(0);
	});

	test('a delete with Negate by text deletes what it says, and what is no choice deletes nothing', async () => {
		const mine = await bench.createTable('id int primary key');
		await bench.sql(`insert into "${mine}" select generate_series(1, 3)`);
		const negated = filters({ ...isTwo, negate: '={{ $json.negate }}' });
		const { json } = await bench.succeed(remove(mine, negated, continueRegular), {
			items: [{ negate: 'true' }, { negate: '' }],
		});
		expect(json).toEqual([
			{ id: 1 },
			{ id: 3 },
			expect.objectContaining({ error: expect.stringContaining('Negate') as string }),
		]);
		expect(await bench.sql(`select id from "${mine}"`)).toEqual([{ id: 2 }]);
	});
});

test('Contains Text of nothing would delete every row, and is refused', async () => {
	const { result, requests } = await bench.requestsDuring(table, () =>
		bench.run(remove(table, onText('containsText', '={{ "" }}'))),
	);
	expect(result.said.message).toMatch(/leave no row out/);
	expect(requests).toHaveLength(0);
	expect(await bench.count(table)).toBe(TEXTS.length);
});

test('a pattern without a wildcard says so, once', async () => {
	const pattern = onText('ilike', '={{ $json.v }}');
	const items = ['Rome', '50x', 'aXb'].map((v) => ({ v }));
	const { hints } = await bench.succeed(select(table, pattern), { items });
	expect(hints).toEqual([expect.stringMatching(/"v" has no wildcard.*Contains Text/)]);
	const { hints: none } = await bench.succeed(select(table, onText('ilike', 'ro%')));
	expect(none).toEqual([]);
});

describe('a list too long for one address', () => {
	const long = range(2_000);
	let many: string;

	beforeAll(async () => {
		many = await bench.createTable('id int primary key, n int, at timestamptz, v text');
		await bench.sql(
			`insert into "${many}" select i, nullif(i * 37 % 101, 0), '2024-01-01'::timestamptz + (i * 53 % 97) * interval '1 hour', i::text from generate_series(0, 2500) i`,
		);
	});

	const inLong = where(['id', 'in', long.join(', ')]);
	const by = (...columns: INodeParameters[]): INodeParameters => ({ order: { by: columns } });

	test.each<[string, string, INodeParameters]>([
		['numbers', 'n asc, id asc', by({ column: named('n') }, { column: named('id') })],
		[
			'numbers, the other way, nulls last',
			'n desc nulls last, id asc',
			by(
				{ column: named('n'), direction: 'desc', nulls: 'last' },
				{ column: named('id'), direction: 'asc' },
			),
		],
		[
			'times',
			'at desc, id desc',
			by({ column: named('at'), direction: 'desc' }, { column: named('id'), direction: 'desc' }),
		],
	])('is read in the order of %s', async (_, sql, order) => {
		const { json } = await bench.succeed(
			select(many, {
				...inLong,
				...order,
				returnAll: true,
				columnsMode: 'list',
				columnList: ['v'],
			}),
		);
		const expected = await bench.sql(`select v from "${many}" where id < 2000 order by ${sql}`);
		expect(json).toEqual(expected);
	});

	test('with a limit and an offset', async () => {
		const { json } = await bench.succeed(
			select(many, {
				...inLong,
				...by({ column: named('n') }, { column: named('id') }),
				limit: 30,
				options: { offset: 1_100 },
			}),
		);
		const expected = await bench.sql(
			`select id from "${many}" where id < 2000 order by n, id offset 1100 limit 30`,
		);
		expect(json.map(({ id }) => ({ id }))).toEqual(expected);
	});

	test('texts have an order that the database alone knows', async () => {
		const { said } = await bench.run(select(many, { ...inLong, ...by({ column: named('v') }) }));
		expect(said.message).toMatch(/too long for one request.*cannot be put in order by "v"/);
		expect(said.description).toMatch(/Sort node/);
	});

	test('groups would be doubled', async () => {
		const { said } = await bench.run(
			select(many, { ...inLong, columnsMode: 'expression', columnExpression: 'n,id.count()' }),
		);
		expect(said.message).toMatch(/too long for one request/);
	});
});
