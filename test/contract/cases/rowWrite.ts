import type { INodeParameters } from 'n8n-workflow';

import { insert } from '../../../src/api/database/insert';
import type { ContractCase } from '../case';
import {
	allowsRollback,
	condition,
	filtering,
	modified,
	named,
	onRows,
	planDetails,
	type PlanOptions,
} from './parameters';

const table = { schema: 'public', name: 'planets' };
const rows = [
	{ id: 1, name: 'Earth' },
	{ id: 2, mass: 3.5 },
];
const items = rows.map((json) => ({ json }));
const alike = [
	{ id: 1, name: 'Earth' },
	{ id: 2, name: 'Mars' },
];
const alikeItems = alike.map((json) => ({ json }));
const byId = filtering(condition('id', 'eq', '1'));

function inserting(options: INodeParameters): INodeParameters {
	return onRows('insert', 'planets', { options: { missing: 'null', ...options } });
}

function upserting(
	parameters: INodeParameters,
	{ options, ...rest }: { options?: INodeParameters } & INodeParameters = {},
): INodeParameters {
	return onRows('upsert', 'planets', {
		keyColumns: ['id'],
		...parameters,
		options: { missing: 'null', ...options },
		...rest,
	});
}

/** Each of many rows by its key. */
function byKey(operation: string, parameters: INodeParameters = {}): INodeParameters {
	return onRows(operation, 'planets', { matchBy: 'key', keyColumns: ['id'], ...parameters });
}

const found = (ids: number[]) => ({
	headers: { 'content-range': `0-${ids.length - 1}/${ids.length}` },
	body: ids.map((id) => ({ id })),
});

interface Rollback {
	rollback(): object;
}

const plans: ReadonlyArray<readonly [name: string, options: PlanOptions]> = [
	['text', {}],
	['json', { format: 'json' }],
	['all', { analyze: true, verbose: true, settings: true, buffers: true, wal: true }],
];

