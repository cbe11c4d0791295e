import { deleteRows, update } from '../../../../src/api/database/change';
import { checkChoosesRows } from '../../../../src/api/database/everyRow';
import type { Condition, Filter, FilterGroup } from '../../../../src/api/database/filters';
import { thrownBy } from '../../thrown';

const is = (column: string, operator: string, value: unknown): Filter => ({
	column,
	operator,
	value,
});
const not = (filter: Filter): Filter => ({ ...filter, negate: true });
const any = (...conditions: Condition[]): FilterGroup => ({ match: 'any', conditions });
const all = (...conditions: Condition[]): FilterGroup => ({ match: 'all', conditions });
const raw = (text: string, ...values: unknown[]): Condition => ({ raw: text, values });

const isOne = is('id', 'eq', 1);

/** Met by every row, though there are filters. */
const opening: ReadonlyArray<readonly [string, Condition]> = [
	['not in an empty list', not(is('id', 'in', []))],
	['like all of none', is('v', 'like(all)', [])],
	['not like any of none', not(is('v', 'ilike(any)', ''))],
	['like any of several, one of which is %', is('v', 'like(any)', ['a%', '%'])],
	...['%', '*', '%%', '**', '*%*', '%_%', '_*'].flatMap((pattern) => [
		[`like ${pattern}`, is('v', 'like', pattern)] as const,
		[`ilike ${pattern}`, is('v', 'ilike', pattern)] as const,
	]),
	...[
		'',
		'.*',
		'^',
		'$',
		'^.*$',
		'.+',
		'a*',
		'x?',
		'a|',
		'()',
		'(?i).*',
		'\\A',
		'***=',
		'.*(?#x)',
	].map((pattern) => [`match ${pattern}`, is('v', 'match', pattern)] as const),
	['imatch .*', is('v', 'imatch', '.*')],
	['not match of nothing', not(is('v', 'match', '(?!)'))],
	['not match of what cannot be read', not(is('v', 'match', '(?#x)a'))],
	['contains {}', is('v', 'cs', '{}')],
	['contains { }', is('v', 'cs', '{ }')],
	['contains []', is('v', 'cs', '[]')],
	['contains a list of none', is('v', 'cs', [])],
	['contains an object of none', is('v', 'cs', {})],
	['contains an empty range', is('v', 'cs', 'empty')],
	['contains [1,1)', is('v', 'cs', '[1,1)')],
	['contains (1,2)', is('v', 'cs', '(1,2)')],
	['contains (2024-01-01,2024-01-02)', is('v', 'cs', '(2024-01-01,2024-01-02)')],
	['contains no null', not(is('v', 'cs', [null]))],
	['contains nothing', is('v', 'cs', '')],
	['is contained by all', is('v', 'cd', '(,)')],
	['is contained by all times', is('v', 'cd', '[-infinity,infinity]')],
	['overlaps not {}', not(is('v', 'ov', '{}'))],
	['overlaps not nulls', not(is('v', 'ov', [null, null]))],
	['overlaps not an empty range', not(is('v', 'ov', 'empty'))],
	['overlaps all', is('v', 'ov', '(,)')],
	['is not left of what has no beginning', not(is('v', 'sl', '(,5)'))],
	['is not right of what has no end', not(is('v', 'sr', '[5,)'))],
	['does not extend right of what has no end', is('v', 'nxr', '[5,)')],
	['does not extend left of what has no beginning', is('v', 'nxl', '(,5)')],
	['is not adjacent to an empty range', not(is('v', 'adj', '[1,1)'))],
	['is not adjacent to all', not(is('v', 'adj', '(,)'))],
	...['fts', 'plfts', 'phfts', 'wfts'].map(
		(operator) => [`not ${operator}`, not(is('v', operator, 'the'))] as const,
	),
	['at least the empty text', is('v', 'gte', '')],
	['not below the empty text', not(is('v', 'lt', ''))],
	['at least -infinity', is('v', 'gte', '-infinity')],
	['at most Infinity', is('v', 'lte', Infinity)],
	['not above infinity', not(is('v', 'gt', 'infinity'))],
	['at least false', is('v', 'gte', false)],
	['at most true', is('v', 'lte', 'true')],
	['at least the first uuid', is('v', 'gte', '00000000-0000-0000-0000-000000000000')],
	['any of one that is open', any(isOne, is('v', 'ilike', '%%'))],
	['not all of none', { ...all(isOne, is('id', 'in', [])), negate: true }],
	['a or not a', any(isOne, not(isOne))],
	['a or not equal to it', any(isOne, is('id', 'neq', 1))],
	['not equal to a or not to b', any(is('v', 'neq', 'a'), is('v', 'neq', 'b'))],
	['not equal to a or not in a list', any(is('v', 'neq', 'a'), not(is('v', 'in', ['b', 'c'])))],
	['in a list or not equal to one of it', any(is('v', 'in', ['a', 'b']), is('v', 'neq', 'b'))],
	['below 20 or above 10', any(is('n', 'lt', 20), is('n', 'gt', 10))],
	['below 9 or above 10', any(is('n', 'lt', 10), is('n', 'gt', 9))],
	['at most 5 or above 5', any(is('n', 'lte', 5), is('n', 'gt', 5))],
	['not 5 or above 3', any(is('n', 'neq', 5), is('n', 'gt', 3))],
	['true or false', any(is('b', 'is', 'true'), is('b', 'eq', false))],
	['not a and b at once', { ...all(is('v', 'eq', 'a'), is('v', 'eq', 'b')), negate: true }],
	['a or not a, in groups', any(isOne, { ...all(any(isOne)), negate: true })],
	['neither of two that exclude each other', any(not(isOne), any(is('id', 'neq', 2)))],
	['an open group in a group', all(any(all(is('v', 'like', '%'))))],
	['raw: not in an empty list', raw('id.not.in.()')],
	['raw: a pattern', raw('v.ilike.$1', '%%')],
	['raw: or', raw('or(id.eq.1,v.cs.{})')],
	['raw: not', raw('not.and(id.in.(),v.eq.a)')],
	['raw: a quantifier', raw('v.neq(all).{}')],
	['raw: any', { raw: 'id.eq.1,id.neq.1', match: 'any' }],
	['raw: negated text search', raw('v.not.fts(english).the')],
];

