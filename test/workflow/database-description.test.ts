import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { autoMapped, named, NODE, openBench } from './database-helpers';
import type { DrawnNode } from './engine';

const bench = openBench();

let description: INodeTypeDescription;
let node: INode;

beforeAll(() => {
	({ description } = bench.engine.packs.nodeTypes.getByNameAndVersion(NODE));
	node = { name: 'Node', type: NODE, typeVersion: 1, id: '1', position: [0, 0], parameters: {} };
});

/** Every property, those inside collections too, with the names on the way to it. */
function everyProperty(
	properties: INodeProperties[] = description.properties,
	path = '',
): Array<{ path: string; property: INodeProperties }> {
	return properties.flatMap((property) => {
		const here = `${path}${property.name}`;
		const inner = (property.options ?? []).flatMap((option) => {
			if ('values' in option) {
				const { name, values } = option as INodePropertyCollection;
				return everyProperty(values, `${here}.${name}.`);
			}
			return 'type' in option ? everyProperty([option as INodeProperties], `${here}.`) : [];
		});
		return [{ path: here, property }, ...inner];
	});
}

/** What the editor has filled in, and which properties it shows then. */
function shown(parameters: INodeParameters): string[] {
	const filled = NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		node,
		description,
	);
	return description.properties
		.filter((property) => NodeHelpers.displayParameter(filled ?? {}, property, node, description))
		.map(({ name }) => name);
}

/** The options that the editor offers in a collection. */
function offered(parameters: INodeParameters): string[] {
	const filled =
		NodeHelpers.getNodeParameters(
			description.properties,
			parameters,
			true,
			false,
			node,
			description,
		) ?? {};
	const options = description.properties.find(
		(property) =>
			property.name === 'options' &&
			NodeHelpers.displayParameter(filled, property, node, description),
	);
	return ((options?.options ?? []) as INodeProperties[])
		.filter((option) => NodeHelpers.displayParameter({}, option, node, description, filled))
		.map(({ name }) => name);
}

describe('the words', () => {
	test('every property has a name to show, in title case, and no two the same beside it', () => {
		const all = everyProperty();
		expect(all.length).toBeGreaterThan(80);
		for (const { path, property } of all) {
			const { displayName, type } = property;
			expect({ path, displayName }).toEqual({
				path,
				displayName: expect.stringMatching(/^\S.*\S$/),
			});
			if (type !== 'notice') {
				expect({ path, displayName }).toEqual({
					path,
					displayName: expect.stringMatching(/^[A-Z]/),
				});
			}
		}
	});

	/** What its name, its choices or its place tell already. */
	const CLEAR =
		/^(resource|operation|headers|options)$|^.*\.(operator|name|value|column|by|limit|offset|relation|match|config|bounds|rangeForm|rangeText|elementsAre|truth|raw|values|negate|direction|nulls)$/;

	test('every other one says what it is for: a description, a hint, choices or an example', () => {
		const silent = everyProperty().filter(({ path, property }) => {
			const { type, description: text, hint, placeholder, options = [] } = property;
			if (type === 'notice' || CLEAR.test(path)) return false;
			const choices = type === 'options' && options.length > 0;
			return !text && !hint && !placeholder && !choices && !property.displayOptions;
		});
		expect(silent.map(({ path }) => path)).toEqual([]);
	});

	test('no description has blanks around it', () => {
		for (const { path, property } of everyProperty()) {
			const text = property.description ?? '';
			expect({ path, text: text.trim() }).toEqual({ path, text });
		}
	});

	test('every operation says what it does', () => {
		const operations = description.properties.filter(({ name }) => name === 'operation');
		const choices = operations.flatMap(({ options }) => options as INodePropertyOptions[]);
		expect(choices.map(({ value }) => value).sort()).toEqual([
			'call',
			'delete',
			'get',
			'insert',
			'select',
			'update',
			'upsert',
		]);
		for (const { action, description: text } of choices) {
			expect(action).toEqual(expect.stringMatching(/^[A-Z]/));
			expect(text).toEqual(expect.stringMatching(/^[A-Z].{10,}/));
		}
	});

	test('it can be a tool of a model', () => {
		expect(description.usableAsTool).toMatchObject({
			replacements: { properties: expect.any(Array) as unknown },
		});
	});
});

