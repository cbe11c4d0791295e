import { InvalidRequestError } from '../errors';
import type { Query } from '../request';
import { filterName, logicName, parseColumn, relationPath, type Column } from './column';
import { logicElement, quote } from './encoding';
import { OPERATORS, type FilterOperator, type Operator } from './operators';

/** A condition on one column. */
export interface Filter {
	/** A column's name, or an expression such as `address->>city` or `relation.column`. */
	readonly column: string;
	readonly operator: string;
	readonly value?: unknown;
	readonly negate?: boolean;
	/** The text search configuration, such as `english`. */
	readonly config?: string;
}

/** Several conditions that hold all, or any of them. */
export interface FilterGroup {
	readonly match: 'all' | 'any';
	readonly conditions: readonly Condition[];
	readonly negate?: boolean;
	/** The related table whose rows the group is about; only at the top. */
	readonly relation?: string;
}

/** What the form cannot say, in PostgREST's own words: what stands inside `and=(…)`. */
export interface RawFilter {
	readonly raw: string;
	/** What `$1`, `$2`, … stand for; they cannot change the condition around them. */
	readonly values?: readonly unknown[];
	readonly relation?: string;
}

export type Condition = Filter | FilterGroup | RawFilter;

/**
 * Conditions as query parameters. All of them have to hold: several on one column all count.
 *
 * A condition at the top is a parameter of its own, whose value needs no quotes; inside a group every
 * value is quoted where it would end it.
 *
 * @returns names and values, not yet percent-encoded
 * @throws InvalidRequestError for an unknown operator, or a value that the operator cannot take
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html#horizontal-filtering
 */
export function filterParameters(conditions: readonly Condition[]): Query {
	return conditions.flatMap((condition): Query => {
		if ('raw' in condition) return [[on(condition.relation, 'and'), `(${bindRaw(condition)})`]];
		if ('conditions' in condition) return groupParameter(condition);
		return [filterParameter(condition)];
	});
}

/** A filter on one column, as the parameter that it is at the top. */
export function filterParameter(filter: Filter): [name: string, value: string] {
	const { column, operator, value } = filterParts(filter);
	return [filterName(column), `${operator}.${value}`];
}

function groupParameter(group: FilterGroup): Query {
	const { match, conditions, negate, relation } = group;
	if (conditions.length === 0) return [];
	const key = on(relation, `${negate ? 'not.' : ''}${match === 'any' ? 'or' : 'and'}`);
	return [[key, `(${conditions.map(logicTerm).join(',')})`]];
}

function on(relation: string | undefined, key: string): string {
	return relation?.trim() ? `${relationPath(relation)}.${key}` : key;
}

/** A condition inside `or=(…)` or `and=(…)`. */
function logicTerm(condition: Condition): string {
	if ('relation' in condition && condition.relation) {
		throw new InvalidRequestError(
			`A filter on the related table "${condition.relation}" cannot stand inside a group`,
			'Put it beside the others, and match all of them.',
		);
	}
	if ('raw' in condition) return `and(${bindRaw(condition)})`;
	if ('conditions' in condition) {
		const { match, conditions, negate } = condition;
		const word = `${negate ? 'not.' : ''}${match === 'any' ? 'or' : 'and'}`;
		return `${word}(${conditions.map(logicTerm).join(',')})`;
	}
	const { column, operator, value, isList } = filterParts(condition);
	return `${logicName(column)}.${operator}.${isList ? value : logicElement(value)}`;
}

interface FilterParts {
	readonly column: Column;
	readonly operator: string;
	readonly value: string;
	/** `in` reads its list itself, also inside a group. */
	readonly isList: boolean;
}

function filterParts(filter: Filter): FilterParts {
	const { column, operator, value, negate, config } = withoutDistinctNull(filter);
	if (!Object.hasOwn(OPERATORS, operator)) {
		throw new InvalidRequestError(
			`"${operator}" is not a filter operator`,
			`Use one of ${Object.keys(OPERATORS).join(', ')}.`,
		);
	}
	const { encode, takesConfig }: Operator = OPERATORS[operator as FilterOperator];
	const search = takesConfig && config?.trim() ? `(${searchConfig(config.trim())})` : '';
	return {
		column: filterColumn(column),
		operator: `${negate ? 'not.' : ''}${operator}${search}`,
		value: encode(value, { column, operator }),
		isList: operator === 'in',
	};
}

/** To be distinct from null is not to be null; the server would compare with the text "null". */
function withoutDistinctNull(filter: Filter): Filter {
	if (filter.operator !== 'isdistinct' || filter.value !== null) return filter;
	return { ...filter, operator: 'is', value: 'null', negate: !filter.negate };
}

function searchConfig(config: string): string {
	if (/^[\w.]+$/.test(config)) return config;
	throw new InvalidRequestError(
		`"${config}" is not the name of a text search configuration`,
		'Use a name such as english or simple.',
	);
}

function filterColumn(text: string): Column {
	if (!text.trim()) {
		throw new InvalidRequestError(
			'A filter has no column',
			'Choose its column, or remove the filter.',
		);
	}
	const column = parseColumn(text);
	if (filterName(column) === 'apikey') {
		throw new InvalidRequestError(
			'A column named "apikey" cannot be filtered by',
			"Supabase's gateway takes this parameter for the project's key. Rename the column, or filter in a view or function.",
		);
	}
	return column;
}

/** Puts the values in the places of `$1`, `$2`, … outside quotes. */
function bindRaw({ raw, values = [] }: RawFilter): string {
	const bound = raw.replace(/"(?:\\.|[^"\\])*"|\$(\d+)/g, (part, place?: string) => {
		if (place === undefined) return part;
		const index = Number(place) - 1;
		if (!(index in values)) {
			throw new InvalidRequestError(
				`The raw filter has $${place}, but ${values.length} values`,
				'Give a value for each of $1, $2, …',
			);
		}
		return quote(String(logicValue(values[index])));
	});
	if (bound.trim()) return bound.trim();
	throw new InvalidRequestError(
		'The raw filter is empty',
		'Write a condition, such as id.gt.$1, or remove it.',
	);
}

function logicValue(value: unknown): string | number | boolean {
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
		return value;
	return JSON.stringify(value);
}

/** Each pair of an object has to be equal; null asks for rows without a value. */
export function matching(object: Readonly<Record<string, unknown>>): Filter[] {
	return Object.entries(object).map(([column, value]) =>
		value === null ? { column, operator: 'is', value: 'null' } : { column, operator: 'eq', value },
	);
}
