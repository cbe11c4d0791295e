import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { Client } from 'pg';

import { arrayLiteral, rangeLiteral, type Range } from '../../src/api/database/encoding';
import { filterParameters, type Condition } from '../../src/api/database/filters';
import { select } from '../../src/api/database/select';
import type { Row } from '../../src/api/database/table';
import { readProject } from '../../src/api/project';
import { sender } from '../../src/api/transport';
import { stackControl } from '../stack/control';
import { readFilter, type ReadTerm } from './filterGrammar';

/** The same values each time; a failure prints the seed and the smallest value that fails. */
const seed = 20_261_123;

/** Only the local stack lets a test compare with what the database itself says. */
const databaseUrl = process.env.STACK_DATABASE_URL ?? '';
const onStack = databaseUrl ? describe : describe.skip;

const marks = fc.constantFrom(
	...[
		'"',
		'\\',
		',',
		'(',
		')',
		'{',
		'}',
		'[',
		']',
		"'",
		'%',
		'*',
		'_',
		'.',
		':',
		'&',
		'=',
		'+',
		'#',
	],
	...[' ', '\n', '\t', 'a', 'B', '0', '-', '/', ';', '$1', 'é', '👋', '\u00a0', '\u2028'],
);
const words = fc.constantFrom(
	...['', 'null', 'NULL', 'Null', 'true', 'False', 'unknown', 'eq.1', 'not.eq.1', 'in.(1,2)'],
	...[
		' a',
		'a ',
		' ',
		'\n',
		'"',
		'""',
		'"a"',
		'"a',
		'\\',
		'\\\\',
		'\\"',
		'{}',
		'{a,b}',
		'()',
		'(a)',
	],
	...['[1,2)', 'and(a.eq.1)', '%20', '%', '*', '50%_off*', 'a,b', 'a.b', 'é', 'e\u0301', '👋🏽', 'Ω'],
);

/** Texts that stand out in an address, in a list, in a group or in an array. */
const text = fc
	.oneof(
		{ weight: 4, arbitrary: fc.array(marks, { maxLength: 8 }).map((parts) => parts.join('')) },
		{ weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 10 }) },
		{ weight: 1, arbitrary: words },
	)
	// PostgreSQL holds no character 0.
	.filter((value) => !value.includes('\0'));

const texts = (length: number) => fc.uniqueArray(text, { minLength: length, maxLength: length });

/**
 * What the local REST server reads otherwise than PostgREST, which takes a value to the end of its
 * parameter: blanks and quotes around it, braces around it, and the words for truth values.
 */
const readsPlainWrong = (value: string) =>
	value !== value.trim() ||
	/^(null|true|false|unknown)$/i.test(value) ||
	/^".*"$|^\{.*\}$/s.test(value);

/** The same inside a list, where quotes keep all others as they are; a number is written anew. */
const readsListWrong = (value: string) =>
	/^(null|true|false|unknown)$/i.test(value) ||
	/^\{.*\}$/s.test(value) ||
	(!Number.isNaN(Number(value)) && value.trim() !== '' && String(Number(value)) !== value);

