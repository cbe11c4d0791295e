import { rowsAfter } from '../../../../src/api/database/rowsAfter';

it.each([
	[['id'], ['5'], ['id', 'gt.5']],
	[['id'], ['-1.5'], ['id', 'gt.-1.5']],
	[['id'], [''], ['id', 'gt.']],
	// It runs to the end of the parameter, so that quotes would be compared.
	[['id'], ['a,"b)'], ['id', 'gt.a,"b)']],
	[['a.b'], ['1'], ['"a.b"', 'gt.1']],
	// A server that reads numbers by itself would round it.
	[['id'], ['9007199254740993'], ['or', '(id.gt."9007199254740993")']],
	[['id'], ['-12345678901234567890.5'], ['or', '(id.gt."-12345678901234567890.5")']],
	[
		['a', 'b'],
		['1', 'x'],
		['or', '(a.gt.1,and(a.eq.1,b.gt.x))'],
	],
	[
		['a', 'b'],
		['9007199254740993', '1'],
		['or', '(a.gt."9007199254740993",and(a.eq."9007199254740993",b.gt.1))'],
	],
	[
		['a', 'b', 'c'],
		['1', 'x, "y"', ''],
		['or', '(a.gt.1,and(a.eq.1,b.gt."x, \\"y\\""),and(a.eq.1,b.eq."x, \\"y\\"",c.gt.""))'],
	],
])('%j behind %j', (key, values, parameter) => {
	expect(rowsAfter(key, values)).toEqual([parameter]);
});
