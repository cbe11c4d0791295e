import type { Filter } from '../../../../src/api/database/filters';
import { rowFilter } from '../../../../src/api/realtime/rowFilter';
import { filterOf } from '../../../../src/n8n/filterOperators';
import { thrownBy } from '../../thrown';

const written: ReadonlyArray<readonly [Filter, string]> = [
	[{ column: 'qty', operator: 'gt', value: 5 }, 'qty=gt.5'],
	[{ column: 'name', operator: 'eq', value: 'a.b=c' }, 'name=eq.a.b=c'],
	[{ column: 'name', operator: 'eq', value: 'a,b' }, 'name=eq."a,b"'],
	[{ column: 'name', operator: 'eq', value: 'say "hi"' }, 'name=eq."say \\"hi\\""'],
	[{ column: 'name', operator: 'eq', value: 'a\\b' }, 'name=eq."a\\\\b"'],
	[{ column: 'name', operator: 'eq', value: '(' }, 'name=eq."("'],
	[{ column: 'name', operator: 'eq', value: ' a ' }, 'name=eq." a "'],
	[{ column: 'qty', operator: 'eq', value: 0 }, 'qty=eq.0'],
	[{ column: 'done', operator: 'eq', value: false }, 'done=eq.false'],
	[{ column: 'id', operator: 'in', value: [1, 2, 3] }, 'id=in.(1,2,3)'],
	[{ column: 'name', operator: 'in', value: ['a', 'b,c'] }, 'name=in.(a,"b,c")'],
	[{ column: 'name', operator: 'in', value: ['null', '', 'x)'] }, 'name=in.("null","","x)")'],
	[{ column: 'name', operator: 'in', value: 'a, "b,c"' }, 'name=in.(a,"b,c")'],
	[{ column: 'id', operator: 'in', value: [1, 2], negate: true }, 'id=not.in.(1,2)'],
	[{ column: 'id', operator: 'eq', value: 5, negate: true }, 'id=not.eq.5'],
	[{ column: 'name', operator: 'is', value: 'null' }, 'name=is.null'],
	[{ column: 'name', operator: 'is', value: 'not_null' }, 'name=not.is.null'],
	[{ column: 'name', operator: 'is', value: 'not_null', negate: true }, 'name=is.null'],
	[{ column: 'done', operator: 'is', value: 'true' }, 'done=is.true'],
	[{ column: 'name', operator: 'like', value: 'a*' }, 'name=like.a%'],
	[{ column: 'name', operator: 'match', value: '^n[45]$' }, 'name=match.^n[45]$'],
	[{ column: 'qty', operator: 'isdistinct', value: 5 }, 'qty=isdistinct.5'],
	[{ column: '"odd.name"', operator: 'eq', value: 1 }, 'odd.name=eq.1'],
	[
		{ column: 'created_at', operator: 'gte', value: new Date('2026-01-01T00:00:00Z') },
		'created_at=gte.2026-01-01T00:00:00.000Z',
	],
];

test.each(written)('%j is written %s', (filter, text) => {
	expect(rowFilter([filter])).toBe(text);
});

test('several are divided by commas, none gives nothing', () => {
	const filters = [
		{ column: 'name', operator: 'eq', value: 'a,b' },
		{ column: 'qty', operator: 'gte', value: 2 },
	];
	expect(rowFilter(filters)).toBe('name=eq."a,b",qty=gte.2');
	expect(rowFilter([])).toBeUndefined();
});

test.each([
	['containsText', 'a%', 'name=ilike."%a\\\\%%"'],
	['containsText', 'a*', 'name=imatch."a\\\\*"'],
	['startsWith', 'a', 'name=ilike.a%'],
	['isNull', undefined, 'name=is.null'],
	['notNull', undefined, 'name=not.is.null'],
	['notIn', 'a,b', 'name=not.in.(a,b)'],
])('%s of the form with %j is written %s', (operator, value, text) => {
	expect(rowFilter([filterOf('name', operator, value, false)])).toBe(text);
});

const values = Array.from({ length: 101 }, (_, index) => index);

test.each<readonly [string, Filter, RegExp]>([
	['nothing', { column: 'a', operator: 'eq', value: undefined }, /"a" has no value/],
	['null', { column: 'a', operator: 'eq', value: null }, /"a" has no value/],
	['an empty text', { column: 'a', operator: 'neq', value: '' }, /"a" has no value/],
	['an empty list', { column: 'a', operator: 'in', value: [] }, /"a" has no value/],
	['an empty list as text', { column: 'a', operator: 'in', value: '' }, /"a" has no value/],
	['a list with nothing in it', { column: 'a', operator: 'in', value: [null] }, /"a" has no value/],
	['a list', { column: 'a', operator: 'eq', value: [] }, /compares with a list/],
	['an object', { column: 'a', operator: 'eq', value: {} }, /compares with an object/],
	['an object in a list', { column: 'a', operator: 'in', value: [{}] }, /compares with an object/],
	['too many', { column: 'a', operator: 'in', value: values }, /has 101 values, more than the 100/],
	['a word that is none', { column: 'a', operator: 'is', value: 'foo' }, /whether it is "foo"/],
	['nothing to be', { column: 'a', operator: 'is', value: undefined }, /whether it is/],
	['an operator of REST alone', { column: 'a', operator: 'cs', value: 'x' }, /filter by "cs"/],
	['no operator', { column: 'a', operator: '', value: 'x' }, /filter by ""/],
	['a path', { column: 'a->>b', operator: 'eq', value: 1 }, /own columns, which "a->>b" is not/],
	['a relation', { column: 'a.b', operator: 'eq', value: 1 }, /own columns, which "a\.b" is not/],
	['a name with =', { column: '"a=b"', operator: 'eq', value: 1 }, /"a=b", whose name/],
	['no column', { column: '', operator: 'eq', value: 1 }, /is not one column/],
])('refuses %s', (_, filter, message) => {
	expect(thrownBy(() => rowFilter([filter])).message).toMatch(message);
});

test('as many values as the server takes are taken', () => {
	const filter = { column: 'id', operator: 'in', value: values.slice(0, 100) };
	expect(rowFilter([filter])).toBe(`id=in.(${values.slice(0, 100).join(',')})`);
});
