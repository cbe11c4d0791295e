import fc from 'fast-check';
import { DateTime } from 'luxon';

import {
	arrayLiteral,
	jsonText,
	listElement,
	logicElement,
	quote,
	rangeLiteral,
	scalarText,
} from '../../../../src/api/database/encoding';
import { thrownBy } from '../../thrown';

const nasty = fc.string({
	unit: fc.constantFrom(...',()"\\{}[] .:ab\n\t*%', 'ü', '🪐', 'NULL'),
	maxLength: 12,
});

/** Reads `(a,"b,c")` as PostgREST does: quoted elements are unescaped, others taken as they are. */
function readList(text: string): string[] {
	const elements: string[] = [];
	const pattern = /"((?:\\[\s\S]|[^"\\])*)"(?=,|$)|([^,()]*)(?=,|$)/y;
	if (text === '') return [];
	for (let at = 0; at <= text.length; at++) {
		pattern.lastIndex = at;
		const found = pattern.exec(text);
		if (!found) throw new Error(`Not a list: ${text}`);
		elements.push(
			found[1] === undefined ? (found[2] ?? '') : found[1].replace(/\\([\s\S])/g, '$1'),
		);
		at = pattern.lastIndex;
	}
	return elements;
}

describe('scalarText', () => {
	it.each([
		['text', 'text'],
		['', ''],
		['null', 'null'],
		[0, '0'],
		[-1.5, '-1.5'],
		[10n ** 20n, '100000000000000000000'],
		[true, 'true'],
		[false, 'false'],
		[new Date(Date.UTC(2000, 0, 2, 3, 4, 5, 6)), '2000-01-02T03:04:05.006Z'],
		[{ a: 1 }, '{"a":1}'],
		[[1, 'b'], '[1,"b"]'],
	])('of %p is %s', (value, text) => expect(scalarText(value)).toBe(text));
});

describe('listElement', () => {
	it.each([
		['a', 'a'],
		['a b', 'a b'],
		['1', '1'],
		[7, '7'],
		['{a}', '{a}'],
		['a,b', '"a,b"'],
		['(a)', '"(a)"'],
		['"a"', '"\\"a\\""'],
		['a\\b', '"a\\\\b"'],
		[' a', '" a"'],
		['a ', '"a "'],
		['', '""'],
		[{ a: 1, b: 2 }, '"{\\"a\\":1,\\"b\\":2}"'],
	])('of %j is %s', (value, text) => expect(listElement(value)).toBe(text));

	it('comes back whatever it holds', () => {
		fc.assert(
			fc.property(
				fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' })), { minLength: 1 }),
				(all) => {
					expect(readList(all.map(listElement).join(','))).toEqual(all);
				},
			),
			{ numRuns: 500 },
		);
	});
});

it('logicElement quotes braces besides, and comes back whatever it holds', () => {
	expect(logicElement('{a}')).toBe('"{a}"');
	expect(logicElement('a')).toBe('a');
	fc.assert(
		fc.property(fc.array(nasty, { minLength: 1 }), (all) => {
			const texts = all.map(logicElement);
			expect(readList(texts.join(','))).toEqual(all);
			for (const text of texts) expect(text.startsWith('"') || !/[{}(),\\]/.test(text)).toBe(true);
		}),
	);
});

it('quote escapes what would end it', () => {
	expect(quote('a"b\\c')).toBe('"a\\"b\\\\c"');
	expect(quote('')).toBe('""');
});

describe('arrayLiteral', () => {
	it.each([
		[[], '{}'],
		[[1, 2.5, true], '{1,2.5,true}'],
		[['a', 'b c', 'd,e'], '{a,"b c","d,e"}'],
		[['', 'NULL', 'null', 'nullable'], '{"","NULL","null",nullable}'],
		[[null, undefined], '{NULL,NULL}'],
		[['say "hi"', 'back\\slash', '{x}'], '{"say \\"hi\\"","back\\\\slash","{x}"}'],
		[
			[
				[1, 2],
				[3, 4],
			],
			'{{1,2},{3,4}}',
		],
		[['line\nbreak'], '{"line\nbreak"}'],
	])('of %j is %s', (values, text) => expect(arrayLiteral(values)).toBe(text));
});

describe('rangeLiteral', () => {
	it.each([
		[{ lower: 1, upper: 10 }, '[1,10)'],
		[{ lower: 1, upper: 10, bounds: '(]' }, '(1,10]'],
		[{ lower: '', upper: 10, bounds: '[]' }, '[,10]'],
		[{ upper: null }, '[,)'],
		[{ lower: '2000-01-01 13:00' }, '[2000-01-01 13:00,)'],
		[{ lower: 'a,b', upper: 'c"' }, '["a,b","c\\"")'],
	] as const)('of %j is %s', (range, text) => expect(rangeLiteral(range)).toBe(text));
});

it('jsonText has dates as ISO text, and refuses those that are none', () => {
	const date = DateTime.fromISO('2024-02-29T12:00:00Z', { zone: 'utc' });
	expect(jsonText({ at: date, list: [date, new Date(0)], none: null })).toBe(
		'{"at":"2024-02-29T12:00:00.000Z","list":["2024-02-29T12:00:00.000Z","1970-01-01T00:00:00.000Z"],"none":null}',
	);
	for (const none of [DateTime.invalid('none'), new Date(NaN)]) {
		expect(thrownBy(() => jsonText([{ at: none }])).message).toBe(
			'A value is a date that does not exist',
		);
	}
});

it('jsonText has large integers as text, at any depth', () => {
	expect(jsonText({ id: 2n ** 60n, list: [1n], a: 1, b: undefined })).toBe(
		'{"id":"1152921504606846976","list":["1"],"a":1}',
	);
});
