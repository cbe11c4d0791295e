import type { ContractCase } from '../case';
import {
	expression,
	named,
	onRows,
	calling,
	condition,
	filtering,
	reading,
	selecting,
	type OfficialRows,
} from './parameters';

type Reading = Parameters<typeof reading>;

const select = (name: string, ...rest: Reading extends [string, ...infer Rest] ? Rest : never) =>
	reading(`reference.${name}`, ...rest);

const everyRow = (rows: OfficialRows) => rows;

/** The examples of the Python reference's database part, in its order. */
export const referenceCases: ContractCase[] = [
	// Fetch data
	select('fetch.data', 'planets', everyRow, {}),
	select('fetch.columns', 'planets', everyRow, {}, 'name'),
	select('fetch.referenced', 'orchestral_sections', everyRow, {}, 'name, instruments(name)'),
	select('fetch.joinTable', 'users', everyRow, {}, 'name, teams(name)'),
	select(
		'fetch.twice',
		'messages',
		everyRow,
		{},
		'content,from:sender_id(name),to:receiver_id(name)',
	),
	select(
		'fetch.throughReferenced',
		'instruments',
		(rows) => rows.eq('orchestral_sections.name', 'percussion'),
		filtering(condition('orchestral_sections.name', 'eq', 'percussion')),
		'name, orchestral_sections(*)',
	),
	select('fetch.referencedCount', 'orchestral_sections', everyRow, {}, '*, instruments(count)'),
	{
		name: 'row.select.reference.fetch.count',
		official: (client) => client.from('planets').select('*', { count: 'exact' }).limit(50),
		ours: { parameters: selecting('planets', { return: 'rowsWithCount' }) },
	},
	select('fetch.json', 'users', everyRow, {}, 'id, name, address->city'),
	select(
		'fetch.inner',
		'instruments',
		(rows) => rows.eq('orchestral_sections.name', 'woodwinds'),
		filtering(condition('orchestral_sections.name', 'eq', 'woodwinds')),
		'name, orchestral_sections!inner(name)',
	),
	{
		name: 'row.select.reference.fetch.schema',
		official: (client) => client.schema('myschema').from('mytable').select('*').limit(50),
		ours: { parameters: selecting('mytable', { schema: named('myschema') }) },
	},
	// Insert data
	{
		name: 'row.insert.reference.one',
		official: (client) => client.from('planets').insert({ id: 1, name: 'Pluto' }).select(),
		ours: {
			parameters: onRows('insert', 'planets', { options: { missing: 'null' } }),
			items: [{ json: { id: 1, name: 'Pluto' } }],
		},
	},
	{
		name: 'row.insert.reference.bulk',
		official: (client) =>
			client
				.from('characters')
				.insert([
					{ id: 1, name: 'Frodo' },
					{ id: 2, name: 'Sam' },
				])
				.select(),
		ours: {
			parameters: onRows('insert', 'characters', { options: { missing: 'null' } }),
			items: [{ json: { id: 1, name: 'Frodo' } }, { json: { id: 2, name: 'Sam' } }],
		},
	},
	// Update data
	{
		name: 'row.update.reference.one',
		official: (client) => client.from('instruments').update({ name: 'piano' }).eq('id', 1).select(),
		ours: {
			parameters: onRows('update', 'instruments', filtering(condition('id', 'eq', '1'))),
			items: [{ json: { name: 'piano' } }],
		},
	},
	{
		name: 'row.update.reference.json',
		official: (client) =>
			client
				.from('users')
				.update({ address: { street: 'Melrose Place', postcode: 90210 } })
				.eq('address->postcode', 90210)
				.select(),
		ours: {
			parameters: onRows('update', 'users', {
				...filtering(condition('address->postcode', 'eq', '90210')),
				rowSource: 'json',
				rowJson: '{"address":{"street":"Melrose Place","postcode":90210}}',
			}),
		},
	},
	// Upsert data
	{
		name: 'row.upsert.reference.one',
		official: (client) =>
			client.from('instruments').upsert({ id: 1, name: 'piano' }, { onConflict: 'id' }).select(),
		ours: {
			parameters: onRows('upsert', 'instruments', {
				keyColumns: ['id'],
				options: { missing: 'null' },
			}),
			items: [{ json: { id: 1, name: 'piano' } }],
		},
	},
	{
		name: 'row.upsert.reference.bulk',
		official: (client) =>
			client
				.from('instruments')
				.upsert(
					[
						{ id: 1, name: 'piano' },
						{ id: 2, name: 'guitar' },
					],
					{ onConflict: 'id' },
				)
				.select(),
		ours: {
			parameters: onRows('upsert', 'instruments', {
				keyColumns: ['id'],
				options: { missing: 'null' },
			}),
			items: [{ json: { id: 1, name: 'piano' } }, { json: { id: 2, name: 'guitar' } }],
		},
	},
	{
		name: 'row.upsert.reference.constraint',
		official: (client) =>
			client
				.from('users')
				.upsert([{ id: 42, handle: 'saoirse', display_name: 'Saoirse' }], { onConflict: 'handle' })
				.select(),
		ours: {
			parameters: onRows('upsert', 'users', {
				keyColumns: ['handle'],
				options: { missing: 'null' },
			}),
			items: [{ json: { id: 42, handle: 'saoirse', display_name: 'Saoirse' } }],
		},
	},
	// Delete data
	{
		name: 'row.delete.reference.one',
		official: (client) => client.from('countries').delete().eq('id', 1).select(),
		ours: { parameters: onRows('delete', 'countries', filtering(condition('id', 'eq', '1'))) },
	},
	{
		name: 'row.delete.reference.several',
		official: (client) => client.from('countries').delete().in('id', [1, 2, 3]).select(),
		ours: {
			parameters: onRows('delete', 'countries', filtering(condition('id', 'in', '1, 2, 3'))),
		},
	},
	// Call a Postgres function
	{
		name: 'function.call.reference.noArguments',
		official: (client) => client.rpc('hello_world'),
		ours: { parameters: calling('hello_world') },
	},
	{
		name: 'function.call.reference.arguments',
		official: (client) => client.rpc('echo', { say: '👋' }),
		ours: {
			parameters: calling('echo', { argumentsFrom: 'json', argumentJson: '{"say":"👋"}' }),
		},
	},
	{
		name: 'function.call.reference.bulk',
		official: (client) => client.rpc('add_one_each', { arr: [1, 2, 3] }),
		ours: {
			parameters: calling('add_one_each', {
				argumentsFrom: 'json',
				argumentJson: '={{ { arr: [1, 2, 3] } }}',
			}),
		},
	},
	{
		name: 'function.call.reference.filters',
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
		name: 'function.call.reference.readOnly',
		official: (client) => client.rpc('hello_world', undefined, { get: true }),
		ours: { parameters: calling('hello_world', { callAs: 'GET' }) },
	},
	// Using filters
	select(
		'filters.applying',
		'instruments',
		(rows) => rows.eq('name', 'flute'),
		filtering(condition('name', 'eq', 'flute')),
		'name, section_id',
	),
	select(
		'filters.chaining',
		'cities',
		(rows) => rows.gte('population', 1000).lt('population', 10000),
		filtering(condition('population', 'gte', '1000'), condition('population', 'lt', '10000')),
		'name, country_id',
	),
	select(
		'filters.conditional',
		'cities',
		(rows) => rows.lt('population', 10000),
		{
			...filtering(condition('population', 'gte', ''), condition('population', 'lt', '10000')),
			options: { skipEmptyFilters: true },
		},
		'name, country_id',
	),
	select(
		'filters.json',
		'users',
		(rows) => rows.eq('address->postcode', 90210),
		filtering(condition('address->postcode', 'eq', '90210')),
	),
	select(
		'filters.foreign',
		'orchestral_sections',
		(rows) => rows.eq('instruments.name', 'flute'),
		filtering(condition('instruments.name', 'eq', 'flute')),
		'name, instruments!inner(name)',
	),
	...(
		[
			['eq', 'name', 'Earth'],
			['neq', 'name', 'Earth'],
			['gt', 'id', '2'],
			['gte', 'id', '2'],
			['lt', 'id', '2'],
			['lte', 'id', '2'],
			['like', 'name', '%Ea%'],
			['ilike', 'name', '%ea%'],
		] as const
	).map(([operator, column, value]) =>
		select(
			operator,
			'planets',
			(rows) => rows.filter(column, operator, value),
			filtering(condition(column, operator, value)),
		),
	),
	select(
		'is',
		'planets',
		(rows) => rows.is('name', null),
		filtering(condition('name', 'is', 'null')),
	),
	select(
		'in',
		'planets',
		(rows) => rows.in('name', ['Earth', 'Mars']),
		filtering(condition('name', 'in', 'Earth, Mars')),
	),
	select(
		'contains.array',
		'issues',
		(rows) => rows.contains('tags', ['is:open', 'priority:low']),
		filtering(condition('tags', 'cs', '["is:open", "priority:low"]')),
	),
	select(
		'contains.range',
		'reservations',
		(rows) => rows.contains('during', '[2000-01-01 13:00, 2000-01-01 13:30)'),
		filtering(condition('during', 'cs', '[2000-01-01 13:00, 2000-01-01 13:30)')),
	),
	select(
		'contains.json',
		'users',
		(rows) => rows.contains('address', { postcode: 90210 }),
		filtering(condition('address', 'cs', '{"postcode":90210}')),
		'name',
	),
	select(
		'containedBy.array',
		'classes',
		(rows) => rows.containedBy('days', ['monday', 'tuesday', 'wednesday', 'friday']),
		filtering(condition('days', 'cd', '["monday", "tuesday", "wednesday", "friday"]')),
		'name',
	),
	select(
		'containedBy.range',
		'reservations',
		(rows) => rows.containedBy('during', '[2000-01-01 00:00, 2000-01-01 23:59)'),
		filtering(condition('during', 'cd', '[2000-01-01 00:00, 2000-01-01 23:59)')),
	),
	select(
		'containedBy.json',
		'users',
		(rows) => rows.containedBy('address', {}),
		filtering(condition('address', 'cd', '{}')),
		'name',
	),
	...(
		[
			['rangeGt', 'sr', '2000-01-02 08:00', '2000-01-02 09:00'],
			['rangeGte', 'nxl', '2000-01-02 08:30', '2000-01-02 09:30'],
			['rangeLt', 'sl', '2000-01-01 15:00', '2000-01-01 16:00'],
			['rangeLte', 'nxr', '2000-01-01 14:00', '2000-01-01 16:00'],
			['rangeAdjacent', 'adj', '2000-01-01 12:00', '2000-01-01 13:00'],
		] as const
	).map(([method, operator, lower, upper]) =>
		select(
			method,
			'reservations',
			(rows) => rows[method]('during', `(${lower},${upper})`),
			filtering({ column: named('during'), operator, lower, upper, bounds: '()' }),
		),
	),
	select(
		'overlaps.array',
		'issues',
		(rows) => rows.overlaps('tags', ['is:closed', 'severity:high']),
		filtering(condition('tags', 'ov', '["is:closed", "severity:high"]')),
		'title',
	),
	select(
		'overlaps.range',
		'reservations',
		(rows) => rows.overlaps('during', '[2000-01-01 12:45, 2000-01-01 13:15)'),
		filtering(condition('during', 'ov', '[2000-01-01 12:45, 2000-01-01 13:15)')),
	),
	select(
		'textSearch',
		'texts',
		(rows) => rows.textSearch('content', `'eggs' & 'ham'`, { config: 'english' }),
		filtering(condition('content', 'fts', `'eggs' & 'ham'`, { config: 'english' })),
		'content',
	),
	select(
		'textSearch.basic',
		'texts',
		(rows) => rows.textSearch('content', `'eggs' & 'ham'`, { type: 'plain', config: 'english' }),
		filtering(condition('content', 'plfts', `'eggs' & 'ham'`, { config: 'english' })),
		'content',
	),
	select(
		'textSearch.full',
		'texts',
		(rows) => rows.textSearch('content', `'eggs' & 'ham'`, { type: 'phrase', config: 'english' }),
		filtering(condition('content', 'phfts', `'eggs' & 'ham'`, { config: 'english' })),
		'content',
	),
	select(
		'textSearch.web',
		'texts',
		(rows) => rows.textSearch('content', `'eggs or ham'`, { type: 'websearch', config: 'english' }),
		filtering(condition('content', 'wfts', `'eggs or ham'`, { config: 'english' })),
		'content',
	),
	select('match', 'planets', (rows) => rows.match({ id: 2, name: 'Earth' }), {
		filters: { object: [{ object: '{"id":2,"name":"Earth"}' }] },
	}),
	select(
		'not',
		'planets',
		(rows) => rows.not('name', 'is', null),
		filtering(condition('name', 'is', 'null', { negate: true })),
	),
	select(
		'not.in',
		'planets',
		(rows) => rows.not('id', 'in', '(5,6,7)'),
		filtering(condition('id', 'in', '5,6,7', { negate: true })),
	),
	select(
		'not.contains',
		'planets',
		(rows) => rows.not('arraycol', 'cs', '{"a","b"}'),
		filtering(condition('arraycol', 'cs', '{"a","b"}', { negate: true, elementsAre: 'text' })),
	),
	select(
		'or',
		'planets',
		(rows) => rows.or('id.eq.2,name.eq.Mars'),
		{
			match: 'any',
			...filtering(condition('id', 'eq', '2'), condition('name', 'eq', 'Mars')),
		},
		'name',
	),
	select(
		'or.and',
		'planets',
		(rows) => rows.or('id.gt.3,and(id.eq.1,name.eq.Mercury)'),
		{
			match: 'any',
			filters: {
				filter: [condition('id', 'gt', '3')],
				group: [
					{
						match: 'all',
						filters: {
							filter: [condition('id', 'eq', '1'), condition('name', 'eq', 'Mercury')],
						},
					},
				],
			},
		},
		'name',
	),
	select(
		'or.referenced',
		'orchestral_sections',
		(rows) => rows.or('book_id.eq.1,name.eq.guzheng', { referencedTable: 'instruments' }),
		{
			filters: {
				group: [
					{
						match: 'any',
						relation: 'instruments',
						filters: {
							filter: [condition('book_id', 'eq', '1'), condition('name', 'eq', 'guzheng')],
						},
					},
				],
			},
		},
		'name, instruments!inner(name)',
	),
	select(
		'filter',
		'planets',
		(rows) => rows.filter('name', 'in', '("Mars","Tatooine")'),
		filtering(condition('name', 'in', 'Mars, Tatooine')),
	),
	select(
		'filter.foreign',
		'instruments',
		(rows) => rows.filter('orchestral_sections.name', 'eq', 'percussion'),
		filtering(condition('orchestral_sections.name', 'eq', 'percussion')),
		'name, orchestral_sections!inner(name)',
	),
	// Using modifiers
	select('order', 'planets', (rows) => rows.order('name', { ascending: false }), {
		order: { by: [{ column: named('name'), direction: 'desc' }] },
	}),
	select(
		'order.foreign',
		'orchestral_sections',
		(rows) => rows.order('name', { referencedTable: 'instruments', ascending: false }),
		{
			options: {
				relations: {
					relation: [{ relation: 'instruments', column: 'name', descending: true }],
				},
			},
		},
		'name, instruments(name)',
	),
	select(
		'order.byReferenced',
		'instruments',
		(rows) => rows.order('section(name)', { ascending: false }),
		{ order: { by: [{ column: named('section(name)'), direction: 'desc' }] } },
		'name, section:orchestral_sections(name)',
	),
	{
		name: 'row.select.reference.limit',
		official: (client) => client.from('planets').select('name').limit(1),
		ours: { parameters: selecting('planets', { ...expression('name'), limit: 1 }) },
	},
	select(
		'limit.foreign',
		'orchestral_sections',
		(rows) => rows.limit(1, { referencedTable: 'instruments' }),
		{ options: { relations: { relation: [{ relation: 'instruments', limit: '1' }] } } },
		'name, instruments(name)',
	),
	{
		name: 'row.select.reference.range',
		official: (client) => client.from('planets').select('name').range(0, 1),
		ours: { parameters: selecting('planets', { ...expression('name'), limit: 2 }) },
	},
	select(
		'range.foreign',
		'orchestral_sections',
		(rows) => rows.range(0, 1, { referencedTable: 'instruments' }),
		{ options: { relations: { relation: [{ relation: 'instruments', limit: '2' }] } } },
		'name, instruments(name)',
	),
	{
		name: 'row.select.reference.single',
		official: (client) => client.from('planets').select('name').eq('id', 1).single(),
		ours: {
			parameters: selecting('planets', {
				...expression('name'),
				...filtering(condition('id', 'eq', '1')),
				return: 'single',
			}),
		},
		answers: [{ body: { name: 'Mercury' } }],
	},
	{
		name: 'row.select.reference.maybeSingle',
		official: (client) => client.from('planets').select().eq('name', 'Earth').maybeSingle(),
		ours: {
			parameters: selecting('planets', {
				...filtering(condition('name', 'eq', 'Earth')),
				return: 'maybeSingle',
			}),
		},
	},
	{
		name: 'row.select.reference.csv',
		official: (client) => client.from('planets').select().limit(50).csv(),
		ours: { parameters: selecting('planets', { return: 'csv' }) },
		answers: [{ headers: { 'content-type': 'text/csv' }, body: 'id\n1\n' }],
	},
	// Using explain
	{
		name: 'row.select.reference.explain',
		official: (client) => client.from('planets').select().explain(),
		ours: { parameters: selecting('planets', { return: 'plan' }) },
	},
	{
		name: 'row.select.reference.explain.analyze',
		official: (client) => client.from('planets').select().explain({ analyze: true, verbose: true }),
		ours: {
			parameters: selecting('planets', {
				return: 'plan',
				planDetails: ['analyze', 'verbose'],
			}),
		},
	},
];