describe('what is shown', () => {
	const row = (operation: string, more: INodeParameters = {}) => ({
		resource: 'row',
		operation,
		table: named('countries'),
		...more,
	});
	const calling = { resource: 'function', operation: 'call', function: named('hello_world') };
	const always = ['resource', 'operation', 'schema', 'runAs'];

	test.each<[string, INodeParameters, string[]]>([
		[
			'select',
			row('select'),
			[
				'table',
				'columnsMode',
				'match',
				'filters',
				'order',
				'return',
				'returnAll',
				'limit',
				'options',
			],
		],
		[
			'select, all rows',
			row('select', { returnAll: true }),
			['table', 'columnsMode', 'match', 'filters', 'order', 'return', 'returnAll', 'options'],
		],
		[
			'select, the count',
			row('select', { return: 'count' }),
			['table', 'columnsMode', 'match', 'filters', 'return', 'countMode', 'options'],
		],
		[
			'select, one row',
			row('select', { return: 'single' }),
			['table', 'columnsMode', 'match', 'filters', 'order', 'return', 'severalRows', 'options'],
		],
		[
			'select, one row or none, columns from the list',
			row('select', { return: 'maybeSingle', columnsMode: 'list' }),
			[
				'table',
				'columnsMode',
				'columnList',
				'match',
				'filters',
				'order',
				'return',
				'noRow',
				'severalRows',
				'options',
			],
		],
		[
			'select, CSV as a file',
			row('select', { return: 'csv', csvAs: 'file' }),
			[
				...['table', 'columnsMode', 'match', 'filters', 'order', 'return', 'csvAs'],
				...['binaryPropertyName', 'returnAll', 'limit', 'options'],
			],
		],
		[
			'select, a plan, columns typed',
			row('select', { return: 'plan', columnsMode: 'expression' }),
			[
				...['table', 'columnsMode', 'columnExpression', 'match', 'filters', 'order', 'return'],
				...['planDetails', 'options'],
			],
		],
		['insert', row('insert'), ['table', 'rowSource', 'columns', 'options']],
		[
			'insert, JSON',
			row('insert', { rowSource: 'json' }),
			['table', 'rowSource', 'rowJson', 'options'],
		],
		[
			'update',
			row('update'),
			['table', 'matchBy', 'match', 'filters', 'applyToAll', 'rowSource', 'changes', 'options'],
		],
		[
			'update, every row',
			row('update', { applyToAll: true }),
			[
				...['table', 'matchBy', 'match', 'filters', 'applyToAll', 'applyToAllNotice', 'rowSource'],
				...['changes', 'options'],
			],
		],
		[
			'update by key',
			row('update', { matchBy: 'key' }),
			['table', 'matchBy', 'keyColumns', 'rowSource', 'changes', 'options'],
		],
		[
			'upsert',
			row('upsert'),
			['table', 'rowSource', 'columns', 'keyColumns', 'resolution', 'options'],
		],
		['delete', row('delete'), ['table', 'matchBy', 'match', 'filters', 'applyToAll', 'options']],
		[
			'delete by key',
			row('delete', { matchBy: 'key' }),
			['table', 'matchBy', 'keyColumns', 'options'],
		],
		[
			'call',
			calling,
			[
				...['function', 'argumentsFrom', 'arguments', 'callAs', 'match', 'filters', 'order'],
				...['return', 'returnAll', 'options'],
			],
		],
		[
			'call, arguments as JSON, one row or none',
			{ ...calling, argumentsFrom: 'json', return: 'maybeSingle' },
			[
				...['function', 'argumentsFrom', 'argumentJson', 'callAs', 'match', 'filters', 'order'],
				...['return', 'noRow', 'severalRows', 'options'],
			],
		],
	])('%s', (_, parameters, expected) => {
		expect(shown(parameters).sort()).toEqual([...always, ...expected].sort());
	});

	test('a user needs a token, and nobody else', () => {
		expect(shown(row('select', { runAs: 'user' }))).toContain('accessToken');
		expect(shown(row('select', { runAs: 'anonymous' }))).not.toContain('accessToken');
	});

	test('Schema and Table come first, Options behind all but Run As', () => {
		for (const operation of ['select', 'insert', 'update', 'upsert', 'delete']) {
			const names = shown(row(operation));
			expect(names.slice(0, 4)).toEqual(['resource', 'operation', 'schema', 'table']);
			expect(names.slice(-2)).toEqual(['options', 'runAs']);
		}
	});

	test.each(['update', 'delete'])('%s by key offers no options of filters', (operation) => {
		const both = ['itemsAtOnce', 'returning', 'timeout', 'headers'];
		const byFilters = offered(row(operation));
		expect(byFilters).toEqual(expect.arrayContaining([...both, 'skipEmptyFilters']));
		const byKey = offered(row(operation, { matchBy: 'key' }));
		expect(byKey).toEqual(expect.arrayContaining(both));
		expect(byKey).not.toContain('skipEmptyFilters');
		for (const names of [byFilters, byKey]) expect(new Set(names).size).toBe(names.length);
	});

	test.each<[string, string[]]>([
		['rows', ['offset', 'stripNulls', 'pageSize', 'keyColumns', 'timeZone']],
		['count', []],
		['single', ['offset', 'stripNulls', 'timeZone']],
		['csv', ['offset', 'pageSize', 'keyColumns', 'timeZone']],
	])('select as %s offers the options that apply', (form, expected) => {
		const some = ['offset', 'stripNulls', 'pageSize', 'keyColumns', 'timeZone'];
		const names = offered(row('select', { return: form }));
		expect(names.filter((name) => some.includes(name)).sort()).toEqual([...expected].sort());
	});

	test.each<[string, INodeParameters]>([
		['select', row('select')],
		['insert', row('insert')],
		['update', row('update')],
		['upsert', row('upsert')],
		['delete', row('delete')],
		['call', calling],
	])('%s offers a timeout and headers', (_, parameters) => {
		expect(offered(parameters)).toEqual(expect.arrayContaining(['timeout', 'headers']));
	});
});