export const rowWriteCases: ContractCase[] = [
	{
		name: 'row.insert.count',
		official: (client) => client.from('planets').insert(rows, { count: 'exact' }).select(),
		ours: { parameters: inserting({}), items },
	},
	{
		name: 'row.insert.selectColumns',
		official: (client) =>
			client.from('planets').insert(rows, { count: 'exact' }).select('id, moons(name)'),
		ours: { parameters: inserting({ returnColumns: 'id, moons(name)' }), items },
	},
	{
		name: 'row.insert.rollback',
		official: (client) =>
			client.from('planets').insert(rows, { count: 'exact' }).select().rollback(),
		ours: { parameters: inserting({ dryRun: true }), items },
		answers: [{ to: '/rest/v1/planets', ...allowsRollback }],
	},
	{
		name: 'row.insert.setHeader',
		official: (client) =>
			client.from('planets').insert(rows, { count: 'exact' }).select().setHeader('x-trace', 'a'),
		ours: {
			parameters: inserting({ headers: { header: [{ name: 'x-trace', value: 'a' }] } }),
			items,
		},
	},
	{
		name: 'row.insert.bigint',
		official: (client) =>
			client
				.from('planets')
				.insert([{ id: '12345678901234567890' }], { count: 'exact' })
				.select(),
		ours: { parameters: inserting({}), items: [{ json: { id: '12345678901234567890' } }] },
	},
	{
		name: 'row.upsert',
		official: (client) =>
			client.from('planets').upsert(alike, { onConflict: 'id', count: 'exact' }).select(),
		ours: { parameters: upserting({}), items: alikeItems },
	},
	{
		name: 'row.upsert.severalColumns',
		official: (client) =>
			client.from('planets').upsert(alike, { onConflict: 'handle,team', count: 'exact' }).select(),
		ours: { parameters: upserting({ keyColumns: ['handle', 'team'] }), items: alikeItems },
	},
	{
		name: 'row.upsert.oddColumn',
		official: (client) =>
			client.from('planets').upsert(alike, { onConflict: '"a.b"', count: 'exact' }).select(),
		ours: { parameters: upserting({ keyColumns: ['a.b'] }), items: alikeItems },
	},
	{
		name: 'row.upsert.mixed',
		official: (client) =>
			client.from('planets').upsert(rows, { onConflict: 'id', count: 'exact' }).select(),
		ours: { parameters: upserting({}), items },
	},
	{
		name: 'row.upsert.ignore',
		official: (client) =>
			client
				.from('planets')
				.upsert(alike, { onConflict: 'id', ignoreDuplicates: true, count: 'exact' })
				.select(),
		ours: { parameters: upserting({ resolution: 'ignore-duplicates' }), items: alikeItems },
	},
	{
		name: 'row.upsert.missingDefault',
		official: (client) =>
			client
				.from('planets')
				.upsert(alike, { onConflict: 'id', defaultToNull: false, count: 'exact' })
				.select('id'),
		ours: {
			parameters: upserting({}, { options: { missing: 'default', returnColumns: 'id' } }),
			items: alikeItems,
		},
	},
	{
		name: 'row.upsert.minimal',
		official: (client) =>
			client.from('planets').upsert(alike, { onConflict: 'id', count: 'exact' }),
		ours: { parameters: upserting({}, { options: { returning: 'minimal' } }), items: alikeItems },
	},
	{
		name: 'row.upsert.filter',
		official: (client) =>
			client
				.from('planets')
				.upsert(alike, { onConflict: 'id', count: 'exact' })
				.select()
				.eq('name', 'Earth'),
		ours: {
			parameters: upserting({}, { options: filtering(condition('name', 'eq', 'Earth')) }),
			items: alikeItems,
		},
	},
	{
		name: 'row.upsert.primaryKey',
		official: (client) => client.from('planets').upsert(alike, { count: 'exact' }).select(),
		ours: { parameters: upserting({ keyColumns: [] }), items: alikeItems },
		answers: [
			{
				to: '/rest/v1/',
				body: { definitions: { planets: { properties: { id: { description: '<pk/>' } } } } },
			},
		],
	},
	{
		name: 'row.upsert.schemaAndRollback',
		official: (client) =>
			client
				.schema('myschema')
				.from('planets')
				.upsert(alike, { onConflict: 'id', count: 'exact' })
				.select()
				.rollback(),
		ours: {
			parameters: upserting({ schema: named('myschema') }, { options: { dryRun: true } }),
			items: alikeItems,
		},
		answers: [{ to: '/rest/v1/planets', ...allowsRollback }],
	},
	{
		name: 'row.update',
		official: (client) =>
			client.from('planets').update({ name: 'Mars' }, { count: 'exact' }).eq('id', 1).select(),
		ours: { parameters: onRows('update', 'planets', byId), items: [{ json: { name: 'Mars' } }] },
	},
	{
		name: 'row.update.minimal',
		official: (client) =>
			client.from('planets').update({ name: null }, { count: 'exact' }).eq('id', 1),
		ours: {
			parameters: onRows('update', 'planets', { ...byId, options: { returning: 'minimal' } }),
			items: [{ json: { name: null } }],
		},
	},
	{
		name: 'row.update.filters',
		official: (client) =>
			client
				.from('planets')
				.update({ a: 1 }, { count: 'exact' })
				.or('id.eq.1,name.eq.Mars')
				.select('id,name'),
		ours: {
			parameters: onRows('update', 'planets', {
				match: 'any',
				...filtering(condition('id', 'eq', '1'), condition('name', 'eq', 'Mars')),
				options: { returnColumns: 'id,name' },
			}),
			items: [{ json: { a: 1 } }],
		},
	},
	{
		name: 'row.update.maxAffected',
		official: (client) =>
			modified(
				client.from('planets').update({ a: 1 }, { count: 'exact' }).eq('id', 1).select(),
				'maxAffected',
				2,
			),
		ours: {
			parameters: onRows('update', 'planets', { ...byId, options: { maxAffected: 2 } }),
			items: [{ json: { a: 1 } }],
		},
	},
	{
		name: 'row.update.schemaAndRollback',
		official: (client) =>
			client
				.schema('myschema')
				.from('planets')
				.update({ a: 1 }, { count: 'exact' })
				.eq('id', 1)
				.select()
				.rollback(),
		ours: {
			parameters: onRows('update', 'planets', {
				...byId,
				schema: named('myschema'),
				options: { dryRun: true },
			}),
			items: [{ json: { a: 1 } }],
		},
		answers: [{ to: '/rest/v1/planets', ...allowsRollback }],
	},
	{
		name: 'row.update.all',
		official: (client) =>
			client.from('planets').update({ a: 1 }, { count: 'exact' }).not('id', 'is', null).select(),
		ours: {
			parameters: onRows('update', 'planets', { applyToAll: true }),
			items: [{ json: { a: 1 } }],
		},
		answers: [
			{
				to: '/rest/v1/',
				body: {
					definitions: { planets: { properties: { id: { description: 'Note:\n<pk/>' } } } },
				},
			},
		],
	},
	{
		name: 'row.update.key',
		official: (client) =>
			client.from('planets').update({ a: 1 }, { count: 'exact' }).in('id', [1, 2]).select(),
		ours: {
			parameters: byKey('update'),
			items: [{ json: { id: 1, a: 1 } }, { json: { id: 2, a: 1 } }],
		},
		answers: [found([1, 2])],
	},
	{
		name: 'row.delete',
		official: (client) => client.from('planets').delete({ count: 'exact' }).eq('id', 1).select(),
		ours: { parameters: onRows('delete', 'planets', byId) },
	},
	{
		name: 'row.delete.minimal',
		official: (client) => client.from('planets').delete({ count: 'exact' }).eq('id', 1),
		ours: {
			parameters: onRows('delete', 'planets', { ...byId, options: { returning: 'minimal' } }),
		},
	},
	{
		name: 'row.delete.in',
		official: (client) =>
			client.from('planets').delete({ count: 'exact' }).in('id', [1, 2, 3]).select('id'),
		ours: {
			parameters: onRows('delete', 'planets', {
				...filtering(condition('id', 'in', '1,2,3')),
				options: { returnColumns: 'id' },
			}),
		},
	},
	{
		name: 'row.delete.maxAffected',
		official: (client) =>
			modified(
				client.from('planets').delete({ count: 'exact' }).gt('id', 1).select(),
				'maxAffected',
				2,
			),
		ours: {
			parameters: onRows('delete', 'planets', {
				...filtering(condition('id', 'gt', '1')),
				options: { maxAffected: 2 },
			}),
		},
	},
	{
		name: 'row.delete.schemaAndRollback',
		official: (client) =>
			client
				.schema('myschema')
				.from('planets')
				.delete({ count: 'exact' })
				.eq('id', 1)
				.select()
				.rollback(),
		ours: {
			parameters: onRows('delete', 'planets', {
				...byId,
				schema: named('myschema'),
				options: { dryRun: true },
			}),
		},
		answers: [{ to: '/rest/v1/planets', ...allowsRollback }],
	},
	{
		name: 'row.delete.key',
		official: (client) =>
			client.from('planets').delete({ count: 'exact' }).in('id', [1, 2]).select(),
		ours: { parameters: byKey('delete'), items: [{ json: { id: 1 } }, { json: { id: 2 } }] },
		answers: [found([1, 2])],
	},
	{
		name: 'builder.insert.planned',
		official: (client) =>
			client
				.from('planets')
				.insert([{ a: 1 }], { count: 'planned' })
				.select(),
		ours: () => [
			insert(table, '[{"a":1}]', {
				columns: ['a'],
				returning: 'representation',
				count: 'planned',
			}),
		],
	},
	{
		name: 'builder.insert.single',
		official: (client) =>
			client
				.from('planets')
				.insert([{ a: 1 }])
				.select('id,name')
				.single(),
		ours: () => [
			insert(table, '[{"a":1}]', {
				columns: ['a'],
				returning: 'representation',
				returnColumns: 'id,name',
				single: true,
			}),
		],
	},
	...plans.flatMap(([name, chosen]): ContractCase[] => {
		const options = { returning: 'plan', planDetails: planDetails(chosen) };
		const answers = chosen.analyze ? [{ to: '/rest/v1/planets', ...allowsRollback }] : [];
		const planned = (request: Rollback) =>
			modified(chosen.analyze ? request.rollback() : request, 'explain', chosen);
		return [
			{
				name: `row.insert.explain.${name}`,
				official: (client) => planned(client.from('planets').insert(rows).select()),
				ours: { parameters: inserting(options), items },
				answers,
			},
			{
				name: `row.upsert.explain.${name}`,
				official: (client) =>
					planned(client.from('planets').upsert(rows, { onConflict: 'id' }).select()),
				ours: { parameters: upserting({}, { options }), items },
				answers,
			},
			{
				name: `row.update.explain.${name}`,
				official: (client) => planned(client.from('planets').update({ a: 1 }).eq('id', 1).select()),
				ours: {
					parameters: onRows('update', 'planets', { ...byId, options }),
					items: [{ json: { a: 1 } }],
				},
				answers,
			},
			{
				name: `row.delete.explain.${name}`,
				official: (client) => planned(client.from('planets').delete().eq('id', 1).select()),
				ours: { parameters: onRows('delete', 'planets', { ...byId, options }) },
				answers,
			},
		];
	}),
];