/** What leaves a row out or not depends on what the row holds. */
const choosing: ReadonlyArray<readonly [string, Condition]> = [
	['equals', isOne],
	['equals the empty text', is('v', 'eq', '')],
	['does not equal', is('v', 'neq', 'a')],
	['is null', is('v', 'is', 'null')],
	['is not null, which is a way to mean every row', is('v', 'is', 'not_null')],
	['null or not null, which is another', any(is('v', 'is', 'null'), is('v', 'is', 'not_null'))],
	['not is null', not(is('v', 'is', 'null'))],
	['in a list', is('id', 'in', [1, 2])],
	['in an empty list', is('id', 'in', [])],
	['not in a list', not(is('id', 'in', [1]))],
	['above the empty text', is('v', 'gt', '')],
	['like a%', is('v', 'like', 'a%')],
	['not like %', not(is('v', 'like', '%'))],
	['like \\%', is('v', 'like', '\\%')],
	['like __', is('v', 'like', '__')],
	['not match of an address', not(is('v', 'match', '@example\\.com$'))],
	['match without a sign', is('v', 'match', '^[^@]*$')],
	['match \\m', is('v', 'match', '\\mword\\M')],
	['match at a beginning', not(is('v', 'match', '^@'))],
	['contains an element', is('v', 'cs', '{a}')],
	['contains an object', is('v', 'cs', { a: {} })],
	['contains a range', is('v', 'cs', '[1,2)')],
	['contains one value', is('v', 'cs', '[1,1]')],
	['is contained by nothing', is('v', 'cd', '{}')],
	['overlaps', not(is('v', 'ov', '{a}'))],
	['is left of', not(is('v', 'sl', '[5,)'))],
	['is adjacent to', not(is('v', 'adj', '[5,)'))],
	['text search', is('v', 'fts', 'the')],
	['at least zero', is('n', 'gte', 0)],
	['any of several', any(isOne, is('id', 'eq', 2))],
	['above 20 or below 10', any(is('n', 'gt', 20), is('n', 'lt', 10))],
	['not equal to a or not to a', any(is('v', 'neq', 'a'), is('v', 'neq', 'a'))],
	['not equal to a or to b of another', any(is('v', 'neq', 'a'), is('w', 'neq', 'b'))],
	['raw', raw('id.gt.$1,or(v.eq."a,b",v.is.null)', 3)],
	['raw: a list', raw('id.in.(1,"a,b",")")')],
	['raw: JSON', raw('data->>"k y".eq.1')],
];

