import type { INodeProperties } from 'n8n-workflow';

import { locatorValue } from '../../../src/n8n/field';
import { parameterReader, type ItemParameters } from '../../../src/n8n/parameters';
import { thrownBy } from '../thrown';
import { fakeNode } from './node';

const property = (name: string, displayName: string): INodeProperties => ({
	name,
	displayName,
	type: 'string',
	default: '',
});

const items = Array.from({ length: 100 }, (_, index) => ({ n: index, text: `item ${index}` }));

describe('reading', () => {
	/** Reads a parameter for every item, and says how often n8n was asked. */
	function readAll(value: unknown, name = 'parameter') {
		const { node, reads } = fakeNode({ parameter: value }, items);
		const parametersOf = parameterReader(node, []);
		const values = items.map((_, item) => {
			const get = parametersOf(item);
			// An operation may ask twice.
			get.value(name);
			return get.value(name);
		});
		return { values, raw: reads.raw[name], resolved: reads.resolved[name] };
	}

	it.each([
		['a text', 'planets'],
		['an empty text', ''],
		['false', false],
		['a resource locator', { __rl: true, mode: 'name', value: 'planets' }],
		['a collection', { filter: [{ column: 'id', value: 'a=b' }] }],
		['nothing', undefined],
		['null', null],
	])('what is the same for all items is read once: %s', (_what, value) => {
		const { values, raw, resolved } = readAll(value);
		expect([raw, resolved]).toEqual([1, 1]);
		expect(values).toEqual(items.map(() => value ?? undefined));
	});

	it.each<[string, unknown, (item: (typeof items)[0]) => unknown]>([
		['a text', '=text', (item) => item.text],
		[
			'a resource locator',
			{ __rl: true, mode: 'name', value: '=text' },
			(item) => ({ __rl: true, mode: 'name', value: item.text }),
		],
		[
			'deep inside a collection',
			{
				filter: [
					{ column: 'id', value: 'x' },
					{ column: 'id', value: '=n' },
				],
			},
			(item) => ({
				filter: [
					{ column: 'id', value: 'x' },
					{ column: 'id', value: item.n },
				],
			}),
		],
		[
			'a column named schema',
			{ name: 'x', schema: '=text' },
			(item) => ({ name: 'x', schema: item.text }),
		],
	])('what holds an expression is read for each item: %s', (_what, value, expected) => {
		const { values, raw } = readAll(value);
		expect(values).toEqual(items.map(expected));
		expect(raw).toBe(1);
	});

	it("does not look for expressions in a resource mapper's schema", () => {
		const schema = Array.from({ length: 9 }, (_, id) => ({ id: `=${id}` }));
		const { raw, resolved } = readAll({ mappingMode: 'autoMapInputData', value: null, schema });
		expect([raw, resolved]).toEqual([1, 1]);
	});

	it('is asked of a part by its own name', () => {
		const value = { filter: [{ value: '=n' }], mode: 'all' };
		expect(readAll(value, 'parameter.mode')).toMatchObject({ raw: 1, resolved: 1 });
		expect(readAll(value, 'parameter.filter').values[7]).toEqual([{ value: 7 }]);
	});

	it('is not done before it is needed', () => {
		const { node, reads } = fakeNode({ parameter: 'a' }, items);
		const parametersOf = parameterReader(node, []);
		items.forEach((_, item) => parametersOf(item));
		expect(reads).toEqual({ raw: {}, resolved: {}, evaluated: {} });
	});

	it("gives the item's own JSON", () => {
		const { node } = fakeNode({}, items);
		expect(parameterReader(node, [])(7).json).toEqual({ n: 7, text: 'item 7' });
	});
});

describe('an expression that names a field', () => {
	const wish = { ...property('parameter', 'Wish'), type: 'collection' as const };

	/** Reads the parameter for each item, and says how often n8n evaluated what. */
	function readAll(value: unknown, declared: INodeProperties = wish) {
		const { node, reads } = fakeNode({ parameter: value }, items);
		const parametersOf = parameterReader(node, [declared]);
		return { values: items.map((_, item) => parametersOf(item).value('parameter')), reads };
	}

	it('is read in the item, wherever it stands', () => {
		const value = { list: [{ column: 'x', value: '={{ $json.n }}' }], mode: 'all' };
		const { values, reads } = readAll(value);
		expect(values[7]).toEqual({ list: [{ column: 'x', value: 7 }], mode: 'all' });
		expect(values).toHaveLength(100);
		expect(reads.evaluated).toEqual({ '={{ $json.n }}': 1 });
		expect(reads.resolved).toEqual({});
	});

	it('beside one that does more is left to n8n with it', () => {
		const { values, reads } = readAll({ a: '={{ $json.n }}', b: '=text' });
		expect(values[7]).toEqual({ a: 7, b: 'item 7' });
		expect(reads.resolved).toEqual({ parameter: 100 });
	});

	it.each<[string, INodeProperties]>([
		['the parameter', { ...wish, validateType: 'number' }],
		['a part of it', { ...wish, options: [{ ...property('n', 'N'), validateType: 'number' }] }],
		[
			'a part of a part',
			{
				...wish,
				type: 'fixedCollection',
				options: [
					{
						name: 'group',
						displayName: 'Group',
						values: [{ ...property('n', 'N'), validateType: 'number' }],
					},
				],
			},
		],
		['a mapper', { ...wish, type: 'resourceMapper' }],
	])('is left to n8n where that converts %s', (_, declared) => {
		expect(readAll({ n: '={{ $json.n }}' }, declared).reads.resolved).toEqual({ parameter: 100 });
	});
});