/** Inside `or=(…)` it does not know `\"` and `\\`, nor quotes in a list. */
const readsGroupWrong = (value: string) => readsListWrong(value) || /["\\]/.test(value);

function condition(operator: string, value: unknown): Condition {
	return { column: 'v', operator, value };
}

/** What a reader of PostgREST's grammar makes of conditions. */
function read(...conditions: Condition[]): ReadTerm[] {
	return filterParameters(conditions).map(([name, value]) => readFilter(name, value));
}

describe('the reader reads as the real server did', () => {
	interface Recorded {
		readonly case: string;
		readonly path: string;
		readonly status: number;
		readonly body: string;
	}

	/** The column that is asked for, of the rows in which it is a text. */
	const stored: ReadonlyMap<number, string> = new Map([
		[1, 'a,b'],
		[2, '(par)'],
		[3, 'say "hi"'],
		[4, 'back\\slash'],
		[5, 'null'],
		[6, ''],
		[7, '50%_off*'],
		[8, 'ünï çødé 🚀'],
		[10, 'Multi\nline'],
	]);
	const recorded = readFileSync(
		join(__dirname, '..', 'fixtures', 'postgrest-quoting.jsonl'),
		'utf8',
	)
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Recorded);

	test('there are recordings of each kind', () => {
		const names = recorded.map((each) => each.case);
		expect(names).toEqual(
			expect.arrayContaining(['or quoted escaped', 'in quoted escaped backslash', 'eq backslash']),
		);
	});

	test.each(recorded.map((each) => [each.case, each] as const))(
		'%s',
		(_, { path, status, body }) => {
			const [[name, value] = ['', '']] = [...new URL(path, 'http://localhost').searchParams].filter(
				([key]) => key !== 'select' && key !== 'order',
			);
			if (status !== 200) {
				expect(() => readFilter(name, value)).toThrow();
				return;
			}
			const term = readFilter(name, value);
			const ids = [...stored]
				.filter(([id, v]) => holds(term, { v, i: String(id) }))
				.map(([id]) => id);
			const found = (JSON.parse(body) as Array<{ id: number }>).map(({ id }) => id);
			expect(ids).toEqual(found.filter((id) => stored.has(id)));
		},
	);

	function holds(term: ReadTerm, row: Record<string, string>): boolean {
		if ('terms' in term) {
			const each = term.terms.map((inner) => holds(inner, row));
			return (term.word === 'or' ? each.some(Boolean) : each.every(Boolean)) !== term.negated;
		}
		const value = row[term.column] ?? '';
		const { operand } = term;
		return (Array.isArray(operand) ? operand.includes(value) : operand === value) !== term.negated;
	}
});

describe('read by the grammar of PostgREST', () => {
	test('A, the end of a parameter: 1,000 values', () => {
		const property = fc.property(text, (value) => {
			expect(read(condition('eq', value))).toEqual([
				{ column: 'v', operator: 'eq', negated: false, operand: value },
			]);
		});
		fc.assert(property, { seed, numRuns: 1000 });
	});

	test('B, a list: 3,000 values', () => {
		const property = fc.property(texts(10), (list) => {
			expect(read(condition('in', list))).toEqual([
				{ column: 'v', operator: 'in', negated: false, operand: list },
			]);
		});
		fc.assert(property, { seed, numRuns: 300 });
	});

	test('C, groups: 3,000 values', () => {
		const property = fc.property(texts(10), ([first, second, ...list]) => {
			const inner = {
				match: 'all',
				negate: true,
				conditions: [condition('neq', second), condition('in', list)],
			};
			const group = { match: 'any', conditions: [condition('eq', first), inner] } as Condition;
			const expected = {
				word: 'or',
				negated: false,
				terms: [
					{ column: 'v', operator: 'eq', negated: false, operand: first },
					{
						word: 'and',
						negated: true,
						terms: [
							{ column: 'v', operator: 'neq', negated: false, operand: second },
							{ column: 'v', operator: 'in', negated: false, operand: list },
						],
					},
				],
			};
			expect(read(group)).toEqual([expected]);
		});
		fc.assert(property, { seed, numRuns: 300 });
	});

	test('C, what a person binds in raw text: 1,000 values', () => {
		const property = fc.property(text, text, (first, second) => {
			const raw = { raw: 'or(v.eq.$1,v.neq.$2)', values: [first, second] };
			expect(read(raw)).toEqual([
				{
					word: 'and',
					negated: false,
					terms: [
						{
							word: 'or',
							negated: false,
							terms: [
								{ column: 'v', operator: 'eq', negated: false, operand: first },
								{ column: 'v', operator: 'neq', negated: false, operand: second },
							],
						},
					],
				},
			]);
		});
		fc.assert(property, { seed, numRuns: 500 });
	});
});

