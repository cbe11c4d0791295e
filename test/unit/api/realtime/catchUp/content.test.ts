import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseExactly } from '../../../../../src/api/numbers';
import { canonical, contentPrint, rowPrint } from '../../../../../src/api/realtime/catchUp/content';
import { recordings } from '../recordings';

type Row = Record<string, unknown>;

const TABLE = /"table":"rt_types","type":"INSERT"/;
const frames = recordings
	.filter(({ op }) => op === 'changes.types')
	.flatMap(({ frames: all = [] }) => all.map(({ text = '' }) => text))
	.filter((text) => TABLE.test(text));

/** Rows of every type as the real Realtime sent them, by `id`, with the types it named. */
const live = new Map<number, Row>();
const types: Record<string, string> = {};
for (const text of frames) {
	const message = parseExactly(text) as { payload?: unknown } & readonly unknown[];
	const { data } = (message.payload ?? message[4]) as {
		data: { record: Row; columns: ReadonlyArray<{ name: string; type: string }> };
	};
	live.set(Number(data.record.id), data.record);
	for (const { name, type } of data.columns) types[name] = type;
}

/** Rows of every type as the real PostgREST sent them. */
const answers = readFileSync(
	join(__dirname, '../../../../fixtures/postgrest-answers.jsonl'),
	'utf8',
)
	.split('\n')
	.filter((line) => line.includes('"op":"types","case":"all rows"'))
	.map((line) => JSON.parse(line) as { body: string });
const found = parseExactly(answers[0]?.body ?? '[]') as Row[];

/** What both recordings hold: a value of Realtime's row, the same one of PostgREST's. */
const SAME: ReadonlyArray<
	readonly [column: string, liveRow: number, foundColumn: string, foundRow: number]
> = [
	['c_int8', 1, 'c_int8', 2],
	['c_numeric', 1, 'c_numeric', 1],
	['c_numeric', 2, 'c_numeric', 2],
	['c_numeric', 3, 'c_num102', 2],
	['c_float4', 2, 'c_real', 2],
	['c_float4', 3, 'c_smallint', 2],
	['c_float8', 1, 'c_double', 1],
	['c_float8', 2, 'c_double', 2],
	['c_text', 2, 'c_name', 2],
	['c_bytea', 2, 'c_bytea', 2],
	['c_bool', 1, 'c_bool', 1],
	['c_int_arr', 1, 'c_intarr', 1],
	['c_int_arr', 2, 'c_intarr', 2],
	['c_tstz', 2, 'c_timestamptz', 2],
	['c_date', 2, 'c_timestamp', 2],
	['c_range', 1, 'c_int4range', 1],
	['c_null', 1, 'c_xml', 3],
	['c_bytea', 3, 'c_bytea', 3],
	['c_char', 1, 'c_char5', 1],
];

/** Where the recordings hold other values of a type: PostgREST's form of it, with Realtime's value. */
const SAME_FORM: ReadonlyArray<readonly [column: string, foundColumn: string, edit: Edit]> = [
	['c_int4', 'c_int', [/2147483647/, '1000000000']],
	['c_float4', 'c_real', [/1\.1/, '1.5']],
	['c_json', 'c_json', [/\{.*\}/, '{"b":1, "a":[1,2], "z":null}']],
	['c_jsonb', 'c_jsonb', [/\{.*\}/, '{"a": [1, 2.50], "b": 1, "z": null}']],
	['c_date', 'c_date', [/2024-02-29/, '2026-02-28']],
	['c_time', 'c_time', [/23:59:59\.000001/, '12:34:56.789']],
	['c_timetz', 'c_timetz', [/12:00:00\+/, '12:34:56.789+']],
	['c_ts', 'c_timestamp', [/2024-02-29T23:59:59\.5/, '2026-01-02T03:04:05.678901']],
	['c_tstz', 'c_timestamptz', [/2024-02-29T18:29:59\.123456/, '2026-01-02T01:04:05.678901']],
	['c_interval', 'c_interval', [/\.789/, '']],
	['c_bytea', 'c_bytea', [/deadbeef/, 'deadbeef00']],
	['c_uuid', 'c_uuid', [/0{8}-.*a/, '11111111-1111-4111-8111-111111111111']],
	['c_inet', 'c_inet', [/10\.0\.0\.1\/8/, '192.168.0.1/24']],
	['c_money', 'c_money', [/1,234\.56/, '12.34']],
	['c_point', 'c_point', [/1\.5,-2/, '1,2']],
	['c_xml', 'c_xml', [/1/, 'x']],
	['c_tsv', 'c_tsvector', [/'cat':1 'fat':2/, "'a' 'cat' 'fat'"]],
	['c_mood', 'c_enum', [/happy/, 'ok']],
	['c_varchar', 'c_name', [/nm/, 'vc']],
	['c_text_arr', 'c_text2d', [/\[\["a","b"\],\["c","d"\]\]/, '["a", "b,c", null, "q\\"x"]']],
	['c_mood_arr', 'c_text2d', [/\[\["a","b"\],\["c","d"\]\]/, '["sad","happy"]']],
];
type Edit = readonly [find: RegExp, replace: string];

