import { InvalidRequestError } from '../errors';
import type { ApiRequest, Query } from '../request';
import { columnName, orderName, parseColumn, relationPath } from './column';
import { filterParameters, type Condition } from './filters';
import { expected, modifierHeaders, type Modifiers } from './modifiers';
import type { Table } from './table';

export interface Order {
	/** A column's name, or an expression such as `data->>age` or `relation(column)`. */
	readonly column: string;
	readonly descending?: boolean;
	readonly nulls?: 'first' | 'last';
}

/** Order, limit and offset of a related table's rows, inside each row. */
export interface RelationOptions {
	/** The relation's name, or its alias. */
	readonly relation: string;
	readonly order?: readonly Order[];
	readonly limit?: number;
	readonly offset?: number;
}

export interface SelectOptions extends Modifiers {
	/** A select expression; `*` unless given. */
	readonly columns?: string;
	readonly filters?: readonly Condition[];
	readonly order?: readonly Order[];
	readonly limit?: number;
	readonly offset?: number;
	readonly relations?: readonly RelationOptions[];
	/** Only the headers, for the count. */
	readonly head?: boolean;
	/** Further conditions, already as query parameters. */
	readonly conditions?: Query;
}

/**
 * Reads rows: `GET /<table>?select=…`.
 *
 * @throws InvalidRequestError for a filter, order or limit that cannot be right
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html
 */
export function select(table: Table, options: SelectOptions = {}): ApiRequest {
	const method = options.head ? 'HEAD' : 'GET';
	return {
		service: 'rest',
		method,
		path: [table.name],
		query: [['select', selectExpression(options.columns)], ...readQuery(options)],
		headers: modifierHeaders(method, table.schema, options),
		expect: expected(options),
	};
}

/** Filters, order and page: what reading a table and calling a function have in common. */
export function readQuery(options: Omit<SelectOptions, 'columns'>): Query {
	const { filters = [], conditions = [], relations = [], order, limit, offset } = options;
	return [
		...filterParameters(filters),
		...conditions,
		...pageQuery('', { order, limit, offset }),
		...merged(relations).flatMap((each) => pageQuery(`${each.relation}.`, each)),
	];
}

function pageQuery(
	prefix: string,
	{ order = [], limit, offset }: Omit<RelationOptions, 'relation'>,
): Query {
	return [
		...(order.length ? [[`${prefix}order`, order.map(orderTerm).join(',')] as const] : []),
		...(offset === undefined ? [] : [[`${prefix}offset`, wholeNumber('offset', offset)] as const]),
		...(limit === undefined ? [] : [[`${prefix}limit`, wholeNumber('limit', limit)] as const]),
	];
}

/** What is said of one related table in several places: the server would take one of its orders alone. */
function merged(relations: readonly RelationOptions[]): RelationOptions[] {
	const byName = new Map<string, RelationOptions>();
	for (const { order = [], limit, offset, ...named } of relations) {
		const relation = relationName(named);
		const known = byName.get(relation);
		byName.set(relation, {
			relation,
			order: [...(known?.order ?? []), ...order],
			limit: onlyOne(`limit of "${relation}"`, known?.limit, limit),
			offset: onlyOne(`offset of "${relation}"`, known?.offset, offset),
		});
	}
	return [...byName.values()];
}

function onlyOne(name: string, first?: number, second?: number): number | undefined {
	if (first === undefined || second === undefined || first === second) return first ?? second;
	throw new InvalidRequestError(`The ${name} is given twice, as ${first} and as ${second}`);
}

function relationName({ relation }: RelationOptions): string {
	if (relation.trim()) return relationPath(relation);
	throw new InvalidRequestError(
		'The options of a related table do not say of which',
		'Enter its name, or its alias in Columns.',
	);
}

/** A select expression of these columns, by their exact names. */
export function selectColumns(names: readonly string[]): string {
	return names.map(columnName).join(',');
}

/** White space outside quotes is dropped, so that an expression may be written on several lines. */
export function selectExpression(text = '*'): string {
	return (
		text.replace(/"(?:\\.|[^"\\])*"|\s+/g, (part) => (part.startsWith('"') ? part : '')) || '*'
	);
}

function orderTerm({ column, descending, nulls }: Order): string {
	if (!column.trim())
		throw new InvalidRequestError('An order has no column', 'Choose its column, or remove it.');
	return `${orderName(parseColumn(column))}.${descending ? 'desc' : 'asc'}${nulls ? `.nulls${nulls}` : ''}`;
}

/** The service ignores a limit that it cannot read, and would answer everything. */
function wholeNumber(name: string, value: number): string {
	if (!Number.isSafeInteger(value) || value < 0) {
		throw new InvalidRequestError(`The ${name} ${value} is not a whole number of 0 or more`);
	}
	return String(value);
}