describe("the defaults run, with the required fields and the items' own as columns", () => {
	let table: string;

	beforeEach(async () => {
		table ??= await bench.createTable('id int primary key, name text');
		await bench.sql(`truncate "${table}"`);
		await bench.sql(`insert into "${table}" values (1, 'one')`);
	});

	const drawn = (parameters: INodeParameters): DrawnNode => ({
		name: 'Database',
		type: NODE,
		parameters,
	});

	test.each<[string, INodeParameters, unknown[]]>([
		['select', {}, [{ id: 1, name: 'one' }]],
		['insert', {}, [{ id: 2, name: 'two' }]],
		['upsert', {}, [{ id: 2, name: 'two' }]],
		[
			'update',
			{ applyToAll: true, rowSource: 'json', rowJson: '{ "name": "x" }' },
			[{ id: 1, name: 'x' }],
		],
		['delete', { applyToAll: true }, [{ id: 1, name: 'one' }]],
		['update', { matchBy: 'key' }, [{ id: 2, found: false }]],
		['delete', { matchBy: 'key' }, [{ id: 2, found: false }]],
	])('%s %j', async (operation, parameters, expected) => {
		const { json } = await bench.succeed(
			drawn({ resource: 'row', operation, table: named(table), ...autoMapped, ...parameters }),
			{ items: [{ id: 2, name: 'two' }] },
		);
		expect(json).toEqual(expected);
	});

	test('call', async () => {
		const { json } = await bench.succeed(
			drawn({ resource: 'function', operation: 'call', function: named('hello_world') }),
		);
		expect(json).toEqual([{ result: 'Hello world' }]);
	});

	test.each(['update', 'delete'])('%s without a filter is refused', async (operation) => {
		const node = drawn({ resource: 'row', operation, table: named(table), ...autoMapped });
		const { said } = await bench.run(node, { items: [{ id: 1, name: 'two' }] });
		expect(said.message).toMatch(/no filter/);
		expect(said.description).toMatch(/switch on Apply to All Rows\.$/);
	});

	test.each(['insert', 'upsert', 'update'])('%s maps no column by itself', async (operation) => {
		const node = drawn({ resource: 'row', operation, table: named(table) });
		const { said } = await bench.run(node, { items: [{ id: 1, name: 'two' }] });
		expect(said.message).toBe('The row has no columns');
		expect(await bench.sql(`select * from "${table}"`)).toEqual([{ id: 1, name: 'one' }]);
	});

	test('without what is required n8n does not start', async () => {
		const run = bench.run(drawn({ resource: 'row', operation: 'select' }));
		await expect(run).rejects.toThrow(/"Table" is required/);
	});
});
