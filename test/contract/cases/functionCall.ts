import type { INodeParameters } from 'n8n-workflow';

import { call } from '../../../src/api/database/call';
import type { ContractCase } from '../case';
import {
	allowsRollback,
	calling,
	condition,
	filtering,
	modified,
	named,
	planDetails,
	type PlanOptions,
} from './parameters';

/** Arguments as JSON text. */
function json(args: object): INodeParameters {
	return { argumentsFrom: 'json', argumentJson: JSON.stringify(args) };
}

function fields(value: INodeParameters): INodeParameters {
	return { arguments: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] } };
}

const args = { say: '👋 "a", b', n: 1.5, b: true, z: null, o: { a: [1] } };
const scalars = { a: 'x y&z', n: 1, b: false };
const readOnly = { callAs: 'GET' };
const everything: PlanOptions = {
	analyze: true,
	verbose: true,
	settings: true,
	buffers: true,
	wal: true,
	format: 'json',
};

/** Some table is asked, as the description of a schema does not tell; each schema is kept for a while. */
const aTableAllowsRollback = [
	{ to: '/rest/v1/', body: { definitions: { planets: {} } } },
	{ to: '/rest/v1/planets', ...allowsRollback },
];

export const functionCallCases: ContractCase[] = [
	{
		name: 'function.call',
		official: (client) => client.rpc('hello_world'),
		ours: { parameters: calling('hello_world') },
	},
	{
		name: 'function.call.json',
		official: (client) => client.rpc('echo', args),
		ours: { parameters: calling('echo', json(args)) },
	},
	{
		name: 'function.call.fields',
		official: (client) => client.rpc('echo', { say: '👋', n: 2 }),
		ours: {
			parameters: calling('echo', fields({ say: '={{ $json.say }}', n: 2, left: null })),
			items: [{ json: { say: '👋' } }],
		},
	},
	{
		name: 'function.call.array',
		official: (client) => client.rpc('add_one_each', { arr: [1, 2, 3] }),
		ours: { parameters: calling('add_one_each', json({ arr: [1, 2, 3] })) },
	},
	{
		name: 'function.call.eachItem',
		async official(client) {
			await client.rpc('echo', { say: 'a' });
			await client.rpc('echo', { say: 'a' });
		},
		ours: {
			parameters: calling('echo', json({ say: 'a' })),
			items: [{ json: {} }, { json: {} }],
		},
	},
	{
		name: 'function.call.filters',
		official: (client) =>
			client
				.rpc('list_stored_countries')
				.eq('id', 1)
				.or('a.eq.1,b.eq.2')
				.select('id, name')
				.order('name', { ascending: false })
				.limit(2),
		ours: {
			parameters: calling('list_stored_countries', {
				filters: {
					filter: [condition('id', 'eq', '1')],
					group: [
						{
							match: 'any',
							filters: { filter: [condition('a', 'eq', '1'), condition('b', 'eq', '2')] },
						},
					],
				},
				order: { by: [{ column: named('name'), direction: 'desc' }] },
				options: { columns: 'id, name', maxRows: 2 },
			}),
		},
	},
	{
		name: 'function.call.range',
		official: (client) => client.rpc('list_stored_countries').range(2, 4),
		ours: {
			parameters: calling('list_stored_countries', { options: { offset: 2, maxRows: 3 } }),
		},
	},
	{
		name: 'function.call.referenced',
		official: (client) =>
			client
				.rpc('list_stored_countries')
				.select('*,cities(*)')
				.order('name', { referencedTable: 'cities' })
				.limit(1, { referencedTable: 'cities' }),
		ours: {
			parameters: calling('list_stored_countries', {
				options: {
					columns: '*,cities(*)',
					relations: { relation: [{ relation: 'cities', column: 'name', limit: '1' }] },
				},
			}),
		},
	},
	{
		name: 'function.call.single',
		official: (client) => client.rpc('list_stored_countries').eq('id', 1).single(),
		ours: {
			parameters: calling('list_stored_countries', {
				...filtering(condition('id', 'eq', '1')),
				return: 'single',
			}),
		},
		answers: [{ body: { id: 1 } }],
	},
	{
		name: 'function.call.maybeSingle',
		official: (client) => client.rpc('list_stored_countries').eq('id', 1).maybeSingle(),
		ours: {
			parameters: calling('list_stored_countries', {
				...filtering(condition('id', 'eq', '1')),
				return: 'maybeSingle',
			}),
		},
	},
	...(['exact', 'planned', 'estimated'] as const).map((count): ContractCase => ({
		name: `function.call.count.${count}`,
		official: (client) => client.rpc('list_stored_countries', {}, { count }),
		ours: {
			parameters: calling('list_stored_countries', {
				return: 'rowsWithCount',
				countMode: count,
			}),
		},
	})),
	{
		name: 'function.call.csv',
		official: (client) => client.rpc('f').csv(),
		ours: { parameters: calling('f', { return: 'csv' }) },
	},
	{
		name: 'function.call.stripNulls',
		official: (client) => client.rpc('f').stripNulls(),
		ours: { parameters: calling('f', { options: { stripNulls: true } }) },
	},
	{
		name: 'function.call.rollback',
		official: (client) => client.schema('dry').rpc('f').rollback(),
		ours: { parameters: calling('f', { schema: named('dry'), options: { dryRun: true } }) },
		answers: aTableAllowsRollback,
	},
	{
		name: 'function.call.maxAffected',
		official: (client) => modified(client.rpc('f'), 'maxAffected', 3),
		ours: { parameters: calling('f', { options: { maxAffected: 3 } }) },
	},
	{
		name: 'function.call.schema',
		official: (client) => client.schema('api').rpc('f', { a: 1 }),
		ours: { parameters: calling('f', { schema: named('api'), ...json({ a: 1 }) }) },
	},
	{
		name: 'function.call.explain',
		official: (client) => client.rpc('f').explain(),
		ours: { parameters: calling('f', { return: 'plan' }) },
	},
	{
		name: 'function.call.explain.all',
		official: (client) => client.rpc('f', {}, { get: true }).explain(everything),
		ours: {
			parameters: calling('f', {
				...readOnly,
				return: 'plan',
				planDetails: planDetails(everything),
			}),
		},
	},
	{
		name: 'function.call.explain.analyze',
		official: (client) =>
			modified(client.schema('analyzed').rpc('f').rollback(), 'explain', {
				analyze: true,
				format: 'json',
			}),
		ours: {
			parameters: calling('f', {
				schema: named('analyzed'),
				return: 'plan',
				planDetails: ['analyze', 'json'],
			}),
		},
		answers: aTableAllowsRollback,
	},
	{
		name: 'function.call.single.unnamed',
		official: (client) => client.rpc('f', { any: ['thing', 1] }),
		ours: {
			parameters: calling('f', {
				argumentsFrom: 'single',
				singleArgument: '{"any":["thing",1]}',
			}),
		},
	},
	{
		name: 'function.call.get',
		official: (client) => client.rpc('hello_world', {}, { get: true }),
		ours: { parameters: calling('hello_world', readOnly) },
	},
	{
		name: 'function.call.get.scalars',
		official: (client) => client.rpc('f', scalars, { get: true }),
		ours: { parameters: calling('f', { ...readOnly, ...json(scalars) }) },
	},
	{
		name: 'function.call.get.array',
		official: (client) => client.rpc('f', { arr: [1, 2, 3], empty: [] }, { get: true }),
		ours: { parameters: calling('f', { ...readOnly, ...json({ arr: [1, 2, 3], empty: [] }) }) },
	},
	{
		name: 'function.call.get.array.quotes',
		official: (client) => client.rpc('f', { strs: ['a b', 'c,d'] }, { get: true }),
		ours: { parameters: calling('f', { ...readOnly, ...json({ strs: ['a b', 'c,d'] }) }) },
	},
	{
		name: 'function.call.get.object',
		official: (client) => client.rpc('f', { obj: { a: [1] } }, { get: true }),
		ours: { parameters: calling('f', { ...readOnly, ...json({ obj: { a: [1] } }) }) },
	},
	{
		name: 'function.call.get.arrayOfObjects',
		official: (client) => client.rpc('f', { objs: [{ a: 1 }] }, { get: true }),
		ours: { parameters: calling('f', { ...readOnly, ...json({ objs: [{ a: 1 }] }) }) },
	},
	{
		name: 'function.call.get.filters',
		official: (client) =>
			client.rpc('f', { a: 1 }, { get: true, count: 'exact' }).eq('id', 1).select('id').order('id'),
		ours: {
			parameters: calling('f', {
				...readOnly,
				...json({ a: 1 }),
				...filtering(condition('id', 'eq', '1')),
				order: { by: [{ column: named('id') }] },
				return: 'rowsWithCount',
				options: { columns: 'id' },
			}),
		},
	},
	{
		name: 'function.call.get.schema',
		official: (client) => client.schema('api').rpc('f', { a: 1 }, { get: true }),
		ours: {
			parameters: calling('f', { schema: named('api'), ...readOnly, ...json({ a: 1 }) }),
		},
	},
	{
		name: 'function.call.head',
		official: (client) => client.rpc('f', { a: 1 }, { head: true, count: 'exact' }),
		ours: { parameters: calling('f', { ...readOnly, ...json({ a: 1 }), return: 'count' }) },
	},
	{
		name: 'function.call.head.object',
		official: (client) => client.rpc('f', { obj: { a: 1 } }, { head: true, count: 'exact' }),
		ours: {
			parameters: calling('f', { ...json({ obj: { a: 1 } }), return: 'count' }),
		},
	},
	{
		name: 'builder.call.minimal',
		official: (client) => client.rpc('f', { obj: { a: 1 } }, { head: true }),
		ours: () => [
			call({ schema: 'public', name: 'f' }, { obj: { a: 1 } }, { returning: 'minimal' }),
		],
	},
];
