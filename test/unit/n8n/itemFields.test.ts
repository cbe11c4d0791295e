import { fieldPath, itemFields, UNREAD } from '../../../src/n8n/itemFields';
import { fakeNode } from './node';

it.each([
	['={{ $json.name }}', ['name']],
	['={{$json.name}}', ['name']],
	['={{ $json["odd name"] }}', ['odd name']],
	["={{ $json['a.b'].c }}", ['a.b', 'c']],
	['={{ $json.a["b"].c_1 }}', ['a', 'b', 'c_1']],
])('%s names a field and does nothing else', (expression, path) => {
	expect(fieldPath(expression)).toEqual(path);
});

it.each([
	'={{ $json }}',
	'= {{ $json.name }}',
	'={{ $json.name }} ',
	'=a {{ $json.name }}',
	'={{ $json.name }}{{ $json.name }}',
	'={{ $json.name.toUpperCase() }}',
	'={{ $json.name + 1 }}',
	'={{ $json?.name }}',
	'={{ $json[0] }}',
	'={{ $json[name] }}',
	'={{ $json["a}}b"] }}',
	'={{ $json["a\\"b"] }}',
	'={{ $json.name; }}',
	'={{ $json.name // why }}',
	'={{ $itemIndex }}',
	'={{ $("Start").item.json.name }}',
	'{{ $json.name }}',
	'name',
])('%s is left to n8n', (expression) => {
	expect(fieldPath(expression)).toBeUndefined();
});

/** Reads one field of each item, and counts what n8n was asked. */
function readAll(
	items: ReadonlyArray<Record<string, unknown>>,
	evaluate: (item: number) => unknown,
	expression = '={{ $json.value }}',
) {
	const asked: number[] = [];
	const { node } = fakeNode({}, items);
	node.evaluateExpression = (_, item = 0) => {
		asked.push(item);
		return evaluate(item) as string;
	};
	const read = itemFields(node);
	return { values: items.map((_, item) => read(expression, item)), asked };
}

it('n8n is asked once whether a field is what it gives, by the first item that has it', () => {
	const items = [{}, { value: null }, { value: 'a' }, { value: 2 }, { value: null }, {}];
	const { values, asked } = readAll(items, () => 'a');
	expect(values).toEqual([UNREAD, UNREAD, 'a', 2, null, undefined]);
	expect(asked).toEqual([2]);
});

it.each<[string, () => unknown]>([
	['gives another value', () => 'b'],
	['gives the same in another type', () => '1'],
	[
		'fails',
		() => {
			throw new Error('not allowed');
		},
	],
])('all is left to n8n once it %s', (_, evaluate) => {
	const { values, asked } = readAll([{ value: 1 }, { value: 2 }], evaluate);
	expect(values).toEqual([UNREAD, UNREAD]);
	expect(asked).toEqual([0]);
});

it('what is no text, number, truth or null is left to n8n', () => {
	const items = [
		{ value: 'a' },
		{ value: {} },
		{ value: [] },
		{ value: new Date() },
		{ value: 1n },
	];
	expect(readAll(items, () => 'a').values).toEqual(['a', UNREAD, UNREAD, UNREAD, UNREAD]);
});

it('what lies in something else than an object, or in what every object has, is left to n8n', () => {
	const items = [{ a: { b: 1 } }, { a: null }, { a: 'text' }, {}, { a: { b: 2 } }];
	expect(readAll(items, () => 1, '={{ $json.a.b }}').values).toEqual([
		1,
		UNREAD,
		UNREAD,
		UNREAD,
		2,
	]);
	expect(readAll([{}], () => undefined, '={{ $json.constructor }}').values).toEqual([UNREAD]);
});
