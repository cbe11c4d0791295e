import fc from 'fast-check';

import type { ColumnDescription } from '../../../../src/api/database/description';
import { exactColumns } from '../../../../src/api/database/exactNumbers';
import { parseExactly } from '../../../../src/api/numbers';

const types = {
	id: 'bigint',
	price: 'numeric(10,2)',
	ids: 'bigint[]',
	name: 'text',
	'a, b': 'bigint',
	n: 'integer',
};
const known = Object.entries(types).map(([name, type]) => ({ name, type }) as ColumnDescription);

it.each([
	[undefined, 'id::text,price::text,ids::_text,name,"a, b"::text,n'],
	['*', 'id::text,price::text,ids::_text,name,"a, b"::text,n'],
	['id,name', 'id::text,name'],
	[' ids , "id" ', 'ids::_text,"id"::text'],
	['"a, b"', '"a, b"::text'],
	['key:id,"x:y":price', 'key:id::text,"x:y":price::text'],
	['n,rel(id,price),other', 'n,rel(id,price),other'],
	['id::int,id->a,price.sum()', 'id::int,id->a,price.sum()'],
])('%s is asked for as %s', (columns, exact) => {
	expect(exactColumns(known, columns)).toBe(exact);
});

it.each<[string, unknown]>([
	['9007199254740993', '9007199254740993'],
	['[1,-9007199254740993,9007199254740992]', [1, '-9007199254740993', 9007199254740992]],
	['{"a":12345678901234567890.5,"b":0.000001}', { a: '12345678901234567890.5', b: 0.000001 }],
	[
		'{"a":"9007199254740993","9007199254740993":1}',
		{ a: '9007199254740993', '9007199254740993': 1 },
	],
	['["\\"9007199254740993\\\\", 1e3]', ['"9007199254740993\\', 1000]],
	['1.250', 1.25],
	['null', null],
])('%s is read without rounding', (text, value) => {
	expect(parseExactly(text)).toEqual(value);
});

it('reads all other JSON as JSON.parse does', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			const plain = JSON.stringify(value, (_, each: unknown) =>
				typeof each === 'number' ? Math.fround(Math.trunc(each % 1e6)) : each,
			);
			expect(parseExactly(plain)).toEqual(JSON.parse(plain));
		}),
	);
});
