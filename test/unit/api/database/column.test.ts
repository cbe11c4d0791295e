import fc from 'fast-check';

import {
	columnName,
	filterName,
	logicName,
	orderName,
	parseColumn,
	relationPath,
	selectElement,
	type Column,
} from '../../../../src/api/database/column';
import { InvalidRequestError } from '../../../../src/api/errors';
import { readField, readTreePath } from '../../../integration/columnGrammar';
import { thrownBy } from '../../thrown';

describe('columnName', () => {
	it.each([
		['id', 'id'],
		['Größe', 'Größe'],
		['unit_price$2', 'unit_price$2'],
		['orders', 'orders'],
		['full name', '"full name"'],
		['first-name', '"first-name"'],
		['a.b', '"a.b"'],
		['a,b', '"a,b"'],
		['a:b', '"a:b"'],
		['a->b', '"a->b"'],
		['a(b)', '"a(b)"'],
		['say "hi"', '"say \\"hi\\""'],
		['back\\slash', '"back\\\\slash"'],
		['m²', '"m²"'],
		['e\u0301', '"e\u0301"'],
		[' a', '" a"'],
		['*', '"*"'],
		['', '""'],
		['select', '"select"'],
		['order', '"order"'],
		['limit', '"limit"'],
		['offset', '"offset"'],
		['columns', '"columns"'],
		['on_conflict', '"on_conflict"'],
		['and', '"and"'],
		['or', '"or"'],
	])('%j is %s', (name, text) => expect(columnName(name)).toBe(text));

	it('is read as that name, whatever it is', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
				expect(parseColumn(columnName(name))).toEqual({ relations: [], name, path: [] });
			}),
			{ numRuns: 1000 },
		);
	});
});

const step = (arrow: '->' | '->>', key: string, isIndex = false) => ({ arrow, key, isIndex });
const own = (name: string, ...path: Array<ReturnType<typeof step>>): Column => ({
	relations: [],
	name,
	path,
});

describe('parseColumn', () => {
	it.each<[string, Column]>([
		['id', own('id')],
		[' id ', own('id')],
		['full name', own('full name')],
		['first-name', own('first-name')],
		['select', own('select')],
		['"a.b"', own('a.b')],
		['"say \\"hi\\""', own('say "hi"')],
		['address->>city', own('address', step('->>', 'city'))],
		['address ->> city', own('address', step('->>', 'city'))],
		['a->b->0->>-1', own('a', step('->', 'b'), step('->', '0', true), step('->>', '-1', true))],
		['a->"0"->>"k y"', own('a', step('->', '0'), step('->>', 'k y'))],
		['"a.b"->c', own('a.b', step('->', 'c'))],
		['teams.name', { relations: ['teams'], name: 'name', path: [] }],
		['teams(name)', { relations: ['teams'], name: 'name', path: [] }],
		['a.b.c->>d', { relations: ['a', 'b'], name: 'c', path: [step('->>', 'd')] }],
		['teams(data->age)', { relations: ['teams'], name: 'data', path: [step('->', 'age')] }],
		['x.limit', { relations: ['x'], name: 'limit', path: [] }],
	])('reads %j', (text, column) => expect(parseColumn(text)).toEqual(column));

	it.each([
		...['id.not.is.null,id', 'a,b', 'a:b', 'id::text', 'x:id', 'a(b', 'a)b', 'a(b,c)', 'a(b)c'],
		...['*', 'count()', 'qty.sum()', 'a!inner(b)', 'say "hi"', '"a"b', '"open', 'a->', 'a->>'],
		...['a.', '.a', 'a..b', '', ' ', '""', 'a->b.c', '->a', 'a>b', 'a(b(c))', '"a" "b"'],
	])('refuses %j, with the way to quote it', (text) => {
		expect(thrownBy(() => parseColumn(text))).toMatchObject({
			name: 'InvalidRequestError',
			message: `"${text.trim()}" is not one column`,
			hint: expect.stringContaining(`double quotes: ${JSON.stringify(text.trim())}.`),
		});
	});
});

