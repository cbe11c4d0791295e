import { InvalidRequestError } from '../../../../src/api/errors';
import { isNull, messageText, needsCare } from '../../../../src/api/queues/messageText';

it.each<[unknown, string]>([
	[{ a: 1, b: [true, null, 'ü'] }, '{"a":1,"b":[true,null,"ü"]}'],
	[[1, [2]], '[1,[2]]'],
	[false, 'false'],
	[0, '0'],
	['{"n": 12345678901234567890.50}', '{"n": 12345678901234567890.50}'],
	[' null ', 'null'],
	['"text"', '"text"'],
	[{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
	[{ text: 'it\'s "so" \\u0000 \\' }, '{"text":"it\'s \\"so\\" \\\\u0000 \\\\"}'],
	[{ text: '😀' }, '{"text":"😀"}'],
	['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
])('%j is sent as %s', (value, text) => {
	expect(messageText(value)).toBe(text);
});

it.each<[string, unknown]>([
	['nothing', undefined],
	['null', null],
	['an empty text', ''],
	['a text that is no JSON', 'hello'],
	['JSON that is cut', '{"a":'],
	['a character with code 0', { text: 'a\0b' }],
	['one in a name', { 'a\0b': 1 }],
	['one written as an escape', '{"a":"\\u0000"}'],
	['one behind a backslash', '{"a":"\\\\\\u0000"}'],
	['half of a character', { text: '\ud800' }],
	['the other half', { text: '\udc00x' }],
	['half of one, raw in a text', '"\ud800"'],
	['a function', () => 1],
	['a date that is none', { at: new Date(NaN) }],
])('%s is no message', (_, value) => {
	expect(() => messageText(value)).toThrow(InvalidRequestError);
});

it('lists and null need care, and nothing else does', () => {
	const texts = ['[1]', '[]', 'null', '{"a":[1]}', '"[1]"', '"null"', '0', 'false'];
	expect(texts.filter(needsCare)).toEqual(['[1]', '[]', 'null']);
	expect(texts.filter(isNull)).toEqual(['null']);
});