describe('what may be met by every row', () => {
	test.each(opening)('%s: is refused alone', (_, condition) => {
		expect(thrownBy(() => checkChoosesRows([condition, condition]))).toMatchObject({
			name: 'InvalidRequestError',
			message: 'The filters leave no row out, so every row of the table would be changed',
			hint: expect.stringContaining('Apply to All Rows'),
		});
	});

	test.each(opening)('%s: another filter beside it chooses', (_, condition) => {
		expect(() => checkChoosesRows([condition, isOne])).not.toThrow();
	});

	test('no filter, and groups without one', () => {
		for (const conditions of [[], [any()], [all(), any()]]) {
			expect(thrownBy(() => checkChoosesRows(conditions)).message).toBe(
				'There is no filter, so every row of the table would be changed',
			);
		}
	});
});

test.each(choosing)('chooses rows: %s', (_, condition) => {
	expect(() => checkChoosesRows([condition])).not.toThrow();
});

describe('what is about a related table', () => {
	test.each<[string, Condition]>([
		['countries', is('countries.name', 'eq', 'a')],
		['countries', is('countries(name)', 'eq', 'a')],
		['x', is('x.limit', 'eq', 1)],
		['x', is('x.order', 'eq', 1)],
		['x', is('x.select', 'eq', 1)],
		['a.b', is('a.b.c', 'eq', 1)],
		['countries', { ...any(isOne), relation: 'countries' }],
		['countries', { raw: 'id.eq.1', relation: ' countries ' }],
	])('%s: is refused, also beside another filter', (relation, condition) => {
		expect(thrownBy(() => checkChoosesRows([isOne, condition]))).toMatchObject({
			name: 'InvalidRequestError',
			message: `The filter on the related table "${relation}" does not choose the rows that are changed`,
			hint: expect.stringContaining('Filter by columns of the table itself'),
		});
	});

	test('a quoted name is a column of the table', () => {
		expect(() => checkChoosesRows([is('"countries.name"', 'eq', 'a')])).not.toThrow();
	});
});

test.each([
	...['id.gt.1)', 'id.gt.1),or(id.eq.1', 'id', 'or(id.eq.1', 'id.eq.1,', 'countries.name.eq.x'],
	...['id.in.1', 'id.in.(1', 'and()', `id.in.(${'"a",'.repeat(200)}`],
])('raw text that is not understood is refused: %j', (text) => {
	expect(thrownBy(() => checkChoosesRows([raw(text)]))).toMatchObject({
		name: 'InvalidRequestError',
		message: expect.stringMatching(/PostgREST text is not understood|leave no row out/),
	});
});

test.each([[undefined], [null]])('a raw condition whose value is %p is refused', (value) => {
	expect(thrownBy(() => checkChoosesRows([raw('id.neq.$1', value)])).message).toBe(
		'The value for $1 of the raw filter is empty',
	);
});

test('update and delete ask', () => {
	const table = { schema: 'public', name: 't' };
	const options = { filters: [is('v', 'like', '%')], returning: 'minimal' } as const;
	for (const write of [() => deleteRows(table, options), () => update(table, { a: 1 }, options)]) {
		expect(thrownBy(write).message).toMatch(/leave no row out/);
	}
	const every = { filters: [], returning: 'minimal', allRows: { column: 'id' } } as const;
	expect(deleteRows(table, every).query).toEqual([['id', 'not.is.null']]);
});
