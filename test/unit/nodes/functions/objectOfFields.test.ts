import { InvalidRequestError } from '../../../../src/api/errors';
import { objectOfFields } from '../../../../nodes/Functions/function/objectOfFields';
import { thrownBy } from '../../thrown';

const one = (type: string, value: unknown) =>
	objectOfFields([{ id: '1', name: 'a', type, value }]).a;

test.each<[type: string, value: unknown, is: unknown]>([
	['string', 'x', 'x'],
	['string', 5, '5'],
	['string', { b: 1 }, '{"b":1}'],
	['string', '', ''],
	['number', 5, 5],
	['number', '5.5', 5.5],
	['boolean', false, false],
	['boolean', 'true', true],
	['array', [1], [1]],
	['array', '[1]', [1]],
	['object', { b: 1 }, { b: 1 }],
	['object', '{"b": 1}', { b: 1 }],
	['number', null, null],
	['object', undefined, null],
])('%s: %j is %j', (type, value, is) => expect(one(type, value)).toEqual(is));

test.each<[type: string, value: unknown]>([
	['number', ''],
	['number', 'five'],
	['number', [5]],
	['number', NaN],
	['boolean', 1],
	['boolean', ''],
	['array', '{"b": 1}'],
	['array', 'x'],
	['object', '[1]'],
	['object', []],
	['date', 'x'],
	['toString', 'x'],
])('%s: %j is refused', (type, value) => {
	const error = thrownBy(() => one(type, value));
	expect(error).toBeInstanceOf(InvalidRequestError);
	expect(error.message).toBe(`The field "a" is not of the type ${type}`);
});

test('fields need names, and to be a list', () => {
	expect(thrownBy(() => objectOfFields([{ type: 'string', value: 'x' }])).message).toBe(
		'A field has no name',
	);
	expect(thrownBy(() => objectOfFields('x')).message).toBe('Fields is not a list of fields');
	expect(objectOfFields(undefined)).toEqual({});
});

test('a name that objects have by themselves is a name like any other', () => {
	const object = objectOfFields([{ name: '__proto__', type: 'number', value: 1 }]);
	expect(JSON.stringify(object)).toBe('{"__proto__":1}');
});
