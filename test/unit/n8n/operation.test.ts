import type { INodeProperties } from 'n8n-workflow';

import { nodeProperties, operation, type Operation } from '../../../src/n8n/operation';

const property = (name: string, rest: Partial<INodeProperties> = {}): INodeProperties => ({
	name,
	displayName: name,
	type: 'string',
	default: '',
	...rest,
});

const doing = (value: string, parameters: INodeProperties[]): Operation =>
	operation({
		name: value.toUpperCase(),
		value,
		action: `${value} rows`,
		description: `To ${value}`,
		parameters,
		compile: () => ({}),
		execute: () => Promise.resolve([]),
	});

const shared = property('table');
const alone = property('columns', {
	displayOptions: { show: { source: ['columns'] }, hide: { quiet: [true] } },
});
const namesakes = [property('limit', { type: 'number' }), property('limit')] as const;

const resources = [
	{
		name: 'Row',
		value: 'row',
		operations: [doing('insert', [shared, alone, namesakes[0]]), doing('select', [shared])],
	},
	{
		name: 'Function',
		value: 'function',
		operations: [doing('call', [shared, namesakes[1]])],
	},
];

const properties = nodeProperties(resources);
const named = (name: string) => properties.filter((each) => each.name === name);

it('begins with the resource', () => {
	expect(properties[0]).toMatchObject({
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Row', value: 'row' },
			{ name: 'Function', value: 'function' },
		],
		default: 'row',
	});
});

it('has the operations of each resource', () => {
	expect(named('operation')).toMatchObject([
		{
			displayOptions: { show: { resource: ['row'] } },
			noDataExpression: true,
			options: [
				{ name: 'INSERT', value: 'insert', action: 'insert rows', description: 'To insert' },
				{ name: 'SELECT', value: 'select', action: 'select rows', description: 'To select' },
			],
			default: 'insert',
		},
		{
			displayOptions: { show: { resource: ['function'] } },
			options: [{ value: 'call' }],
			default: 'call',
		},
	]);
});

it('has a parameter that operations share once in a resource', () => {
	expect(named('table').map(({ displayOptions }) => displayOptions)).toEqual([
		{ show: { resource: ['row'], operation: ['insert', 'select'] } },
		{ show: { resource: ['function'], operation: ['call'] } },
	]);
});

it("joins a parameter's own conditions with those of its operations", () => {
	expect(named('columns').map(({ displayOptions }) => displayOptions)).toEqual([
		{
			show: { resource: ['row'], operation: ['insert'], source: ['columns'] },
			hide: { quiet: [true] },
		},
	]);
});

it('keeps parameters apart that only have the same name', () => {
	expect(named('limit').map(({ type, displayOptions }) => [type, displayOptions?.show])).toEqual([
		['number', { resource: ['row'], operation: ['insert'] }],
		['string', { resource: ['function'], operation: ['call'] }],
	]);
});

it('changes nothing of what it was given', () => {
	expect(shared).not.toHaveProperty('displayOptions');
	expect(alone.displayOptions?.show).toEqual({ source: ['columns'] });
});

it('keeps the order in which parameters were declared', () => {
	expect(properties.map(({ name }) => name)).toEqual([
		'resource',
		'operation',
		'operation',
		'table',
		'columns',
		'limit',
		'table',
		'limit',
	]);
});

it("shows each operation's parameters in its own order, also where the first lists a shared one early", () => {
	const [row, rowsBy, filters] = ['row', 'rowsBy', 'filters'].map((name) => property(name));
	if (!row || !rowsBy || !filters) throw new Error('Three properties');
	const operations = [
		doing('insert', [shared, row]),
		doing('update', [shared, rowsBy, filters, row]),
		doing('delete', [shared, rowsBy, filters]),
	];
	const shown = nodeProperties([{ name: 'Row', value: 'row', operations }]).slice(2);
	for (const { value, parameters } of operations) {
		const visible = shown.filter(({ displayOptions }) =>
			displayOptions?.show?.operation?.includes(value),
		);
		expect(visible.map(({ name }) => name)).toEqual(parameters.map(({ name }) => name));
	}
});

it('has each parameter once where operations put them in orders that contradict each other', () => {
	const operations = [
		doing('insert', [shared, alone, namesakes[0]]),
		doing('update', [namesakes[0], alone]),
		doing('delete', [alone, shared]),
	];
	const shown = nodeProperties([{ name: 'Row', value: 'row', operations }]).slice(2);
	expect(shown.map(({ name }) => name)).toEqual(['table', 'columns', 'limit']);
});

describe('until it is said on what', () => {
	const options = property('options', { displayOptions: { hide: { quiet: [true] } } });
	const notice = property('notice');
	const row = {
		name: 'Row',
		value: 'row',
		on: 'table',
		operations: [
			doing('insert', [notice, shared, alone, options]),
			doing('select', [shared, options]),
			doing('describe', [alone]),
		],
	};
	const hideOf = (name: string) =>
		nodeProperties([row]).find((each) => each.name === name)?.displayOptions?.hide;

	it('nothing behind it is shown', () => {
		expect(hideOf('options')).toEqual({ quiet: [true], table: [''] });
	});

	it('it is shown itself, with what stands before it, and with what needs no target', () => {
		expect(hideOf('table')).toBeUndefined();
		expect(hideOf('notice')).toBeUndefined();
		expect(hideOf('columns')).toEqual({ quiet: [true] });
	});
});
