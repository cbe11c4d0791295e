import type { INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { condition, filtering, named, reading, type OfficialRows } from './parameters';

type Official = (rows: OfficialRows) => OfficialRows;

/** One filter on the table `t`. */
function filter(name: string, official: Official, ...conditions: INodeParameters[]): ContractCase {
	return reading(`filter.${name}`, 't', official, filtering(...conditions));
}

const odd = 'a, b.c:(d)"e\\f & g+h=i%j#k é 👋 *';

const comparisons = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike'] as const;

const patterns = [
	['like(all)', (rows) => rows.likeAllOf('name', ['%a%', '%b%'])],
	['like(any)', (rows) => rows.likeAnyOf('name', ['%a%', '%b%'])],
	['ilike(all)', (rows) => rows.ilikeAllOf('name', ['%a%', '%b%'])],
	['ilike(any)', (rows) => rows.ilikeAnyOf('name', ['%a%', '%b%'])],
] satisfies Array<[string, Official]>;

const ranges = [
	['sr', 'rangeGt'],
	['nxl', 'rangeGte'],
	['sl', 'rangeLt'],
	['nxr', 'rangeLte'],
	['adj', 'rangeAdjacent'],
] as const;

const searches = [
	['fts', undefined],
	['plfts', 'plain'],
	['phfts', 'phrase'],
	['wfts', 'websearch'],
] as const;

/** Every operator once, and negated. */
const everyOperator: ReadonlyArray<readonly [operator: string, value: string, sent?: string]> = [
	...comparisons.map((operator) => [operator, 'x'] as const),
	['isdistinct', 'x'],
	['match', '^x'],
	['imatch', '^x'],
	...patterns.map(([operator]) => [operator, '%a%,%b%', '{%a%,%b%}'] as const),
	['is', 'null'],
	['is', 'true'],
	['is', 'false'],
	['is', 'unknown'],
	['is', 'not_null'],
	['in', '1,2,3', '(1,2,3)'],
	['cs', '["a","b"]', '{a,b}'],
	['cd', '["a","b"]', '{a,b}'],
	['ov', '["a","b"]', '{a,b}'],
	...ranges.map(([operator]) => [operator, '[1,10)'] as const),
	...searches.map(([operator]) => [operator, 'cat'] as const),
];

/** A group of the form. */
function grouped(rows: INodeParameters[], rest: INodeParameters = {}): INodeParameters {
	return { match: 'any', ...rest, filters: { filter: rows } };
}

const [isOne, isMars] = [condition('id', 'eq', '1'), condition('name', 'eq', 'Mars')];

export const rowFilterCases: ContractCase[] = [
	...comparisons.map((operator) =>
		filter(
			operator,
			(rows) => rows.filter('name', operator, odd),
			condition('name', operator, odd),
		),
	),
	filter('eq.empty', (rows) => rows.eq('c', ''), condition('c', 'eq', '')),
	filter('eq.number', (rows) => rows.eq('n', -1.5), {
		...condition('n', 'eq', ''),
		value: '={{ -1.5 }}',
	}),
	filter('eq.boolean', (rows) => rows.eq('b', true), {
		...condition('b', 'eq', ''),
		value: '={{ true }}',
	}),
	filter('eq.date', (rows) => rows.eq('d', '1970-01-01T00:00:00.000Z'), {
		...condition('d', 'eq', ''),
		value: '={{ new Date(0) }}',
	}),
	filter('eq.json', (rows) => rows.eq('a->>c', 'X'), condition('a->>c', 'eq', 'X')),
	filter('gt.json', (rows) => rows.gt('a->b->0', 1), condition('a->b->0', 'gt', '1')),
	filter('eq.referenced', (rows) => rows.eq('t2.name', 'x'), condition('t2.name', 'eq', 'x')),
	filter('eq.quoted', (rows) => rows.eq('"a.b"', 'x'), condition('"a.b"', 'eq', 'x')),
	filter('eq.space', (rows) => rows.eq('Unit Price', 'x'), condition('Unit Price', 'eq', 'x')),
	...patterns.map(([operator, official]) =>
		filter(operator, official, condition('name', operator, '%a%, %b%')),
	),
	filter(
		'like(any).quotes',
		(rows) => rows.likeAnyOf('name', ['%b, c%']),
		condition('name', 'like(any)', '["%b, c%"]'),
	),
	filter(
		'match',
		(rows) => rows.regexMatch('v', '^a.*(b|c)$'),
		condition('v', 'match', '^a.*(b|c)$'),
	),
	filter('imatch', (rows) => rows.regexIMatch('v', '^a'), condition('v', 'imatch', '^a')),
	filter('is.null', (rows) => rows.is('b', null), condition('b', 'is', 'null')),
	filter('is.true', (rows) => rows.is('b', true), condition('b', 'is', 'true')),
	filter('is.false', (rows) => rows.is('b', false), condition('b', 'is', 'false')),
	filter('is.not_null', (rows) => rows.not('b', 'is', null), condition('b', 'is', 'not_null')),
	reading(
		'filter.is.not_null.referenced',
		't',
		(rows) => rows.not('t2', 'is', null),
		filtering(condition('t2', 'is', 'not_null')),
		'*,t2(*)',
	),
	filter('isdistinct', (rows) => rows.isDistinct('v', 'x'), condition('v', 'isdistinct', 'x')),
	filter('isdistinct.null', (rows) => rows.isDistinct('v', null), {
		...condition('v', 'isdistinct', ''),
		value: '={{ null }}',
	}),
	filter('in.numbers', (rows) => rows.in('id', [1, 2, 30]), condition('id', 'in', '1, 2,30')),
	filter(
		'in.text',
		(rows) => rows.in('name', ['Earth', 'Mars, red', 'a (b)']),
		condition('name', 'in', '["Earth", "Mars, red", "a (b)"]'),
	),
	filter('in.expression', (rows) => rows.in('id', [1, 2]), {
		...condition('id', 'in', ''),
		values: '={{ [1, 2] }}',
	}),
	filter('in.twice', (rows) => rows.in('id', [1, 1, 2]), condition('id', 'in', '1,1,2')),
	filter('in.empty', (rows) => rows.in('id', []), condition('id', 'in', '')),
	filter('in.emptyText', (rows) => rows.in('name', ['']), condition('name', 'in', '[""]')),
	filter('in.boolean', (rows) => rows.in('id', [true]), condition('id', 'in', 'true')),
	filter(
		'in.quotes',
		(rows) => rows.in('name', ['e"f', 'g\\h', ' sp ', '']),
		condition('name', 'in', '["e\\"f", "g\\\\h", " sp ", ""]'),
	),
	filter('notIn', (rows) => rows.notIn('id', [1, 'a,b']), {
		...condition('id', 'in', '["1", "a,b"]'),
		negate: true,
	}),
	filter(
		'notIn.operator',
		(rows) => rows.notIn('id', [1, 'a,b']),
		condition('id', 'notIn', '1,"a,b"'),
	),
	filter('in.brackets', (rows) => rows.in('id', ['a', 'b,c']), condition('id', 'in', '(a,"b,c")')),
	filter('isNull', (rows) => rows.is('v', null), condition('v', 'isNull', '')),
	filter('notNull', (rows) => rows.not('v', 'is', null), condition('v', 'notNull', '')),
	filter('notNull.negated', (rows) => rows.is('v', null), {
		...condition('v', 'notNull', ''),
		negate: true,
	}),
	filter(
		'containsText',
		(rows) => rows.ilike('v', '%50\\%\\_a\\\\b%'),
		condition('v', 'containsText', '50%_a\\b'),
	),
	filter(
		'containsText.negated',
		(rows) => rows.not('v', 'ilike', '%a%'),
		condition('v', 'containsText', 'a', { negate: true }),
	),
	filter('startsWith', (rows) => rows.ilike('v', 'a%'), condition('v', 'startsWith', 'a')),
	filter('endsWith', (rows) => rows.ilike('v', '%a'), condition('v', 'endsWith', 'a')),
	filter(
		'containsText.star',
		(rows) => rows.regexIMatch('v', 'a\\*\\.b'),
		condition('v', 'containsText', 'a*.b'),
	),
	filter(
		'startsWith.star',
		(rows) => rows.regexIMatch('v', '^a\\*'),
		condition('v', 'startsWith', 'a*'),
	),
	filter(
		'endsWith.star',
		(rows) => rows.regexIMatch('v', 'a\\*$'),
		condition('v', 'endsWith', 'a*'),
	),
	filter(
		'cs.array',
		(rows) => rows.contains('tags', ['is:open', 'priority:low']),
		condition('tags', 'cs', '["is:open", "priority:low"]'),
	),
	filter(
		'cs.quotes',
		(rows) => rows.contains('tags', ['has,comma', 'sp ace', 'has"quote']),
		condition('tags', 'cs', '["has,comma", "sp ace", "has\\"quote"]'),
	),
	filter(
		'cs.json',
		(rows) => rows.contains('address', { postcode: 90210, s: 'é"' }),
		condition('address', 'cs', '{"postcode":90210,"s":"é\\""}', { elementsAre: 'json' }),
	),
	filter(
		'cs.jsonArray',
		(rows) => rows.contains('j', '[{"a":1}]'),
		condition('j', 'cs', '[{"a":1}]', { elementsAre: 'json' }),
	),
	filter('cs.objects', (rows) => rows.contains('j', [{ a: 1 }]), condition('j', 'cs', '[{"a":1}]')),
	filter(
		'cs.range',
		(rows) => rows.contains('during', '[2000-01-01 13:00, 2000-01-01 13:30)'),
		condition('during', 'cs', '[2000-01-01 13:00, 2000-01-01 13:30)', { elementsAre: 'text' }),
	),
	filter(
		'cs.range.both',
		(rows) => rows.contains('during', '[1,10]'),
		condition('during', 'cs', '[1,10]', { elementsAre: 'range' }),
	),
	filter('cs.range.list', (rows) => rows.contains('during', '[1,10]'), {
		...condition('during', 'cs', '', { elementsAre: 'range' }),
		elements: '={{ [1, 10] }}',
	}),
	filter(
		'cd.array',
		(rows) => rows.containedBy('days', ['monday', 'tuesday']),
		condition('days', 'cd', '["monday", "tuesday"]'),
	),
	filter(
		'cd.range',
		(rows) => rows.containedBy('during', '[1,2)'),
		condition('during', 'cd', '[1,2)'),
	),
	filter('cd.json', (rows) => rows.containedBy('address', {}), condition('address', 'cd', '{}')),
	filter(
		'ov.array',
		(rows) => rows.overlaps('tags', ['is:closed', 'severity:high']),
		condition('tags', 'ov', '["is:closed", "severity:high"]'),
	),
	filter(
		'ov.range',
		(rows) => rows.overlaps('during', '[1,2)'),
		condition('during', 'ov', '[1,2)'),
	),
	...ranges.flatMap(([operator, method]) => [
		filter(
			`${operator}.text`,
			(rows) => rows[method]('during', '[2000-01-02 08:00, 2000-01-02 09:00)'),
			condition('during', operator, '[2000-01-02 08:00, 2000-01-02 09:00)'),
		),
		...(['[)', '[]', '(]', '()'] as const).map((bounds) =>
			filter(
				`${operator}.${bounds}`,
				(rows) => rows[method]('during', `${bounds[0]}2000-01-02 08:00,${bounds[1]}`),
				{ column: named('during'), operator, lower: '2000-01-02 08:00', bounds },
			),
		),
	]),
	...searches.flatMap(([operator, type]) => [
		filter(
			`${operator}.config`,
			(rows) => rows.textSearch('content', `'eggs' & 'ham'`, { type, config: 'english' }),
			condition('content', operator, `'eggs' & 'ham'`, { config: 'english' }),
		),
		filter(
			operator,
			(rows) => rows.textSearch('content', 'fat cat', { type }),
			condition('content', operator, 'fat cat'),
		),
	]),
	...everyOperator.map(([operator, value, sent = value]) =>
		filter(
			`not.${operator}${operator === 'is' ? `.${value}` : ''}`,
			(rows) => rows.not('c', operator, sent),
			condition('c', operator, value, { negate: true }),
		),
	),
	filter(
		'twice',
		(rows) => rows.gte('id', 1).lte('id', 5).neq('id', 3).neq('id', 4),
		condition('id', 'gte', '1'),
		condition('id', 'lte', '5'),
		condition('id', 'neq', '3'),
		condition('id', 'neq', '4'),
	),
	reading('filter.object', 't', (rows) => rows.match({ id: 2, name: 'Earth', ok: true }), {
		filters: { object: [{ object: '{"id":2,"name":"Earth","ok":true}' }] },
	}),
	reading('filter.object.null', 't', (rows) => rows.match({ id: 2, name: null }), {
		filters: { object: [{ object: '{"id":2,"name":null}' }] },
	}),
	reading('filter.any', 't', (rows) => rows.or('id.eq.1,name.eq.Mars'), {
		match: 'any',
		...filtering(isOne, isMars),
	}),
	reading('filter.any.one', 't', (rows) => rows.eq('id', 1), { match: 'any', ...filtering(isOne) }),
	reading(
		'filter.any.values',
		't',
		(rows) =>
			rows.or(
				'v.eq."a,b",v.eq."c(d)",v.neq.x y,v.eq."",v.eq.1.5,tags.cs."{a,b}",r.ov."[3,4)",i.in.(1,2),v.in.("a,b"),f.fts(english).cat,v.like(any)."{a%,b%}",a->>c.eq.X,v.is.null,v.not.eq.y',
			),
		{
			match: 'any',
			...filtering(
				condition('v', 'eq', 'a,b'),
				condition('v', 'eq', 'c(d)'),
				condition('v', 'neq', 'x y'),
				condition('v', 'eq', ''),
				condition('v', 'eq', '1.5'),
				condition('tags', 'cs', '["a","b"]'),
				condition('r', 'ov', '[3,4)'),
				condition('i', 'in', '1,2'),
				condition('v', 'in', '["a,b"]'),
				condition('f', 'fts', 'cat', { config: 'english' }),
				condition('v', 'like(any)', 'a%,b%'),
				condition('a->>c', 'eq', 'X'),
				condition('v', 'is', 'null'),
				condition('v', 'eq', 'y', { negate: true }),
			),
		},
	),
	reading(
		'filter.any.escapes',
		't',
		(rows) => rows.or('v.eq."say \\"hi\\"",v.eq."back\\\\slash"'),
		{
			match: 'any',
			...filtering(condition('v', 'eq', 'say "hi"'), condition('v', 'eq', 'back\\slash')),
		},
	),
	reading('filter.group.any', 't', (rows) => rows.gt('id', 0).or('id.eq.1,name.eq.Mars'), {
		filters: { filter: [condition('id', 'gt', '0')], group: [grouped([isOne, isMars])] },
	}),
	reading('filter.group.two', 't', (rows) => rows.or('id.eq.1,name.eq.Mars').or('a.eq.3,b.eq.4'), {
		filters: {
			group: [
				grouped([isOne, isMars]),
				grouped([condition('a', 'eq', '3'), condition('b', 'eq', '4')]),
			],
		},
	}),
	reading('filter.group.nested', 't', (rows) => rows.or('id.gt.3,and(id.eq.1,name.eq.Mars)'), {
		match: 'any',
		filters: {
			filter: [condition('id', 'gt', '3')],
			group: [grouped([isOne, isMars], { match: 'all' })],
		},
	}),
	reading(
		'filter.group.nested.not',
		't',
		(rows) => rows.or('c.not.is.null,not.and(id.eq.1,name.eq.Mars)'),
		{
			match: 'any',
			filters: {
				filter: [condition('c', 'is', 'null', { negate: true })],
				group: [grouped([isOne, isMars], { match: 'all', negate: true })],
			},
		},
	),
	reading('filter.group.not', 't', (rows) => rows.or('not.or(id.eq.1,name.eq.Mars)'), {
		filters: { group: [grouped([isOne, isMars], { negate: true })] },
	}),
	reading(
		'filter.group.referenced',
		't',
		(rows) => rows.or('id.eq.1,name.eq.Mars', { referencedTable: 't2' }),
		{ filters: { group: [grouped([isOne, isMars], { relation: 't2' })] } },
		'*,t2(*)',
	),
	reading('filter.raw', 't', (rows) => rows.or('id.in.(5,6,7), tags.cs.{"a","b"}'), {
		filters: { raw: [{ raw: 'or(id.in.(5,6,7), tags.cs.{"a","b"})' }] },
	}),
	reading('filter.rawAny', 't', (rows) => rows.or('id.in.(5,6,7), tags.cs.{"a","b"}'), {
		filters: { raw: [{ raw: 'id.in.(5,6,7), tags.cs.{"a","b"}', rawMatch: 'any' }] },
	}),
	reading(
		'filter.rawAny.referenced',
		't',
		(rows) => rows.or('id.eq.1,name.eq.Mars', { referencedTable: 't2' }),
		{ filters: { raw: [{ raw: 'id.eq.1,name.eq.Mars', rawMatch: 'any', relation: 't2' }] } },
		'*,t2(*)',
	),
	reading('filter.raw.values', 't', (rows) => rows.or('name.eq."a,b",id.gt."3"'), {
		filters: { raw: [{ raw: 'or(name.eq.$1,id.gt.$2)', values: '["a,b", 3]' }] },
	}),
	reading(
		'filter.raw.referenced',
		't',
		(rows) => rows.or('id.eq.1,name.eq.Mars', { referencedTable: 't2' }),
		{ filters: { raw: [{ raw: 'or(id.eq.1,name.eq.Mars)', relation: 't2' }] } },
		'*,t2(*)',
	),
	reading('filter.skipEmpty', 't', (rows) => rows.eq('a', 'x'), {
		...filtering(condition('a', 'eq', 'x'), condition('b', 'eq', ''), condition('c', 'in', '')),
		options: { skipEmptyFilters: true },
	}),
];
