import fc from 'fast-check';
import { Client } from 'pg';

import { partOfText } from '../../src/api/database/patterns';
import { select } from '../../src/api/database/select';
import { readRows } from '../../src/api/database/readRows';
import type { Row } from '../../src/api/database/table';
import { readProject } from '../../src/api/project';
import { sender } from '../../src/api/transport';
import { stackControl } from '../stack/control';

/** Only the local stack lets a test compare with what the database itself says. */
const databaseUrl = process.env.STACK_DATABASE_URL ?? '';
const onStack = databaseUrl ? describe : describe.skip;

const send = sender(
	readProject({
		url: process.env.SUPABASE_URL || 'http://127.0.0.1',
		secretKey: process.env.SUPABASE_SECRET_KEY || 'sb_secret_none',
	}),
	{ authority: { role: 'service_role' } },
);

const TABLE = 'filter_values';

/** What stands out in a URL, in a list, in quoting, in a pattern, in JSON or in an array. */
const awkward = fc.stringMatching(/^[ab ,()"'\\.:%&=+?#*{}[\]/;<>!|~$@^_-]{0,6}$/);
const unicode = fc.string({ unit: 'grapheme', maxLength: 6 });
const words = fc.constantFrom(
	'not.eq.1',
	'eq.1',
	'in.(1,2)',
	'and(a.eq.1)',
	'{a,b}',
	'[1,2)',
	'undefined',
	'a,b',
	'(a)',
	'a"b',
	'back\\slash',
	'100%',
	'1e3',
	'%20',
	'👋🏽',
	'ﬀ',
	'é',
	'e\u0301',
	'line\nbreak',
	'tab\tstop',
);

/**
 * The local REST service reads these otherwise than PostgREST, which takes a value to the end of its
 * parameter: blanks and quotes around it, and the words that stand for truth values.
 */
const readWrong = (text: string) =>
	text !== text.trim() || /^(null|true|false)$/i.test(text) || /^".*"$/.test(text);

/** As PostgreSQL folds case, a sign at a time. */
const foldCase = (text: string) =>
	[...text]
		.map((sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign))
		.join('');

const values = [
	...new Set(
		fc
			.sample(fc.oneof(awkward, awkward, unicode, words), { numRuns: 500, seed: 20_261_123 })
			.filter((text) => !readWrong(text) && !text.includes('\0')),
	),
];
const MARKS = [',', '(', '"', '\\', '%', '*', '&', '+', "'", '.', '#'];

/** Every value is in the table; these are what is compared with: each mark is among them. */
const probes = values.filter(
	(text, index) =>
		index % 6 === 0 || MARKS.some((mark) => text === values.find((each) => each.includes(mark))),
);

onStack('filters find the rows that SQL finds', () => {
	const database = new Client({ connectionString: databaseUrl });

	beforeAll(async () => {
		await database.connect();
		await database.query(`create table public.${TABLE} (id int primary key, v text)`);
		await database.query(
			`insert into ${TABLE} select row_number() over (), v from unnest($1::text[]) v`,
			[values],
		);
		await database.query(`insert into ${TABLE} values (0, null)`);
		await stackControl().reloadSchema();
	});

	afterAll(async () => {
		await database.query(`drop table ${TABLE}`);
		await database.end();
	});

	async function found(operator: string, value: unknown): Promise<unknown[]> {
		const table = { schema: 'public', name: TABLE };
		const request = select(table, {
			columns: 'id',
			filters: [{ column: 'v', operator, value }],
			order: [{ column: 'id' }],
		});
		return (await send<Row[]>(request)).body.map(({ id }) => id);
	}

	async function expected(condition: string, value: unknown): Promise<unknown[]> {
		const { rows } = await database.query<Row>(
			`select id from ${TABLE} where ${condition} order by id`,
			[value],
		);
		return rows.map(({ id }) => id);
	}

	test('there are enough values', () => {
		expect(values.length).toBeGreaterThan(300);
		expect(probes.length).toBeGreaterThan(50);
		for (const mark of MARKS) expect(probes.join('')).toContain(mark);
	});

	test.each([
		['eq', '='],
		['neq', '<>'],
		['gt', '>'],
		['gte', '>='],
		['lt', '<'],
		['lte', '<='],
	])('%s', async (operator, sql) => {
		for (const value of probes) {
			expect({ value, found: await found(operator, value) }).toEqual({
				value,
				found: await expected(`v ${sql} $1`, value),
			});
		}
	});

	test.each(['like', 'ilike'])('%s: a literal value finds itself', async (operator) => {
		for (const value of probes.filter((text) => !text.includes('*'))) {
			const pattern = value.replace(/[\\%_]/g, '\\$&');
			expect({ pattern, found: await found(operator, pattern) }).toEqual({
				pattern,
				found: await expected(`v ${operator} $1`, pattern),
			});
		}
	});

	test.each(['like', 'ilike'])('%s: as a part', async (operator) => {
		for (const value of probes.filter((text) => !text.includes('\\'))) {
			const pattern = `*${value}%`;
			expect({ pattern, found: await found(operator, pattern) }).toEqual({
				pattern,
				found: await expected(`v ${operator} $1`, pattern.replaceAll('*', '%')),
			});
		}
	});

	test.each([
		['anywhere', (value: string, part: string) => value.includes(part)],
		['start', (value: string, part: string) => value.startsWith(part)],
		['end', (value: string, part: string) => value.endsWith(part)],
	] as const)('a text within another, %s, whatever is in it', async (place, holds) => {
		const parts = ['a', '*', '%', '_', '.', '\\', 'B', '*a', 'a*', '%*', ...probes];
		for (const part of parts.filter((text) => !readWrong(text))) {
			const { operator, value } = partOfText(part, place);
			if (readWrong(String(value))) continue;
			const ids = values.flatMap((each, index) =>
				holds(foldCase(each), foldCase(part)) ? [index + 1] : [],
			);
			expect({ part, found: await found(operator, value) }).toEqual({ part, found: ids });
		}
	});

	test('in: lists of up to five', async () => {
		const lists = fc.sample(fc.uniqueArray(fc.constantFrom(...values), { maxLength: 5 }), {
			numRuns: 100,
			seed: 7,
		});
		for (const list of lists) {
			expect({ list, found: await found('in', list) }).toEqual({
				list,
				found: await expected('v = any($1)', list),
			});
		}
	});

	test('in: the same lists as JSON text', async () => {
		for (const value of probes) {
			const list = [value, 'a,b'];
			expect(await found('in', JSON.stringify(list))).toEqual(await expected('v = any($1)', list));
		}
	});

	test('is', async () => {
		expect(await found('is', 'null')).toEqual([0]);
		expect(await found('is', null)).toEqual([0]);
		expect(await found('is', 'not_null')).toHaveLength(values.length);
	});

	test('pages follow a key of awkward texts', async () => {
		const name = `${TABLE}_keyed`;
		await database.query(
			`create table public.${name} (v text primary key);
			insert into ${name} select v || n from ${TABLE}, generate_series(1, 8) n where v is not null
				on conflict do nothing`,
		);
		await stackControl().reloadSchema();
		const { rows } = await readRows(send, { schema: 'public', name }, {}, () =>
			Promise.resolve(['v']),
		);
		const { rows: all } = await database.query<Row>(`select v from ${name} order by v`);
		await database.query(`drop table ${name}`);
		expect(all.length).toBeGreaterThan(2_000);
		expect(rows.map(({ v }) => v)).toEqual(all.map(({ v }) => v));
	});
});
