import type { INodeProperties, ResourceMapperField } from 'n8n-workflow';

import { parameterReader } from '../../../src/n8n/parameters';
import { fakeNode } from './node';

const columns: INodeProperties = {
	displayName: 'Columns',
	name: 'columns',
	type: 'resourceMapper',
	default: {},
};

function field(id: string, more: Partial<ResourceMapperField> = {}): ResourceMapperField {
	const known = { required: false, defaultMatch: false, display: true } as const;
	return { id, displayName: id, type: 'string', ...known, ...more };
}

/** The values for each item, and what was evaluated how often. */
function readAll(
	value: unknown,
	schema: readonly ResourceMapperField[],
	items: ReadonlyArray<Record<string, unknown>>,
) {
	const { node, reads } = fakeNode({ columns: { value, schema } }, items);
	const parametersOf = parameterReader(node, [columns]);
	return { values: items.map((_, item) => parametersOf(item).mapped('columns')), reads };
}

it('evaluates each expression once an item, and one that names a field once in all', () => {
	const items = Array.from({ length: 100 }, (_, n) => ({ n, text: `item ${n}` }));
	const value = { a: '={{ $json.n }}', b: '=text', c: 'typed', d: null };
	const { values, reads } = readAll(
		value,
		['a', 'b', 'c', 'd'].map((id) => field(id)),
		items,
	);
	expect(values[7]).toEqual({ a: 7, b: 'item 7', c: 'typed', d: null });
	expect(reads.evaluated).toEqual({ '={{ $json.n }}': 1, '=text': 100 });
	expect(reads.resolved).toEqual({ 'columns["value"]["b"]': 100 });
});

it('tells null from nothing', () => {
	const value = { a: '={{ $json.a }}', b: '=b' };
	const items = [{ a: 1, b: 1 }, { a: null, b: null }, {}];
	const { values, reads } = readAll(value, [field('a'), field('b')], items);
	expect(values).toEqual([
		{ a: 1, b: 1 },
		{ a: null, b: null },
		{ a: undefined, b: undefined },
	]);
	expect(reads.evaluated).toEqual({ '={{ $json.a }}': 1, '=b': 3 });
});

it("converts as n8n does, and leaves what that refuses to n8n's own error", () => {
	const schema = [field('n', { type: 'number' }), field('s')];
	const value = { n: '={{ $json.n }}', s: '={{ $json.n }}' };
	const { values, reads } = readAll(value, schema, [{ n: 5 }, { n: '6' }, { n: 'seven' }]);
	expect(values.slice(0, 2)).toEqual([
		{ n: 5, s: 5 },
		{ n: 6, s: '6' },
	]);
	expect(reads.resolved).toEqual({ 'columns.value': 1 });
});

it.each([
	[
		'another than listed',
		field('a', { type: 'options', options: [{ name: 'X', value: 'x' }] }),
		'y',
	],
	['none where one is required', field('a', { required: true }), null],
])('leaves %s to n8n', (_, about, given) => {
	const { reads } = readAll({ a: '={{ $json.a }}' }, [about], [{ a: given }]);
	expect(reads.resolved['columns.value']).toBe(1);
});

it.each([
	['an expression for them all', '=all'],
	['what an expression says of its neighbour', { a: '=all', b: '={{ $parameter["&a"] }}' }],
	['lists with expressions in them', { a: ['=all'] }],
])('leaves %s to n8n', (_, value) => {
	const { reads } = readAll(value, [], [{ all: { a: 1 } }]);
	expect(reads.resolved['columns.value']).toBe(1);
});

it('has none where there are none', () => {
	expect(readAll(null, [], [{}]).values).toEqual([{}]);
	expect(readAll({}, [], [{}]).values).toEqual([{}]);
});
