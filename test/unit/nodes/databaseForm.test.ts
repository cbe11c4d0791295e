import { NodeHelpers, type INode, type INodeParameters, type INodeProperties } from 'n8n-workflow';

import { SupabaseDatabase } from '../../../nodes/Database/SupabaseDatabase.node';
import { SupabaseFunctions } from '../../../nodes/Functions/SupabaseFunctions.node';

const database = new SupabaseDatabase().description;
const functions = new SupabaseFunctions().description;

const chosen = (value: string) => ({ __rl: true, mode: 'list', value });

/** What shows with these parameters, where all else has its default. */
function properties(given: INodeParameters, description = database): INodeProperties[] {
	const node = { typeVersion: 1, parameters: given } as unknown as INode;
	const all = description.properties;
	const filled = NodeHelpers.getNodeParameters(all, given, true, false, node, description) ?? given;
	return all.filter((property) =>
		NodeHelpers.displayParameter(filled, property, node, description),
	);
}

const names = (...asked: Parameters<typeof properties>) =>
	properties(...asked).map(({ name }) => name);

const row = (operation: string, rest: INodeParameters = {}) => ({
	resource: 'row',
	operation,
	table: chosen('contacts'),
	...rest,
});

test.each(['select', 'insert', 'upsert', 'update', 'delete'])(
	'%s shows no more than the table until one is chosen',
	(operation) => {
		const first = ['resource', 'operation', 'schema', 'table'];
		expect(names(row(operation, { table: chosen('') }))).toEqual(first);
		const shown = names(row(operation));
		expect(shown.slice(0, 4)).toEqual(first);
		expect(shown.slice(-2)).toEqual(['options', 'runAs']);
	},
);

test('an edge function, too, comes before the rest', () => {
	const invoke = { resource: 'function', operation: 'invoke' };
	expect(names(invoke, functions)).toEqual(['resource', 'operation', 'function']);
	expect(names({ ...invoke, function: 'hello' }, functions).at(-1)).toBe('runAs');
});

test('the schema is chosen from the list, and is public', () => {
	const schema = properties(row('select')).find(({ name }) => name === 'schema');
	expect(schema?.default).toEqual({ mode: 'list', value: 'public' });
});

test('what finds a row stands before its values', () => {
	const from = ['rowSource', 'columns', 'options', 'runAs'];
	expect(names(row('upsert')).slice(4)).toEqual(['keyColumns', 'resolution', ...from]);
	expect(names(row('update', { matchBy: 'key' })).slice(4)).toEqual([
		...['matchBy', 'keyColumns', 'rowSource', 'changes', 'options', 'runAs'],
	]);
	expect(names(row('delete', { matchBy: 'key' })).slice(4)).toEqual([
		...['matchBy', 'keyColumns', 'options', 'runAs'],
	]);
});

describe('options show where they have an effect', () => {
	const optionsWith = (operation: string, options: INodeParameters) => {
		const shown = properties(row(operation)).find(({ name }) => name === 'options');
		const node = { typeVersion: 1 } as unknown as INode;
		return ((shown?.options ?? []) as INodeProperties[])
			.filter((option) =>
				NodeHelpers.displayParameter(options, option, node, database, row(operation)),
			)
			.map(({ name }) => name);
	};

	test.each(['insert', 'upsert', 'update', 'delete'])('%s: what comes back', (operation) => {
		const usual = optionsWith(operation, {});
		expect(usual).toEqual(expect.arrayContaining(['returning', 'returnColumns', 'exactNumbers']));
		expect(usual).not.toContain('planDetails');
		expect(optionsWith(operation, { returning: 'plan' })).toContain('planDetails');
		const nothing = optionsWith(operation, { returning: 'minimal' });
		expect(nothing).not.toContain('returnColumns');
		expect(nothing).not.toContain('exactNumbers');
	});

	test('rows per request, unless all go in one', () => {
		expect(optionsWith('insert', {})).toContain('chunkRows');
		expect(optionsWith('insert', { allOrNothing: true })).not.toContain('chunkRows');
	});
});
