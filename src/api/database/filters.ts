import { InvalidRequestError } from '../errors';
import type { Query } from '../request';
import { filterName, logicName, parseColumn, relationPath, type Column } from './column';
import { logicElement, quote, scalarText } from './encoding';
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
	/** Whether all of its parts have to hold, or any; all unless given. */
	readonly match?: 'all' | 'any';
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
		if ('raw' in condition) {
			return [[on(condition.relation, wordOf(condition)), `(${boundText(condition)})`]];
		}
		if ('conditions' in condition) return groupParameter(condition);
		return [filterParameter(condition)];
	});
}

/** A filter on one column, as the parameter that it is at the top. */
export function filterParameter(filter: Filter): [name: string, value: string] {
	const { column, negate, operator, value } = termOf(filter);
	return [filterName(column), `${negate ? 'not.' : ''}${operator}.${value}`];
}

function groupParameter(group: FilterGroup): Query {
	const { conditions, relation } = group;
	if (conditions.length === 0) return [];
	return [[on(relation, wordOf(group)), `(${conditions.map(logicTerm).join(',')})`]];
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
	if ('raw' in condition) return `${wordOf(condition)}(${boundText(condition)})`;
	if ('conditions' in condition) {
		return `${wordOf(condition)}(${condition.conditions.map(logicTerm).join(',')})`;
	}
	const { column, negate, operator, value } = termOf(condition);
	// `in` reads its list itself, also inside a group.
	const text = operator === 'in' ? value : logicElement(value);
	return `${logicName(column)}.${negate ? 'not.' : ''}${operator}.${text}`;
}

function wordOf({ match, negate }: { match?: 'all' | 'any'; negate?: boolean }): string {
	return `${negate ? 'not.' : ''}${match === 'any' ? 'or' : 'and'}`;
}

/** A filter in PostgREST's words. */
interface FilterTerm {
	readonly column: Column;
	readonly negate: boolean;
	readonly operator: string;
	readonly value: string;
}

/** @throws InvalidRequestError for an unknown operator, or a value that it cannot take */
export function termOf(filter: Filter): FilterTerm {
	const { column, operator, value, negate = false, config } = withoutNull(filter);
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
		negate,
		operator: `${operator}${search}`,
		value: encode(value, { column, operator }),
	};
}

/**
 * Not to be null is said in one way. Of a related table the server knows no other, and it would
 * compare `isdistinct.null` with the text "null".
 */
function withoutNull(filter: Filter): Filter {
	const { operator, value } = filter;
	const isNotNull =
		operator === 'isdistinct'
			? value === null
			: operator === 'is' && /^\s*not_null\s*$/i.test(String(value));
	return isNotNull ? { ...filter, operator: 'is', value: 'null', negate: !filter.negate } : filter;
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

/** Raw text with the values in the places of `$1`, `$2`, … outside quotes. */
export function boundText({ raw, values = [] }: RawFilter): string {
	const bound = raw.replace(/"(?:\\.|[^"\\])*"|\$(\d+)/g, (part, place?: string) => {
		if (place === undefined) return part;
		const index = Number(place) - 1;
		const value = values[index];
		if (!(index in values)) {
			throw new InvalidRequestError(
				`The raw filter has $${place}, but ${values.length} values`,
				'Give a value for each of $1, $2, …',
			);
		}
		if (value === undefined || value === null) {
			throw new InvalidRequestError(
				`The value for $${place} of the raw filter is empty`,
				'Nothing equals null in SQL: write is.null in the condition, or give a value.',
			);
		}
		return quote(scalarText(value));
	});
	if (bound.trim()) return bound.trim();
	throw new InvalidRequestError(
		'The raw filter is empty',
		'Write a condition, such as id.gt.$1, or remove it.',
	);
}

/** Each pair of an object has to be equal; null asks for rows without a value. */
export function matching(object: Readonly<Record<string, unknown>>): Filter[] {
	return Object.entries(object).map(([column, value]) =>
		value === null ? { column, operator: 'is', value: 'null' } : { column, operator: 'eq', value },
	);
}
