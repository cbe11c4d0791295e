import { objectOf, parseJson } from '../../../src/api/json';

it.each([
	['{"a":[1]}', { a: [1] }],
	['"text"', 'text'],
	['null', null],
	[' 0 ', 0],
	['', undefined],
	['{"a"', undefined],
	['undefined', undefined],
])('%j holds %j', (text, value) => {
	expect(parseJson(text)).toEqual(value);
});

it.each([
	['{"a":1}', { a: 1 }],
	[{ a: 1 }, { a: 1 }],
	['{}', {}],
	['[1]', undefined],
	[[1], undefined],
	['null', undefined],
	[null, undefined],
	[undefined, undefined],
	['text', undefined],
	[1, undefined],
])('%j is the object %j', (value, object) => {
	expect(objectOf(value)).toEqual(object);
});
