import fc from 'fast-check';
import { Client } from 'pg';

import { checkChoosesRows } from '../../src/api/database/everyRow';
import type { Condition, Filter } from '../../src/api/database/filters';
import { readProject } from '../../src/api/project';
import { select } from '../../src/api/database/select';
import type { Row } from '../../src/api/database/table';
import { sender } from '../../src/api/transport';
import { stackControl } from '../stack/control';

/** Only the local stack lets a test fill a table with whatever a column can hold. */
const databaseUrl = process.env.STACK_DATABASE_URL ?? '';
const onStack = databaseUrl ? describe : describe.skip;

const seed = 20_261_125;
const table = 'every_row';

const filter = (column: string, operator: string, value: unknown, negate = false): Filter => ({
	column,
	operator,
	value,
	...(negate && { negate }),
});
const isNegated = fc.boolean();

/** Numbers with others between, below and above them. */
const number = fc.constantFrom(-2, 0, 2);
const comparison = fc.oneof(
	fc
		.tuple(fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isdistinct'), number, isNegated)
		.map(([operator, value, negate]) => filter('n', operator, value, negate)),
	fc
		.tuple(fc.array(number, { maxLength: 3 }), isNegated)
		.map(([values, negate]) => filter('n', 'in', values, negate)),
);

const text = fc.stringMatching(/^[ab]{0,3}$/);
const pattern = fc.stringMatching(/^[ab%_*]{0,4}$/);
const ofText = fc.oneof(
	fc
		.tuple(fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte'), text, isNegated)
		.map(([operator, value, negate]) => filter('v', operator, value, negate)),
	fc
		.tuple(fc.constantFrom('like', 'ilike'), pattern, isNegated)
		.map(([operator, value, negate]) => filter('v', operator, value, negate)),
	fc
		.tuple(
			fc.constantFrom('like(any)', 'like(all)', 'ilike(any)', 'ilike(all)'),
			fc.array(pattern, { maxLength: 3 }),
		)
		.map(([operator, values]) => filter('v', operator, values)),
	fc
		.stringMatching(/^\^?[ab.]?[*?+]?[ab.]?[*?+]?\$?$/)
		.map((expression) => filter('v', 'match', expression)),
);

/** The local REST server fails at an array without elements. */
const array = fc.subarray(['a', 'b', 'c', null], { minLength: 1 });
const ofArray = fc
	.tuple(fc.constantFrom('cs', 'cd', 'ov'), array, isNegated)
	.map(([operator, elements, negate]) => filter('tags', operator, elements, negate));

const object = fc
	.subarray(['a', 'b'])
	.map((keys) => Object.fromEntries(keys.map((key) => [key, 1])));
const ofJson = fc
	.tuple(fc.constantFrom('cs', 'cd'), object, isNegated)
	.map(([operator, value, negate]) => filter('j', operator, JSON.stringify(value), negate));

const range = fc
	.tuple(
		fc.option(fc.integer({ min: -2, max: 2 })),
		fc.option(fc.integer({ min: 0, max: 4 })),
		fc.constantFrom('[)', '[]', '(]', '()'),
	)
	.filter(([lower, upper]) => lower === null || upper === null || lower <= upper)
	.map(([lower, upper, bounds]) => `${bounds[0]}${lower ?? ''},${upper ?? ''}${bounds[1]}`);
const ofRange = fc
	.tuple(
		fc.constantFrom('cs', 'cd', 'ov', 'sl', 'sr', 'nxl', 'nxr', 'adj'),
		fc.oneof(range, fc.constant('empty')),
		isNegated,
	)
	.map(([operator, value, negate]) => filter('r', operator, value, negate));

/** Groups of one column: what they leave out is to be seen in a table of one column's values. */
const group = fc
	.tuple(
		fc.constantFrom('all', 'any'),
		fc.array(comparison, { minLength: 1, maxLength: 4 }),
		isNegated,
	)
	.filter(([match, conditions, negate]) => conditions.length === 1 || (match === 'any') !== negate)
	.map(([match, conditions, negate]): Condition => ({
		match: match as 'all' | 'any',
		conditions,
		negate,
	}));

onStack('beside PostgreSQL', () => {
	const database = new Client({ connectionString: databaseUrl });
	const send = sender(
		readProject({
			url: process.env.SUPABASE_URL || 'http://127.0.0.1',
			secretKey: process.env.SUPABASE_SECRET_KEY || 'sb_secret_none',
		}),
		{ authority: { role: 'service_role' } },
	);

	/** A row for whatever a column can hold within the bounds of what is asked for. */
	beforeAll(async () => {
		await database.connect();
		await database.query(`
			create table public.${table} (n int, v text collate "C", tags text[], j jsonb, r int4range);
			insert into ${table} (n) select generate_series(-4, 4);
			with recursive words (word) as (
				values ('') union all
				select word || letter from words, unnest('{a,b}'::text[]) letter where length(word) < 5
			)
			insert into ${table} (v) select word from words;
			insert into ${table} (tags)
				select array_remove(array[a, b, c, d], null)
				from unnest('{a,null}'::text[]) a, unnest('{b,null}'::text[]) b,
					unnest('{c,null}'::text[]) c, unnest('{d,null}'::text[]) d;
			insert into ${table} (j) values ('{}'), ('{"a":1}'), ('{"b":1}'), ('{"a":1,"b":1}'), ('{"c":2}');
			insert into ${table} (r)
				select int4range(low, high)
				from generate_series(-6, 8) low, generate_series(-6, 8) high where low <= high;
			insert into ${table} (r) values ('(,)'), ('(,-4)'), ('(,0)'), ('(6,)'), ('(0,)')`);
		await stackControl().reloadSchema();
	});

	afterAll(async () => {
		await database.query(`drop table ${table}`);
		await database.end();
	});

	async function met(column: string, conditions: readonly Condition[]): Promise<number> {
		const request = select(
			{ schema: 'public', name: table },
			{
				columns: column,
				filters: [...conditions, filter(column, 'is', 'not_null')],
				count: 'exact',
				head: true,
			},
		);
		const { headers } = await send<Row[]>(request);
		return Number(headers['content-range']?.split('/')[1]);
	}

	test.each([
		['numbers', 'n', comparison],
		['texts', 'v', ofText],
		['arrays', 'tags', ofArray],
		['JSON', 'j', ofJson],
		['ranges', 'r', ofRange],
		['groups', 'n', group],
	] as Array<[string, string, fc.Arbitrary<Condition>]>)(
		'what may change a table leaves a row out: %s',
		async (_, column, conditions) => {
			const every = await met(column, []);
			let refused = 0;
			const seen = new Set<string>();
			for (const condition of fc.sample(conditions, { seed, numRuns: 300 })) {
				const name = JSON.stringify(condition);
				if (seen.has(name)) continue;
				seen.add(name);
				try {
					checkChoosesRows([condition]);
				} catch {
					refused += 1;
					continue;
				}
				expect({ condition, all: (await met(column, [condition])) === every }).toEqual({
					condition,
					all: false,
				});
			}
			expect(seen.size - refused).toBeGreaterThan(5);
		},
	);
});
