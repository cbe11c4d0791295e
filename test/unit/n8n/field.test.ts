import type { INodeProperties } from 'n8n-workflow';

import { fieldOf, type Field } from '../../../src/n8n/field';
import { parameterReader } from '../../../src/n8n/parameters';
import { thrownBy } from '../thrown';
import { fakeNode } from './node';

const given = (value: unknown): Field => fieldOf(value, { label: 'Label', given: true });
const absent = fieldOf(undefined, { label: 'Label', given: false });

/** What an expression may give where a person meant something. */
const NOTHINGS = [undefined, null, '', [], {}];

describe('what was not given', () => {
	it('has no value, and what stands for it is the operation that decides', () => {
		expect(absent.boolean()).toBe(false);
		expect(absent.boolean(true)).toBe(true);
		expect(absent.wholeNumber()).toBeUndefined();
		expect(absent.number()).toBeUndefined();
		expect(absent.oneOf(['a'])).toBeUndefined();
		expect(absent.someNames()).toBeUndefined();
		expect(absent.names()).toEqual([]);
		expect(absent.text()).toBe('');
		expect(absent.object()).toEqual({});
		expect(absent.collections('rows')).toEqual([]);
	});
});

describe('a guard that was given and is empty is refused', () => {
	it.each(NOTHINGS)('%j', (nothing) => {
		for (const read of [
			() => given(nothing).boolean(),
			() => given(nothing).wholeNumber(),
			() => given(nothing).number(),
			() => given(nothing).oneOf(['a', 'b']),
			() => given(nothing).someNames(),
		]) {
			expect(thrownBy(read)).toMatchObject({
				name: 'InvalidRequestError',
				message: expect.stringContaining('Label is') as string,
			});
		}
	});

	it.each([' , ', '  ', [''], [' ', '']])('names that hold none: %j', (names) => {
		expect(thrownBy(() => given(names).someNames()).message).toBe('Label is empty');
	});
});

it.each<[keyof Field, unknown, unknown]>([
	['boolean', 'true', true],
	['boolean', 'false', false],
	['wholeNumber', '60', 60],
	['wholeNumber', ' 7 ', 7],
	['number', '0.5', 0.5],
	['oneOf', ' b ', 'b'],
	['names', 'a, b ,,c', ['a', 'b', 'c']],
	['names', '"a,b", c', ['"a,b"', 'c']],
	['names', [' a ', 7], ['a', '7']],
	['exact', ' a ', ' a '],
	['text', ' a ', 'a'],
])('%s of %j is %j', (reader, value, expected) => {
	const field = given(value) as unknown as Record<string, (values?: string[]) => unknown>;
	expect(field[reader]?.(reader === 'oneOf' ? ['a', 'b'] : undefined)).toEqual(expected);
});

it.each<[keyof Field, unknown, string]>([
	['boolean', 'yes', 'Label is not true or false'],
	['boolean', 1, 'Label is not true or false'],
	['boolean', 'TRUE', 'Label is not true or false'],
	['wholeNumber', 1.5, 'Label is not a whole number of 0 or more'],
	['wholeNumber', -1, 'Label is not a whole number of 0 or more'],
	['wholeNumber', true, 'Label is not a whole number of 0 or more'],
	['wholeNumber', '1e400', 'Label is not a whole number of 0 or more'],
	['number', 'Infinity', 'Label is not a number of 0 or more'],
	['names', [{ a: 1 }], 'Label is not a list of names'],
	['names', { a: 1 }, 'Label is not a text'],
	['exact', ['a'], 'Label is not a text'],
	['object', 'a', 'Label is not an object'],
])('%s of %j is refused', (reader, value, message) => {
	expect(thrownBy(() => (given(value)[reader] as () => unknown)()).message).toBe(message);
});

describe('options', () => {
	const options: INodeProperties = {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		default: {},
		options: [
			{ displayName: 'Dry Run', name: 'dryRun', type: 'boolean', default: false },
			{
				displayName: 'Headers',
				name: 'headers',
				type: 'fixedCollection',
				default: {},
				options: [
					{
						displayName: 'Header',
						name: 'header',
						values: [{ displayName: 'Name', name: 'name', type: 'string', default: '' }],
					},
				],
			},
			{
				displayName: 'Image',
				name: 'image',
				type: 'fixedCollection',
				default: {},
				options: [
					{
						displayName: 'Image',
						name: 'size',
						values: [{ displayName: 'Width', name: 'width', type: 'number', default: 0 }],
					},
				],
			},
		],
	};
	const optionsOf = (value: unknown, item: Record<string, unknown> = {}) =>
		parameterReader(fakeNode({ options: value }, [item]).node, [options])(0).option;

	it('an option whose expression gives nothing is there all the same', () => {
		expect(thrownBy(() => optionsOf({ dryRun: '=wish' })('dryRun').boolean()).message).toBe(
			'Dry Run is not true or false',
		);
		expect(optionsOf({ dryRun: '=wish' }, { wish: 'true' })('dryRun').boolean()).toBe(true);
		expect(optionsOf({})('dryRun').boolean()).toBe(false);
		expect(optionsOf(undefined)('dryRun').given).toBe(false);
	});

	it('rows and members know their own labels', () => {
		const [header] = optionsOf({ headers: { header: [{ name: ['x'] }] } })('headers').collections(
			'header',
		);
		expect(thrownBy(() => header?.('name').text()).message).toBe('Name is not a text');
		const image = optionsOf({ image: { size: { width: 'wide' } } })('image').collection();
		expect(thrownBy(() => image('width').wholeNumber(1)).message).toBe(
			'Width is not a whole number of 1 or more',
		);
	});

	it('what holds an expression is asked of n8n once an item', () => {
		const { node, reads } = fakeNode({ options: { dryRun: '=wish' } }, [
			{ wish: true },
			{ wish: false },
		]);
		const parametersOf = parameterReader(node, [options]);
		for (const item of [0, 1]) {
			const { option } = parametersOf(item);
			expect([option('dryRun').boolean(), option('dryRun').boolean()]).toEqual([!item, !item]);
		}
		expect(reads.resolved.options).toBe(2);
	});
});
