import fc from 'fast-check';
import { DateTime } from 'luxon';

import { filterParameter, type Filter } from '../../../../src/api/database/filters';
import { thrownBy } from '../../thrown';

const parameterOf = (column: string, operator: string, value: unknown) =>
	filterParameter({ column, operator, value });

describe.each(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike'])('%s', (operator) => {
	it.each([
		['a', 'a'],
		['', ''],
		[0, '0'],
		[false, 'false'],
		[
			DateTime.fromISO('2024-02-29T12:00:00+02:00', { setZone: true }),
			'2024-02-29T12:00:00.000+02:00',
		],
		[new Date(0), '1970-01-01T00:00:00.000Z'],
		[{ a: 1 }, '{"a":1}'],
	])('compares with %p', (value, text) => {
		expect(parameterOf('name', operator, value)).toEqual(['name', `${operator}.${text}`]);
	});

	it('never quotes, as quotes would be compared', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (value) => {
				expect(parameterOf('name', operator, value)).toEqual(['name', `${operator}.${value}`]);
			}),
		);
	});

	it.each([
		[null, 'but its value is null'],
		[undefined, 'but its value is null'],
		[[1, 2], 'but its value is a list'],
	])('refuses %p', (value, reason) => {
		const error = thrownBy(() => parameterOf('name', operator, value));
		expect(error).toMatchObject({
			name: 'InvalidRequestError',
			message: `The filter on "name" compares with ${operator}, ${reason}`,
			hint: expect.stringMatching(/operator "(is|in)"/),
		});
	});
});

describe('is', () => {
	it.each([
		[null, 'null'],
		['null', 'null'],
		[true, 'true'],
		['False', 'false'],
		['unknown', 'unknown'],
	])('tests for %p', (value, text) => {
		expect(parameterOf('ringed', 'is', value)).toEqual(['ringed', `is.${text}`]);
	});

	it('is not null is said as of a related table, which PostgREST knows in one way', () => {
		expect(parameterOf('countries', 'is', ' NOT_NULL ')).toEqual(['countries', 'not.is.null']);
		expect(
			filterParameter({ column: 'id', operator: 'is', value: 'not_null', negate: true }),
		).toEqual(['id', 'is.null']);
	});

	it.each([undefined, '', 'nothing', 1, {}])('does not take %p', (value) => {
		expect(thrownBy(() => parameterOf('ringed', 'is', value))).toMatchObject({
			name: 'InvalidRequestError',
			message: expect.stringContaining('The filter on "ringed" tests with is'),
			hint: expect.stringContaining('null, not_null, true, false, unknown'),
		});
	});
});

describe('in', () => {
	it.each([
		[[1, 2, 30], '(1,2,30)'],
		[['a,b', 'c'], '("a,b",c)'],
		[['a', 'a', 'b'], '(a,b)'],
		[[], '()'],
		['', '()'],
		['  ', '()'],
		[undefined, '()'],
		['a', '(a)'],
		['Earth, Mars ,Venus', '(Earth,Mars,Venus)'],
		['a,,b', '(a,"",b)'],
		['["a,b", "c", 3, true]', '("a,b",c,3,true)'],
		[' [1] ', '(1)'],
		[7, '(7)'],
		[false, '(false)'],
		['(1,2,3)', '(1,2,3)'],
		[' ( "a,b" , c ) ', '("a,b",c)'],
		['"a,b",c', '("a,b",c)'],
		['"say \\"hi\\"", b', '("say \\"hi\\"",b)'],
		['say "hi", b', '("say \\"hi\\"",b)'],
		['"a" b,c', '("\\"a\\" b",c)'],
		['(a),(b)', '("(a)","(b)")'],
		['()', '()'],
		['a,', '(a,"")'],
		['("",)', '("","")'],
		[[1, '1', 1n], '(1)'],
		[[DateTime.fromISO('2024-02-29T12:00:00Z', { zone: 'utc' })], '(2024-02-29T12:00:00.000Z)'],
		[['say "hi"', 'back\\slash', '(x)', ''], '("say \\"hi\\"","back\\\\slash","(x)","")'],
	])('%p becomes %s', (value, text) => {
		expect(parameterOf('id', 'in', value)).toEqual(['id', `in.${text}`]);
	});

	it.each([
		[null, 'The list of the filter on "id" holds null'],
		[[1, null], 'The list of the filter on "id" holds null'],
		['[1, null]', 'The list of the filter on "id" holds null'],
		['[1, 2', 'The list of the filter on "id" is not valid JSON'],
	])('refuses %p', (value, message) => {
		const error = thrownBy(() => parameterOf('id', 'in', value));
		expect(error).toMatchObject({ name: 'InvalidRequestError', message });
	});
});

describe.each(['cs', 'cd', 'ov'])('%s', (operator) => {
	it.each<[unknown, string]>([
		[[new Date(0)], '{1970-01-01T00:00:00.000Z}'],
		[[DateTime.fromMillis(0, { zone: 'utc' })], '{1970-01-01T00:00:00.000Z}'],
		[[{ a: 1 }], '[{"a":1}]'],
	])('%p becomes %s', (value, text) => {
		expect(parameterOf('v', operator, value)).toEqual(['v', `${operator}.${text}`]);
	});
});

it.each([new Date(NaN), DateTime.invalid('none')])('a date that is none is refused', (date) => {
	expect(thrownBy(() => parameterOf('at', 'eq', date)).message).toBe(
		'A value is a date that does not exist',
	);
});

describe('the column', () => {
	it.each([
		['id', 'id'],
		[' id ', 'id'],
		['full name', '"full name"'],
		['select', '"select"'],
		['or', '"or"'],
		['"a,b"', '"a,b"'],
		['address->>city', 'address->>city'],
		['teams.name', 'teams.name'],
		['"a.b"', '"a.b"'],
	])('%j goes as %s', (column, name) => {
		expect(parameterOf(column, 'eq', 1)).toEqual([name, 'eq.1']);
	});

	it.each(['a,b', 'id.not.is.null,id', 'id::text', '*'])('cannot be %j', (column) => {
		const error = thrownBy(() => parameterOf(column, 'eq', 1));
		expect(error).toMatchObject({
			name: 'InvalidRequestError',
			message: `"${column}" is not one column`,
		});
	});

	it('cannot be empty', () => {
		expect(thrownBy(() => parameterOf(' ', 'eq', 1)).message).toBe('A filter has no column');
	});

	it("cannot have the name of the gateway's parameter for the key", () => {
		expect(thrownBy(() => parameterOf(' apikey ', 'eq', 1))).toMatchObject({
			name: 'InvalidRequestError',
			message: 'A column named "apikey" cannot be filtered by',
		});
	});
});

it.each(['', 'equals', 'EQ', 'eq.', 'not.eq', 'constructor', '__proto__', 'toString'])(
	'%j is no operator',
	(operator) => {
		const filter: Filter = { column: 'id', operator, value: 1 };
		expect(thrownBy(() => filterParameter(filter))).toMatchObject({
			name: 'InvalidRequestError',
			message: `"${operator}" is not a filter operator`,
			hint: expect.stringContaining('eq, neq, gt, gte, lt, lte'),
		});
	},
);
