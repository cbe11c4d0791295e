import { errorContexts } from '../../../src/n8n/errorContext';
import type { Operation } from '../../../src/n8n/operation';
import { parameterReader } from '../../../src/n8n/parameters';
import { fakeNode } from './node';

const operation = {
	value: 'insert',
	rights: 'INSERT on t',
	parameters: [],
} as unknown as Operation;

function contexts(parameters: Record<string, unknown>, items: Array<Record<string, unknown>>) {
	const { node, reads } = fakeNode(parameters, items);
	const contextOf = errorContexts({
		resource: 'row',
		operation,
		parametersOf: parameterReader(node, []),
		jobs: [
			{ item: 0, plan: { row: { a: 1 } } },
			{ item: 2, plan: { row: { a: 3 } } },
		],
		description: () => undefined,
	});
	return { contextOf, reads };
}

describe('what the error of certain items may ask for', () => {
	const table = { __rl: true, mode: 'name', value: '=table' };

	it('is what the first of them has, options and locators too', () => {
		const { contextOf } = contexts({ table, runAs: 'user', options: { maxAffected: '=most' } }, [
			{ table: 'one', most: 1 },
			{},
			{ table: 'three', most: 3 },
		]);
		const context = contextOf([2, 0]);
		expect(context).toMatchObject({
			operation: 'row.insert',
			rights: 'INSERT on t',
			role: 'authenticated',
			plans: [
				{ item: 2, plan: { row: { a: 3 } } },
				{ item: 0, plan: { row: { a: 1 } } },
			],
		});
		expect(context?.parameter?.('table')).toBe('three');
		expect(context?.parameter?.('options.maxAffected')).toBe(3);
		expect(context?.parameter?.('options.other')).toBeUndefined();
	});

	it('is read when it is asked for, and not before', () => {
		const { contextOf, reads } = contexts({ table: '=table' }, [{ table: 'one' }]);
		const context = contextOf([0]);
		expect(reads.resolved).toEqual({});
		context?.parameter?.('table');
		expect(reads.resolved).toEqual({ table: 1 });
	});

	it('has no role where Run As is none, and no plan where the item has none', () => {
		const { contextOf } = contexts({ runAs: '=nothing' }, [{}, {}]);
		expect(contextOf([1])?.role).toBeUndefined();
		expect(contextOf([1])?.plans).toEqual([]);
		expect(contextOf([])).toBeUndefined();
	});
});