it.each([
	['id', 'id', 'id', 'id'],
	['select', '"select"', '"select"', 'select'],
	['full name', '"full name"', '"full name"', 'full name'],
	['address->>city', 'address->>city', 'address->>city', 'address->>city'],
	['a->0->>"0"', 'a->0->>"0"', 'a->0->>"0"', 'a->0->>"0"'],
	['"a.b"->"k y"', '"a.b"->"k y"', '"a.b"->"k y"', '"a.b"->"k y"'],
	['teams.name', 'teams.name', undefined, 'teams(name)'],
	['teams(name)', 'teams.name', undefined, 'teams(name)'],
	['"a.b"."c,d"->>e', '"a.b"."c,d"->>e', undefined, '"a.b"("c,d"->>e)'],
	['x.limit', 'x."limit"', undefined, 'x("limit")'],
	['a.b.c', 'a.b.c', undefined, undefined],
	['name.desc', 'name.desc', undefined, undefined],
])('%j goes as %s in a filter, as %s in a group, as %s in an order', (text, ...printed) => {
	const column = parseColumn(text);
	const prints = [filterName, logicName, orderName];
	prints.forEach((print, index) => {
		const expected = printed[index];
		if (expected === undefined) expect(() => print(column)).toThrow(InvalidRequestError);
		else expect(print(column)).toBe(expected);
	});
});

it('a related table is reached by its name, also behind another', () => {
	expect(relationPath(' teams ')).toBe('teams');
	expect(relationPath('a."b.c"')).toBe('a."b.c"');
	expect(thrownBy(() => relationPath('a->b')).message).toBe('"a->b" is not a related table');
});

it.each([
	['id', 'id'],
	['full name', '"full name"'],
	['"a.b"', '"a.b"'],
	['select', '"select"'],
	['*', '*'],
	['count()', 'count()'],
	['id::text', 'id::text'],
	['a->>b', 'a->>b'],
	['x:a->>b::int', 'x:a->>b::int'],
	['"x y": id', '"x y":id'],
	['total:amount.sum()::text', 'total:amount.sum()::text'],
	['secrets(*)', '"secrets(*)"'],
	['a:secrets(*)', '"a:secrets(*)"'],
	['...secrets(*)', '"...secrets(*)"'],
	['secrets(name)', '"secrets(name)"'],
	['id,secrets(*)', '"id,secrets(*)"'],
	['x:id,secrets(*)', '"x:id,secrets(*)"'],
	['Grösse (cm)', '"Grösse (cm)"'],
])('of a list of columns %j is selected as %s', (text, element) => {
	expect(selectElement(text)).toBe(element);
});

/** Texts of what the grammar gives a meaning to. */
const typed = fc
	.array(
		fc.constantFrom(
			...['a', 'b1', 'id', 'or', 'limit', 'not', 'is', 'null', 'é', '²', ' ', '.', ',', '(', ')'],
			...['"', '\\', '->', '->>', '-', '0', ':', '::', '*', '!', '>', '&', '{', '\n', '"x.y"'],
		),
		{ maxLength: 9 },
	)
	.map((parts) => parts.join(''));

it('whatever is typed is one column for PostgREST, the one that was read, or refused', () => {
	let read = 0;
	fc.assert(
		fc.property(typed, (text) => {
			let column: Column;
			try {
				column = parseColumn(text);
			} catch {
				return;
			}
			read += 1;
			expect(readTreePath(filterName(column))).toEqual(column);
			if (column.relations.length === 0) {
				expect(readField(logicName(column))).toEqual({ name: column.name, path: column.path });
			}
			expect(parseColumn(filterName(column))).toEqual(column);
		}),
		{ numRuns: 20_000 },
	);
	expect(read).toBeGreaterThan(1000);
});