test('the recordings of both real services are there', () => {
	expect([...live.keys()].sort()).toEqual([1, 2, 3, 4]);
	expect(found).toHaveLength(3);
});

test.each(SAME)(
	'%s of row %s is %s of row %s of the other',
	(column, liveRow, foundColumn, row) => {
		const value = live.get(liveRow)?.[column];
		const other = found[row - 1]?.[foundColumn];
		expect(value).not.toBeUndefined();
		expect(other).not.toBeUndefined();
		expect(canonical(other, types[column])).toEqual(canonical(value, types[column]));
	},
);

test.each(SAME_FORM)('%s has one meaning in the form of %s', (column, foundColumn, [find, by]) => {
	const text = JSON.stringify(found[0]?.[foundColumn]);
	const json = text.replace(find, by);
	expect(json).not.toBe(text);
	const value = live.get(1)?.[column];
	expect(value).toBeTruthy();
	for (const type of [types[column], '']) {
		expect(canonical(parseExactly(json), type)).toEqual(canonical(value, type));
	}
});

test('a float that Realtime writes with 300 noughts is 1e+300', () => {
	const value = live.get(3)?.c_float8;
	expect(String(value).length).toBeGreaterThan(300);
	expect(canonical(parseExactly('1e+300'), 'float8')).toEqual(canonical(value, 'float8'));
});

test('of char(n) and bit(n) the first character is compared, of the types like them all', () => {
	for (const [type, text, first] of [
		['bpchar', 'ab   ', 'a'],
		['character', 'ab   ', 'a'],
		['bit', '1010', '1'],
		['bpchar', '     ', ''],
	] as const) {
		expect(canonical(text, type)).toEqual(canonical(first, type));
	}
	expect(canonical(['ab   ', 'c    '], 'character[]')).toEqual(canonical(['a', 'c'], '_bpchar'));
	for (const type of ['character varying', 'varchar', 'bit varying', 'varbit', '"char"']) {
		expect(canonical('10', type)).not.toEqual(canonical('1', type));
	}
});

test('numbers are the same as text and in lists, under both names of their type', () => {
	for (const type of ['_numeric', 'numeric[]', '_int8', 'bigint[]']) {
		expect(canonical(['1', null, '20'], type)).toEqual(canonical([1, null, 20], type));
	}
	expect(canonical('12.50', 'numeric')).toEqual(canonical(12.5, 'numeric(10,2)'));
	expect(canonical('12.50', 'text')).not.toEqual(canonical('12.5', 'text'));
});

const key = (value: unknown, type?: string) =>
	rowPrint({ k: value }, ['k'], type ? { k: type } : {});

test('keys that differ by a little are different rows', () => {
	for (const [one, other] of [
		['a', 'a '],
		['ab', '\\xab'],
		['NaN', 'Infinity'],
		['2026-01-01T00:00:00Z', '2026-01-01T00:00:00+00:00'],
		['0000000000000001', '1'],
	]) {
		expect(key(one, 'text')).not.toBe(key(other, 'text'));
	}
	expect(key('a')).not.toBe(key('a '));
	// Of char(n) Realtime sends what may be another row's key: it is no row that is known then.
	expect(key('ab   ', 'bpchar')).not.toBe(key('a', 'bpchar'));
});

test('a key is the same from both sources', () => {
	expect(key('a    ', 'character')).toBe(key('a', 'bpchar'));
	expect(key('\\xdead', 'bytea')).toBe(key('dead', 'bytea'));
	expect(key('9007199254740993', 'int8')).toBe(key('9007199254740993', 'bigint'));
	expect(key('7', 'int8')).toBe(key(7));
	expect(key('2026-01-01T02:00:00+02:00')).toBe(key('2026-01-01T00:00:00+00:00'));
	expect(key(null)).toBeUndefined();
});

test('columns that Realtime does not send are not compared', () => {
	const columns = new Set(['a']);
	expect(contentPrint({ a: 1, b: 2 }, {}, columns)).toBe(contentPrint({ a: 1 }, {}, columns));
	expect(contentPrint({ a: 1, b: 2 }, {}, undefined)).not.toBe(
		contentPrint({ a: 1 }, {}, undefined),
	);
});