onStack('beside PostgreSQL', () => {
	const database = new Client({ connectionString: databaseUrl });
	const table = 'encoding_values';

	beforeAll(async () => {
		await database.connect();
		await database.query(
			`create table public.${table} (id int generated always as identity, v text)`,
		);
		await database.query(
			`create type public.encoding_range as range (subtype = text, collation = "C")`,
		);
		await stackControl().reloadSchema();
	});

	afterAll(async () => {
		await database.query(`drop table ${table}`);
		await database.query('drop type encoding_range');
		await database.end();
	});

	describe('D, literals', () => {
		test('a list as an array: 3,000 values', async () => {
			const lists = fc.array(
				fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constant(null) }),
				{ minLength: 10, maxLength: 10 },
			);
			const property = fc.asyncProperty(lists, async (list) => {
				expect(await given('text[]', arrayLiteral(list))).toEqual(list);
			});
			await fc.assert(property, { seed, numRuns: 300 });
		});

		test('a list of lists: 1,200 values', async () => {
			const lists = fc.array(fc.array(text, { minLength: 4, maxLength: 4 }), {
				minLength: 3,
				maxLength: 3,
			});
			const property = fc.asyncProperty(lists, async (list) => {
				expect(await given('text[]', arrayLiteral(list))).toEqual(list);
			});
			await fc.assert(property, { seed, numRuns: 100 });
		});

		test('an empty list, and one of other things than text', async () => {
			expect(await given('text[]', arrayLiteral([]))).toEqual([]);
			expect(await given('int[]', arrayLiteral([1, -2, null, undefined]))).toEqual([
				1,
				-2,
				null,
				null,
			]);
			expect(await given('boolean[]', arrayLiteral([true, false]))).toEqual([true, false]);
			expect(await given('jsonb[]', arrayLiteral([{ a: ['"', null] }]))).toEqual([
				{ a: ['"', null] },
			]);
			const at = new Date('2024-02-29T12:00:00.123Z');
			expect(await given('timestamptz[]', arrayLiteral([at]))).toEqual([at]);
		});

		const bounds = fc.constantFrom<NonNullable<Range['bounds']>>('[)', '[]', '(]', '()');

		test('a range of texts: 1,000 values', async () => {
			// An empty bound is an open end.
			const pair = fc.uniqueArray(text.filter(Boolean), { minLength: 2, maxLength: 2 });
			const property = fc.asyncProperty(pair, bounds, async (ends, kind) => {
				const [lower, upper] = ends.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
				expect(await ofRange('encoding_range', { lower, upper, bounds: kind })).toEqual({
					lower,
					upper,
					kind,
				});
			});
			await fc.assert(property, { seed, numRuns: 500 });
		});

		test('ranges of numbers and times, open at either end', async () => {
			const end = (values: fc.Arbitrary<number>) => fc.option(values, { freq: 3 });
			const ends = fc.record({
				lower: end(fc.integer({ min: -1000, max: 0 })),
				upper: end(fc.integer({ min: 1, max: 1000 })),
				kind: bounds,
			});
			const property = fc.asyncProperty(ends, async ({ lower, upper, kind }) => {
				const open = `${lower === null ? '(' : kind[0]}${upper === null ? ')' : kind[1]}`;
				expect(await ofRange('numrange', { lower, upper, bounds: kind })).toEqual({
					lower: lower === null ? null : String(lower),
					upper: upper === null ? null : String(upper),
					kind: open,
				});
				const day = (n: number | null) =>
					n === null ? null : new Date(Date.UTC(2024, 0, n)).toISOString();
				const [{ same } = { same: false }] = await rows<{ same: boolean }>(
					'select $1::tstzrange = tstzrange($2::timestamptz, $3::timestamptz, $4) as same',
					[
						rangeLiteral({ lower: day(lower), upper: day(upper), bounds: kind }),
						day(lower),
						day(upper),
						kind,
					],
				);
				expect(same).toBe(true);
			});
			await fc.assert(property, { seed, numRuns: 100 });
		});

		test.each([
			['int4range', { lower: 1, upper: 10 }, '[1,10)'],
			['int4range', { lower: 1, upper: 10, bounds: '(]' }, '[2,11)'],
			['int8range', { lower: '9007199254740993' }, '[9007199254740993,)'],
			[
				'tsrange',
				{ lower: '2000-01-01 13:00', upper: '2000-01-01 13:30' },
				'["2000-01-01 13:00:00","2000-01-01 13:30:00")',
			],
			['daterange', { upper: '2024-02-29', bounds: '[]' }, '(,2024-03-01)'],
			['int4range', {}, '(,)'],
		] as Array<[string, Range, string]>)('%s', async (type, range, expected) => {
			const [row] = await rows<{ text: string }>(`select ($1::${type})::text as text`, [
				rangeLiteral(range),
			]);
			expect(row?.text).toBe(expected);
		});
	});

	describe('through the REST interface', () => {
		const send = sender(
			readProject({
				url: process.env.SUPABASE_URL || 'http://127.0.0.1',
				secretKey: process.env.SUPABASE_SECRET_KEY || 'sb_secret_none',
			}),
			{ authority: { role: 'service_role' } },
		);

		async function found(...conditions: Condition[]): Promise<unknown[]> {
			const request = select(
				{ schema: 'public', name: table },
				{ columns: 'id', filters: conditions, order: [{ column: 'id' }] },
			);
			return (await send<Row[]>(request)).body.map(({ id }) => id);
		}

		/** Puts values into the empty table. */
		async function fill(list: readonly string[]): Promise<void> {
			await database.query(`truncate ${table} restart identity`);
			await database.query(`insert into ${table} (v) select unnest($1::text[])`, [list]);
		}

		async function expected(where: string, ...values: unknown[]): Promise<unknown[]> {
			const sql = `select id from ${table} where ${where} order by id`;
			return (await rows<{ id: number }>(sql, values)).map(({ id }) => id);
		}

		test('A, the end of a parameter: 500 values', async () => {
			const property = fc.asyncProperty(
				texts(40).map((list) => list.filter((value) => !readsPlainWrong(value))),
				async (list) => {
					await fill(list);
					const asked = list.slice(0, 20);
					const ids = asked.map((value) => found(condition('eq', value)));
					expect(await Promise.all(ids)).toEqual(asked.map((_, n) => [n + 1]));
				},
			);
			await fc.assert(property, { seed, numRuns: 25 });
		});

		test('B, lists: 2,000 values of which every other is asked for', async () => {
			const property = fc.asyncProperty(
				texts(50).map((list) => list.filter((value) => !readsListWrong(value))),
				async (list) => {
					await fill(list);
					const asked = list.filter((_, n) => n % 2);
					const ids = await found(condition('in', asked));
					expect(ids).toEqual(await expected('v = any ($1)', asked));
					expect(ids).toHaveLength(asked.length);
				},
			);
			await fc.assert(property, { seed, numRuns: 40 });
		});

		test('C, groups: 1,000 values', async () => {
			const property = fc.asyncProperty(
				texts(40).map((list) => list.filter((value) => !readsGroupWrong(value))),
				async (list) => {
					await fill(list);
					const asked = list.filter((_, n) => n % 2);
					const not = list.slice(0, 4);
					const any = {
						match: 'any',
						conditions: asked.map((value) => condition('eq', value)),
					} as Condition;
					const all = {
						match: 'all',
						negate: true,
						conditions: [any, ...not.map((value) => condition('neq', value))],
					} as Condition;
					expect(await found(any)).toEqual(await expected('v = any ($1)', asked));
					expect(await found(all)).toEqual(
						await expected('not (v = any ($1) and v <> all ($2))', asked, not),
					);
				},
			);
			await fc.assert(property, { seed, numRuns: 25 });
		});
	});

	async function rows<R>(sql: string, values: readonly unknown[]): Promise<R[]> {
		return (await database.query(sql, [...values])).rows as R[];
	}

	/** What PostgreSQL makes of a literal. */
	async function given(type: string, literal: string): Promise<unknown> {
		return (await rows<{ value: unknown }>(`select $1::${type} as value`, [literal]))[0]?.value;
	}

	async function ofRange(type: string, range: Range): Promise<unknown> {
		const [row] = await rows(
			`select lower(r)::text as lower, upper(r)::text as upper,
				(case when lower_inc(r) then '[' else '(' end) || (case when upper_inc(r) then ']' else ')' end) as kind
			from (select $1::${type} as r) as ranges`,
			[rangeLiteral(range)],
		);
		return row;
	}
});