describe('what is read once', () => {
	it('is kept for all items where none of it differs between them', () => {
		const { node } = fakeNode({ parameter: 'a', other: '=n' }, items);
		const parametersOf = parameterReader(node, []);
		const count = { same: 0, json: 0, other: 0, inner: 0 };
		const same = (get: ItemParameters) => ({ n: (count.same += 1), text: get.text('parameter') });
		const json = (get: ItemParameters) => [(count.json += 1), get.json.n];
		const other = (get: ItemParameters) => [(count.other += 1), get.text('other')];
		const inner = (get: ItemParameters) => {
			count.inner += 1;
			return [get.once(json)[1], get.once(same).text];
		};
		const read = items.map((_, item) => {
			const get = parametersOf(item);
			return [get.once(same), get.once(json)[1], get.once(other)[1], get.once(inner)];
		});
		expect(read[7]).toEqual([{ n: 1, text: 'a' }, 7, '7', [7, 'a']]);
		expect(read[7]?.[0]).toBe(read[8]?.[0]);
		expect(count).toEqual({ same: 1, json: 200, other: 100, inner: 100 });
	});

	it('is tried again where it failed', () => {
		const { node } = fakeNode({}, items);
		const parametersOf = parameterReader(node, [property('parameter', 'Label')]);
		const read = (get: ItemParameters) => get.required('parameter');
		for (const item of [0, 1]) {
			expect(thrownBy(() => parametersOf(item).once(read)).message).toBe('Label is empty');
		}
	});
});

/** The parameters of one item, where `parameter` has that value. */
function given(value: unknown): ItemParameters {
	const { node } = fakeNode({ parameter: value });
	return parameterReader(node, [property('parameter', 'Label')])(0);
}

type Getter = 'text' | 'required' | 'wholeNumber' | 'boolean' | 'object' | 'rows';

it.each<[Getter, unknown, unknown]>([
	['text', ' a ', 'a'],
	['text', undefined, ''],
	['text', null, ''],
	['text', 7, '7'],
	['text', false, 'false'],
	['text', { __rl: true, mode: 'list', value: ' planets ' }, 'planets'],
	['text', { __rl: true, mode: 'list', value: '' }, ''],
	['required', ' a ', 'a'],
	['required', 0, '0'],
	['required', { __rl: true, mode: 'id', value: 7 }, '7'],
	['wholeNumber', 0, 0],
	['wholeNumber', ' 12 ', 12],
	['wholeNumber', '1e3', 1000],
	['boolean', true, true],
	['boolean', 'true', true],
	['boolean', 'false', false],
	['boolean', undefined, false],
	['object', { a: 1 }, { a: 1 }],
	['object', undefined, {}],
	['rows', [{ a: 1 }], [{ a: 1 }]],
	['rows', undefined, []],
])('%s of %j is %j', (getter, value, expected) => {
	expect(given(value)[getter]('parameter')).toEqual(expected);
});

it.each<[Getter, unknown, message: string, hint: string]>([
	['text', { a: 1 }, 'Label is not a text', 'It is {"a":1}.'],
	['text', ['a'], 'Label is not a text', 'It is the list ["a"].'],
	['required', '  ', 'Label is empty', 'Enter Label.'],
	['required', undefined, 'Label is empty', 'Enter Label.'],
	['required', { __rl: true, mode: 'list', value: '' }, 'Label is empty', 'Enter Label.'],
	['wholeNumber', '', 'Label is not a whole number of 0 or more', 'It is "".'],
	['wholeNumber', undefined, 'Label is not a whole number of 0 or more', 'It is empty.'],
	['wholeNumber', -1, 'Label is not a whole number of 0 or more', 'It is -1.'],
	['wholeNumber', 1.5, 'Label is not a whole number of 0 or more', 'It is 1.5.'],
	['wholeNumber', 'ten', 'Label is not a whole number of 0 or more', 'It is "ten".'],
	['wholeNumber', true, 'Label is not a whole number of 0 or more', 'It is true.'],
	['boolean', 'yes', 'Label is not true or false', 'It is "yes".'],
	['boolean', 1, 'Label is not true or false', 'It is 1.'],
	['object', 'a', 'Label is not an object', 'It is "a".'],
	['object', [], 'Label is not an object', 'It is the list [].'],
	['rows', { a: 1 }, 'Label is not a list', 'It is {"a":1}.'],
	['rows', 'a', 'Label is not a list', 'It is "a".'],
])('%s refuses %j', (getter, value, message, hint) => {
	const error = thrownBy(() => given(value)[getter]('parameter'));
	expect(error).toMatchObject({
		name: 'InvalidRequestError',
		message,
		hint: expect.stringContaining(hint),
	});
});

it('a parameter without a label is called by its name', () => {
	const { node } = fakeNode({});
	const get = parameterReader(node, [])(0);
	expect(thrownBy(() => get.required('other')).message).toBe('other is empty');
});

it.each([
	[{ __rl: true, mode: 'list', value: 'a' }, 'a'],
	[{ __rl: true, mode: 'list' }, undefined],
	[{ value: 'a' }, { value: 'a' }],
	['a', 'a'],
	[null, null],
	[undefined, undefined],
])('locatorValue of %j is %j', (value, expected) => {
	expect(locatorValue(value)).toEqual(expected);
});
