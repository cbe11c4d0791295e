import type { INodeParameters } from 'n8n-workflow';

import { select } from '../../../src/api/database/select';
import type { ContractCase } from '../case';
import {
	condition,
	filtering,
	modified,
	named,
	planDetails,
	reading,
	selecting,
	type OfficialRows,
	type PlanOptions,
} from './parameters';

const oneRow = [{ body: { id: 1 } }];

type Order = INodeParameters & { readonly column: string };

function ordering(...by: Order[]): INodeParameters {
	return { order: { by: by.map(({ column, ...rest }) => ({ column: named(column), ...rest })) } };
}

/** A case without the limit of the node, for what gives no list of rows. */
function whole(
	name: string,
	official: (rows: OfficialRows) => PromiseLike<unknown>,
	parameters: INodeParameters,
	answers?: ContractCase['answers'],
): ContractCase {
	return {
		name: `row.select.${name}`,
		official: (client) => official(client.from('t').select()),
		ours: { parameters: selecting('t', parameters) },
		answers,
	};
}

const explains: readonly PlanOptions[] = [
	{},
	{ format: 'json' },
	{ analyze: true },
	{ verbose: true },
	{ settings: true },
	{ buffers: true },
	{ analyze: true, wal: true },
	{ analyze: true, verbose: true },
	{ analyze: true, verbose: true, settings: true, buffers: true, wal: true, format: 'json' },
];

/** How to write a choice of explain options in a case's name. */
function explainName({ format = 'text', ...chosen }: PlanOptions): string {
	return ['explain', ...Object.keys(chosen), format].join('.');
}

export const rowModifierCases: ContractCase[] = [
	...(
		[
			['asc', {}, {}],
			['desc', { ascending: false }, { direction: 'desc' }],
			['nullsFirst', { nullsFirst: true }, { nulls: 'first' }],
			['nullsLast', { nullsFirst: false }, { nulls: 'last' }],
			[
				'desc.nullsLast',
				{ ascending: false, nullsFirst: false },
				{ direction: 'desc', nulls: 'last' },
			],
		] as const
	).map(([name, official, ours]) =>
		reading(
			`order.${name}`,
			't',
			(rows) => rows.order('id', official),
			ordering({ column: 'id', ...ours }),
		),
	),
	reading(
		'order.several',
		't',
		(rows) => rows.order('a').order('b', { ascending: false }).order('data->>age'),
		ordering({ column: 'a' }, { column: 'b', direction: 'desc' }, { column: 'data->>age' }),
	),
	reading(
		'order.byReferenced',
		't',
		(rows) => rows.order('section(name)'),
		ordering({ column: 'section(name)' }),
		'*,section(*)',
	),
	...(
		[
			['order', { column: 'name' }, (rows) => rows.order('name', { referencedTable: 't2' })],
			[
				'order.desc',
				{ column: 'name', descending: true },
				(rows) => rows.order('name', { referencedTable: 't2', ascending: false }),
			],
			['limit', { limit: '3' }, (rows) => rows.limit(3, { referencedTable: 't2' })],
			['range', { offset: '2', limit: '4' }, (rows) => rows.range(2, 5, { referencedTable: 't2' })],
		] satisfies Array<[string, INodeParameters, (rows: OfficialRows) => OfficialRows]>
	).map(([name, relation, official]) =>
		reading(
			`referenced.${name}`,
			't',
			official,
			{ options: { relations: { relation: [{ relation: 't2', ...relation }] } } },
			'*,t2(*)',
		),
	),
	reading(
		'referenced.orders',
		't',
		(rows) =>
			rows
				.order('a', { referencedTable: 't2' })
				.order('b', { referencedTable: 't2', ascending: false }),
		{
			options: {
				relations: {
					relation: [
						{ relation: 't2', column: 'a' },
						{ relation: 't2', column: 'b', descending: true },
					],
				},
			},
		},
		'*,t2(*)',
	),
	{
		name: 'row.select.limit',
		official: (client) => client.from('t').select().limit(1),
		ours: { parameters: selecting('t', { limit: 1 }) },
	},
	{
		name: 'row.select.range',
		official: (client) => client.from('t').select().order('id').range(20, 29),
		ours: {
			parameters: selecting('t', {
				...ordering({ column: 'id' }),
				limit: 10,
				options: { offset: 20 },
			}),
		},
	},
	whole('single', (rows) => rows.eq('id', 1).single(), { ...byId(), return: 'single' }, oneRow),
	whole(
		'single.stripNulls',
		(rows) => rows.eq('id', 1).single().stripNulls(),
		{ ...byId(), return: 'single', options: { stripNulls: true } },
		oneRow,
	),
	whole('maybeSingle', (rows) => rows.eq('id', 1).maybeSingle(), {
		...byId(),
		return: 'maybeSingle',
	}),
	...(['exact', 'planned', 'estimated'] as const).flatMap((count) => [
		{
			name: `row.select.count.${count}.head`,
			official: (client) => client.from('t').select('*', { count, head: true }).gt('id', 1),
			ours: {
				parameters: selecting('t', {
					...filtering(condition('id', 'gt', '1')),
					return: 'count',
					countMode: count,
				}),
			},
		} satisfies ContractCase,
		{
			name: `row.select.count.${count}.rows`,
			official: (client) => client.from('t').select('*', { count }).limit(50),
			ours: { parameters: selecting('t', { return: 'rowsWithCount', countMode: count }) },
		} satisfies ContractCase,
	]),
	whole('csv', (rows) => rows.limit(50).csv(), { return: 'csv' }, [
		{ headers: { 'content-type': 'text/csv' }, body: 'id\n1\n' },
	]),
	whole('geojson', (rows) => rows.limit(50).geojson(), { return: 'geojson' }, [
		{ body: { type: 'FeatureCollection', features: [] } },
	]),
	reading('stripNulls', 't', (rows) => rows.stripNulls(), { options: { stripNulls: true } }),
	...explains.map((chosen) =>
		whole(explainName(chosen), (rows) => rows.eq('id', 1).explain(chosen), {
			...byId(),
			return: 'plan',
			planDetails: planDetails(chosen),
		}),
	),
	reading('setHeader', 't', (rows) => rows.setHeader('x-trace', 'abc'), {
		options: { headers: { header: [{ name: 'x-trace', value: 'abc' }] } },
	}),
	{
		name: 'row.select.schema',
		official: (client) => client.schema('myschema').from('mytable').select().limit(50),
		ours: { parameters: selecting('mytable', { schema: named('myschema') }) },
	},
	{
		name: 'builder.select.rollback',
		official: (client) => client.from('t').select().rollback(),
		ours: () => [select({ schema: 'public', name: 't' }, { dryRun: true })],
	},
	{
		name: 'builder.select.explain.single',
		official: (client) => modified(client.from('t').select().limit(1).single(), 'explain'),
		ours: () => [
			select(
				{ schema: 'public', name: 't' },
				{ limit: 1, single: true, explain: { format: 'text', options: [] } },
			),
		],
	},
	{
		name: 'builder.select.explain.csv',
		official: (client) => modified(client.from('t').select().csv(), 'explain'),
		ours: () => [
			select(
				{ schema: 'public', name: 't' },
				{ format: 'csv', explain: { format: 'text', options: [] } },
			),
		],
	},
];

function byId(): INodeParameters {
	return filtering(condition('id', 'eq', '1'));
}
