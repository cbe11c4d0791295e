import type { Condition, Filter } from '../../../../src/api/database/filters';
import { filterParameters } from '../../../../src/api/database/filters';
import { partsOfLongList } from '../../../../src/api/database/longList';
import { thrownBy } from '../../thrown';

const numbers = Array.from({ length: 2_000 }, (_, n) => n);
const inList = (value: unknown, column = 'id'): Filter => ({ column, operator: 'in', value });
const isOpen: Condition = { column: 'open', operator: 'is', value: true };

function listIn(filters: readonly Condition[], column = 'id'): unknown[] {
	const list = filters.find((each): each is Filter => 'column' in each && each.column === column);
	return list?.value as unknown[];
}

test.each([
	[[]],
	[[inList([1, 2])]],
	[[inList('1,2'), isOpen]],
	[[{ ...inList([1, 2]), negate: true }]],
	[[inList(undefined)]],
	[[{ match: 'any', conditions: [inList([1]), isOpen] } as Condition]],
])('short lists stay as they are: %j', (filters) => {
	expect(partsOfLongList({ filters, order: [{ column: 'id' }], offset: 1 })).toEqual([filters]);
});

test.each([
	['a list', numbers],
	['text with commas', numbers.join(', ')],
	['text of PostgREST', `(${numbers.join(',')})`],
	['JSON', JSON.stringify(numbers)],
])('%s: each value is in one part, and no part is too long', (_, value) => {
	const parts = partsOfLongList({ filters: [isOpen, inList(value)] });
	expect(parts.length).toBeGreaterThan(2);
	expect(parts.flatMap((part) => listIn(part)).map(Number)).toEqual(numbers);
	for (const part of parts) {
		expect(part[0]).toBe(isOpen);
		expect(JSON.stringify(filterParameters(part)).length).toBeLessThan(4_500);
	}
});

test('a value that comes as a number and as text is in one part', () => {
	const parts = partsOfLongList({ filters: [inList([...numbers, ...numbers.map(String)])] });
	expect(parts.flatMap((part) => listIn(part)).map(Number)).toEqual(numbers);
});

test('two long lists: each pair of values is met in one part', () => {
	const parts = partsOfLongList({ filters: [inList(numbers), inList(numbers, 'other')] });
	const single = partsOfLongList({ filters: [inList(numbers)] }).length;
	expect(parts).toHaveLength(single * single);
});

test('null in a long list is refused where it is encoded', () => {
	const parts = partsOfLongList({ filters: [inList([null, ...numbers])] });
	expect(thrownBy(() => parts.map(filterParameters)).message).toMatch(/holds null/);
});

test.each<[string, Parameters<typeof partsOfLongList>[0]]>([
	['an order', { filters: [inList(numbers)], order: [{ column: 'id' }] }],
	['an offset', { filters: [inList(numbers)], offset: 1 }],
	['a negated list', { filters: [{ ...inList(numbers), negate: true }] }],
	['a group', { filters: [{ match: 'any', conditions: [isOpen, inList(numbers)] }] }],
])('%s: is refused, as parts would not be the same', (_, request) => {
	expect(thrownBy(() => partsOfLongList(request))).toMatchObject({
		name: 'InvalidRequestError',
		message: expect.stringMatching(/^The list of the filter.* is too long for one request$/),
	});
});

test('150,000 values', () => {
	const many = Array.from({ length: 150_000 }, (_, n) => n);
	expect(partsOfLongList({ filters: [inList(many)] }).flatMap((part) => listIn(part))).toHaveLength(
		150_000,
	);
});
